"""What is counted: on which day, once a fact, from which origins."""

import random
from datetime import date

import pytest

from intel import periods
from intel.summaries import told
from intel.summaries.days import midnight
from intel.summaries.spans import Spans, consolidated_on
from tests.summaries.invented import JULY, QUARTER, Reports, figures

AS_OF = midnight(date(2026, 10, 16))


def read(reports):
    return told.of_rows(reports.rows, AS_OF)


def totals(reports, period=QUARTER, **options):
    found = figures(reports, period, **options).totals
    return found["reports"], found["facts"]


def test_a_fact_counts_once_by_its_first_telling():
    reports = Reports()
    reports.tell(1, date(2026, 6, 28), fact=1)
    reports.tell(2, date(2026, 7, 4), fact=1)
    reports.tell(3, date(2026, 7, 5), fact=2)
    assert totals(reports) == (2, 1)


def test_a_fact_whose_first_telling_has_no_day_counts_by_the_next():
    reports = Reports()
    reports.tell(1, None, fact=1, entered=date(2026, 6, 1))
    reports.tell(2, date(2026, 7, 4), fact=1)
    assert totals(reports) == (1, 1)


def test_a_day_to_come_counts_on_none():
    reports = Reports()
    reports.tell(1, date(2026, 9, 30), entered=date(2026, 9, 1))
    assert totals(reports, as_of=midnight(date(2026, 9, 30))) == (0, 0)
    assert totals(reports, as_of=midnight(date(2026, 10, 1))) == (1, 1)


def test_both_ends_of_a_period_are_in_it():
    reports = Reports()
    for day in ((6, 30), (7, 1), (9, 30), (10, 1)):
        reports.tell(1, date(2026, *day))
    assert totals(reports) == (2, 2)


def test_what_was_entered_later_is_not_in():
    reports = Reports()
    reports.tell(1, date(2026, 7, 31), entered=date(2026, 8, 15))
    reports.tell(1, date(2026, 7, 31), entered=date(2026, 8, 16))
    assert totals(reports, JULY) == (1, 1)
    # A revision counts what was entered by then.
    assert totals(reports, JULY, as_of=midnight(date(2026, 9, 1))) == (2, 2)


def test_the_period_before_is_read_at_the_same_maturity():
    """Of June, what had been entered by 15 July: what came later was not yet known of July."""
    reports = Reports()
    reports.tell(1, date(2026, 6, 30), entered=date(2026, 7, 15))
    reports.tell(1, date(2026, 6, 30), entered=date(2026, 7, 16))
    assert figures(reports, JULY).totals["previous_facts"] == 1


def test_the_order_of_the_rows_of_one_instant_changes_nothing():
    """Rows come by the day of reception: the digest reads them by their keys."""
    reports = Reports()
    for number in range(30):
        reports.tell(1 + number % 5, date(2026, 7, 1 + number % 28), fact=number // 2)
    shuffled = list(reports.rows)
    random.Random(1).shuffle(shuffled)
    one, other = told.of_rows(reports.rows, AS_OF), told.of_rows(shuffled, AS_OF)
    assert one.digest(date(2026, 1, 1)) == other.digest(date(2026, 1, 1))


def test_what_is_too_old_for_the_figures_is_not_in_the_digest():
    reports = Reports()
    reports.tell(1, date(2020, 1, 1), fact=1)
    recent = reports.tell(1, date(2026, 7, 1), fact=2)
    since = date(2026, 1, 1)
    alone = told.of_rows([recent], AS_OF)
    assert read(reports).digest(since) == alone.digest(since)
    assert (
        read(reports).digest(recent.day)
        == alone.digest(recent.day)
        != read(Reports()).digest(since)
    )
    reports.tell(1, date(2026, 7, 3), fact=1)
    again = told.of_rows([recent, reports.rows[-1]], AS_OF)
    # What was told of the same fact before says that it is not new.
    assert read(reports).digest(since) != again.digest(since)


def test_origins_are_those_of_independence():
    reports = Reports()
    first = reports.tell(fact=1, brought_by=1, origin="service")
    reports.tell(fact=1, brought_by=2, origin="service")
    reports.tell(fact=1, brought_by=2, origin="citizen")
    reports.tell(fact=1, brought_by=3, origin="citizen", duplicate_of_id=first.pk)
    assert read(reports).weighed.origins.tolist() == [2]


def test_copies_by_three_services_change_no_count_no_tier_no_weight():
    reports, copied = Reports(), Reports()
    for number in range(40):
        graded = {"source_grade": "BDF"[number % 3], "information_grade": "236"[number % 3]}
        origin = ("service", "citizen", "partner")[number % 3]
        row = {"fact": number, "brought_by": number % 4, "origin": origin, **graded}
        one = reports.tell(1 + number % 12, date(2026, 7, 1 + number % 28), **row)
        copied.rows.append(one)
        for service in (11, 12, 13):
            copied.rows.append(
                one._replace(
                    pk=1000 * service + number, brought_by=service, duplicate_of_id=one.pk
                )
            )
    before, after = figures(reports), figures(copied)
    assert before.totals["facts"] == after.totals["facts"] == 40
    for name in ("tier", "weight", "origins"):
        ours = getattr(before.told.weighed, name).tolist()
        assert ours == getattr(after.told.weighed, name).tolist(), name
    for dimension, lines in before.territories.items():
        for one, other in zip(lines, after.territories[dimension], strict=True):
            assert (one.facts, one.more.get("change")) == (other.facts, other.more.get("change"))


def test_a_worthless_report_sets_its_fact_aside():
    reports = Reports()
    reports.tell(fact=1, source_grade="E", information_grade="5")
    reports.tell(fact=2, source_grade="", information_grade="")
    assert read(reports).weighed.tier.tolist() == ["ecarte", "a_confirmer"]


def test_a_tip_comes_from_somebody_and_a_service_from_its_sources():
    reports = Reports()
    for _ in range(2):
        reports.tell(origin="citizen")
        reports.tell(origin="human_source", source_code="K-1")
        reports.tell(origin="human_source")
    reports.tell(origin="human_source", source_code="K-2")
    assert len(set(read(reports).sources.tolist())) == 2 + 1 + 1 + 1


def test_nothing_at_all_is_no_error():
    for period in (QUARTER, JULY):
        found = figures(Reports(), period)
        assert found.totals == dict.fromkeys(found.totals, 0)
        assert all(line.facts == 0 for lines in found.territories.values() for line in lines)
    assert found.share_entered is None


@pytest.mark.parametrize(
    ("code", "first"), [("2026-Q3R12", "2024-Q4R12"), ("2028-Q1R12", "2026-Q2R12")]
)
def test_a_history_is_of_eight_quarters_and_each_window_of_twelve_months(code, first):
    period = periods.read(code)
    spans = Spans(period, consolidated_on(period))
    windows = spans.windows
    assert spans.since == windows[0].start
    assert [windows[0].code, windows[-1].code, len(windows)] == [first, code, 8]
    # A year, whatever February holds.
    assert {(each.end - each.start).days + 1 for each in windows} <= {365, 366}
    assert all(len(each.months()) == 12 for each in windows)
