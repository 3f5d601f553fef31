"""How much each service shares, as the whole cell reads it."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from intel import access, periods
from intel.actions.openness import MONTHS
from intel.models import Openness, Restriction
from services.models import Department
from services.roles import Right, may

BANDS = Openness.Band.values


@dataclass(frozen=True)
class Line:
    """One service of a department: the words of its `bands`, oldest month first, "" when untold.

    `rank` is that of the last one, the least open first, -1 when it is untold.
    """

    service: object
    bands: list
    rank: int
    overdue: int | None  # None: between 1 and 4
    is_counted: bool  # was the last month counted for this service?

    @property
    def band(self):
        return self.bands[-1]


@dataclass(frozen=True)
class Board:
    """What a department shares, seen at the end of each month; the most open service last."""

    department: object
    months: list
    lines: list

    @property
    def last(self):
        return self.months[-1]


def boards_of(member):
    """One board a department that `member` reads, his own first; two queries."""
    today = timezone.localdate()
    months = periods.last_months(periods.month_of(today).previous().end, MONTHS)
    rows = access.readable_openness(member).filter(
        month__gte=months[0].start, month__lte=months[-1].start
    )
    by_department = defaultdict(lambda: defaultdict(dict))
    for row in rows.select_related("service").order_by("service__short_name", "month"):
        by_department[row.department_id][row.service][row.month] = row
    departments = Department.objects.filter(pk__in=by_department).defer("outline")
    own = member.unit.department_id
    return [
        _board(department, months, by_department[department.pk])
        for department in sorted(departments, key=lambda each: (each.pk != own, each.code))
    ]


def _board(department, months, services):
    lines = [_line(service, months, rows) for service, rows in services.items()]
    lines.sort(key=lambda line: (line.rank < 0, line.rank))
    return Board(department, months, lines)


def _line(service, months, rows):
    found = [rows.get(month.start) for month in months]
    return Line(
        service=service,
        bands=[row.get_band_display() if row else "" for row in found],
        rank=BANDS.index(found[-1].band) if found[-1] and found[-1].band else -1,
        overdue=found[-1].overdue if found[-1] else None,
        is_counted=found[-1] is not None,
    )


def own_overdue(member):
    """Restrictions of one's own unit to look at again today: its own figure, of this minute."""
    if not may(Right.WRITE)(member):
        return None
    restricted = access.restricted_reports_of(member)
    due = Restriction.objects.of_all(restricted).filter(review_on__lte=timezone.localdate())
    return due.count()


SMALLEST = Openness.SMALLEST
