"""Summaries: one department of 10,000 facts, then every department of a country of a million.

The last quarter of last year and the twelve months that end with it, drawn up for good, for all
the audiences. What is told spreads over the three years that the longest history reads.
"""

import multiprocessing
import time
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intel import periods
from intel.actions import national, summaries
from intel.models import Summary, SummaryAudience, TerritoryScore
from intel.models.summary import OF_DEPARTMENTS
from intel.states import NOT_COUNTED
from intel.summaries.parameters import PARAMETERS
from intel.summaries.spans import consolidated_on
from services.models import Department
from tests.bench import world
from tests.bench.measure import Row, in_turn, limit_row, milliseconds, peak_megabytes

ONE, SMALL = "F00", "F01"
# Drafts, restricted reports and second tellings do not count: 10,000 facts want this many reports.
FOR_FACTS = 14_100
SIZES = {
    ONE: FOR_FACTS * world.REPORTS // 1_000_000,
    SMALL: FOR_FACTS * world.REPORTS // 10_000_000,
    **dict.fromkeys(world.HUNDRED, world.REPORTS // 100),
}
COUNTRY = (ONE, *world.HUNDRED)
YEAR = timezone.localdate().year - 1
DAYS = 1_090  # and five of delay
QUARTER, TWELVE_MONTHS = periods.read(f"{YEAR}-Q4"), periods.read(f"{YEAR}-Q4R12")


def rows(say):
    with world.own_database():
        world.fill(say, SIZES, days=DAYS, until=datetime(YEAR, 12, 31, 12, tzinfo=UTC))
        for period in (QUARTER, TWELVE_MONTHS):
            yield from one_department(period)
        yield from queries()
        yield from the_country(QUARTER)


# The figures of the cell in one query, by the rule of `intel.summaries.told`: the day of the
# facts, what was entered before they were drawn up, a fact where and when it was first told.
FLOOR = """
WITH dated AS (
  SELECT id, fact_id, received_at, commune_id, origin,
    CASE WHEN products = '{}' THEN '{unknown}' ELSE products END AS products,
    CASE WHEN modes = '{}' THEN '{other}' ELSE modes END AS modes,
    CASE WHEN occurred_on IS NOT NULL THEN occurred_on
      WHEN created_at < received_at + %(dated_within)s
      THEN (received_at AT TIME ZONE 'Europe/Paris')::date END AS day,
    (created_at AT TIME ZONE 'Europe/Paris')::date AS entered
  FROM intel_report
  WHERE department_id = %(department)s AND audience = 0 AND state <> ALL(%(not_counted)s)
    AND created_at < %(as_of)s
), told AS (
  SELECT *, row_number() OVER (PARTITION BY fact_id ORDER BY received_at, id) = 1 AS is_first,
    day BETWEEN %(start)s AND %(end)s AND entered <= %(end)s + %(delay)s AS now,
    day BETWEEN %(previous)s AND %(before)s AND entered <= %(before)s + %(delay)s AS before,
    (date_trunc('month', day) + interval '1 month')::date - 1 AS end_of_month,
    date_trunc('week', day)::date + 6 AS end_of_week
  FROM dated WHERE day < %(drawn_up_on)s
), counted AS (
  SELECT *,
    CASE WHEN entered <= end_of_month + %(delay)s
        AND end_of_month > %(end)s - 365 AND end_of_month <= %(end)s
      THEN to_char(day, 'YYYY-MM') ELSE '' END AS month,
    CASE WHEN entered <= end_of_week + %(delay)s
        AND end_of_week > %(week)s - 7 * %(weeks)s AND end_of_week <= %(week)s
      THEN to_char(day, 'IYYY-"W"IW') ELSE '' END AS week
  FROM told
)
SELECT commune_id, origin, month, week, NULL AS product, NULL AS mode,
  count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND is_first),
  count(*) FILTER (WHERE before), count(*) FILTER (WHERE before AND is_first),
  count(*), count(*) FILTER (WHERE is_first)
FROM counted GROUP BY GROUPING SETS ((commune_id), (origin), (month), (week), ())
UNION ALL
SELECT NULL, NULL, NULL, NULL, product, mode,
  count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND is_first),
  count(*) FILTER (WHERE before), count(*) FILTER (WHERE before AND is_first), NULL, NULL
FROM (
  SELECT now, before, is_first, product, NULL AS mode FROM counted, unnest(products) product
  UNION ALL
  SELECT now, before, is_first, NULL, mode FROM counted, unnest(modes) mode
) several
GROUP BY product, mode
"""
Dimension = TerritoryScore.Dimension
BY_COLUMN = (
    Dimension.COMMUNE, Dimension.ORIGIN, Dimension.MONTH, Dimension.WEEK, Dimension.PRODUCT,
    Dimension.MODE,
)  # fmt: skip
SERIES = {Dimension.MONTH, Dimension.WEEK}


def floor_of(department, period):
    as_of = consolidated_on(period)
    parameters = {
        "department": department.pk,
        "not_counted": list(NOT_COUNTED),
        "as_of": as_of,
        "drawn_up_on": timezone.localdate(as_of),
        "dated_within": timedelta(days=PARAMETERS.dated_within_days),
        "delay": PARAMETERS.close_days,
        "start": period.start,
        "end": period.end,
        "previous": period.previous().start,
        "before": period.previous().end,
        "week": periods.week_of(period.end).end,
        "weeks": PARAMETERS.series_weeks,
    }

    def floor():
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, parameters)
            return cursor.fetchall()

    return floor


def building(department, period):
    """Built, then forgotten: the same input would give back the same summaries at once."""

    def build():
        with transaction.atomic():
            summaries.build(department, period)
            transaction.set_rollback(True)

    return build


def one_department(period):
    department = Department.objects.get(code=ONE)
    floor = floor_of(department, period)
    facts = check_same(department, period, floor())
    took = in_turn({"building": building(department, period), "floor": floor})
    seconds, least = took["building"] / 1000, took["floor"] / 1000
    name = f"summaries of {facts:,} facts, {period.kind}, all audiences"
    row = limit_row(name, seconds, "s", 1)
    row.floor, row.ratio = least, seconds / least
    yield row
    # What the rest of the machine does at the same time is not in it, as it is in all the others.
    started = time.process_time()
    building(department, period)()
    busy = time.process_time() - started
    yield Row(f"  processor of the process, {period.kind}", busy, "s")
    for part, share in shares(department, period, took["building"]).items():
        yield Row(f"  of which {part}, {period.kind}", share, "%")


def check_same(department, period, lines):
    """The floor gives the figures of the cell's summary; how many facts the department has."""
    by_hand = {}
    for line in lines:
        columns, counts = line[: len(BY_COLUMN)], line[len(BY_COLUMN) :]
        of = next(
            (each for each, key in zip(BY_COLUMN, columns, strict=True) if key is not None), ""
        )
        code = next((key for key in columns if key is not None), "")
        by_hand[of, code] = counts[4:] if of in SERIES else counts[:4]
        if not of:
            all_facts = counts[5]
    by_hand = {key: counts for key, counts in by_hand.items() if any(counts)}
    for series in SERIES:
        by_hand.pop((series, ""), None)  # what is in none of its periods
    summary = summaries.build_for(SummaryAudience.CELL, department, period)
    totals = (summary.reports, summary.facts, summary.previous_reports, summary.previous_facts)
    keys = dict(department.communes.values_list("code", "pk"))
    built = {("", ""): totals}
    for score in summary.scores.filter(dimension__in=BY_COLUMN):
        counts = (score.reports, score.facts)
        if score.dimension not in SERIES:
            counts += (score.previous_reports, score.previous_facts)
        built[score.dimension, keys.get(score.code, score.code)] = counts
    assert {key: counts for key, counts in built.items() if any(counts)} == by_hand
    summary.delete()
    return all_facts


def shares(department, period, whole):
    """Percent of the time spent reading in SQL, counting in numpy, and writing."""
    as_of = consolidated_on(period)

    def read():
        return summaries.figures_of(department, period, as_of)

    def count(figures):
        for audience in OF_DEPARTMENTS:
            summaries._part_of(audience, figures)
        return figures.digest

    reading = in_turn({"read": read})["read"]
    counting = min(milliseconds(partial(count, read())) for _ in range(5))
    return {
        "reading in SQL": 100 * reading / whole,
        "counting in numpy": 100 * counting / whole,
        "writing, and the rest": 100 * (1 - (reading + counting) / whole),
    }


def queries():
    """As many for a department ten times as large."""
    asked = {}
    for code in (ONE, SMALL):
        with CaptureQueriesContext(connection) as found:
            building(Department.objects.get(code=code), QUARTER)()
        asked[code] = len(found)
    yield Row(
        "queries of the summaries of a department", asked[ONE], "queries", asked[SMALL],
        asked[ONE] / asked[SMALL], "as for a tenth of it", asked[ONE] == asked[SMALL],
    )  # fmt: skip


def the_country(period):
    """Every department and all the audiences, as the worker builds them; then by two processes."""
    alone, busy, peak = in_processes(1, period)
    of = f"summaries of {len(COUNTRY)} departments"
    yield limit_row(f"{of}, one process", alone, "s", 60)
    yield Row(f"{of}, processor of that process", busy, "s")
    yield Row(f"{of}, most memory of the process", peak, "MB")
    Summary.objects.all().delete()
    both, *_ = in_processes(2, period)
    yield Row(
        f"{of}, two processes", both, "s", alone, both / alone, "≤ 0.8 × one process",
        both <= 0.8 * alone,
    )  # fmt: skip
    took = milliseconds(lambda: national.build(period))
    yield Row("national table, from the summaries of departments", took, "ms")


def in_processes(number, period):
    """Seconds that `number` processes take for all the departments, those of their processors
    together, and the most memory of one."""
    connections.close_all()  # no child speaks on the connection of its parent
    with multiprocessing.get_context("fork").Pool(number) as pool:
        started = time.perf_counter()
        ended = pool.starmap(build, ((code, period) for code in COUNTRY), chunksize=5)
        seconds = time.perf_counter() - started
    built, busy, peaks = zip(*ended, strict=True)
    assert sum(built) == len(COUNTRY) * len(OF_DEPARTMENTS)
    return seconds, sum(busy), max(peaks)


def build(code, period):
    started = time.process_time()
    built = summaries.build(Department.objects.get(code=code), period)
    return len(built), time.process_time() - started, peak_megabytes()
