"""Histories of foyers and new territories: what the oracle's cases leave unsaid."""

import numpy as np
import pytest

from intel.statistics.emerging import History, history, is_emerging


def one(text, **options):
    """H hot, c cold, · neither, oldest first."""
    hot, cold = ([letter == which for letter in text] for which in "Hc")
    return history(hot, cold, **options)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("········", History.NONE),
        ("c·c·····", History.NONE),
        ("·······H", History.NEW),
        ("c······H", History.NEW),  # said before the alternation is looked at
        ("······HH", History.CONSECUTIVE),
        ("c·····HH", History.CONSECUTIVE),
        ("·HHHHHHH", History.CONSECUTIVE),  # 7 of 8 is less than nine in ten
        ("H··HHHHH", History.SPORADIC),
        ("H·cHHHHH", History.OSCILLATING),
        ("HHHHHHHH", History.LASTING),
        ("HHHHHHHHH·", History.HISTORICAL),
        ("·HHHHHHHHH", History.LASTING),
        ("HHH·····", History.FORMER),
        ("H······c", History.FORMER),
    ],
)
def test_each_history_has_its_name(text, category):
    assert one(text) == category


def test_a_trend_is_only_said_of_what_lasts():
    assert one("HHHHHHHH", trend=1) == History.INTENSIFYING
    assert one("HHHHHHHH", trend=-1) == History.FADING
    assert one("······HH", trend=1) == History.CONSECUTIVE
    assert one("HHHHHHHHH·", trend=1) == History.HISTORICAL


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("······H", History.NEW),
        ("·HH", History.CONSECUTIVE),
        ("HHH", History.LASTING),
        ("H·H", History.NONE),
        ("HH·", History.NONE),
    ],
)
def test_few_periods_say_little(text, category):
    assert one(text, trend=0) == category


def test_few_periods_tell_no_trend():
    assert one("HHHH", trend=1) == History.LASTING
    assert one("HHHH", trend=-1) == History.LASTING
    assert one("HHHH", trend=1, few_periods=4) == History.INTENSIFYING


def test_a_department_at_once_is_one_commune_at_a_time():
    draw = np.random.default_rng(5)
    hot, cold = draw.random((300, 12)) < 0.6, draw.random((300, 12)) < 0.1
    hot[:60] = True
    trend = draw.integers(-1, 2, 300)
    alone = [history(*row) for row in zip(hot, cold & ~hot, trend, strict=True)]
    assert history(hot, cold & ~hot, trend).tolist() == alone
    assert len(set(alone)) >= 6


def test_without_a_period_nothing_is_said():
    assert history(np.zeros((2, 0))).tolist() == ["aucun", "aucun"]


@pytest.mark.parametrize(
    ("facts", "before", "origins", "corroborated", "probable", "emerges"),
    [
        (3, 0, 2, 1, 0, True),
        (3, 0, 2, 0, 2, True),
        (3, 0, 2, 0, 1, False),
        (3, 0, 1, 1, 0, False),
        (2, 0, 2, 1, 0, False),
        (9, 1, 5, 3, 3, False),
        (0, 0, 0, 0, 0, False),
    ],
)
def test_a_territory_emerges_by_numbers(facts, before, origins, corroborated, probable, emerges):
    assert is_emerging(facts, before, origins, corroborated, probable) == emerges
