"""What a unit keeps for itself about the reports that its members read: notes and tasks.

No other unit reads a note, the unit of the report no more than another; a task is read by the unit
that does it and by the one that gave it. A guest is of no unit: he has none of them.
"""

from django.db.models import Q

from intel.access.audience import audience_of
from intel.access.rule import followed_reports, readable_reports
from intel.access.seats import standing
from intel.models import Report, Task, Tasking, WorkingNote
from intel.states import State
from services.models import Member, Unit
from services.roles import Right, may, roles_with

WRITING = roles_with(Right.WRITE)


def worked_reports(member):
    """Those on which the unit of this member may have something of its own."""
    if standing(member).is_guest:
        return Report.objects.none().answered()
    return readable_reports(member)


def workable_reports(member):
    """Where he writes for his own unit: whatever it reads, as long as the report is alive."""
    if not may(Right.WRITE)(member):
        return Report.objects.none().answered()
    return worked_reports(member).exclude(state=State.ARCHIVED)


def works_on(report, member):
    """The same, of a report that this member reads."""
    is_writer = may(Right.WRITE)(member) and not standing(member).is_guest
    return is_writer and report.state != State.ARCHIVED


def kept_notes(member):
    """Those of his unit, whatever it reads now: asked of a report that was handed to him."""
    if standing(member).is_guest:
        return WorkingNote.objects.none()
    return WorkingNote.objects.filter(unit=member.unit_id)


def readable_notes(member):
    return kept_notes(member).filter(report__in=worked_reports(member)).answered()


def removable_notes(member):
    """By anybody who writes for the unit: whoever wrote one may have left it."""
    return readable_notes(member).filter(report__in=workable_reports(member))


def kept_tasks(member):
    """As `kept_notes`."""
    if standing(member).is_guest:
        return Task.objects.none()
    return Task.objects.filter(Q(unit=member.unit_id) | Q(giver=member.unit_id))


def readable_tasks(member):
    return kept_tasks(member).filter(report__in=worked_reports(member)).answered()


def doable_tasks(member):
    """Done, and taken up again, by the unit whose task it is."""
    tasks = readable_tasks(member).filter(unit=member.unit_id)
    return tasks.filter(report__in=workable_reports(member))


def removable_tasks(member):
    """Taken back by the unit that gave it."""
    tasks = readable_tasks(member).filter(giver=member.unit_id)
    return tasks.filter(report__in=workable_reports(member))


def colleagues(member):
    """Those of one's own unit to whom a task may be given."""
    return Member.objects.in_duty().filter(unit=member.unit_id, role__in=WRITING)


def units_in_charge(report, member):
    """The unit to which the report was directed last, as long as it reads it; never one's own.

    For whoever follows the life of the report, and none for the others.
    """
    if not followed_reports(member).filter(pk=report.pk).exists():
        return Unit.objects.none()
    last = Tasking.objects.latest_of(report).values("unit")
    return audience_of(report).filter(pk__in=last).exclude(pk=member.unit_id)
