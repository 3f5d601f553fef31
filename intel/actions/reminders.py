"""Whom the night reminds, once: a unit in charge that is silent, a cell that owes a return.

What has been told is a row: two beats, a message delivered twice or a night made again find it
there and tell nobody.
"""

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from cross.audit import journal
from intel.actions import announcing
from intel.models import Reminder, Report, Step, Tasking
from intel.models.life import return_is_late

K = Reminder.Kind
NIGHT = "the night reminds, and reads nothing to anybody"


def remind(now=None):
    """Every reminder that is due and was never made; how many were."""
    now = now or timezone.now()
    return sum(_remind(**due) for due in _due(now))


def _due(now):
    taskings = Tasking.objects.unguarded(because=NIGHT).select_related("report", "unit")
    for tasking in _not_reminded(taskings.live().silent(now), K.ACKNOWLEDGE):
        yield {"kind": K.ACKNOWLEDGE, "tasking": tasking, "report": tasking.report}
    for tasking in _not_reminded(taskings.live().overdue(now), K.ANSWER):
        yield {"kind": K.ANSWER, "tasking": tasking, "report": tasking.report}
    for report in _owed(now).order_by("pk"):
        yield {"kind": K.RETURN, "step": report.ended_by, "report": report}


def _not_reminded(taskings, kind):
    return taskings.exclude(reminders__kind=kind).order_by("pk")


def _owed(now):
    """Reports whose return is late; `ended_by` is the step since."""
    steps = Step.objects.filter(report=OuterRef("pk")).ending()
    reminded = Reminder.objects.filter(kind=K.RETURN, step__isnull=False).values("step")
    return (
        Report.objects.unguarded(because=NIGHT)
        .filter(return_is_late(now))
        .annotate(ended_by=Subquery(steps.values("pk")[:1]))
        .exclude(ended_by__in=reminded)
    )


@transaction.atomic
def _remind(*, kind, report, tasking=None, step=None):
    """1 when it was made now; 0 when it is there already, whoever made it."""
    about = {"tasking": tasking} if tasking else {"step_id": step}
    reminder, is_new = Reminder.objects.of(report).get_or_create(kind=kind, report=report, **about)
    if not is_new:
        return 0
    told = str(tasking.unit) if tasking else "cellule"
    announcing.reminded(reminder)
    journal.record(None, "tasking.reminded", report, why=kind.label, recipients=told)
    return 1
