"""What the strategy rests on, for one reader: the references that he could open himself.

Nothing says how many others there are. The prefecture opens no report and no place, so that it
is told of none; it reads the findings of its own summaries.
"""

from django.db.models import Exists, OuterRef, Q

from intel.access.figures import readable_summaries
from intel.access.places import readable_places
from intel.access.rule import followed_reports, readable_reports
from intel.access.seats import standing
from intel.models import FindingReference, PlaceReference, Report, ReportReference
from intel.states import State
from protocols import access as protocols
from protocols.models import Action, Outcome
from protocols.states import StrategyState
from services.roles import Right, may

# Somebody was asked to act on it: something may have come of it.
DIRECTED = (
    State.DIRECTED,
    State.ACKNOWLEDGED,
    State.EXPLOITED,
    State.NO_FURTHER_ACTION,
    State.FED_BACK,
    State.ARCHIVED,
)


def report_references(member):
    return ReportReference.objects.of_all(readable_reports(member))


def place_references(member):
    return PlaceReference.objects.of_all(readable_places(member))


def finding_references(member):
    return FindingReference.objects.filter(summary__in=readable_summaries(member))


def citable_reports(member, department):
    """Those that a member may cite: he follows their life, in the department of the strategy."""
    return followed_reports(member).filter(department=department).exclude(state=State.DRAFT)


def citable_by_strategy(member, department):
    """Places that he may cite, the same way."""
    return readable_places(member).filter(department=department)


def _followable(member):
    return protocols.followable_actions(member).values("pk")


def removable_report_references(member):
    """Of the actions under which he may cite; never one that he does not read."""
    return _of_citing_actions(report_references(member), member)


def removable_place_references(member):
    return _of_citing_actions(place_references(member), member)


def removable_finding_references(member):
    return _of_citing_actions(finding_references(member), member)


def _of_citing_actions(references, member):
    cited = references.filter(action__in=citing_actions(member).values("pk"))
    return cited.select_related("action__axis__strategy__department")


def citing_actions(member):
    """Those under which he may cite: drafts too, for who writes."""
    followed = protocols.followable_actions(member).values("pk")
    written = protocols.writable_actions(member).values("pk")
    return protocols.readable_actions(member).filter(Q(pk__in=followed) | Q(pk__in=written))


def reports_with_results(member):
    """Those of which his unit says what came, outside of any action: once they were directed."""
    if not may(Right.ANSWER)(member):
        return Report.objects.none().answered()
    return followed_reports(member).filter(state__in=DIRECTED)


# --- What came of a report ----------------------------------------------------------------------


def outcomes_told(member):
    """Outcomes as the sheet of a report tells them, to filter by `OuterRef("pk")` of the report.

    Those that were said of the very report, and those of the actions that cite it. The row itself
    holds nothing of another report.
    """
    cited = ReportReference.objects.filter(report=OuterRef(OuterRef("pk")))
    said = Exists(cited.filter(outcome=OuterRef("pk")))
    fed = Exists(cited.filter(action=OuterRef("action")))
    return Outcome.objects.live().filter(said | (fed & Q(action__undone_at=None)))


def actions_told(member):
    """Which action an outcome came of, told to whoever reads the strategy of that department.

    By the seats that already opened the sheet: the same that `readable_strategies` asks for.
    """
    if not may(Right.READ_STRATEGY)(member):
        return Action.objects.none()
    return (
        Action.objects.live()
        .filter(axis__strategy__department__in=standing(member).departments)
        .exclude(axis__strategy__state=StrategyState.DRAFT)
    )


def own_results(member):
    """What his unit said of reports that he follows, outside of any action: his to take back."""
    if not may(Right.ANSWER)(member):
        return Outcome.objects.none()
    cited = ReportReference.objects.filter(
        outcome=OuterRef("pk"), report__in=followed_reports(member)
    )
    return Outcome.objects.filter(Exists(cited), action=None, unit=member.unit_id)


def _own_outcomes(member):
    """The same, and those of the actions that he follows."""
    results = Q(pk__in=own_results(member).values("pk"))
    return Outcome.objects.filter(Q(action__in=_followable(member)) | results)


def removable_outcomes(member):
    return _own_outcomes(member).live()


def restorable_outcomes(member):
    return _own_outcomes(member).exclude(undone_at=None)
