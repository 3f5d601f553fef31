"""What readers who open no report are told, and what they can still work out of it."""

from datetime import date

import numpy as np
import pytest

from intel import periods
from intel.models import TerritoryScore
from intel.summaries.withholding import Published, withheld
from tests.summaries.invented import JULY, TWELVE_MONTHS, Reports, figures, units

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display
NOTHING = Published()
COLUMNS = ("reports", "facts", "previous_reports", "previous_facts")


def drawn(seed, *, communes=12, groups=3, most=14):
    """A quarter of a small department: as many facts as come, in any commune and month."""
    draw = np.random.default_rng(seed)
    reports = Reports()
    mean = draw.gamma(0.6, most / 3, communes)
    for commune, count in enumerate(draw.poisson(mean), start=1):
        for _ in range(count):
            day = date(2026, int(draw.integers(7, 10)), int(draw.integers(1, 29)))
            origin = str(draw.choice(["service", "citizen", "partner"]))
            row = reports.tell(commune, day, origin=origin, brought_by=int(draw.integers(1, 4)))
            if draw.random() < 0.2:
                reports.tell(commune, day, fact=row.fact, brought_by=5)
    return figures(reports, ground=units(communes, groups))


def lines_of(tables):
    return [line for lines in tables.values() for line in lines]


def test_a_row_that_is_not_exact_holds_nothing():
    for seed in range(60):
        tables, _ = withheld(drawn(seed), NOTHING)
        for line in lines_of(tables):
            if line.display != Display.EXACT:
                assert not any(getattr(line, name) for name in COLUMNS)
                assert line.more == {}


def test_no_count_below_five_is_told():
    for seed in range(60):
        tables, totals = withheld(drawn(seed), NOTHING)
        told = [getattr(line, name) for line in lines_of(tables) for name in COLUMNS]
        assert not [count for count in (*told, *totals.values()) if count in {1, 2, 3, 4}]


def ranges(exact, total, codes):
    """What is left of the sum to those that are not told: each from nothing to all of it."""
    hidden = [code for code in codes if code not in exact]
    left = total - sum(exact[code] for code in codes if code in exact)
    return len(hidden), left


def test_many_departments_leave_each_masked_territory_a_range():
    """The total, each intercommunality, its communes: nobody is the only one missing of a sum, and
    what is missing is wide enough."""
    told_some = 0
    for seed in range(250):
        found = drawn(seed, communes=9, most=20)
        tables, totals = withheld(found, NOTHING)
        exact = {
            line.code: line.facts
            for dimension in (Dimension.DEPARTMENT, Dimension.EPCI, Dimension.COMMUNE)
            for line in tables.get(dimension, ())
        }
        if totals["facts"] is None:
            assert exact == {}
            continue
        told_some += 1
        groups = found.ground.units.epci
        tables_of_parts = [(totals["facts"], groups.codes)]
        for group, code in enumerate(groups.codes):
            inside = [
                found.ground.units.codes[unit] for unit in np.flatnonzero(groups.of == group)
            ]
            if code in exact:
                tables_of_parts.append((exact[code], inside))
            else:
                assert not set(inside) & exact.keys()
        for total, codes in tables_of_parts:
            hidden, left = ranges(exact, total, codes)
            assert hidden != 1
            assert not hidden or left >= 5
    assert told_some > 75


def test_months_and_the_quarter_do_not_give_a_small_month_back():
    for seed in range(100):
        tables, totals = withheld(drawn(seed, communes=4), NOTHING)
        months = [line for line in tables[Dimension.MONTH] if line.code >= "2026-07"]
        hidden = [line for line in months if line.facts is None]
        # What its months give anyway is told, whatever the details must hide.
        assert hidden or totals["facts"] == sum(line.facts for line in months)
        if totals["facts"] is not None:
            left = totals["facts"] - sum(line.facts or 0 for line in months)
            assert len(hidden) != 1
            assert not hidden or left >= 5
        else:
            assert totals["reports"] is None
            # Nor any detail: each would be a floor.
            others = {name: lines for name, lines in tables.items() if name != Dimension.MONTH}
            assert all(line.facts is None for line in lines_of(others))


def test_origins_sum_to_the_total_without_giving_one_back():
    for seed in range(150):
        tables, totals = withheld(drawn(seed), NOTHING)
        if totals["facts"] is None:
            continue
        hidden = [line for line in tables[Dimension.ORIGIN] if line.facts is None]
        left = totals["facts"] - sum(line.facts or 0 for line in tables[Dimension.ORIGIN])
        assert len(hidden) != 1
        assert not hidden or left >= 5


def test_arrondissements_weeks_and_places_are_not_told():
    """Two breakdowns that overlap undo each other's masks."""
    tables, _ = withheld(drawn(3, most=40), NOTHING)
    assert tables.keys() == {
        Dimension.DEPARTMENT,
        Dimension.EPCI,
        Dimension.COMMUNE,
        Dimension.PRODUCT,
        Dimension.MODE,
        Dimension.ORIGIN,
        Dimension.MONTH,
    }


def busy():
    """Two towns, and some facts in each of the communes around them."""
    reports = Reports()
    for month in (7, 8, 9):
        day = date(2026, month, 5)
        reports.tell_many(20, 1, day)
        reports.tell_many(20, 5, day, origin="citizen")
        for commune in (2, 3, 4, 6, 7, 8, 9, 10, 11, 12):
            reports.tell(commune, day, origin="partner")
    return reports


def test_a_ratio_would_give_the_reference_back():
    tables, _ = withheld(figures(busy()), NOTHING)
    [line] = [line for line in tables[Dimension.COMMUNE] if line.code == "88001"]
    assert line.more["change"] == "hausse_nette"
    assert line.more.keys() == {"change", "effort", "population", "on_border"}


def test_the_period_before_is_what_was_told_then():
    published = Published(
        {"facts": 40, "reports": None}, {(Dimension.COMMUNE, "88001"): (None, 7)}
    )
    tables, totals = withheld(figures(busy()), published)
    before = {line.code: line.previous_facts for line in tables[Dimension.COMMUNE]}
    assert before == {"88001": 7, "88005": None}
    assert (totals["previous_facts"], totals["previous_reports"]) == (40, None)


def test_what_one_person_tells_nearly_alone_is_not_told():
    reports = busy()
    reports.tell_many(12, 9, origin="human_source", source_code="K-1")
    reports.tell_many(1, 9)
    reports.tell_many(12, 10, origin="human_source", source_code="K-1")
    reports.tell_many(3, 10)
    tables, _ = withheld(figures(reports), NOTHING)
    told = {line.code for line in tables[Dimension.COMMUNE]}
    assert "88009" not in told


@pytest.mark.parametrize("period", [JULY, TWELVE_MONTHS])
def test_details_are_of_quarters_alone(period):
    tables, _ = withheld(figures(busy(), period), NOTHING)
    shown = [line for name, lines in tables.items() if name != Dimension.MONTH for line in lines]
    assert all(line.facts is None for line in shown)


def test_twelve_months_say_where_the_foyers_are_and_no_number():
    reports = Reports()
    for commune in range(1, 121):
        reports.tell_many(1 + (commune % 3 == 0), commune, date(2026, 3, 1 + commune % 28))
    reports.tell_many(30, 60, date(2026, 5, 5))
    found = figures(reports, TWELVE_MONTHS, ground=units(120, 4))
    tables, totals = withheld(found, NOTHING)
    zone = {line.label for line in tables[Dimension.COMMUNE]}
    assert "Commune 59" in zone
    for line in tables[Dimension.COMMUNE]:
        assert line.display == Display.MASKED
        assert line.more.keys() == {"hot", "hot_zone", "history", "on_border"}
        assert [getattr(line, name) for name in COLUMNS] == [None] * 4
    assert totals["facts"] is None


def test_periods_that_nest_are_not_built_for_them():
    from intel.summaries.withholding import KINDS

    assert KINDS == {"month", "quarter", "rolling"} < periods.KINDS.keys()
