"""What one's own unit brought, and is told the end of; for some, the only thing that is open.

A unit that brought a report hears of its reception, of what triage decided and of the return,
whoever holds it since: that much is answered here, and no more may be shown of a row that
`readable_reports` does not answer.
"""

from django.db.models import Q

from intel.access.rule import open_reports, readable_reports
from intel.access.seats import contributes_in, standing
from intel.models import Audience, Report
from intel.states import State
from services.roles import Right, may, may_any, roles_with

brings = may_any(Right.WRITE, Right.CONTRIBUTE)
hands_in = may(Right.CONTRIBUTE)
# Written by who reads nothing. A unit may also have readers: what they write is none of his.
HANDED_IN = Q(author__role__in=roles_with(Right.CONTRIBUTE))


def brought_reports(member):
    """Those that left our unit, wherever we still contribute."""
    if not brings(member):
        return Report.objects.none().answered()
    ours = Q(first_owner=member.unit_id) | Q(first_owner=None, owner=member.unit_id)
    departments = contributes_in(member)
    brought = Report.objects.filter(ours, department__in=departments).exclude(state=State.DRAFT)
    if hands_in(member):
        brought = brought.filter(HANDED_IN)
    return brought.answered()


def worded_contributions(member):
    """Those of them whose own words are shown: as the rule answers them; to who reads nothing,
    those that his unit still holds and leaves open."""
    if hands_in(member):
        held = brought_reports(member).filter(owner=member.unit_id)
        return held.filter(audience=Audience.PROTOCOL)
    return readable_reports(member, for_page=True).filter(owner=member.unit_id)


def unfinished_contributions(member):
    """Those that the cell sent back to a unit that reads nothing: it completes them unread."""
    if not hands_in(member):
        return Report.objects.none().answered()
    return worded_contributions(member).filter(state=State.TO_COMPLETE)


def common_reports(member):
    """What every permanent seat of his department reads: the whole of the cell, for a figure that
    nothing hidden from him moves."""
    stands = standing(member)
    departments = [key for key in stands.departments if key == member.unit.department_id]
    if stands.court is not None or stands.is_guest:
        departments = []
    return open_reports(departments).answered()
