"""Foyers and their zones: what the oracle's numbers leave unsaid."""

import numpy as np
import pytest

from intel.statistics.hotspots import (
    HotSpotLabel,
    HotSpots,
    NotTested,
    hot_spot_labels,
    hot_spot_zones,
    hot_spots,
    reason_not_tested,
)
from intel.statistics.neighbours import Neighbours


def line(n):
    """Units in a row, each touching the next."""
    return Neighbours.from_pairs(np.arange(n - 1), np.arange(1, n), n)


def field(n=120, seed=1):
    return np.random.default_rng(seed).poisson(0.5, n), np.full(n, 500.0)


def test_a_cluster_is_found_and_drawn_with_its_neighbours():
    counts, population = field()
    counts[60:63] = [6, 9, 7]
    found = hot_spot_labels(hot_spots(counts, population, line(120)))
    assert found[61] == HotSpotLabel.FOYER
    zone = hot_spot_zones(found == HotSpotLabel.FOYER, counts, line(120))
    assert zone[60] == zone[62] == 61
    assert zone[0] == -1


def test_a_department_without_a_fact_has_no_foyer():
    found = hot_spots(np.zeros(120), np.full(120, 500.0), line(120))
    assert np.isnan(found.dispersion)
    assert (found.p == 1).all()
    assert (found.q == 1).all()
    assert set(hot_spot_labels(found)) == {HotSpotLabel.NONE}


def test_an_island_is_tested_alone():
    alone = Neighbours.from_lists([[] for _ in range(120)])
    counts, population = field()
    found = hot_spots(counts, population, alone)
    assert (found.count == counts).all()


def test_a_unit_of_unknown_population_is_left_out_with_its_count():
    counts, population = field()
    population[10] = np.nan
    counts[10] = 40
    found = hot_spots(counts, population, line(120))
    without = counts.copy()
    without[10] = 0
    assert np.isnan([found.count[10], found.p[10], found.q[10]]).all()
    assert hot_spot_labels(found)[10] == HotSpotLabel.NOT_TESTED
    assert found.count[11] == without[11:13].sum()
    assert np.nansum(found.q) == np.nansum(hot_spots(without, population, line(120)).q)


def test_a_unit_without_inhabitants_expects_nothing_and_keeps_its_count():
    counts, population = field()
    population[10], counts[10] = 0, 2
    found = hot_spots(counts, population, line(120))
    assert found.count[10] == counts[9:12].sum()
    assert found.expected[10] == pytest.approx(2 * counts.sum() / 119)
    population[9:12] = 0
    assert np.isnan(hot_spots(counts, population, line(120)).p[10])


def test_a_foyer_needs_three_facts():
    few = np.array([2.0, 3, 3, 9, 9])
    q = np.array([0.01, 0.05, 0.06, 0.20, 0.21])
    given = HotSpots(0.5, few, few, few, q, q)
    assert hot_spot_labels(given).tolist() == [
        "foyer_a_surveiller",
        "foyer",
        *["foyer_a_surveiller"] * 2,
        "",
    ]


def test_no_foyer_is_looked_for_in_few_units_or_among_few_facts():
    people = np.full(120, 500.0)
    assert reason_not_tested(np.ones(120), people) is None
    assert reason_not_tested(np.ones(99), people[:99]) == NotTested.TOO_FEW_UNITS
    people[:21] = np.nan
    assert reason_not_tested(np.ones(120), people) == NotTested.TOO_FEW_UNITS
    few = np.zeros(120)
    few[[0, 50]] = 100, 29  # the hundred are where nobody knows how many live
    people[:21] = 500
    people[0] = np.nan
    assert reason_not_tested(few, people) == NotTested.TOO_FEW_FACTS
    few[50] = 30
    assert reason_not_tested(few, people) is None
    people[50] = 0  # known to be empty: its facts are among those that are looked at
    assert reason_not_tested(few, people) is None


def test_foyers_that_touch_are_one_zone_named_after_the_largest():
    hot = np.zeros(20, bool)
    hot[[3, 6, 15]] = True  # 2 3 4 and 5 6 7 touch; 14 15 16 does not
    counts = np.zeros(20)
    counts[[2, 6, 15, 16]] = 4, 9, 5, 5
    found = hot_spot_zones(hot, counts, line(20))
    assert found.tolist() == [-1, -1, *[6] * 6, *[-1] * 6, *[15] * 3, -1, -1, -1]


def test_without_a_foyer_there_is_no_zone():
    assert (hot_spot_zones(np.zeros(5, bool), np.ones(5), line(5)) == -1).all()
    assert hot_spot_zones(np.zeros(0, bool), np.zeros(0), Neighbours.from_lists([])).tolist() == []


def test_a_given_dispersion_is_used():
    counts, population = field()
    assert hot_spots(counts, population, line(120), dispersion=2.0).dispersion == 2.0
    tight, wide = (
        hot_spots(counts, population, line(120), dispersion=a).p.min() for a in (0.0, 2.0)
    )
    assert tight < wide
