"""A patrol surge is not a rise of the threat."""

import math

import numpy as np
import pytest

from intel.statistics.change import compare_counts
from intel.statistics.effort import EffortStatus, effort_status, exposure_with_effort

# Facts found by patrols, and facts that came by themselves: (now, before), 3 months against 12.
SURGE = {"proactive": (30, 40), "reactive": (5, 20)}
RISE = {"proactive": (10, 40), "reactive": (18, 20)}


def status_of(facts, effort_now=math.nan, effort_before=math.nan):
    (found_now, found_before), (told_now, told_before) = facts["proactive"], facts["reactive"]
    return effort_status(
        compare_counts(told_now, 3, told_before, 12),
        compare_counts(
            found_now + told_now, exposure_with_effort(3, effort_now),
            found_before + told_before, exposure_with_effort(12, effort_before),
        ),
        np.divide(effort_now, effort_before),
    )  # fmt: skip


def test_patrols_that_find_more_are_a_concomitant_rise():
    assert status_of(SURGE, effort_now=3, effort_before=1) == EffortStatus.CONCOMITANT


def test_without_figures_of_effort_nothing_is_said_of_it():
    assert status_of(SURGE) == EffortStatus.UNKNOWN
    assert status_of(SURGE, effort_now=1.2, effort_before=1.1) == EffortStatus.INDEPENDENT


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_an_effort_known_on_one_side_alone_takes_nothing_off():
    found = {"proactive": (4, 40), "reactive": (0, 0)}
    assert status_of(found, effort_now=0, effort_before=400) == EffortStatus.UNKNOWN
    assert status_of(found, effort_now=400, effort_before=0) == EffortStatus.UNKNOWN


def test_calls_and_tips_that_rise_tell_by_themselves():
    assert status_of(RISE) == EffortStatus.INDEPENDENT
    assert status_of(RISE, effort_now=3, effort_before=1) == EffortStatus.INDEPENDENT


def test_calls_and_tips_that_fall_are_no_rise():
    falling = {"proactive": (12, 40), "reactive": (0, 40)}
    assert status_of(falling, effort_now=3, effort_before=1) == EffortStatus.CONCOMITANT


def test_first_tips_ever_are_a_rise():
    first = {"proactive": (0, 0), "reactive": (4, 0)}
    assert status_of(first, effort_now=3, effort_before=1) == EffortStatus.INDEPENDENT
    nothing = {"proactive": (0, 0), "reactive": (0, 0)}
    assert status_of(nothing) == EffortStatus.UNKNOWN


def test_effort_enters_less_than_in_proportion():
    exposure = exposure_with_effort([3, 3, 3, 3], [1, 4, math.nan, 0])
    assert exposure.tolist() == pytest.approx([3, 3 * 4**0.6, 3, 3])
