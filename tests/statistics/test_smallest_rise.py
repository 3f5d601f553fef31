"""The rises that could not be seen: as measured, and as the test of change really does."""

import numpy as np
import pytest

from intel.statistics.change import compare_counts
from intel.statistics.smallest_rise import smallest_visible_rise


@pytest.mark.parametrize(
    ("reference", "measured"),
    [(5, 3.7), (10, 2.7), (20, 2.1), (50, 1.65), (100, 1.45), (300, 1.25)],
)
def test_it_is_the_measured_one(reference, measured):
    assert smallest_visible_rise(reference) == pytest.approx(measured, rel=0.045)


@pytest.mark.parametrize(("reference", "months"), [(10, 12), (24, 12), (60, 12), (10, 1), (40, 4)])
def test_it_is_seen_four_times_in_five(reference, months):
    draw = np.random.default_rng(6)
    rise = smallest_visible_rise(reference, 1, months)
    before = draw.poisson(reference, 4000)
    now = draw.poisson(rise * reference / months, 4000)
    found = compare_counts(now, 1, before, months)
    seen = (found.p_mid <= 0.05) & (now * months > before)
    assert np.mean(seen) == pytest.approx(0.8, abs=0.05)


def test_more_variation_or_less_reference_hides_more():
    assert smallest_visible_rise(20, overdispersion=2) > smallest_visible_rise(20)
    assert smallest_visible_rise(20, 1, 12) > smallest_visible_rise(20)
    assert smallest_visible_rise(20, power=0.9) > smallest_visible_rise(20)
    assert np.isnan(smallest_visible_rise([0, -1, np.nan])).all()
