"""The weekly alarm: rarely false, quick when something happens, silent on rare counts."""

import numpy as np
import pytest

from intel.statistics import alarm


def quiet(mean, weeks=55, series=3000, seed=11):
    return np.random.default_rng(seed).poisson(mean, (series, weeks))


@pytest.mark.parametrize("mean", [2, 10])
def test_a_quiet_series_raises_few_alarms(mean):
    """The bound is that of one chance in 200 a week, a quarter of an alarm a year at most."""
    found = alarm.weekly_alarm(quiet(mean), least_mean=0)
    assert 52 * found.is_alarm.mean() <= 0.3


def test_ears_raises_many_more_on_the_same_weeks():
    weeks = quiet(2)
    ears = weeks[:, -1] > alarm.ears_bound(weeks, alpha=0.00135)[:, -1]
    assert ears.mean() > 3 * alarm.weekly_alarm(weeks, least_mean=0).is_alarm.mean()


def test_a_fourfold_week_is_seen_where_ten_are_usual():
    weeks = quiet(10)
    weeks[:, -1] = np.random.default_rng(3).poisson(40, len(weeks))
    assert alarm.weekly_alarm(weeks).is_alarm.mean() > 0.99


def test_the_bound_and_the_chance_agree():
    found = alarm.weekly_alarm(quiet(4, series=400), alpha=0.02)
    count = quiet(4, series=400)[:, -1]
    assert ((count >= found.bound) == (found.p <= 0.02))[found.is_tested].all()


def test_weeks_just_before_are_left_out_of_the_reference():
    """A rise that began last week does not hide the one of this week."""
    usual = np.tile([3.0, 4, 5, 4], 14)
    rising = usual.copy()
    rising[-3:-1] = 40
    before, after = (alarm.weekly_alarm(weeks) for weeks in (usual, rising))
    assert (before.mean, before.variance) == (after.mean, after.variance)


def test_no_weekly_test_on_rare_counts_nor_on_short_series():
    rare = alarm.weekly_alarm(np.r_[np.ones(60), 50])
    assert not rare.is_tested
    assert not rare.is_alarm
    assert np.isnan(rare.p)
    short = alarm.weekly_alarm(np.full(54, 9.0))
    assert not short.is_tested
    assert np.isnan(short.mean)
    assert alarm.weekly_alarm(np.full(55, 9.0)).is_tested


def test_no_alarm_under_five_facts_in_four_weeks():
    weeks = np.r_[np.tile([0.0, 4], 27), 0, 0, 0, 4]
    assert not alarm.weekly_alarm(weeks, alpha=0.9).is_alarm
    weeks[-2] = 1
    assert alarm.weekly_alarm(weeks, alpha=0.9).is_alarm


def test_ears_takes_the_weeks_left_out_and_the_baseline_asked_for():
    weeks = np.arange(12.0)
    bounds = alarm.ears_bound(weeks, alpha=0.05, baseline=4, left_out=2)
    assert np.isnan(bounds[:6]).all()
    window = weeks[0:4]
    assert bounds[6] == pytest.approx(window.mean() + 1.6448536 * window.std(ddof=1))
    assert np.isnan(alarm.ears_bound(weeks[:5], alpha=0.05)).all()


def test_farrington_needs_a_positive_mean_and_a_known_transform():
    assert np.isnan(alarm.farrington_bound(3, 0, 0.1, 1, alpha=0.05).upper)
    low = alarm.farrington_bound(0, 0.1, 0.5, 1, alpha=0.001)
    assert low.lower == 0
    with pytest.raises(KeyError):
        alarm.farrington_bound(3, 1, 0.1, 1, alpha=0.05, transform="log")


def test_farrington_alarms_beyond_its_bound_with_enough_facts():
    high = alarm.farrington_bound(12, 5, 0.2, 1, alpha=0.05)
    assert high.is_alarm([0, 0, 0, 12])
    assert not high.is_alarm([0, 0, 0, 4])
    assert not alarm.farrington_bound(8, 5, 0.2, 1, alpha=0.05).is_alarm([5, 5, 5, 8])
