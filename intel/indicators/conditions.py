"""Which reports each indicator counts, as conditions: the figure and the list behind it are one.

Each is about open reports of one department; a rate has two, the second within the first.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from intel.access import open_reports
from intel.independence import BROUGHT_BY
from intel.indicators.definitions import Code
from intel.models import Feedback, Step, Tasking
from intel.states import NOT_COUNTED, State
from intel.summaries.days import midnight

BECAUSE = "an indicator counts the reports that its whole audience may open"
OF_ROW = {"report": OuterRef("pk")}


def within(column, span):
    """An instant of that column, in days of the cell."""
    return Q(
        **{
            f"{column}__gte": midnight(span.start),
            f"{column}__lt": midnight(span.end + timedelta(days=1)),
        }
    )


def reports_of(department, service=None, *, until=None):
    """What may be counted: open to every unit, of the units of one service or of all, entered
    before the instant `until`."""
    reports = open_reports([department])
    if service is not None:
        reports = reports.filter(owner__service=service)
    return reports if until is None else reports.filter(created_at__lt=until)


def _out_of_scope():
    """Put aside by triage; archived since or not."""
    archived = Step.objects.archived_out_of_scope().filter(**OF_ROW)
    return Q(state=State.OUT_OF_SCOPE) | (Q(state=State.ARCHIVED) & Exists(archived))


def counts_once():
    """Tells something of its own that is our subject."""
    return Q(duplicate_of=None) & ~_out_of_scope()


def _is_seconded(department, until):
    """`intel.independence.are_independent`, of a report and of another telling of its fact."""
    bringer = Coalesce(OuterRef("first_owner__service"), OuterRef("owner__service"))
    others = (
        reports_of(department, until=until)
        .filter(fact=OuterRef("fact"), duplicate_of=None)
        .exclude(state__in=NOT_COUNTED)
        .exclude(origin=OuterRef("origin"))
        .annotate(bringer=BROUGHT_BY)
        .exclude(bringer=bringer)
    )
    # One fact in twenty is told by two origins: those are found at once, and asked of alone.
    by_two_origins = (
        reports_of(department, until=until)
        .order_by()
        .values("fact")
        .annotate(one=Min("origin"), another=Max("origin"))
        .filter(another__gt=F("one"))
        .values("fact")
    )
    return Case(When(fact__in=by_two_origins, then=Exists(others)), default=Value(False))


def flags(department, *, until=None):
    """What is true or not of a report, each asked once a row; as known at the instant `until`."""
    taskings = Tasking.objects.filter(**OF_ROW, **_before("at", until))
    returns = Feedback.objects.filter(**OF_ROW, **_before("at", until))
    used = taskings.filter(answer=State.EXPLOITED, **_before("answered_at", until))
    return {
        "is_directed": Exists(taskings),
        "is_used": Exists(used),
        "is_told": Exists(returns),
        "is_known": Exists(returns.filter(outcome=Feedback.Outcome.KNOWN)),
        "is_seconded": _is_seconded(department, until),
    }


def _before(column, until):
    return {} if until is None else {f"{column}__lt": until}


@dataclass(frozen=True)
class Rate:
    """Of a cohort of reception, what counts once: the flags of its denominator and of its part."""

    whole: tuple[str, ...]
    part: str


RATES = {
    Code.EXPLOITATION: Rate(("is_directed",), "is_used"),
    Code.RETURN: Rate((), "is_told"),
    Code.KNOWN: Rate(("is_told",), "is_known"),
    Code.CORROBORATION: Rate((), "is_seconded"),
}
# What ends each delay: the first move to that state.
DELAYS = {Code.DIRECTION: State.DIRECTED, Code.ACKNOWLEDGEMENT: State.ACKNOWLEDGED}


def reached(target, span):
    """Reached that state for the first time in these days."""
    steps = Step.objects.filter(**OF_ROW, target=target, undone_at=None)
    return Exists(steps.filter(within("at", span))) & ~Exists(
        steps.filter(at__lt=midnight(span.start))
    )


def behind(code, department, span, *, service=None, part=False):
    """The reports of one figure, not yet answered to anybody."""
    found = reports_of(department, service)
    if code in DELAYS:
        return found.filter(reached(DELAYS[code], span))
    found = found.filter(within("received_at", span))
    if code == Code.RECEIVED:
        return found
    rate = RATES[code]
    wanted = (*rate.whole, rate.part) if part else rate.whole
    asked = {name: flag for name, flag in flags(department).items() if name in wanted}
    return found.filter(counts_once()).annotate(**asked).filter(**dict.fromkeys(wanted, True))
