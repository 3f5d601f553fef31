"""The life of a meeting: called, moved, cancelled, held, its minutes signed by two.

Whatever changes its day or its end says so to the calendars that hold it, and to the guests of its
items: what was opened for them goes with it.
"""

import hashlib
import json
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import guests, meeting_mails
from intel.models import MeetingDecision
from intel.references import NAMES_A_REPORT
from protocols.meeting_states import AHEAD, BY_PAIR, MeetingState, move_between
from protocols.models import Attendance, Meeting, MeetingLetter, MeetingStep, MinutesSignature
from services.roles import Right, may

State, Answer = MeetingState, Attendance.Answer
SAYS_NOTHING = "Indiquez le motif : ceux qui sont convoqués le lisent."
FURTHEST = timedelta(days=366)


def held(meeting):
    """The meeting as it stands, nobody else changing it meanwhile."""
    rows = Meeting.objects.select_for_update(of=["self"])
    return rows.select_related("protocol__department").get(pk=meeting.pk)


def _check_day(held_on):
    today = timezone.localdate()
    if not today <= held_on <= today + FURTHEST:
        raise ValidationError({"held_on": "Choisissez un jour à venir, dans l’année."})


def _check_words(**said):
    """Everybody called reads them, the prefecture included: none names a report."""
    for name, words in said.items():
        if NAMES_A_REPORT.search(words):
            raise ValidationError(
                {name: "Ces mots sont lus par tous, préfecture comprise : ôtez la référence."}
            )


@transaction.atomic
def prepare(protocol, *, by, held_on, starts_at, place, lasts=120, chair=None):
    """A meeting that the cell prepares; nobody else knows of it until it is called."""
    _check_day(held_on)
    _check_words(place=place)
    if protocol.meetings.filter(held_on=held_on).exclude(state=State.CANCELLED).exists():
        raise ValidationError({"held_on": "Une réunion est déjà prévue ce jour-là."})
    meeting = Meeting.objects.create(
        protocol=protocol,
        held_on=held_on,
        starts_at=starts_at,
        place=place,
        lasts=lasts,
        chair=chair,
        by=by,
    )
    journal.record(by, "meeting.prepared", meeting)
    return meeting


def _step(meeting, target, *, by, why="", **said):
    """Write a move of the table down; refuses any other."""
    move = move_between(meeting.state, target)
    if move is None:
        raise ValidationError(
            f"Une réunion « {State(meeting.state).label} » ne peut pas devenir "
            f"« {State(target).label} » : rechargez la page."
        )
    if move.needs_reason and not why.strip():
        raise ValidationError({"why": SAYS_NOTHING})
    MeetingStep.objects.create(
        meeting=meeting, origin=meeting.state, target=target, by=by, why=why, **said
    )
    meeting.state = target


@transaction.atomic
def call(meeting, *, by):
    """Tell every unit with a seat that day; from here on they see it, and answer."""
    meeting = held(meeting)
    _check_day(meeting.held_on)
    _step(meeting, State.CALLED, by=by)
    meeting.called_at = timezone.now()
    meeting.save(update_fields=["state", "called_at"])
    units = _call_units(meeting)
    meeting_mails.tell(meeting, MeetingLetter.Method.REQUEST)
    journal.record(by, "meeting.called", meeting, recipients=", ".join(map(str, units))[:300])
    return meeting


def _call_units(meeting):
    units = list(access.called_units(meeting.protocol, on=meeting.held_on))
    Attendance.objects.bulk_create(
        (Attendance(meeting=meeting, unit=unit) for unit in units), ignore_conflicts=True
    )
    return units


@transaction.atomic
def move(meeting, *, by, held_on, starts_at, place, lasts, chair=None, why=""):
    """Another day, hour or place. Answers given for another day are asked again, and what was
    opened to the guests of its items is opened for the new day, or asked of its owner again."""
    meeting = held(meeting)
    if meeting.state not in AHEAD:
        raise ValidationError(
            "Cette réunion s’est ouverte ou a été annulée : elle reste où elle est."
        )
    _check_words(place=place, why=why)
    if (held_on, starts_at) != (meeting.held_on, meeting.starts_at):
        _check_day(held_on)
    others = meeting.protocol.meetings.filter(held_on=held_on).exclude(state=State.CANCELLED)
    if others.exclude(pk=meeting.pk).exists():
        raise ValidationError({"held_on": "Une réunion est déjà prévue ce jour-là."})
    before = (meeting.held_on, meeting.starts_at, meeting.lasts)
    shift = held_on - meeting.held_on
    was = f"{day(meeting.held_on)} à {meeting.starts_at:%H:%M}"
    meeting.held_on, meeting.starts_at, meeting.lasts = held_on, starts_at, lasts
    meeting.place, meeting.chair = place, chair
    is_moved = before != (held_on, starts_at, lasts)
    is_told = meeting.state == State.CALLED and is_moved
    if is_told:
        meeting.sequence += 1
    meeting.save()
    if not is_moved:
        journal.record(by, "meeting.changed", meeting, why=why)
        return meeting
    MeetingStep.objects.create(
        meeting=meeting,
        origin=meeting.state,
        target=meeting.state,
        moved_from=was,
        by=by,
        why=why,
    )
    if shift:
        guests.shift(meeting, shift, by=by)
    if is_told:
        if shift:
            meeting.attendances.update(answer="", answered_by=None, answered_at=None)
        _call_units(meeting)
        meeting_mails.tell(meeting, MeetingLetter.Method.REQUEST)
    journal.record(by, "meeting.moved", meeting, why=why, recipients=f"auparavant : {was}")
    return meeting


@transaction.atomic
def cancel(meeting, *, by, why):
    """It is not held: calendars are told, and whatever was opened for its items is closed."""
    meeting = held(meeting)
    _check_words(why=why)
    _step(meeting, State.CANCELLED, by=by, why=why)
    if meeting.called_at:
        meeting.sequence += 1
    meeting.save(update_fields=["state", "sequence"])
    guests.close_all(meeting, by=by)
    if meeting.called_at:
        meeting_mails.tell(meeting, MeetingLetter.Method.CANCEL)
    journal.record(by, "meeting.cancelled", meeting, why=why)
    return meeting


@transaction.atomic
def restore(meeting, *, by):
    """Take a cancellation back: it stands where it stood, its guests are called again."""
    meeting = held(meeting)
    _check_day(meeting.held_on)
    last = meeting.steps.filter(target=State.CANCELLED).order_by("-pk").first()
    _step(meeting, last.origin if last else State.PREPARED, by=by)
    if meeting.called_at:
        meeting.sequence += 1
    meeting.save(update_fields=["state", "sequence"])
    guests.open_all(meeting, by=by)
    if meeting.state == State.CALLED:
        meeting_mails.tell(meeting, MeetingLetter.Method.REQUEST)
    journal.record(by, "meeting.restored", meeting)
    return meeting


@transaction.atomic
def advance(meeting, target, *, by):
    """Open the sitting, rise, or come back to what was done too soon."""
    meeting = held(meeting)
    if target not in ADVANCES or (meeting.state, target) not in BY_PAIR:
        raise ValidationError("Cette étape n’est pas ouverte : rechargez la page.")
    _step(meeting, target, by=by)
    ADVANCES[target](meeting, by)
    meeting.save(update_fields=["state", "minutes", "digest"])
    journal.record(by, "meeting.advanced", meeting, why=State(target).label)
    return meeting


@transaction.atomic
def hold_today(meeting, *, by):
    """Open the sitting before its day: it is held today, and those who are called are told so."""
    move(
        meeting,
        by=by,
        held_on=timezone.localdate(),
        starts_at=meeting.starts_at,
        place=meeting.place,
        lasts=meeting.lasts,
        chair=meeting.chair,
        why="Tenue avant son jour",
    )
    return advance(meeting, State.SITTING, by=by)


def _open(meeting, by):
    """What each unit announced is taken as what is noted, until somebody says otherwise; and what
    was signed of minutes that are taken up again is signed no more."""
    for attendance in meeting.attendances.filter(noted="").exclude(answer=""):
        attendance.noted = attendance.answer
        attendance.save(update_fields=["noted"])
    # Whoever opens it is there.
    meeting.attendances.filter(unit=by.unit_id, noted="").update(noted=Answer.PRESENT)
    meeting.signatures.all().delete()
    meeting.minutes, meeting.digest = None, ""


def _rise(meeting, by):
    """Until then the cell alone has read the remarks; nothing typed is lost."""
    if NAMES_A_REPORT.search(meeting.remarks):
        raise ValidationError(
            "Les observations sont lues par tous, préfecture comprise : ôtez-en la référence, "
            "puis levez la séance."
        )
    meeting.attendances.filter(noted="").update(noted=Answer.ABSENT)


ADVANCES = {
    State.SITTING: _open,
    State.CALLED: lambda meeting, by: None,
    State.TO_SIGN: _rise,
}


# --- Presence ---------------------------------------------------------------------------------


@transaction.atomic
def answer(attendance, *, by, said):
    """A unit says whether it will come; it may say otherwise as long as nobody sits."""
    if said not in {Answer.PRESENT, Answer.REPRESENTED, Answer.EXCUSED}:
        raise ValidationError("Choisissez présent, représenté ou excusé.")
    row = access.answerable_attendances(by).select_for_update(of=["self"])
    row = row.filter(pk=attendance.pk).first()
    if row is None:
        raise ValidationError("La séance est ouverte, ou la réunion annulée : rien n’est changé.")
    row.answer, row.answered_by, row.answered_at = said, by, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    journal.record(by, "meeting.answered", row.meeting, why=Answer(said).label)
    return row


@transaction.atomic
def note(meeting, *, by, noted, remarks):
    """Who came, by unit: `noted` maps the keys of units to an answer; and the remarks."""
    meeting = held(meeting)
    if meeting.state != State.SITTING:
        raise ValidationError("La présence se note en séance.")
    for attendance in meeting.attendances.all():
        said = noted.get(attendance.unit_id)
        if said in Answer and said != attendance.noted:
            attendance.noted = said
            attendance.save(update_fields=["noted"])
    meeting.remarks = remarks
    meeting.save(update_fields=["remarks"])
    journal.record(by, "meeting.noted", meeting)


# --- Minutes ----------------------------------------------------------------------------------


def minutes_of(meeting):
    """What is read out, printed and signed: no report in it, whoever signs or reads."""
    attendances = meeting.attendances.select_related("unit__service")
    decided = MeetingDecision.objects.filter(
        item__meeting=meeting, report=None, undone_at=None
    ).select_related("unit__service")
    by_item: dict[int, list] = {}
    for decision in decided.unguarded(because="names no report: read by everybody called"):
        by_item.setdefault(decision.item_id, []).append(
            {
                "text": decision.text,
                "unit": str(decision.unit or ""),
                "due_on": decision.due_on.isoformat() if decision.due_on else "",
            }
        )
    return {
        "protocol": meeting.protocol.title,
        "held_on": meeting.held_on.isoformat(),
        "starts_at": f"{meeting.starts_at:%H:%M}",
        "place": meeting.place,
        "chair": str(meeting.chair or ""),
        "attendance": [
            [str(each.unit), Answer(each.noted).label if each.noted else ""]
            for each in attendances.order_by("-unit__is_cell", "unit__sort_key", "unit")
        ],
        "items": [
            {
                "title": item.title,
                "rapporteur": str(item.rapporteur or ""),
                "decisions": by_item.get(item.pk, []),
            }
            for item in meeting.items.filter(removed_at=None).select_related("rapporteur__service")
        ],
        "remarks": meeting.remarks,
    }


def digest_of(minutes):
    """Sixty-four hexadecimal figures: those of any other text differ."""
    written = json.dumps(minutes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@transaction.atomic
def sign(meeting, *, by, seen):
    """The animator freezes the minutes and signs; a second person, of another service that sat
    there, signs the very same text (`seen` is the digest on his screen)."""
    meeting = held(meeting)
    if not access.signable_meetings(by).filter(pk=meeting.pk).exists():
        raise ValidationError("Ce compte rendu n’attend pas votre signature.")
    minutes = meeting.minutes or minutes_of(meeting)
    digest = digest_of(minutes)
    if seen != digest:
        raise ValidationError("Le compte rendu a changé depuis que vous le lisez : relisez-le.")
    others = meeting.signatures.select_related("by")
    if any(each.by.counts_as == by.counts_as for each in others):
        raise ValidationError("Une autre personne doit signer après vous.")
    meeting.minutes, meeting.digest = minutes, digest
    MinutesSignature.objects.create(meeting=meeting, by=by, unit=by.unit, digest=digest)
    if others.exists() and not (may(Right.ADMIT)(by) and by.unit.is_cell):
        _step(meeting, State.SIGNED, by=by)
    meeting.save(update_fields=["state", "minutes", "digest"])
    journal.record(by, "minutes.signed", meeting, why=f"empreinte {digest[:12]}")
    return meeting
