"""What is expected from units, and what a town hall hands in and learns: one example of each."""

from datetime import timedelta

from django.utils import timezone

from intel import access
from intel.actions import contributions, life, referrals, reminders, reports
from intel.models import Feedback, Informed, Referral, Report, Step, Tasking
from intel.states import State
from services.models import Commune, Member
from services.roles import Role

S = State
TOWN = "Charmes"
INFORMED = 2
# What the town hall saw, and how far each went: the days since, then the moves of the cell.
HANDED_IN: tuple[tuple, ...] = (
    (
        40,
        "Des adolescents signalent à l'accueil jeunes qu'un homme en trottinette propose de la "
        "résine à la sortie de la piscine, le mercredi vers 17 h.",
        "Abords de la piscine",
        ((S.SORTED, {}), (S.GRADED, {}), (S.NO_FURTHER_ACTION, {"why": "Vérifié deux mercredis."}),
         (S.FED_BACK, {"feedback": Feedback.Outcome.USEFUL})),
    ),
    (
        12,
        "Le gardien du gymnase trouve chaque lundi des sachets vides derrière les vestiaires, et "
        "a vu une voiture bleue s'y arrêter deux fois le dimanche soir.",
        "Gymnase, côté vestiaires",
        ((S.SORTED, {}),),
    ),
    (
        6,
        "Plusieurs riverains se plaignent d'allées et venues la nuit autour d'un garage.",
        "",
        ((S.TO_COMPLETE, {"why": "Dans quelle rue, et à quelles heures ?"}),),
    ),
    (
        1,
        "Un agent des espaces verts a vu deux personnes cacher un sac sous le kiosque, vers 6 h.",
        "Kiosque du parc",
        (),
    ),
)  # fmt: skip


def follow_up(department):
    """Made once, by the analyst of the cell and whoever may sign in."""
    members = Member.objects.in_duty().filter(unit__department=department)
    members = members.select_related("unit__department").order_by("pk")
    analyst = members.filter(role=Role.ANALYST).first()
    partner = members.filter(role=Role.PARTNER).first()
    if analyst is None:
        return
    if partner and not access.brought_reports(partner).exists():
        for example in HANDED_IN:
            hand_in(partner, analyst, example)
    see_a_court(members.filter(role=Role.LIAISON))
    inform(analyst, members.filter(role=Role.LIAISON))
    reminders.remind()


def hand_in(partner, analyst, example):
    """Sent so many days ago; the moves of the cell one day after the other."""
    days, facts, place, moves = example
    town = Commune.objects.in_force().get(department=partner.unit.department_id, name=TOWN)
    report = contributions.send(by=partner, facts=facts, place=place, commune=town)
    for target, said in moves:
        if target == S.GRADED:
            reports.grade(report, by=analyst, source="C", information="3")
        life.move(report, by=analyst, target=target, **said)
    sent_at = timezone.now() - timedelta(days=days)
    sent = Report.objects.filter(pk=report.pk)
    sent.update(created_at=sent_at, received_at=sent_at)
    for rank, step in enumerate(Step.objects.of(report).order_by("at", "pk"), start=1):
        moment = min(sent_at + timedelta(days=rank), timezone.now())
        Step.objects.of(report).filter(pk=step.pk).update(at=moment)
        Feedback.objects.of(report).update(at=moment)


def see_a_court(liaisons):
    """Two of the reports in hand were sent to the court of their commune; one is decided."""
    if Referral.objects.exists():
        return
    today, decisions = timezone.localdate(), [Referral.Decision.OPENED, ""]
    for liaison in liaisons:
        in_hand = access.referable_reports(liaison).filter(commune__court__isnull=False)
        reports_in_hand = in_hand.select_related("commune__court").order_by("-received_at", "pk")
        for report in reports_in_hand[:1]:
            if not decisions:
                return
            decision = decisions.pop()
            sent_on = max(timezone.localdate(report.received_at), today - timedelta(days=9))
            referrals.refer(
                report,
                by=liaison,
                court=report.commune.court,
                sent_on=sent_on,
                decision=decision,
                decided_on=today if decision else None,
            )


def inform(analyst, liaisons):
    """The latest direction that waits for its answer is told to two units more."""
    directed = Tasking.objects.of_all(access.directable_reports(analyst))
    waiting = directed.filter(answer__in=["", S.ACKNOWLEDGED]).select_related("report")
    tasking = waiting.order_by("-at", "pk").first()
    if tasking is None or directed.filter(informed__isnull=False).exists():
        return
    readers = access.audience_of(tasking.report).filter(pk__in=liaisons.values("unit"))
    told = readers.exclude(pk=tasking.unit_id)[:INFORMED]
    Informed.objects.bulk_create(Informed(tasking=tasking, unit=unit) for unit in told)
