"""Values that have neighbours: smoothed rates, Gi*, Moran, and the false discovery rate."""

import itertools
import math

import numpy as np
import pytest

from intel.statistics import normal
from intel.statistics.autocorrelation import gi_star, local_moran, moran
from intel.statistics.false_discovery import false_discovery_rate
from intel.statistics.neighbours import Neighbours
from intel.statistics.rates import raw_rates, smoothed_locally, smoothed_rates

# Two squares that share a side, and an island.
SQUARES = Neighbours.from_pairs([0, 1, 2, 3, 2, 4, 5], [1, 2, 3, 0, 4, 5, 3], 7)
VALUES = np.array([2.0, 3.0, 3.2, 5.0, 8.0, 7.0, 1.0])


def test_gi_star_standardises_by_all_the_ways_to_deal_the_values():
    n, size = 6, 3  # unit 0 of the points, with its two neighbours
    neighbours = Neighbours.from_lists([[1, 3], [0, 3, 4], [4], [0, 1, 4], [1, 2, 3, 5], [4]])
    x = VALUES[:n]
    sums = [sum(dealt[:size]) for dealt in itertools.permutations(x)]
    observed = x[[0, 1, 3]].sum()
    assert gi_star(x, neighbours)[0] == pytest.approx((observed - np.mean(sums)) / np.std(sums))


@pytest.mark.parametrize("x", [[0.1] * 7, [0] * 7, [math.nan] * 7, [3, *[math.nan] * 6]], ids=str)
def test_a_field_that_says_nothing_has_no_gi_star_and_no_moran(x):
    assert np.isnan(gi_star(x, SQUARES)).all()
    assert math.isnan(moran(x, SQUARES))
    assert np.isnan(local_moran(x, SQUARES)).all()


def test_no_unit_at_all():
    nobody = Neighbours.from_lists([])
    assert gi_star([], nobody).size == 0
    assert math.isnan(moran([], nobody))
    assert smoothed_rates([], []).rates.size == 0
    assert smoothed_locally([], [], nobody).rates.size == 0


def test_gi_star_of_a_unit_that_touches_all_is_not_defined():
    star = Neighbours.from_pairs([0, 0, 0], [1, 2, 3], 4)
    z = gi_star([1, 2, 3, 5], star)
    assert list(np.isnan(z)) == [True, False, False, False]


@pytest.mark.parametrize("statistic", [gi_star, local_moran])
def test_a_unit_left_out_is_as_if_it_were_not_there(statistic):
    without = Neighbours.from_lists([[1, 3], [0, 2], [1, 3, 4], [0, 2, 5], [2, 5], [3, 4]])
    x = VALUES.copy()
    x[6] = math.nan
    found = statistic(x, SQUARES)
    np.testing.assert_allclose(found[:6], statistic(VALUES[:6], without), rtol=1e-12)
    assert math.isnan(found[6])
    assert moran(x, SQUARES) == pytest.approx(moran(VALUES[:6], without))


def test_a_large_mean_changes_no_digit():
    np.testing.assert_allclose(gi_star(VALUES + 1e9, SQUARES), gi_star(VALUES, SQUARES), rtol=1e-6)


def test_moran_is_the_mean_of_its_local_shares():
    local = local_moran(VALUES, SQUARES)
    assert local[6] == 0
    # Over n - 1 and over the six units that have neighbours.
    assert moran(VALUES, SQUARES) == pytest.approx(local.sum() * 7 / 6 / 6)


def test_neighbours_that_differ_as_much_as_they_can():
    ring = Neighbours.from_pairs(range(8), [*range(1, 8), 0], 8)
    assert moran([0, 1] * 4, ring) == pytest.approx(-1)
    assert moran([0, 0, 0, 0, 1, 1, 1, 1], ring) == pytest.approx(0.5)


def test_a_village_is_drawn_to_the_mean_more_than_a_town():
    population = np.array([50.0, 50_000, 3_000, 8_000, 200, 12_000])
    events = np.array([1.0, 20, 1, 9, 0, 2])
    raw, smoothed = raw_rates(events, population), smoothed_rates(events, population)
    share = (smoothed.rates - smoothed.mean) / (raw - smoothed.mean)
    assert (np.diff(share[np.argsort(population)]) > 0).all()
    assert ((share > 0) & (share < 1)).all()


def test_when_rates_differ_by_chance_only_all_are_the_mean():
    smoothed = smoothed_rates([2, 2, 3], [1000, 1000, 1500])
    assert smoothed.variance == 0
    assert smoothed.rates.tolist() == pytest.approx([0.002] * 3)


def test_units_without_a_population_are_left_out():
    population = np.array([100.0, 0, math.nan, 400, 900, 100, 300])
    events = np.array([3.0, 5, 5, 1, 2, math.nan, 4])
    kept = [0, 3, 4, 6]
    smoothed = smoothed_rates(events, population)
    alone = smoothed_rates(events[kept], population[kept])
    assert smoothed.mean == alone.mean
    assert smoothed.rates[kept].tolist() == alone.rates.tolist()
    assert np.isnan(np.delete(smoothed.rates, kept)).all()
    local = smoothed_locally(events, population, SQUARES)
    assert list(np.flatnonzero(~np.isnan(local.rates))) == kept


def test_no_event_at_all_is_a_rate_of_zero():
    assert smoothed_rates([0, 0], [10, 20]).rates.tolist() == [0, 0]
    pair = Neighbours.from_pairs([0], [1], 2)
    assert smoothed_locally([0, 0], [10, 20], pair).rates.tolist() == [0, 0]


def test_an_island_keeps_its_own_rate():
    local = smoothed_locally([1.0, 2, 3, 1, 0, 4, 6], [100.0] * 7, SQUARES)
    assert local.rates[6] == pytest.approx(0.06)


def test_towards_the_mean_of_all_when_all_are_neighbours():
    everybody = Neighbours.from_lists([[j for j in range(5) if j != i] for i in range(5)])
    events, population = [1, 9, 2, 0, 7], [100, 300, 150, 80, 900]
    np.testing.assert_allclose(
        smoothed_locally(events, population, everybody).rates,
        smoothed_rates(events, population).rates,
        rtol=1e-12,
    )


def test_q_counts_only_the_tests_made():
    p = np.array([0.01, math.nan, 0.04, 0.03, math.nan])
    q = false_discovery_rate(p)
    assert q[[0, 2, 3]].tolist() == false_discovery_rate([0.01, 0.04, 0.03]).tolist()
    assert np.isnan(q[[1, 4]]).all()
    assert false_discovery_rate([]).size == 0


def test_q_is_monotone_and_never_below_p():
    p = np.random.default_rng(3).uniform(0, 1, 200) ** 3
    q = false_discovery_rate(p)
    assert (q >= p * (1 - 1e-12)).all()
    assert q.max() <= 1
    assert (np.diff(q[np.argsort(p)]) >= 0).all()


@pytest.mark.parametrize("p", [[-0.1, 0.5], [0.2, 1.01]])
def test_a_p_outside_its_range_is_refused(p):
    with pytest.raises(ValueError, match="outside 0"):
        false_discovery_rate(p)


def test_the_normal_law():
    assert normal.two_sided_p([0, 1.959963984540054, -1.959963984540054]).tolist() == (
        pytest.approx([1, 0.05, 0.05])
    )
    assert math.isnan(normal.two_sided_p(math.nan))
    assert normal.quantile([0.025, 0.5]).tolist() == pytest.approx([-1.959963984540054, 0])
