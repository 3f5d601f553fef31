"""How much each service shares, as the whole cell reads it."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from cross.ui import charts
from cross.ui.charts import Column, Masked, Panel
from intel import access, periods
from intel.actions.openness import MONTHS
from intel.models import Openness, Restriction
from services.models import Department
from services.roles import Right, may

UNTOLD = Masked("–")


@dataclass(frozen=True)
class Line:
    """One service of a department: `shares` are open percentages of the months, oldest first."""

    service: object
    shares: list
    overdue: int | None  # None: between 1 and 4
    is_counted: bool  # was the last month counted for this service?

    @property
    def share(self):
        return self.shares[-1]


@dataclass(frozen=True)
class Board:
    """What a department shares, seen at the end of each month; the most open service last."""

    department: object
    months: list
    lines: list
    chart: str

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
    lines.sort(key=lambda line: (line.share is None, line.share or 0))
    return Board(department, months, lines, _chart(lines, months))


def _line(service, months, rows):
    found = [rows.get(month.start) for month in months]
    return Line(
        service=service,
        shares=[_open_share(row) for row in found],
        overdue=found[-1].overdue if found[-1] else None,
        is_counted=found[-1] is not None,
    )


def _open_share(row):
    if row is None or row.restricted_percent is None:
        return None
    return 100 - row.restricted_percent


def _chart(lines, months):
    """A small chart a service, on one scale; none for a service about which nothing is told."""
    panels = [
        Panel(
            line.service.short_name,
            [
                Column(
                    periods.SHORT_MONTHS[month.start.month - 1][:1].upper(),
                    UNTOLD if share is None else share,
                )
                for month, share in zip(months, line.shares, strict=True)
            ],
        )
        for line in lines
        if any(share is not None for share in line.shares)
    ]
    if not panels:
        return ""
    title = f"Part des fiches ouvertes à tous, de fin {months[0].label} à fin {months[-1].label}"
    return charts.small_multiples(panels, title=title, width=860)


def own_overdue(member):
    """Restrictions of one's own unit to look at again today: its own figure, of this minute."""
    if not may(Right.WRITE)(member):
        return None
    restricted = access.restricted_reports_of(member)
    due = Restriction.objects.of_all(restricted).filter(review_on__lte=timezone.localdate())
    return due.count()


SMALLEST = Openness.SMALLEST
