"""What one's own unit brought, and is told the end of; for some, the only thing that is open.

A unit that brought a report hears of its reception, of what triage decided and of the return,
whoever holds it since: that much is answered here, and no more may be shown of a row that
`readable_reports` does not answer.
"""

from django.db.models import Q

from intel.access.rule import open_reports
from intel.access.seats import contributes_in, standing
from intel.models import Report
from intel.states import State
from services.roles import Right, may, may_any

brings = may_any(Right.WRITE, Right.CONTRIBUTE)


def brought_reports(member):
    """Those that left our unit, wherever we still contribute."""
    if not brings(member):
        return Report.objects.none().answered()
    ours = Q(first_owner=member.unit_id) | Q(first_owner=None, owner=member.unit_id)
    departments = contributes_in(member)
    return (
        Report.objects.filter(ours, department__in=departments)
        .exclude(state=State.DRAFT)
        .answered()
    )


def unfinished_contributions(member):
    """Those that the cell sent back to a unit that reads nothing: it completes them unread."""
    if not may(Right.CONTRIBUTE)(member):
        return Report.objects.none().answered()
    return brought_reports(member).filter(owner=member.unit_id, state=State.TO_COMPLETE)


def common_reports(member):
    """What every permanent seat of his department reads: the whole of the cell, for a figure that
    nothing hidden from him moves."""
    stands = standing(member)
    departments = [key for key in stands.departments if key == member.unit.department_id]
    if stands.court is not None or stands.is_guest:
        departments = []
    return open_reports(departments).answered()
