"""Points and circles: Knox, the scan, and how useful a map was afterwards."""

import itertools
import math

import numpy as np
import pytest

from intel.statistics.accuracy import prediction_accuracy
from intel.statistics.near_repeat import knox
from intel.statistics.scan import poisson_scan


def test_knox_counts_pairs_one_by_one():
    generator = np.random.default_rng(4)
    x, y = generator.integers(0, 12, (2, 600)).astype(float)  # many at the very distance
    day = generator.integers(0, 90, 600).astype(float)
    near = soon = both = 0
    for i, j in itertools.combinations(range(600), 2):
        is_near = math.hypot(x[i] - x[j], y[i] - y[j]) <= 5
        is_soon = abs(day[i] - day[j]) <= 3
        near, soon, both = near + is_near, soon + is_soon, both + (is_near and is_soon)
    found = knox(x, y, day, distance=5, days=3)
    assert (found.pairs, found.near, found.soon, found.both) == (600 * 599 // 2, near, soon, both)
    assert found.expected == pytest.approx(near * soon / found.pairs)


@pytest.mark.parametrize("n", [0, 1])
def test_knox_needs_two_facts(n):
    found = knox([0] * n, [0] * n, [0] * n, distance=1, days=1, generator=np.random.default_rng())
    assert (found.pairs, found.near, found.soon, found.both) == (0, 0, 0, 0)
    assert np.isnan([found.expected, found.p, found.p_permuted]).all()


def test_facts_that_follow_each_other_in_place_and_time_are_seen_and_others_are_not():
    generator = np.random.default_rng(8)
    places, days = generator.uniform(0, 10_000, (2, 60)), generator.uniform(0, 365, 60)
    repeats = places + generator.normal(0, 50, places.shape), days + generator.uniform(1, 6, 60)
    x, y = np.hstack([places, repeats[0]])
    when = np.concatenate([days, repeats[1]])
    found = knox(x, y, when, distance=300, days=7, generator=generator, permutations=199)
    assert found.p < 1e-6
    assert found.p_permuted == 1 / 200
    by_chance = [
        knox(
            x, y, generator.permutation(when), distance=300, days=7, generator=generator,
            permutations=39,
        ).p_permuted
        for _ in range(60)
    ]  # fmt: skip
    assert np.mean(np.array(by_chance) <= 0.05) <= 0.13


def test_a_fact_without_a_place_or_a_day_is_left_out():
    x, y, day = [0, 1, 9, 0, math.nan], [0, 0, 9, 1, 0], [1, 2, 3, math.nan, 1]
    found = knox(x, y, day, distance=2, days=2)
    assert (found.pairs, found.near, found.soon, found.both) == (3, 1, 3, 1)


def best_circle(x, y, cases, population, largest_share, fewest):
    """The likeliest circle, each tried on its own."""
    total, people, best = cases.sum(), population.sum(), (0.0, frozenset())
    for centre in range(len(x)):
        apart = np.hypot(x - x[centre], y - y[centre])
        for radius in apart:
            inside = apart <= radius + 1e-9
            c, share = cases[inside].sum(), population[inside].sum() / people
            e = total * share
            if share > largest_share or c < fewest or c <= e:
                continue
            ratio = c * math.log(c / e)
            if c < total:
                ratio += (total - c) * math.log((total - c) / (total - e))
            best = max(best, (ratio, frozenset(np.flatnonzero(inside).tolist())))
    return best


@pytest.mark.parametrize("largest_share", [0.1, 0.25, 0.5])
def test_the_scan_finds_the_likeliest_of_all_circles(largest_share):
    generator = np.random.default_rng(6)
    for _ in range(5):
        # On a grid, so that many units enter a circle together.
        x, y = (axis.ravel().astype(float) for axis in np.mgrid[0:6, 0:6])
        population = generator.integers(50, 3_000, 36).astype(float)
        cases = generator.poisson(population * 0.004).astype(float)
        found = poisson_scan(x, y, cases, population, largest_share=largest_share)[0]
        ratio, members = best_circle(x, y, cases, population, largest_share, 2)
        assert found.log_likelihood_ratio == pytest.approx(ratio)
        assert set(found.members) == members


def test_clusters_share_no_unit_and_come_in_order():
    generator = np.random.default_rng(6)
    x, y = generator.uniform(0, 100, (2, 80))
    population, cases = np.full(80, 500.0), generator.poisson(3, 80)
    clusters = poisson_scan(x, y, cases, population, largest_share=0.2)
    ratios = [cluster.log_likelihood_ratio for cluster in clusters]
    assert len(clusters) > 2
    assert ratios == sorted(ratios, reverse=True)
    members = [member for cluster in clusters for member in cluster.members]
    assert len(members) == len(set(members))


def test_the_order_in_which_units_are_given_changes_nothing():
    generator = np.random.default_rng(9)
    x, y = (axis.ravel().astype(float) for axis in np.mgrid[0:8, 0:8])
    population, cases = np.full(64, 100.0), generator.poisson(2, 64)
    cases[[9, 10, 17, 18]] += 6
    order = generator.permutation(64)
    given = (x, y, cases, population)
    first = poisson_scan(*given, largest_share=0.2)[0]
    shuffled = poisson_scan(*(values[order] for values in given), largest_share=0.2)[0]
    assert {order[member] for member in shuffled.members} == set(first.members)


def test_a_planted_cluster_stands_out_and_chance_does_not():
    generator = np.random.default_rng(10)
    x, y = generator.uniform(0, 100, (2, 120))
    population = generator.integers(200, 3_000, 120).astype(float)
    risk = np.where(np.hypot(x - x[0], y - y[0]) < 15, 4, 1)
    field = generator.multinomial(200, population * risk / (population * risk).sum())

    def p_of(field, simulations):
        clusters = poisson_scan(
            x, y, field, population, largest_share=0.3,
            generator=generator, simulations=simulations,
        )  # fmt: skip
        return clusters[0].p

    assert p_of(field, 99) == 0.01
    fields = generator.multinomial(200, population / population.sum(), size=40)
    assert np.mean([p_of(field, 19) <= 0.05 for field in fields]) <= 0.15


@pytest.mark.parametrize("field", [[0, 0, 0], [math.nan] * 3, []])
def test_nothing_is_found_in_nothing(field):
    n = len(field)
    assert poisson_scan(range(n), range(n), field, [10] * n) == []


def test_cases_where_nobody_lives_do_not_hide_the_rest():
    # A place without inhabitants is infinitely unlikely, and stays apart from the next one.
    x, cases, population = [0, 1, 2, 50, 51], [3, 0, 0, 9, 1], [0, 500, 500, 100, 900]
    clusters = poisson_scan(x, [0] * 5, cases, population)
    assert clusters[0].members == (0,)
    assert math.isinf(clusters[0].log_likelihood_ratio)
    assert clusters[1].members == (3,)


def test_accuracy_of_a_choice_and_of_the_best_choice():
    area, later = np.ones(10), [6, 0, 1, 9, 2, 0, 0, 1, 1, 0]
    best = prediction_accuracy(np.isin(np.arange(10), [0, 3]), area, later)
    assert (best.hit_rate, best.area_share, best.index, best.efficiency) == (0.75, 0.2, 3.75, 1)
    lesser = prediction_accuracy(np.isin(np.arange(10), [0, 4]), area, later)
    assert lesser.efficiency == pytest.approx(8 / 15)
    assert lesser.index == pytest.approx(best.index * lesser.efficiency)


def test_accuracy_is_not_defined_without_a_choice_or_without_facts():
    nowhere = prediction_accuracy([False, False], [1, 1], [3, 0])
    assert (nowhere.hit_rate, nowhere.area_share) == (0, 0)
    assert np.isnan([nowhere.index, nowhere.efficiency]).all()
    nothing = prediction_accuracy([True, False], [1, 1], [0, 0])
    assert np.isnan([nothing.hit_rate, nothing.index, nothing.efficiency]).all()
    unequal = prediction_accuracy([True, False], [1, 2], [1, 1])
    assert math.isnan(unequal.efficiency)
    assert unequal.index == pytest.approx(1.5)


@pytest.mark.parametrize(("area", "facts"), [([1, -1], [1, 1]), ([1, 1], [1, -1]), ([1], [1, 1])])
def test_impossible_areas_and_facts_are_refused(area, facts):
    with pytest.raises(ValueError, match=r"0 or more|one entry"):
        prediction_accuracy([True, False], area, facts)
