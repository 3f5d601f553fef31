"""The masking rule, held to attackers who enumerate every table that fits what is shown."""

import itertools
import random

import numpy as np
import pytest

from intel.statistics.masked_levels import mask_levels
from intel.statistics.masking import (
    EXACT,
    NARROWEST,
    PRIMARY,
    SECONDARY,
    THRESHOLD,
    WITHHELD,
    dominated,
    mask,
    mask_together,
)
from tests.house.conftest import examples

SMALL = [0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 12]


def narrowest_range(tables):
    """The smallest distance between the extremes that a masked count takes in these tables."""
    return min(max(values) - min(values) for values in zip(*tables, strict=True))


def tables_that_fit(counts, masked):
    """What an attacker who knows the sum of `masked`, and which of them are small, cannot tell."""
    to_share = sum(counts[code] for code in masked)
    allowed = [
        range(THRESHOLD) if counts[code] < THRESHOLD else range(THRESHOLD, to_share + 1)
        for code in masked[:-1]
    ]
    last_is_small = counts[masked[-1]] < THRESHOLD
    tables = ((*some, to_share - sum(some)) for some in itertools.product(*allowed))
    return [t for t in tables if t[-1] >= 0 and (t[-1] < THRESHOLD) == last_is_small]


def test_a_thousand_tables_keep_their_masked_counts():
    draw = random.Random(20)
    attacked = 0
    for _ in range(1000):
        counts = {f"c{i}": draw.choice(SMALL) for i in range(draw.randint(1, 6))}
        done = mask(counts)
        masked = [code for code, status in done.status.items() if status != EXACT]
        if not done.total_shown:
            assert len(masked) == len(counts)
        elif masked:
            tables = tables_that_fit(counts, masked)
            assert narrowest_range(tables) >= NARROWEST
            extremes = [(min(values), max(values)) for values in zip(*tables, strict=True)]
            assert [done.ranges[code] for code in masked] == extremes
            attacked += 1
    assert attacked > 500


def test_no_table_hides_more_than_the_rule_asks():
    """Only a small count, or one more than is safe without, is masked."""
    assert set(mask({"a": 12, "b": 7, "c": 30}).status.values()) == {EXACT}
    three = mask({"a": 1, "b": 2, "c": 3, "d": 9})
    assert three.status["d"] == EXACT


def test_another_threshold_and_another_range():
    counts = {"a": 9, "b": 12, "c": 40, "d": 60}
    assert mask(counts, threshold=10).status["a"] == PRIMARY
    assert mask(counts, threshold=10).status["b"] == SECONDARY
    tight = {"a": 4, "b": 4, "c": 20}
    assert mask(tight, narrowest=0).status["c"] == EXACT
    assert mask(tight).status["c"] == SECONDARY


def test_a_count_withheld_for_another_cause_draws_in_a_second_one():
    done = mask({"a": 30, "b": 7, "c": 12}, withheld={"a"})
    assert done.status == {"a": WITHHELD, "b": SECONDARY, "c": EXACT}
    assert all(high - low >= NARROWEST for low, high in done.ranges.values())
    assert mask({"a": 2, "b": 7}, withheld={"a"}).status["a"] == PRIMARY


def test_one_origin_that_gives_nearly_all_is_withheld():
    reports = {"a": 20, "b": 20, "c": 3, "d": 0}
    assert dominated(reports, {"a": 18, "b": 17, "c": 3}) == {"a", "c"}
    assert dominated(reports, {"a": 18, "b": 17}, dominance=0.95) == set()


# --- Columns of the same rows --------------------------------------------------------------------


def test_a_code_masked_in_one_column_is_masked_in_all():
    reports = {"a": 12, "b": 6, "c": 30}
    facts = {"a": 4, "b": 6, "c": 20}
    status, total_shown = mask_together([reports, facts])
    assert status == {"a": PRIMARY, "b": SECONDARY, "c": EXACT}
    assert total_shown


@pytest.mark.parametrize("nested", [True, False])
def test_two_columns_at_once_keep_their_masked_counts(nested):
    """The attacker solves both columns together; facts are never more than reports."""
    draw = random.Random(3)
    attacked = 0
    for _ in range(examples(quick=400, whole=1000)):
        codes = [f"c{i}" for i in range(draw.randint(2, 4))]
        facts = {code: draw.choice(SMALL[:9]) for code in codes}
        reports = {
            code: facts[code] + draw.choice([0, 0, 1, 4]) if nested else draw.choice(SMALL[:9])
            for code in codes
        }
        status, total_shown = mask_together([facts, reports])
        masked = [code for code in codes if status[code] != EXACT]
        assert all(status[code] != EXACT for code in codes if facts[code] < THRESHOLD)
        if not total_shown or not masked:
            continue
        pairs = itertools.product(tables_that_fit(facts, masked), tables_that_fit(reports, masked))
        if nested:
            pairs = (
                (few, many)
                for few, many in pairs
                if all(one <= other for one, other in zip(few, many, strict=True))
            )
        few, many = zip(*pairs, strict=True)
        assert narrowest_range(set(few)) >= NARROWEST
        assert narrowest_range(set(many)) >= NARROWEST
        attacked += 1
    assert attacked > 50


def test_facts_that_tell_reports_are_masked_further():
    """By itself each column is safe; together, facts of 4 leave their reports almost nothing."""
    facts = {"a": 4, "b": 1, "c": 4, "d": 1, "e": 30}
    reports = {"a": 4, "b": 1, "c": 6, "d": 1, "e": 30}
    assert mask(facts).status["e"] == EXACT
    assert mask(reports).status["e"] == EXACT
    assert mask_together([facts, reports])[0]["e"] == SECONDARY


# --- Levels --------------------------------------------------------------------------------------


def attacked_range(leaves, parents, done, most=18):
    """The narrowest range of a masked code, over every table of leaves from 0 to `most` - 1."""
    codes = list(leaves)
    grid = np.indices([most] * len(codes)).reshape(len(codes), -1)
    values = dict(zip(codes, grid, strict=True))
    for above in sorted(set(parents.values()), key=lambda code: code == "dep"):
        values[above] = sum(values[code] for code, other in parents.items() if other == above)
    fits = np.ones(grid.shape[1], bool)
    for code, status in done.status.items():
        if status == EXACT:
            fits &= values[code] == done.counts[code]
        elif done.status.get(parents.get(code)) == EXACT:
            # Its class is known as well; under a masked total nothing is said of any part.
            fits &= (values[code] < THRESHOLD) == (status == PRIMARY)
    masked = [code for code, status in done.status.items() if status != EXACT]
    return min((np.ptp(values[code][fits]) for code in masked), default=None)


def test_no_level_tells_what_another_masks():
    draw = random.Random(8)
    attacked = 0
    for _ in range(examples(quick=300, whole=1000)):
        leaves, parents = {}, {}
        for epci in range(draw.randint(2, 3)):
            parents[f"e{epci}"] = "dep"
            for commune in range(draw.randint(1, 2)):
                parents[f"e{epci}c{commune}"] = f"e{epci}"
                leaves[f"e{epci}c{commune}"] = draw.choice([0, 1, 3, 4, 5, 6, 7, 9])
        if len(leaves) > 4:
            continue
        done = mask_levels(leaves, parents)
        width = attacked_range(leaves, parents, done)
        if width is not None:
            assert width >= NARROWEST, (leaves, done)
            attacked += done.status["dep"] == EXACT
    assert attacked > 60


def test_under_a_masked_code_everything_is():
    leaves = {"a1": 2, "a2": 1, "b1": 30, "b2": 9, "c1": 8}
    parents = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "c1": "c"} | dict.fromkeys("abc", "dep")
    done = mask_levels(leaves, parents)
    assert done.status["a"] == PRIMARY
    assert done.status["c"] == SECONDARY
    assert (done.status["a1"], done.status["c1"]) == (WITHHELD, WITHHELD)
    assert done.counts == {"dep": 50, "b": 39, "b1": 30, "b2": 9}


def test_a_total_that_its_parts_do_not_allow_is_masked_above():
    """0 and 6 cannot hide beside their total: the EPCI is masked, and a second one with it."""
    leaves = {"a1": 0, "a2": 6, "b1": 30, "c1": 20}
    parents = {"a1": "a", "a2": "a", "b1": "b", "c1": "c"} | dict.fromkeys("abc", "dep")
    done = mask_levels(leaves, parents)
    assert done.status["a"] == WITHHELD
    assert done.counts == {"dep": 56, "b": 30, "b1": 30}


def test_a_department_with_few_facts_shows_nothing():
    done = mask_levels({"a": 1, "b": 2}, {"a": "dep", "b": "dep"})
    assert done.counts == {}
    assert done.status["dep"] == PRIMARY


@pytest.mark.parametrize(
    ("leaves", "parents", "said"),
    [
        ({"a": 1, "b": 2}, {"a": "x", "b": "y"}, "nothing above"),
        ({"a": 1}, {"a": "x", "b": "x"}, "has a count"),
        ({"a": 1, "x": 1}, {"a": "x"}, "has a count"),
        ({"a": 1}, {"a": "x", "b": "c", "c": "b"}, "above itself"),
    ],
)
def test_levels_make_one_tree(leaves, parents, said):
    with pytest.raises(ValueError, match=said):
        mask_levels(leaves, parents)
