"""Rarely wrong where nothing happens, often right where something does: on the real Vosges."""

import numpy as np
import pytest

from tests.statistics import calibration


def test_the_ground_is_the_vosges():
    land = calibration.vosges()
    assert land.population.size == 506
    assert land.neighbours.counts.sum() // 2 == 1397
    assert 340_000 < land.population.sum() < 380_000


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"facts": 50},
        {"facts": 1000},
        {"shape": 2},  # communes differ, without a pattern
        {"shape": 2, "facts": 1000},
        {"shape": 0.3},  # and strongly
    ],
    ids=str,
)
def test_at_most_twelve_departments_in_a_hundred_show_a_false_foyer(options):
    assert calibration.false_alarms(**options) <= 12


def test_at_least_half_of_fourfold_clusters_are_found():
    assert calibration.clusters_found() >= 50


def test_nearly_all_are_with_five_times_the_facts():
    assert calibration.clusters_found(facts=1000) >= 90


@pytest.mark.parametrize("seed", range(5))
def test_copies_of_every_report_by_three_services_change_nothing(seed):
    told = calibration.reports(np.random.default_rng(seed))
    once = calibration.said_of(told)
    copied = calibration.said_of(told.copied(np.random.default_rng(seed + 100)))
    assert copied["weight"] == pytest.approx(once["weight"], rel=1e-12)
    for name in ("counts", "tier", "origins", "foyers"):
        assert (copied[name] == once[name]).all()


@pytest.mark.parametrize("a_month", [4, 10, 30])
def test_a_patrol_surge_carries_its_flag(a_month):
    """The figures rise in a third of the territories or more, and what they rise with is said."""
    found = calibration.surge(a_month=a_month)
    assert found.rising > 0.3
    assert found.concomitant >= 0.8
    assert found.rising * found.independent <= 0.12


@pytest.mark.parametrize("effort", [1, 2.5])
def test_a_true_rise_is_said_to_be_one_whatever_the_patrols(effort):
    found = calibration.surge(a_month=10, truth=2.5, effort=effort)
    assert found.rising > 0.9
    assert found.independent > 0.9
