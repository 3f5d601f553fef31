"""A field without a fact, a department without a commune: nothing is defined, nothing fails."""

import numpy as np

from intel.statistics import (
    Neighbours,
    ears_bound,
    history,
    hot_spot_labels,
    hot_spot_zones,
    hot_spots,
    mask,
    mask_together,
    rank_by_stock,
    reason_not_tested,
    smallest_visible_rise,
    weekly_alarm,
    weigh,
)
from intel.statistics import negative_binomial as law


def test_no_commune():
    nobody = Neighbours.from_lists([])
    found = hot_spots([], [], nobody)
    assert np.isnan(found.dispersion)
    assert hot_spot_labels(found).size == hot_spot_zones([], [], nobody).size == 0
    assert reason_not_tested([], []) is not None
    assert history(np.zeros((0, 8))).size == 0
    assert weekly_alarm(np.zeros((0, 55))).is_alarm.size == 0
    assert law.tail([], [], []).size == law.bound([], [], 0.1).size == 0
    assert smallest_visible_rise([]).size == 0
    assert mask({}).status == {}
    assert mask_together([{}, {}]) == ({}, False)


def test_communes_without_an_inhabitant_or_of_unknown_population():
    two = Neighbours.from_lists([[1], [0]])
    for population in ([0, 0], [np.nan, np.nan]):
        found = hot_spots([1, 2], population, two)
        assert np.isnan(found.p).all()
        assert set(hot_spot_labels(found)) == {"non_calcule"}


def test_no_fact():
    none = weigh(
        fact=[], origin=[], service=[], reliability=[], credibility=[], day=[], is_tip=[], facts=0
    )
    assert none.weight.size == none.tier.size == 0
    order = rank_by_stock([], [], [], reference_day=1, half_life=90, territories=3)
    assert order.stock.tolist() == [0.0, 0.0, 0.0]
    assert order.rank.tolist() == [0, 0, 0]
    assert not order.is_sensitive.any()


def test_no_week():
    for weeks in (np.zeros((2, 0)), np.full((2, 55), np.nan)):
        found = weekly_alarm(weeks)
        assert np.isnan(found.p).all()
        assert np.isnan(found.bound).all()
        assert not found.is_alarm.any()
    assert ears_bound([], alpha=0.05).size == 0
