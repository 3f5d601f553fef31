"""Tails against exact sums of fractions, the dispersion against the one that drew the counts."""

import math
from fractions import Fraction

import numpy as np
import pytest

from intel.statistics import negative_binomial


def exactly(k, mean, variance):
    """P(X ≥ k) in exact fractions up to one power, for a whole number of successes."""
    mean, variance = Fraction(mean), Fraction(variance)
    if variance <= mean:
        terms = sum(mean**j / math.factorial(j) for j in range(k))
        return 1 - float(terms) * math.exp(-mean)
    successes, p = mean**2 / (variance - mean), mean / variance
    assert successes.denominator == 1
    chances = [
        math.comb(j + int(successes) - 1, j) * p ** int(successes) * (1 - p) ** j for j in range(k)
    ]
    return float(1 - sum(chances))


@pytest.mark.parametrize(
    ("mean", "variance"), [(2, 4), (3, 6), (10, 20), (10, 110), (25, 50), (1, 2), (100, 200)]
)
def test_a_tail_is_that_of_exact_fractions(mean, variance):
    counts = np.arange(0, 6 * mean + 10)
    found = negative_binomial.tail(counts, mean, variance)
    assert found == pytest.approx([exactly(int(k), mean, variance) for k in counts], rel=1e-10)


@pytest.mark.parametrize("variance", [5, 2, 0])
def test_where_the_variance_is_not_above_the_mean_it_is_poisson(variance):
    found = negative_binomial.tail(np.arange(12), 5, variance)
    assert found == pytest.approx([exactly(k, 5, 5) for k in range(12)], rel=1e-10)


def test_a_variance_barely_above_the_mean_changes_nothing():
    poisson = negative_binomial.tail([3, 30, 300], [1, 20, 280], 0)
    barely = negative_binomial.tail(
        [3, 30, 300], [1, 20, 280], [1 + 1e-12, 20 + 1e-11, 280 + 1e-9]
    )
    assert barely == pytest.approx(poisson, rel=1e-9)


def test_far_in_the_tail_digits_remain():
    """Successes 1: the law is geometric, and its tail a power."""
    mean = 4.0
    share = mean / (1 + mean)
    counts = np.array([1, 10, 100, 1000, 3000])
    assert negative_binomial.tail(counts, mean, mean + mean**2) == pytest.approx(
        share**counts, rel=1e-10
    )


def test_nothing_is_said_where_nothing_is_defined():
    found = negative_binomial.tail(
        [np.nan, 2, 2, 2, 0], [1, np.nan, 1, -1, 1], [1, 1, np.nan, 1, 1]
    )
    assert np.isnan(found).tolist() == [True, True, True, True, False]
    assert negative_binomial.tail(0, 0, 0) == 1
    assert negative_binomial.tail(1, 0, 0) == 0
    assert np.isnan(negative_binomial.bound(np.nan, 1, 0.05))


def test_the_bound_is_the_first_count_beyond():
    mean, alpha = np.linspace(0.01, 60, 40), 0.005
    bound = negative_binomial.bound(mean, 1.8 * mean, alpha)
    assert (negative_binomial.tail(bound, mean, 1.8 * mean) <= alpha).all()
    assert (negative_binomial.tail(bound - 1, mean, 1.8 * mean) > alpha).all()


@pytest.mark.parametrize("alpha", [0, 1, math.nan])
def test_a_bound_needs_a_probability(alpha):
    with pytest.raises(ValueError, match="probability"):
        negative_binomial.bound(2, 2, alpha)


@pytest.mark.parametrize("true", [0.2, 1.0, 3.0])
def test_the_dispersion_that_drew_the_counts_is_found(true):
    draw = np.random.default_rng(7)
    expected = draw.uniform(0.5, 8, 20_000)
    counts = draw.poisson(expected * draw.gamma(1 / true, true, expected.size))
    assert negative_binomial.dispersion(counts, expected) == pytest.approx(true, rel=0.05)


def test_counts_that_vary_by_chance_alone_have_none():
    draw = np.random.default_rng(7)
    expected = draw.uniform(0.5, 8, 5_000)
    assert negative_binomial.dispersion(draw.poisson(expected), expected) < 0.02


def test_units_that_say_nothing_change_no_dispersion():
    counts, expected = [3.0, 0, 1, 7, 0], [1.0, 2, 2, 2, 1]
    alone = negative_binomial.dispersion(counts, expected)
    more = negative_binomial.dispersion([*counts, 4, np.nan, 0], [*expected, 0, 1, np.nan])
    assert more == alone
    assert math.isnan(negative_binomial.dispersion([0, 0], [1.0, 1.0]))
    assert math.isnan(negative_binomial.dispersion([], []))
