"""Mann-Kendall."""

import math

import numpy as np
import pytest

from intel.statistics.trend import mann_kendall


def test_many_series_at_once_are_as_each_alone():
    series = np.random.default_rng(2).poisson(2, (30, 12)).astype(float)
    together = mann_kendall(series)
    for row, one in enumerate(series):
        alone = mann_kendall(one)
        assert (together.s[row], together.variance[row]) == (alone.s, alone.variance)
        assert together.p[row] == alone.p


def test_a_missing_period_is_left_out():
    whole = mann_kendall([3, 1, 4, 1, 5, 9, 2])
    gappy = mann_kendall([3, math.nan, 1, 4, 1, math.nan, 5, 9, 2])
    assert (gappy.s, gappy.variance, gappy.p) == (whole.s, whole.variance, whole.p)


@pytest.mark.parametrize("series", [[], [4], [math.nan] * 5, [2, 2, 2, 2]])
def test_a_series_that_cannot_tell(series):
    trend = mann_kendall(series)
    assert (trend.z, trend.p, trend.direction()) == (0, 1, 0)


def test_direction():
    rising, falling = list(range(10)), list(range(10, 0, -1))
    trend = mann_kendall([rising, falling, [1, 2] * 5])
    assert trend.direction().tolist() == [1, -1, 0]
    assert trend.direction(alpha=1e-6).tolist() == [0, 0, 0]


def test_false_trends_are_as_rare_as_announced():
    series = np.random.default_rng(11).poisson(5, (20_000, 12))
    assert 0.03 <= np.mean(mann_kendall(series).p <= 0.05) <= 0.06
