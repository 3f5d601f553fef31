"""Summaries: one department of 10,000 facts, then every department of a country of a million.

The period is the last quarter of last year, both audiences, and everything was received within the
twelve months that such a summary reads.
"""

import multiprocessing
import time
from datetime import UTC, datetime

from django.db import connection, connections, transaction
from django.utils import timezone

from intel import periods
from intel.actions import summaries
from intel.models import Summary, SummaryAudience, TerritoryScore
from services.models import Department
from tests.bench import world
from tests.bench.measure import Row, in_turn, limit_row

ONE = "F00"
# Drafts, restricted reports and second tellings do not count: 10,000 facts want this many reports.
FOR_FACTS = 14_100
SIZES = {
    ONE: FOR_FACTS * world.REPORTS // 1_000_000,
    **dict.fromkeys(world.HUNDRED, world.REPORTS // 100),
}
YEAR = timezone.localdate().year - 1
DAYS = 355  # and five of delay


def rows(say):
    with world.own_database():
        world.fill(say, SIZES, days=DAYS, until=datetime(YEAR, 12, 31, 12, tzinfo=UTC))
        period = periods.read(f"{YEAR}-Q4")
        yield from one_department(period)
        yield from the_country(period)


# The same figures in one query. A fact counts where and when it was first told.
FLOOR = """
WITH counted AS (
  SELECT commune_id, origin, to_char(day, 'YYYY-MM') AS month, is_first,
    CASE WHEN products = '{}' THEN '{unknown}' ELSE products END AS products,
    day BETWEEN %(start)s AND %(end)s AS now, day BETWEEN %(previous)s AND %(before)s AS before
  FROM (
    SELECT commune_id, origin, products,
      (received_at AT TIME ZONE 'Europe/Paris')::date AS day,
      row_number() OVER (PARTITION BY fact_id ORDER BY received_at, id) = 1 AS is_first
    FROM intel_report
    WHERE department_id = %(department)s AND audience = 0
      AND state NOT IN ('brouillon', 'hors_champ')
      AND received_at < (%(end)s + 1)::timestamp AT TIME ZONE 'Europe/Paris'
  ) told
)
SELECT commune_id, origin, month, NULL AS product,
  count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND is_first),
  count(*) FILTER (WHERE before), count(*) FILTER (WHERE before AND is_first),
  count(*), count(*) FILTER (WHERE is_first)
FROM counted GROUP BY GROUPING SETS ((commune_id), (origin), (month), ())
UNION ALL
SELECT NULL, NULL, NULL, product,
  count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND is_first),
  count(*) FILTER (WHERE before), count(*) FILTER (WHERE before AND is_first),
  count(*), count(*) FILTER (WHERE is_first)
FROM counted, unnest(products) product GROUP BY product
"""


def one_department(period):
    department = Department.objects.get(code=ONE)
    parameters = {
        "department": department.pk,
        "start": period.start,
        "end": period.end,
        "previous": period.previous().start,
        "before": period.previous().end,
    }

    def floor():
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, parameters)
            return cursor.fetchall()

    def building(audience):
        """Built, then forgotten: the same input would give back the same summary at once."""

        def build():
            with transaction.atomic():
                summaries.build_for(audience, department, period)
                transaction.set_rollback(True)

        return build

    facts = check_same(department, period, floor())
    took = in_turn(
        {audience.value: building(audience) for audience in SummaryAudience} | {"floor": floor}
    )
    for audience in SummaryAudience:
        name = f"summary of a department of {facts:,} facts, {audience.label}"
        seconds, least = took[audience.value] / 1000, took["floor"] / 1000
        row = limit_row(name, seconds, "s", 1)
        row.floor, row.ratio = least, seconds / least
        yield row


def check_same(department, period, lines):
    """The floor gives the figures of the cell's summary; how many facts the department has."""
    summary = summaries.build_for(SummaryAudience.CELL, department, period)
    totals = (summary.reports, summary.facts, summary.previous_reports, summary.previous_facts)
    by_hand = {}
    for commune, origin, month, product, *counts in lines:
        code = next((each for each in (commune, origin, month, product) if each is not None), "")
        by_hand[code] = tuple(counts[4:] if month else counts[:4])
        if code == "":
            all_facts = counts[5]
    keys = dict(department.communes.values_list("code", "pk"))
    built = {"": totals}
    for score in summary.scores.all():
        counts = (score.reports, score.facts)
        if score.dimension != TerritoryScore.Dimension.MONTH:
            counts += (score.previous_reports, score.previous_facts)
        built[keys.get(score.code, score.code)] = counts
    shown = {code: counts for code, counts in built.items() if any(counts)}
    assert shown == {code: counts for code, counts in by_hand.items() if any(counts)}
    summary.delete()
    return all_facts


def the_country(period):
    """Every department and both audiences, as the worker builds them; then by two processes."""
    alone = in_processes(1, period)
    yield limit_row(f"summaries of {len(SIZES)} departments, one process", alone, "s", 60)
    Summary.objects.all().delete()
    both = in_processes(2, period)
    yield Row(
        f"summaries of {len(SIZES)} departments, two processes",
        both, "s", alone, both / alone, "≤ 0.8 × one process", both <= 0.8 * alone,
    )  # fmt: skip


def in_processes(number, period):
    """Seconds that `number` processes take for all the departments."""
    codes = sorted(SIZES)
    connections.close_all()  # no child speaks on the connection of its parent
    with multiprocessing.get_context("fork").Pool(number) as pool:
        started = time.perf_counter()
        built = sum(pool.starmap(build, ((code, period) for code in codes), chunksize=5))
        seconds = time.perf_counter() - started
    assert built == len(codes) * len(SummaryAudience)
    return seconds


def build(code, period):
    return len(summaries.build(Department.objects.get(code=code), period))
