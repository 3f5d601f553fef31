"""The desk of the cell: who may be given what waits, and what was decided in one go."""

from intel.access.abilities import commentable_reports, gradable_reports
from intel.access.audience import audience_of
from intel.models import Step
from intel.models.choices import TOLD_BY_THE_PUBLIC
from intel.states import State, moves_from
from services.models import Member
from services.roles import Right, roles_with

TRIAGING = roles_with(Right.TRIAGE)
# Whatever may still be put out of scope.
FORGETTABLE = [
    state for state in State if any(m.target == State.OUT_OF_SCOPE for m in moves_from(state))
]


def assignable_members(report):
    """Those who triage in its department and whose unit reads it."""
    return Member.objects.in_duty().filter(
        role__in=TRIAGING, unit__department=report.department_id, unit__in=audience_of(report)
    )


def forgettable_reports(member):
    """Those whose words the cell may say to be malicious, and so erase."""
    # Only the words of the public can be said to be malicious.
    return gradable_reports(member).filter(origin__in=TOLD_BY_THE_PUBLIC, state__in=FORGETTABLE)


def is_forgettable(report):
    """The same of one of its `gradable_reports`, as it was read."""
    return report.origin in TOLD_BY_THE_PUBLIC and report.state in FORGETTABLE


def bulk_steps(member):
    """The steps of decisions made in one go, of the reports that the cell works on."""
    return Step.objects.of_all(commentable_reports(member)).exclude(batch=None)
