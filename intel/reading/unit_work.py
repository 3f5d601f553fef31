"""What the unit of a member keeps for itself about one report, and the tasks that wait for it."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from intel import access
from intel.models import Task, WorkingNote

SHOWN = 50


@dataclass(frozen=True)
class Work:
    """Of one report, for one unit. Each task has `is_late`, `is_ours` and `may_remove`."""

    notes: list[WorkingNote]
    tasks: list[Task]
    done: list[Task]

    def __bool__(self):
        return bool(self.notes or self.tasks or self.done)


def work_on(report, member):
    """Two queries."""
    notes = access.readable_notes(member).filter(report=report)
    tasks = access.readable_tasks(member).filter(report=report)
    found = _told(tasks.order_by("until", "pk"), member)
    return Work(
        notes=list(notes.select_related("by__unit").order_by("-at", "-pk")[:SHOWN]),
        tasks=[task for task in found if task.done_at is None],
        done=[task for task in found if task.done_at is not None],
    )


def waiting_for(member):
    """The tasks of the member's unit that are not done, the most pressing first."""
    tasks = access.doable_tasks(member).filter(done_at=None).select_related("report__commune")
    return _told(tasks.order_by("until", "pk"), member)


def _told(tasks, member):
    named = ("giver", "unit", "member", "by", "done_by")
    found, today = list(tasks.select_related("report", *named)[:SHOWN]), timezone.localdate()
    for task in found:
        task.is_late = task.done_at is None and task.until is not None and task.until < today
        task.is_ours = task.unit_id == member.unit_id
        task.may_remove = task.giver_id == member.unit_id
    return found


def told_of(member):
    """Annotations of a row of the sheet: how many notes, how many tasks wait."""
    return {
        "notes_kept": _count(access.kept_notes(member)),
        "tasks_waiting": _count(access.kept_tasks(member).filter(done_at=None)),
    }


def _count(rows):
    counted = rows.filter(report=OuterRef("pk")).order_by().values("report")
    number = counted.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
