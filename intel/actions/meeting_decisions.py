"""What is decided in a meeting, as it is typed: a direction like any other, or a task with a day.

A decision about a report makes the very move that its sheet makes, with the same requirements;
undoing it takes that move back.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from intel import access
from intel.actions import drafts, life, meetings
from intel.models import MeetingDecision
from intel.references import NAMES_A_REPORT
from intel.states import State
from protocols.actions import strategy
from protocols.meeting_states import MeetingState

Became = MeetingDecision.Became
LONGEST_TITLE = 200  # of an action


def draft_key(item):
    """What names, among the drafts of its author, the decision being typed under an item."""
    return f"decision-{item.key}"


@transaction.atomic
def decide(item, *, by, text, unit=None, due_on=None, report=None, axis=None):
    """Record it; about a report, direct that report to `unit`, whose answer is due that day; under
    an axis, write it into the strategy."""
    meeting = meetings.held(item.meeting)
    if meeting.state != MeetingState.SITTING:
        raise ValidationError("Les décisions se prennent en séance : ouvrez-la d’abord.")
    step = None
    if report is None:
        if NAMES_A_REPORT.search(text):
            raise ValidationError(
                {
                    "text": "Cette décision est lue par tous, préfecture comprise : ôtez la "
                    "référence, ou choisissez la fiche."
                }
            )
        if due_on and due_on < timezone.localdate():
            raise ValidationError({"due_on": "Choisissez un jour à venir."})
    else:
        step = _direct(report, by=by, unit=unit, due_on=due_on, text=text)
    decision = MeetingDecision.objects.create(
        item=item, text=text, unit=unit, due_on=due_on, report=report, step=step, by=by
    )
    drafts.drop(by=by, key=draft_key(item))
    journal.record(by, "meeting.decided", meeting, recipients=str(unit or ""))
    if axis is not None:
        make_action(decision, by=by, axis=axis)
    return decision


def _direct(report, *, by, unit, due_on, text):
    moved = life.move(
        report,
        by=by,
        target=State.DIRECTED,
        unit=unit,
        answer_by=due_on,
        instruction=text,
    )
    return life.last_step(moved)


@transaction.atomic
def undo(decision, *, by):
    """Take it back, and with it the move or the action that it made."""
    meeting = meetings.held(decision.item.meeting)
    held = access.undoable_decisions(by).filter(pk=decision.pk)
    held = held.select_related("report", "step", "action")
    row = held.first()
    if row is None or meeting.state != MeetingState.SITTING:
        raise ValidationError("Cette décision a déjà été annulée, ou la séance est levée.")
    if row.step:
        life.undo(row.report, by=by, seen=row.step.key)
    if row.action and row.action.undone_at is None:
        strategy.remove_action(row.action, by=by)
    row.undone_at, row.undone_by = timezone.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    journal.record(by, "meeting.decision_undone", meeting)


@transaction.atomic
def make_action(decision, *, by, axis):
    """Write it into the strategy, under an axis: it is followed there from then on."""
    held = access.actionable_decisions(by).select_for_update(of=["self"])
    held = held.select_related("unit", "item__meeting__protocol__department")
    row = held.filter(pk=decision.pk).first()
    if row is None:
        raise ValidationError("Cette décision est déjà inscrite à la stratégie.")
    row.action = strategy.add_action(
        axis, by=by, title=row.text[:LONGEST_TITLE], unit=row.unit, due_on=row.due_on
    )
    row.save(update_fields=["action"])
    journal.record(by, "meeting.followed", row.item.meeting, why="Inscrite à la stratégie")
    return row.action


@transaction.atomic
def follow(decision, *, by, became, words):
    """Say what became of it: by the unit in charge, or by the cell."""
    if became not in Became:
        raise ValidationError({"became": "Choisissez une suite de la liste."})
    if became == Became.DROPPED and not words.strip():
        raise ValidationError({"words": "Dites pourquoi elle est abandonnée."})
    if NAMES_A_REPORT.search(words):
        raise ValidationError({"words": "Cette suite est lue par tous : ôtez la référence."})
    decision.became, decision.became_words = became, words
    decision.became_by, decision.became_at = by, timezone.now()
    decision.save(update_fields=["became", "became_words", "became_by", "became_at"])
    journal.record(by, "meeting.followed", decision.item.meeting, why=Became(became).label)
