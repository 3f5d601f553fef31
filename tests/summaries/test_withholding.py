"""What readers who open no report are told, and what they can still work out of it."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product

import numpy as np
import pytest

from intel import periods, statistics
from intel.models import TerritoryScore
from intel.summaries import withholding
from intel.summaries.days import midnight
from intel.summaries.lines import Line
from intel.summaries.told_changes import tellable
from intel.summaries.withholding import Published, withheld
from intel.summaries.words import foyers
from tests.house.conftest import examples
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
    for seed in range(examples(quick=250, whole=1000)):
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
    for seed in range(examples(quick=100, whole=1000)):
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
    for seed in range(examples(quick=150, whole=1000)):
        tables, totals = withheld(drawn(seed), NOTHING)
        if totals["facts"] is None:
            continue
        hidden = [line for line in tables[Dimension.ORIGIN] if line.facts is None]
        left = totals["facts"] - sum(line.facts or 0 for line in tables[Dimension.ORIGIN])
        assert len(hidden) != 1
        assert not hidden or left >= 5


def test_the_order_of_rows_says_nothing_of_those_that_hide():
    told_some = 0
    for seed in range(30):
        tables, _ = withheld(drawn(seed, most=30), NOTHING)
        for dimension in (Dimension.PRODUCT, Dimension.MODE, Dimension.ORIGIN):
            exact = [line.facts for line in tables[dimension] if line.facts is not None]
            hidden = [line.label for line in tables[dimension] if line.facts is None]
            assert exact == sorted(exact, reverse=True)
            assert hidden == sorted(hidden)
            assert [line.facts for line in tables[dimension][: len(exact)]] == exact
            told_some += len(exact) > 1 and len(hidden) > 1
    assert told_some > 5


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


def quarters(commune, *counts):
    """Reports of one commune: as many in each of the quarters that end with this one."""
    reports = Reports()
    days = [date(2025, 8, 5), date(2025, 11, 5), date(2026, 2, 5), date(2026, 5, 5)]
    for day, count in zip([*days, date(2026, 8, 5)], counts, strict=True):
        reports.tell_many(count, commune, day)
    for month in (7, 8, 9):
        for town in (2, 6, 8):
            reports.tell_many(20, town, date(2026, month, 5))
    for hidden in (3, 4, 5):
        reports.tell_many(2, hidden)
    return reports


def change_of(counts, reference):
    """What is told of the change of the first commune; `reference`: as it was told by quarter."""
    told = tuple(
        None if each is None else {KEY: each if each >= 5 else None} for each in reference
    )
    tables, _ = withheld(
        figures(quarters(1, *counts), ground=units(12, 2)), Published(reference=told)
    )
    [line] = [line for line in tables[Dimension.COMMUNE] if line.code == "88001"]
    return line.more["change"]


@pytest.mark.parametrize(
    ("counts", "reference", "told"),
    [
        # A rise of five facts has three to five before it, and no other number.
        ((3, 0, 0, 1, 5), (3, 0, 0, 1), ""),
        ((3, 0, 0, 1, 5), (None, None, None, None), ""),
        # Of twenty it may have as many as four masked quarters hold.
        ((3, 0, 0, 1, 20), (3, 0, 0, 1), "hausse_nette"),
        # Too few, seven facts had none before, or eleven.
        ((0, 0, 0, 0, 7), (0, 0, 0, 0), ""),
        # What was told is no secret.
        ((5, 5, 5, 5, 6), (5, 5, 5, 5), "stable"),
        ((7, 0, 6, 0, 6), (7, 0, 6, 0), ""),
    ],
)
def test_a_change_is_told_where_it_gives_no_masked_quarter_back(counts, reference, told):
    assert change_of(counts, reference) == told


def test_what_a_change_says_leaves_each_masked_quarter_a_range():
    """Somebody who knows the rule, the dispersion and each quarter that was told, tries all that
    the others may hold."""
    draw = np.random.default_rng(5)
    told = 0
    for _ in range(examples(quick=400, whole=1000)):
        quarters = [int(each) for each in draw.integers(0, 9, 4)]
        masked = [number for number, count in enumerate(quarters) if count < 5]
        now, dispersion = int(draw.integers(5, 16)), float(draw.choice([1, 1.6, 2.4]))
        known = [{KEY: count if count >= 5 else None} for count in quarters]
        line = compared(now, sum(quarters), dispersion)
        if not masked or not tellable(Dimension.COMMUNE, [line], [line], known, (3, 12)):
            continue
        told += 1
        left = [
            guess
            for guess in product(range(5), repeat=len(masked))
            if label_of(
                now,
                sum(quarters) - sum(quarters[each] for each in masked) + sum(guess),
                dispersion,
            )
            == line.more["change"]
        ]
        for values in zip(*left, strict=True):
            assert max(values) - min(values) >= 3
    assert told > 50


@pytest.mark.parametrize(
    ("quarters", "now", "dispersion", "others", "is_told"),
    [
        # One of nine facts is masked for another cause than its count: it may hold that many.
        (((12, "told"), (9, "masked"), (4, "masked"), (10, "told")), 14, 1, 0, True),
        # The one that was never told may hold any number beyond.
        (((12, "told"), (10, "told"), (14, "told"), (12, "never")), 8, 1.6, 0, True),
        # Beside nine others, none of which is clear, a label bounds less what the year held.
        (((3, "masked"), (1, "masked"), (9, "never"), (5, "never")), 7, 2.4, 9, False),
    ],
)
def test_whether_a_change_is_told_rests_on_all_that_its_readers_know(
    quarters, now, dispersion, others, is_told
):
    known = [
        None if status == "never" else {KEY: count if status == "told" else None}
        for count, status in quarters
    ]
    line = compared(now, sum(count for count, _ in quarters), dispersion)
    if others:
        line = replace(line, more=line.more | {"change_p": 0.2, "change_q": 0.9})
    level = [line, *(replace(line, code=f"{number}") for number in range(others))]
    assert tellable(Dimension.COMMUNE, [line], level, known, (3, 12)) == (
        {"88001"} if is_told else set()
    )


KEY = (Dimension.COMMUNE, "88001")


def compared(now, before, dispersion):
    """A line as it is measured, of a level where each p below 0.05 is clear."""
    more = {"change": label_of(now, before, dispersion), "reference_facts": before}
    more |= {"change_p": 0.05, "change_q": 0.05, "overdispersion": dispersion}
    return Line("88001", "Commune 0", None, now, None, None, more=more)


@cache
def label_of(now, before, dispersion):
    found = statistics.compare_counts([now], 3, [before], 12, overdispersion=dispersion)
    q = found.p if now + before >= 8 else [np.nan]
    return str(statistics.change_labels(found, np.asarray(q), [now], [before])[0])


def test_the_period_before_is_what_was_told_then():
    published = Published(
        {"facts": 40, "reports": None}, {(Dimension.COMMUNE, "88001"): (None, 7)}
    )
    tables, totals = withheld(figures(busy()), published)
    before = {line.code: line.previous_facts for line in tables[Dimension.COMMUNE]}
    assert before == {"88001": 7, "88005": None}
    assert (totals["previous_facts"], totals["previous_reports"]) == (40, None)


@pytest.mark.parametrize(("code", "is_told"), [("", True), ("K-1", False)])
def test_what_one_person_tells_nearly_alone_is_not_told(code, is_told):
    """The same counts, of as many persons or of one."""
    reports = quarters(1, 0, 0, 0, 0, 13)
    for _ in range(12):
        reports.tell(7, origin="human_source", source_code=code)
    reports.tell_many(1, 7)
    for hidden in (9, 10, 11):
        reports.tell_many(2, hidden)
    tables, _ = withheld(figures(reports, ground=units(12, 2)), NOTHING)
    told = {line.code for line in tables[Dimension.COMMUNE]}
    assert "88001" in told
    assert ("88007" in told) == is_told


def test_what_no_commune_holds_hides_the_small_one_beside_it():
    """It has no row: another intercommunality need not be masked for its sake."""
    reports = Reports()
    for month in (7, 8, 9):
        reports.tell_many(20, 1, date(2026, month, 5))
        reports.tell_many(20, 5, date(2026, month, 5))
    reports.tell_many(3, 9)
    reports.tell_many(70, 99)  # a commune that no unit holds
    tables, totals = withheld(figures(reports), NOTHING)
    assert totals["facts"] == 193
    assert {line.code for line in tables[Dimension.EPCI]} == {"200000000", "200000001"}


def test_a_foyer_of_few_facts_is_not_told():
    def commune(code, count):
        more = {"hot": "foyer", "hot_zone": code, "history": "", "on_border": False}
        return Line(code, code, 1, 1, 0, 0, more=more | {"hot_count": count})

    assert [line.code for line in withholding._foyers([commune("a", 4), commune("b", 5)])] == ["b"]


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


@pytest.mark.parametrize("late", [0, 3])
def test_the_total_of_twelve_months_is_the_sum_of_those_that_were_told(late):
    """What came in too late for its month is in no figure of theirs: a larger total would tell
    how many."""
    reports = Reports()
    for month in periods.last_months(date(2026, 9, 30), 12):
        reports.tell_many(5, 1, month.start)
    reports.tell_many(late, 1, date(2026, 3, 1), entered=date(2026, 6, 1))
    found = figures(reports, TWELVE_MONTHS, as_of=midnight(date(2027, 1, 1)))
    told = dict.fromkeys((f"2026-{each:02}" for each in range(1, 10)), (5, 5))
    assert found.totals["facts"] == 60 + late
    _, totals = withheld(found, Published(months=told))
    assert totals == {
        "facts": 60, "reports": 60, "previous_facts": None, "previous_reports": None,
    }  # fmt: skip
    assert withheld(found, Published(months=told | {"2026-04": None}))[1]["facts"] is None


def test_a_foyer_has_one_name_for_all_its_readers():
    """It is named after its largest count, which may not be its heart."""

    def commune(code, name, **more):
        none = {"hot": "", "hot_zone": "b", "history": "aucun", "on_border": False}
        return Line(code, name, 1, 1, 0, 0, more=none | more)

    heart = {"hot": "foyer", "history": "nouveau", "hot_count": 9, "hot_expected": 1.0}
    lines = [commune("a", "Arches", **heart), commune("b", "Bussang"), commune("c", "Charmes")]
    told = withholding._foyers(lines)
    assert [(line.code, line.facts, line.more["hot_zone"]) for line in told] == [
        ("a", None, "b"), ("b", None, "b"),
    ]  # fmt: skip
    assert told[1].more.keys() == {"hot_zone", "on_border"}
    names = [
        next(foyers.zones([TerritoryScore(**_columns(line)) for line in each])).text.split(".")[0]
        for each in (lines, told)
    ]
    assert names == ["Foyer : Bussang ainsi que les communes voisines"] * 2


def _columns(line):
    columns = {name: value for name, value in vars(line).items() if name != "more"}
    return {"dimension": Dimension.COMMUNE} | columns | line.more


def test_periods_that_nest_are_not_built_for_them():
    from intel.summaries.withholding import KINDS

    assert KINDS == {"month", "quarter", "rolling"} < periods.KINDS.keys()
