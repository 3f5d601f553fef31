"""Two counts: the tail that is summed, the interval, what varies more than chance, the labels."""

import math
from fractions import Fraction

import numpy as np
import pytest

from intel.statistics.change import (
    ChangeLabel,
    change_labels,
    change_q_values,
    compare_counts,
    overdispersion_of,
)


def exact_tails(c1, c0, share):
    """P(X ≥ c1), P(X ≤ c1) and P(X = c1) in whole fractions, X binomial (c1 + c0, share)."""
    n, share = c1 + c0, Fraction(share)
    terms = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    return sum(terms[c1:]), sum(terms[: c1 + 1]), terms[c1]


@pytest.mark.parametrize(
    ("c1", "e1", "c0", "e0"),
    [(1, 1, 1, 1), (3, 1, 0, 12), (0, 3, 9, 12), (25, 1, 120, 12), (300, 3, 80, 1), (7, 2, 7, 2)],
)
def test_p_is_the_one_of_the_terms_summed_in_fractions(c1, e1, c0, e0):
    above, below, point = exact_tails(c1, c0, Fraction(e1, e1 + e0))
    found = compare_counts(c1, e1, c0, e0)
    exact = min(1, 2 * min(above, below))
    mid = min(1, 2 * (min(above, below) - point / 2))
    assert found.p_exact == pytest.approx(float(exact), rel=1e-11)
    assert found.p_mid == pytest.approx(float(mid), rel=1e-11)
    assert found.p == found.p_mid


def test_the_interval_is_where_each_tail_keeps_half_of_the_rest():
    found = compare_counts(12, 3, 9, 12, confidence=0.9)
    for odds, tail in ((found.low, 0), (found.high, 1)):
        per_exposure = float(odds) * 3 / 12
        share = per_exposure / (1 + per_exposure)
        assert float(exact_tails(12, 9, share)[tail]) == pytest.approx(0.05, rel=1e-9)


def test_nothing_on_either_side_tells_nothing():
    found = compare_counts(0, 1, 0, 12)
    assert (found.p_exact, found.p_mid) == (1, 1)
    assert np.isnan([found.ratio, found.low, found.high]).all()


def test_no_reference_has_a_lower_bound_only():
    found = compare_counts(3, 1, 0, 12)
    assert np.isnan([found.ratio, found.high]).all()
    assert found.low > 1


def test_no_fact_now_has_a_ratio_of_zero_and_an_upper_bound():
    found = compare_counts(0, 1, 12, 12)
    assert (found.ratio, found.low) == (0, 0)
    assert 0 < found.high < 5


def test_what_is_unknown_stays_unknown_and_touches_nobody_else():
    found = compare_counts([4, math.nan, 4, 4], [1, 1, 0, 1], [9, 9, 9, 9], [12, 12, 12, math.nan])
    alone = compare_counts(4, 1, 9, 12)
    assert found.p[0] == alone.p
    assert found.high[0] == alone.high
    for figures in (found.ratio, found.low, found.high, found.p_exact, found.p_mid, found.p):
        assert np.isnan(figures[1:]).all()


@pytest.mark.parametrize("count", [-1, 2.5])
def test_a_count_is_a_whole_number(count):
    with pytest.raises(ValueError, match="whole number"):
        compare_counts(count, 1, 3, 12)


def test_shapes_are_broadcast_and_kept():
    counts = np.arange(6).reshape(2, 3)
    found = compare_counts(counts, 1, counts.T[:, :1].reshape(1, 3), 12)
    assert found.p.shape == (2, 3)
    assert found.p[1, 2] == compare_counts(5, 1, 2, 12).p


def test_counts_that_vary_more_than_chance_prove_less():
    steady, bumpy = compare_counts(12, 1, 60, 12), compare_counts(12, 1, 60, 12, overdispersion=3)
    assert bumpy.p > 2 * steady.p
    assert bumpy.p_mid == steady.p_mid  # kept, for comparison
    assert bumpy.low < steady.low < steady.high < bumpy.high
    slightly = compare_counts(12, 1, 60, 12, overdispersion=1.2)
    assert (slightly.p, slightly.low) == (steady.p, steady.low)


def test_the_overdispersed_p_is_the_tail_of_the_negative_binomial():
    mean, variance = 5.0, 5.0 * 2 * (1 + 1 / 12)
    size = mean**2 / (variance - mean)
    q = size / (size + mean)

    def probability(k):
        ways = math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)
        return math.exp(ways + size * math.log(q) + k * math.log1p(-q))

    above = 1 - sum(probability(k) for k in range(11)) - probability(11) / 2
    assert compare_counts(11, 1, 60, 12, overdispersion=2).p == pytest.approx(2 * above, rel=1e-9)


def test_an_empty_reference_leaves_nothing_to_disperse():
    found = compare_counts(5, 1, 0, 12, overdispersion=4)
    assert found.p == found.p_mid


def test_the_error_stays_below_five_percent_without_a_change():
    """Measured for the specification: 0.2 % (1 against 1), 3.2 % (3 v 3), 4.4 % (10 v 10)."""
    generator = np.random.default_rng(20260101)
    for mean, most in ((1, 0.005), (3, 0.04), (10, 0.05), (30, 0.055)):
        now, before = generator.poisson(mean, (2, 20_000))
        found = compare_counts(now, 1, before, 1)
        assert np.mean(found.p <= 0.05) <= most


def test_how_much_more_than_chance_a_series_varies():
    twelve = [5, 0, 9, 1, 7, 2, 8, 0, 4, 6, 3, 3]
    expected = np.var(twelve, ddof=1) / np.mean(twelve)
    phi = overdispersion_of([twelve, [4] * 12, [0] * 12])
    assert phi.tolist() == pytest.approx([expected, 1, 1])
    assert overdispersion_of([*twelve, math.nan]) == pytest.approx(expected)
    assert overdispersion_of([7]) == 1


@pytest.mark.parametrize(
    ("count", "reference", "label"),
    [
        (30, 24, ChangeLabel.CLEAR_RISE),  # 30 in a quarter, 6 a quarter before
        (9, 14, ChangeLabel.POSSIBLE_RISE),
        (6, 24, ChangeLabel.STEADY),
        (0, 60, ChangeLabel.CLEAR_FALL),
        (2, 30, ChangeLabel.POSSIBLE_FALL),
        (3, 6, ChangeLabel.TOO_FEW),
        (4, 3, ChangeLabel.TOO_FEW),  # not tested, though it rises
        (9, 0, ChangeLabel.CLEAR_RISE),
        (5, 10, ChangeLabel.TOO_FEW),  # tested, no clear change, but under 20 facts
    ],
)
def test_labels(count, reference, label):
    # Beside one clear territory, a small p of another is kept and a middling one is raised.
    counts = np.array([count, *[6] * 9])
    references = np.array([reference, *[24] * 9])
    found = compare_counts(counts, 3, references, 12)
    q = change_q_values(found, counts, references)
    assert change_labels(found, q, counts, references)[0] == label


def test_below_the_gate_nothing_is_tested_and_nothing_weighs_on_the_rest():
    counts, references = np.array([9, *[0] * 500]), np.array([14, *[3] * 500])
    found = compare_counts(counts, 3, references, 12)
    q = change_q_values(found, counts, references)
    assert q[0] == found.p[0]
    assert np.isnan(q[1:]).all()
    assert set(change_labels(found, q, counts, references)[1:]) == {ChangeLabel.TOO_FEW}


@pytest.mark.parametrize(("exposure", "gate"), [(np.nan, 8), (3, 60)])
def test_what_was_not_tested_is_not_said_to_be_steady(exposure, gate):
    found = compare_counts([30], exposure, [24], 12)
    q = change_q_values(found, [30], [24], gate=gate)
    assert change_labels(found, q, [30], [24]).tolist() == [ChangeLabel.TOO_FEW]


@pytest.mark.parametrize("most", [3, 30, 100_000])
def test_the_interval_holds_the_ratio_whatever_the_size_of_the_counts(most):
    generator = np.random.default_rng(most)
    count, reference = generator.integers(0, most, (2, 400))
    phi = generator.choice([1, 1.1, 4, 50], 400)
    found = compare_counts(count, 3, reference, 12, overdispersion=phi)
    some = reference > 0
    assert (found.low[some] <= found.ratio[some]).all()
    assert (found.ratio[some] <= found.high[some]).all()
    assert np.isnan(found.high[~some]).all()
    for p in (found.p, found.p_mid, found.p_exact):
        assert ((p >= 0) & (p <= 1)).all()
