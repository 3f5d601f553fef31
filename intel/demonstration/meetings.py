"""Two meetings that were held, their minutes signed, and one that is called, with its agenda."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from intel import access
from intel.actions import agenda, guests, meetings
from intel.models import AgendaItem, MeetingDecision
from protocols import cadence
from protocols.meeting_states import MeetingState
from protocols.models import Attendance, Meeting, MeetingStep, MinutesSignature
from services.models import Member
from services.roles import Role

Answer, Kind, Became = Attendance.Answer, AgendaItem.Kind, MeetingDecision.Became
MONTH = timedelta(days=28)
PLACE = "Préfecture, salle du comité"
# Each meeting held: its points, and under each what was decided: (text, kind of the service in
# charge, days given, what became of it, and in what words).
HELD: tuple = (
    (
        (Kind.UNDIRECTED, 30, ()),
        (
            Kind.RETURNS,
            15,
            (
                (
                    "Faire les retours en attente avant la réunion suivante",
                    "gendarmerie",
                    25,
                    Became.DONE,
                    "Tous faits, dont trois hors délai.",
                ),
            ),
        ),
        (
            "Abords des établissements scolaires : qui passe, et quand",
            20,
            (
                (
                    "Tenir un calendrier commun des présences aux sorties de cours",
                    "police",
                    25,
                    Became.PARTLY,
                    "Tenu pour les collèges ; reste à étendre aux lycées.",
                ),
            ),
        ),
    ),
    (
        (Kind.DECISIONS, 10, ()),
        (Kind.UNDIRECTED, 30, ()),
        (
            "Livraison à domicile : ce que chacun en voit",
            25,
            (
                (
                    "Relever dans chaque fiche le moyen de commande et de livraison",
                    "gendarmerie",
                    30,
                    Became.GOING_ON,
                    "",
                ),
                (
                    "Présenter au comité un état des colis contrôlés",
                    "douane",
                    20,
                    Became.GOING_ON,
                    "",
                ),
            ),
        ),
        (
            Kind.RESTRICTIONS,
            10,
            (
                (
                    "Chaque unité revoit ses restrictions avant la prochaine réunion",
                    "",
                    30,
                    Became.GOING_ON,
                    "",
                ),
            ),
        ),
    ),
)
REMARKS = (
    "La police aux frontières signale un effectif réduit jusqu’à la fin du mois.",
    "La prochaine réunion se tiendra au même lieu.",
)


@dataclass(frozen=True)
class Table:
    """Who sits there: those who sign, the prefecture that chairs, the liaisons, a guest."""

    animator: Member
    second: Member | None
    prefecture: Member | None
    liaisons: list
    guest: Member | None

    @property
    def chair(self):
        return self.prefecture.unit if self.prefecture else None


def hold_meetings(department):
    """Made once, where the cell has an animator who signs in."""
    members = Member.objects.in_duty().filter(unit__department=department)
    members = members.select_related("unit__department", "unit__service").order_by("pk")
    animator = members.filter(role=Role.ANIMATOR, unit__is_cell=True).first()
    protocol = animator and access.plannable_protocols(animator).first()
    if not protocol or Meeting.objects.filter(protocol=protocol).exists():
        return
    liaisons = list(members.filter(role=Role.LIAISON))
    others = [each for each in liaisons if each.unit.service_id != animator.unit.service_id]
    table = Table(
        animator,
        next(iter(others), None),
        members.filter(role=Role.PREFECTURE).first(),
        liaisons,
        members.filter(role=Role.GUEST).first(),
    )
    coming = _coming(protocol, timezone.localdate())
    for rank, points in enumerate(HELD):
        held = _hold(protocol, coming - (len(HELD) - rank) * MONTH, points, table)
        _sign(held, table, remarks=REMARKS[rank])
    _call(protocol, coming, table)


def _coming(protocol, today):
    """A day of the coming weeks: that of the protocol, when it says one."""
    said = cadence.next_meeting_after(protocol, today + timedelta(days=4))
    if said and said <= today + MONTH:
        return said
    found = today + timedelta(days=9)
    return found + timedelta(days=(7 - found.weekday()) % 7 if found.weekday() > 4 else 0)


def _hold(protocol, held_on, points, table):
    """The rows that the actions would have left that day."""
    animator, second = table.animator, table.second
    began = timezone.make_aware(datetime.combine(held_on, time(14, 0)))
    called_at = began - timedelta(days=12)
    meeting = Meeting.objects.create(
        protocol=protocol,
        held_on=held_on,
        starts_at=time(14, 0),
        place=PLACE,
        chair=table.chair,
        state=MeetingState.TO_SIGN,
        called_at=called_at,
        by=animator,
        at=called_at,
    )
    units = list(access.called_units(protocol, on=held_on))
    for rank, unit in enumerate(units):
        is_away = rank % 5 == 4 and unit != meeting.chair
        came = Answer.EXCUSED if is_away else Answer.PRESENT
        speaker = next((each for each in table.liaisons if each.unit_id == unit.pk), animator)
        Attendance.objects.create(
            meeting=meeting,
            unit=unit,
            answer=came,
            answered_by=speaker,
            answered_at=called_at + timedelta(days=2),
            noted=Answer.PRESENT if second and unit.pk == second.unit_id else came,
        )
    by_kind = {unit.service.kind: unit for unit in reversed(units)}
    for rank, (what, minutes, decisions) in enumerate(points, start=1):
        is_queued = what in Kind
        item = AgendaItem.objects.create(
            meeting=meeting,
            rank=rank,
            kind=what if is_queued else Kind.FREE,
            title=Kind(what).label if is_queued else what,
            minutes=minutes,
            by=animator,
            at=called_at,
        )
        for text, kind, days, became, words in decisions:
            MeetingDecision.objects.create(
                item=item,
                text=text,
                unit=by_kind.get(kind),
                due_on=held_on + timedelta(days=days),
                by=animator,
                at=began + timedelta(minutes=30 + 5 * rank),
                became=became,
                became_words=words,
                became_at=began + timedelta(days=20) if became else None,
                became_by=animator if became else None,
            )
    steps = (
        (MeetingState.PREPARED, MeetingState.CALLED, called_at),
        (MeetingState.CALLED, MeetingState.SITTING, began),
        (MeetingState.SITTING, MeetingState.TO_SIGN, began + timedelta(hours=2)),
    )
    MeetingStep.objects.bulk_create(
        MeetingStep(meeting=meeting, origin=origin, target=target, by=animator, at=at)
        for origin, target, at in steps
    )
    return meeting


def _sign(meeting, table, *, remarks):
    """By the animator and one of another service, two days after; where there is a second."""
    meeting.remarks = remarks
    meeting.minutes = meetings.minutes_of(meeting)
    meeting.digest = meetings.digest_of(meeting.minutes)
    signed_at = meeting.begins + timedelta(days=2)
    for rank, signer in enumerate(filter(None, (table.animator, table.second))):
        MinutesSignature.objects.create(
            meeting=meeting,
            by=signer,
            unit=signer.unit,
            at=signed_at + timedelta(hours=3 * rank),
            digest=meeting.digest,
        )
    if table.second:
        meeting.state = MeetingState.SIGNED
        MeetingStep.objects.create(
            meeting=meeting,
            origin=MeetingState.TO_SIGN,
            target=MeetingState.SIGNED,
            by=table.second,
            at=signed_at + timedelta(hours=3),
        )
    meeting.save()


def _call(protocol, coming, table):
    """The next one: called, its agenda built from the queue, a few answers, a guest at a point."""
    animator, liaisons = table.animator, table.liaisons
    meeting = meetings.prepare(
        protocol,
        by=animator,
        held_on=coming,
        starts_at=time(14, 0),
        place=PLACE,
        chair=table.chair,
    )
    agenda.build(meeting, by=animator)
    speaker = liaisons[0].unit if liaisons else None
    schools = access.editable_reports(animator).filter(facts__iregex="lycée|collège|scolaire")
    item = agenda.add(
        meeting,
        by=animator,
        title="Protoxyde d’azote aux abords des établissements scolaires",
        minutes=20,
        rapporteur=speaker,
        reports=list(access.addable_reports(animator).filter(pk__in=schools).order_by("-pk")[:2]),
    )
    meeting = meetings.call(meeting, by=animator)
    for rank, member in enumerate(liaisons[:4]):
        own = access.answerable_attendances(member).filter(meeting=meeting).first()
        if own is not None:
            said = (Answer.PRESENT, Answer.PRESENT, Answer.REPRESENTED, Answer.EXCUSED)[rank]
            meetings.answer(own, by=member, said=said)
    if table.guest is not None:
        item.meeting = meeting
        guests.invite(
            item,
            by=animator,
            guest=table.guest,
            starts_on=timezone.localdate(),
            ends_on=coming + guests.USUAL_AFTER,
        )
