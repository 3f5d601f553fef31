"""The counts that the indicators rest on, of what every unit of the protocol may open.

Two spans side by side, and no more than one query for each kind of figure, however many rows.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import (
    Aggregate,
    Case,
    Count,
    DurationField,
    F,
    Min,
    Q,
    Value,
    When,
)
from django.db.models.functions import TruncMonth

from intel.indicators.arithmetic import Median, Ratio
from intel.indicators.conditions import (
    BECAUSE,
    DELAYS,
    RATES,
    counts_once,
    flags,
    reports_of,
    within,
)
from intel.models import Step
from intel.models.choices import Origin
from intel.reading.sql import sql_of
from intel.states import State
from services.models import Service


class MiddleOf(Aggregate):
    """The median of a delay: the mean of the two in the middle when they are even."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()
    allow_distinct = False


@dataclass
class Received:
    """Per group of `by`: {code: [now, before]}; the totals, and the names of the communes."""

    total: list = field(default_factory=lambda: [0, 0])
    by: dict = field(default_factory=dict)
    communes: dict = field(default_factory=dict)


GROUPS = ("origine", "service", "commune", "mois")


# Read once, grouped twice: only the ORM's own SQL is put inside, every value stays a parameter.
GROUPED = """
SELECT side, origin, service, month, code, name, count(*) FROM ({}) AS told
GROUP BY GROUPING SETS ((side, origin, service, month), (side, code, name))
"""


def received(department, span, before=None, *, service=None, until=None):
    """How many came in, whole and by group. One query."""
    found = Received(by={name: defaultdict(lambda: [0, 0]) for name in GROUPS})
    spans = [span] if before is None else [span, before]
    wanted = [within("received_at", each) for each in spans]
    sql, values = sql_of(
        reports_of(department, service, until=until)
        .filter(reduce(or_, wanted))
        .order_by()
        .annotate(
            side=_rank(wanted),
            service=F("owner__service"),
            month=TruncMonth("received_at"),
            code=F("commune__code"),
            name=F("commune__name"),
        )
        .values("side", "origin", "service", "month", "code", "name")
    )
    with connection.cursor() as cursor:
        cursor.execute(GROUPED.format(sql), values)
        for side, origin, of_service, month, code, name, reports in cursor.fetchall():
            if code is not None:
                found.by["commune"][code][side] += reports
                found.communes[code] = name
                continue
            found.total[side] += reports
            for group, key in (
                ("origine", origin),
                ("service", of_service),
                ("mois", month.date()),
            ):
                found.by[group][key][side] += reports
    return found


def labels(found, *, services=None):
    """{group: {code: name}} of what was counted; one query where `services` are not handed."""
    if services is None:
        known = Service.objects.filter(pk__in=found.by["service"])
        services = {each.pk: str(each) for each in known}
    return {
        "origine": {code: Origin(code).label for code in found.by["origine"]},
        "service": services,
        "commune": found.communes,
    }


def rates(department, cohorts, *, service=None, until=None):
    """{code: one `Ratio` a cohort}, of disjoint cohorts, in one query."""
    wanted = [within("received_at", span) for span in cohorts]
    asked = flags(department, until=until)
    lines = (
        reports_of(department, service, until=until)
        .filter(reduce(or_, wanted), counts_once())
        .annotate(cohort=_rank(wanted), **asked)
        .order_by()
        .values("cohort", *asked)
        .annotate(reports=Count("pk"))
        .unguarded(because=BECAUSE)
    )
    found = {code: [[0, 0] for _ in cohorts] for code in RATES}
    for line in lines:
        for code, rate in RATES.items():
            if all(line[flag] for flag in rate.whole):
                counts = found[code][line["cohort"]]
                counts[0] += line["reports"] * line[rate.part]
                counts[1] += line["reports"]
    return {code: [Ratio(*counts) for counts in pairs] for code, pairs in found.items()}


def _rank(conditions):
    """Which of disjoint conditions holds, by its place."""
    return Case(
        *(When(condition, then=Value(rank)) for rank, condition in enumerate(conditions)),
        default=Value(len(conditions)),
    )


def delays(department, spans, *, service=None, until=None):
    """{code: one `Median` a span}, in one query: of the first move of each report to a state."""
    # Each report once, its first moves side by side: no step looks for those before it.
    firsts = {
        target.name.lower(): Min("at", filter=Q(target=target)) for target in DELAYS.values()
    }
    moved = (
        Step.objects.filter(
            target__in=DELAYS.values(),
            undone_at=None,
            report__in=reports_of(department, service, until=until),
        )
        .unguarded(because=BECAUSE)
        .order_by()
        .values("report", began=F("report__received_at"))
        .annotate(**firsts)
    )
    asked: dict = {}
    for code, target in DELAYS.items():
        end = target.name.lower()
        waited = F(end) - F("began" if target == State.DIRECTED else State.DIRECTED.name.lower())
        for rank, span in enumerate(spans):
            asked[f"{code.name}_waited_{rank}"] = MiddleOf(waited, filter=within(end, span))
            asked[f"{code.name}_cases_{rank}"] = Count("report", filter=within(end, span))
    found = moved.aggregate(**asked)
    return {
        code: [
            Median(
                _in_days(found[f"{code.name}_waited_{rank}"]), found[f"{code.name}_cases_{rank}"]
            )
            for rank in range(len(spans))
        ]
        for code in DELAYS
    }


def _in_days(waited):
    return None if waited is None else waited / timedelta(days=1)
