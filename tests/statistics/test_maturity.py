"""How much of a month is in: the share found is the one that drew the entries."""

import numpy as np
import pytest

from intel.statistics.maturity import counts_by_maturity, delay_curve, share_entered


def entries(days=720, a_day=20, mean=10.0, seed=4):
    """Facts known on day `days`, entered after a delay of that mean: their delays and ages."""
    draw = np.random.default_rng(seed)
    ages = np.repeat(np.arange(days), a_day)
    delays = np.floor(draw.exponential(mean, ages.size)).astype(int)
    known = delays <= ages
    return delays[known], ages[known]


def test_the_delays_that_drew_the_entries_are_found():
    curve = delay_curve(*entries(), longest=90)
    expected = 1 - np.exp(-np.arange(1, 92) / 10)
    assert curve == pytest.approx(expected, abs=0.02)
    assert (np.diff(curve) >= 0).all()


def test_recent_facts_alone_would_make_entries_look_quicker():
    """Three months of facts, all recent: the naive share is well above the true one."""
    delays, ages = entries(days=61, a_day=2000, mean=30.0)
    curve = delay_curve(delays, ages, longest=60)
    true = (1 - np.exp(-31 / 30)) / (1 - np.exp(-61 / 30))
    naive = np.mean(delays <= 30)
    assert curve[30] == pytest.approx(true, abs=0.02)
    assert naive > true + 0.05


def test_two_thirds_of_a_month_are_in_on_its_last_day():
    """Measured for ten days of mean delay: 68 %; fifteen days later, over nine tenths."""
    curve = delay_curve(*entries(mean=10.0), longest=120)
    month = np.arange(30)
    assert share_entered(curve, month) == pytest.approx(0.70, abs=0.03)
    assert share_entered(curve, month + 15) > 0.9
    assert share_entered(curve, month + 400) == 1


def test_days_to_come_count_for_nothing():
    curve = np.array([0.5, 1.0])
    assert share_entered(curve, [-2, -1, 0, 1]) == 0.75
    assert np.isnan(share_entered(curve, [-1]))
    assert np.isnan(share_entered(curve, []))


def test_without_a_fact_old_enough_nothing_is_said():
    assert np.isnan(delay_curve([0, 1], [5, 6], longest=90)).all()
    assert np.isnan(delay_curve([], [], longest=3)).all()
    assert delay_curve([0], [3], longest=3).tolist() == [1, 1, 1, 1]
    assert delay_curve([2, 0], [9, 9], longest=3).tolist() == [0.5, 0.5, 1, 1]
    assert delay_curve([8, 0], [9, 9], longest=3).tolist() == [0.5, 0.5, 0.5, 1]


@pytest.mark.parametrize(("delay", "age"), [(-1, 3), (4, 3)])
def test_a_delay_is_within_its_age(delay, age):
    with pytest.raises(ValueError, match="delay"):
        delay_curve([delay], [age], longest=10)


def test_what_was_known_at_each_step():
    entered = [-3, 0, 2, 15, 16, 80]
    assert counts_by_maturity(entered, days_since_end=90).tolist() == [2, 4, 6]
    found = counts_by_maturity(entered, days_since_end=20)
    assert found[:2].tolist() == [2, 4]
    assert np.isnan(found[2])
    assert counts_by_maturity([], days_since_end=15)[:2].tolist() == [0, 0]
