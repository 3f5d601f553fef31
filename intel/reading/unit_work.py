"""What the unit of a member keeps for itself about one report, and the tasks that wait for it."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, When
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


def waiting_of(member):
    """For the menu and the home page: the tasks that this member may be expected to do, one
    queryset. Of a colleague's, nothing waits for him."""
    return [access.doable_tasks(member).filter(_is_for(member), done_at=None)]


def _is_for(member):
    return Q(member=None) | Q(member=member.pk)


@dataclass(frozen=True)
class Tasks:
    """What is not done, the most pressing first: for this member, and for his colleagues."""

    ours: list[Task]
    of_colleagues: list[Task]


def tasks_of(member):
    """One query."""
    last = Case(When(_is_for(member), then=0), default=1)
    tasks = access.doable_tasks(member).filter(done_at=None).order_by(last, "until", "pk")
    found = _told(tasks, member)
    ours = [task for task in found if task.member_id in {None, member.pk}]
    return Tasks(ours=ours, of_colleagues=[task for task in found if task not in ours])


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
