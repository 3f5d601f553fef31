"""How many contributions had their return, how many directions were put to use: by cohort.

A cohort is what was received in one quarter: what comes of it is counted in its own column,
whatever the day it came. A unit reads its own, from what it brought; the whole of the cell rests
on what every permanent seat reads; each unit's, on what the animator reads himself. None of them
moves when a report that its reader does not read is written, or is said to be told twice: a unit's
own line keeps its duplicates, since it is not told which they are.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce, TruncQuarter
from django.utils import timezone

from intel import access, periods
from intel.models import Feedback, Step, Tasking
from intel.states import State
from intel.summaries.days import midnight
from services.models import Unit
from services.roles import Right, may

WHOLE = "L’ensemble de la cellule"
QUARTERS = 5  # the running one, and a year before it


@dataclass(frozen=True)
class Rate:
    """What one cohort came to.

    `brought`: contributions; `told`: those that had their return; `directed`: those that a unit
    was put in charge of; `used`: those that it declared exploited.
    """

    brought: int = 0
    told: int = 0
    directed: int = 0
    used: int = 0

    def __add__(self, other):
        return Rate(*(a + b for a, b in zip(self._values(), other._values(), strict=True)))

    def _values(self):
        return self.brought, self.told, self.directed, self.used

    @property
    def of_return(self):
        """A percentage, or None of nothing."""
        return round(100 * self.told / self.brought) if self.brought else None

    @property
    def of_use(self):
        return round(100 * self.used / self.directed) if self.directed else None


@dataclass(frozen=True)
class Line:
    """One unit, or the whole: a rate for each quarter, the latest first, and for all of them."""

    name: str
    by_quarter: list  # pairs (quarter, Rate)
    total: Rate


@dataclass(frozen=True)
class Board:
    quarters: list
    own: Line
    whole: Line | None  # None for a seat that does not read the whole
    units: list | None  # None for all but the animator


def board_of(member):
    """At most three queries, whatever the number of units."""
    quarters = _last_quarters(timezone.localdate())
    here = access.brought_reports(member).filter(department=member.unit.department_id)
    # What became of a report that it handed over is told with the rest of its life, or not.
    followed = Tasking.objects.filter(report__in=access.followed_reports(member))
    own = _lines(here, quarters, lambda key: str(member.unit), taskings=followed)
    common = access.common_reports(member).filter(duplicate_of=None)
    reads_whole = member.unit.department_id in access.standing(member).departments
    whole = _lines(common, quarters, lambda key: WHOLE) if reads_whole else []
    units = _of_each_unit(member, quarters) if may(Right.ADMIT)(member) else None
    return Board(
        quarters=quarters,
        own=own[0] if own else _line(str(member.unit), {}, quarters),
        whole=(whole or [_line(WHOLE, {}, quarters)])[0] if reads_whole else None,
        units=units,
    )


def _last_quarters(today):
    quarters = [periods.quarter_of(today)]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous())
    return quarters


def _of_each_unit(member, quarters):
    reports = access.listed_reports(member).filter(
        department=member.unit.department_id, duplicate_of=None
    )
    names = {unit.pk: unit for unit in Unit.objects.filter(department=member.unit.department_id)}
    # A unit that asked to stay unnamed is counted with the one that took its report over.
    brought_by = Case(
        When(hides_first_owner=True, then=F("owner")), default=Coalesce("first_owner", "owner")
    )
    lines = _lines(reports, quarters, lambda key: str(names.get(key, "")), by=brought_by)
    return sorted(lines, key=lambda line: -line.total.brought)


def _lines(reports, quarters, name, *, by=None, taskings=None):
    """One line for each value of `by`, one for them all without it; of `taskings`, or of any."""
    of_row = {"report": OuterRef("pk")}
    taskings = (Tasking.objects.all() if taskings is None else taskings).filter(**of_row)
    out = Step.objects.archived_out_of_scope().filter(**of_row)
    rows = (
        reports.filter(received_at__gte=midnight(quarters[-1].start))
        .exclude(state__in=[State.DRAFT, State.OUT_OF_SCOPE])
        .exclude(Q(state=State.ARCHIVED) & Exists(out))
        .annotate(
            quarter=TruncQuarter("received_at"),
            unit=by if by is not None else F("department"),
            is_told=Exists(Feedback.objects.filter(**of_row)),
            is_directed=Exists(taskings),
            is_used=Exists(taskings.filter(answer=State.EXPLOITED)),
        )
        .order_by()
        .values("unit", "quarter")
        .annotate(
            brought=Count("pk"),
            told=Count("pk", filter=Q(is_told=True)),
            directed=Count("pk", filter=Q(is_directed=True)),
            used=Count("pk", filter=Q(is_used=True)),
        )
    )
    found = defaultdict(dict)
    for row in rows:
        day = timezone.localdate(row["quarter"])
        rate = Rate(row["brought"], row["told"], row["directed"], row["used"])
        found[row["unit"]][day] = rate
    return [_line(name(key), told, quarters) for key, told in found.items()]


def _line(name, told, quarters):
    rates = [told.get(quarter.start, Rate()) for quarter in quarters]
    return Line(name, list(zip(quarters, rates, strict=True)), reduce(Rate.__add__, rates, Rate()))
