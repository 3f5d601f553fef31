"""Notes and tasks of a unit about a report that it reads."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from intel import access
from intel.actions import holding, once, telling
from intel.models import Task, WorkingNote
from services.models import Member

NO_LONGER = "Cette fiche n’est plus ouverte à votre unité, ou elle est archivée : rien n’est noté."


def note(report, *, by, text, sent=None):
    """What `by`'s unit keeps for itself, or what the same form has just written."""
    entered = once.key_of(sent, [report.pk, text]) if sent else None
    return once.record(
        lambda: _note(report, by, text, entered),
        lambda: WorkingNote.objects.of(report).filter(by=by, entry_key=entered).first(),
    )


def _note(report, by, text, entered):
    report = _workable(report, by)
    written = WorkingNote.objects.create(
        report=report, unit=by.unit, text=text, by=by, entry_key=entered
    )
    journal.record(by, "note.added", report, recipients=str(by.unit))
    return written


def _workable(report, by):
    """The report, held: what was read when the form was drawn may have been narrowed since."""
    report = holding.lock(report)
    if not access.workable_reports(by).filter(pk=report.pk).exists():
        raise ValidationError(NO_LONGER)
    return report


@transaction.atomic
def remove_note(note, *, by):
    note = _held(access.removable_notes(by), note, "Cette note est déjà retirée.")
    journal.record(by, "note.removed", note.report, recipients=str(by.unit))
    note.delete()


def give(report, *, by, what, to, until=None, sent=None):
    """A task for a colleague, for the whole unit, or for the unit in charge.

    `to` is a member of one's own unit, a unit, or nobody: one's own unit.
    """
    named = [to._meta.model_name, to.pk] if to else None
    said = [report.pk, what, named, until.isoformat() if until else None]
    entered = once.key_of(sent, said) if sent else None
    return once.record(
        lambda: _give(report, by, to, what=what, until=until, entry_key=entered),
        lambda: Task.objects.of(report).filter(by=by, entry_key=entered).first(),
    )


def _give(report, by, to, *, until, **said):
    report = _workable(report, by)
    if until and until < timezone.localdate():
        raise ValidationError({"until": "Ce jour est passé : choisissez-en un autre."})
    unit, member = _who(report, by, to)
    task = Task.objects.create(
        report=report, giver=by.unit, unit=unit, member=member, until=until, by=by, **said
    )
    journal.record(by, "task.given", report, recipients=str(unit))
    if member or unit != by.unit:
        telling.tell("task.given", report=report, to=[member or unit], by=by, about=task)
    return task


def _who(report, by, to):
    """(unit, member) of a task; whoever left meanwhile is no choice any more."""
    if to is None:
        return by.unit, None
    if isinstance(to, Member):
        if access.colleagues(by).filter(pk=to.pk).exists():
            return by.unit, to
    elif access.units_in_charge(report, by).filter(pk=to.pk).exists():
        return to, None
    raise ValidationError({"to": "Choisissez un agent de votre unité, ou l’unité attributaire."})


@transaction.atomic
def finish(task, *, by):
    """Done; said twice, it was done once, by the first."""
    task = _held(access.doable_tasks(by), task)
    if task.done_at is None:
        _mark(task, by, timezone.now())
        journal.record(by, "task.done", task.report, recipients=str(task.unit))
    return task


@transaction.atomic
def reopen(task, *, by):
    """Taken up again: it was not done after all."""
    task = _held(access.doable_tasks(by), task)
    if task.done_at is not None:
        _mark(task, None, None)
        journal.record(by, "task.reopened", task.report, recipients=str(task.unit))
    return task


def _mark(task, by, at):
    task.done_by, task.done_at = by, at
    task.save(update_fields=["done_by", "done_at"])


@transaction.atomic
def remove_task(task, *, by):
    task = _held(access.removable_tasks(by), task)
    journal.record(by, "task.removed", task.report, recipients=str(task.unit))
    telling.forget(task.report, task)
    task.delete()


def _held(rows, one, gone="Quelqu’un vient de retirer cette tâche."):
    """A note or a task, as it is now; `gone` is said of one that is no longer among `rows`."""
    found = rows.select_for_update(of=("self",)).select_related("report", "unit")
    held = found.filter(pk=one.pk).first()
    if held is None:
        raise ValidationError(gone)
    return held
