"""The beta distribution, against sums in whole fractions and against itself."""

import math
from fractions import Fraction

import numpy as np
import pytest

from intel.statistics import beta


def test_cumulative_is_the_tail_of_a_binomial():
    generator = np.random.default_rng(12)
    for _ in range(60):
        n = int(generator.integers(1, 250))
        c = int(generator.integers(1, n + 1))
        share = Fraction(int(generator.integers(1, 40)), 40)
        exact = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(c, n + 1))
        assert beta.cumulative(float(share), c, n - c + 1) == pytest.approx(
            float(exact), rel=1e-11
        )


@pytest.mark.parametrize(
    ("x", "a", "b", "expected"),
    [
        (0, 2, 3, 0),
        (1, 2, 3, 1),
        (0.3, 0, 3, 1),  # all of it at 0
        (0.3, 2, 0, 0),  # all of it at 1
        (1, 2, 0, 1),
        (0.3, 1, 1, 0.3),
        (0.25, 0.5, 0.5, 1 / 3),  # the arc sine law
    ],
)
def test_cumulative_at_its_ends_and_where_it_is_known(x, a, b, expected):
    assert beta.cumulative(x, a, b) == pytest.approx(expected, rel=1e-13)


def test_the_quantile_is_the_inverse():
    generator = np.random.default_rng(13)
    a, b = generator.uniform(0.3, 60, (2, 2_000))
    a[:300], b[300:600] = 1, 1
    for share in (1e-6, 0.025, 0.5, 0.9):
        x = beta.quantile(share, a, b)
        np.testing.assert_allclose(beta.cumulative(x, a, b), share, rtol=1e-9)


def test_the_quantile_of_many_and_of_few():
    assert beta.quantile(0.025, 7, 1) == pytest.approx(0.025 ** (1 / 7), rel=1e-13)
    large = beta.quantile(0.5, 20_000, 30_000)
    assert beta.cumulative(large, 20_000, 30_000) == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize(
    ("share", "a", "b"),
    [(0, 2, 2), (1, 2, 2), (0.5, 0, 2), (0.5, 2, 0), (math.nan, 2, 2), (0.5, math.nan, 2)],
)
def test_what_has_no_quantile(share, a, b):
    assert math.isnan(beta.quantile(share, a, b))


def test_nan_and_what_lies_outside_are_not_defined():
    assert np.isnan(beta.cumulative([math.nan, -0.1, 1.1, 0.5], [1, 1, 1, math.nan], 2)).all()
