"""What is said of two reports: it exists for whoever reads both, and the cell says it."""

from django.db.models import Exists, OuterRef, Q

from intel.access.abilities import commentable_reports
from intel.access.rule import readable_reports
from intel.models import FrequentValue, Identifier, Match
from intel.states import NOT_COUNTED
from services.roles import Right, may


def readable_matches(member):
    """Those of which this member reads both sides; of any other he is told nothing."""
    readable = readable_reports(member)
    return Match.objects.filter(report__in=readable, other__in=readable).answered()


def matchable_reports(member):
    """Those that the cell brings together: transmitted, and in scope."""
    return commentable_reports(member).exclude(state__in=NOT_COUNTED)


def undoable_matches(member):
    """Taken back by the cell, whatever became of either side since."""
    ours = commentable_reports(member)
    return Match.objects.live().filter(report__in=ours, other__in=ours).answered()


def listed_values(member):
    """The values of the department that bring nothing together: the list is kept by its cell.

    Shown to who listed it, and to who reads a report that cites it: a value found in a report
    opened to one analyst is not told to the others.
    """
    if not may(Right.TRIAGE)(member):
        return FrequentValue.objects.none()
    cited = Identifier.objects.of_all(matchable_reports(member))
    read = Exists(cited.filter(kind=OuterRef("kind"), value=OuterRef("value")))
    ours = FrequentValue.objects.filter(department=member.unit.department_id)
    return ours.filter(Q(by=member) | read)


def endable_values(member):
    return listed_values(member).filter(ended_at=None)
