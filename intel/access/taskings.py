"""What units are asked, are told for information, and say to a court: it follows its report."""

from intel.access.abilities import answerable_reports, directable_reports
from intel.access.rule import followed_reports
from intel.models import Referral, Tasking
from intel.states import State
from services.roles import Right, may

# Once the unit in charge has said that it takes it.
REFERABLE = frozenset(
    {State.ACKNOWLEDGED, State.EXPLOITED, State.NO_FURTHER_ACTION, State.FED_BACK}
)


def own_taskings(member):
    """Those of our unit, answered or not, of the reports that we read."""
    if not may(Right.ANSWER)(member):
        return Tasking.objects.none().answered()
    ours = Tasking.objects.filter(unit=member.unit_id)
    return ours.filter(report__in=followed_reports(member)).answered()


def told_taskings(member):
    """Those that name our unit for information; being named opens nothing."""
    told = Tasking.objects.filter(informed__unit=member.unit_id)
    return told.filter(report__in=followed_reports(member)).answered()


def directed_taskings(member):
    """Those of every unit, for the cell that directs."""
    return Tasking.objects.of_all(directable_reports(member))


def referable_reports(member):
    """Where our unit, in charge, says which court was seized."""
    return answerable_reports(member).filter(state__in=REFERABLE)


def decidable_referrals(member):
    """Those that our unit made, as long as it is in charge."""
    return Referral.objects.of_all(referable_reports(member)).filter(unit=member.unit_id)
