"""Half a dozen faults while people work: nothing lost, nothing doubled. `./run bench faults` does
a hundred of all kinds, and gives the times.
"""

import pytest

from tests.faults import runner
from tests.faults.kinds import FEW, NEEDS_A_VOLUME

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def outcome():
    return runner.run(FEW, say=lambda text: None)


def test_nothing_is_lost_and_nothing_doubled_by_faults(outcome, figure):
    assert outcome.lost == []
    assert outcome.doubled == []
    assert {each.name for each in outcome.findings if each.acknowledged} >= {
        "reports", "lines of the journal, reports", "jobs",
    }  # fmt: skip
    told = sum(each.acknowledged for each in outcome.findings)
    figure("B87", f"{len(outcome.faults)} faults, {told} things counted: 0 lost, 0 doubled")


def test_everything_is_back_without_a_hand(outcome):
    assert outcome.not_back == []
    assert len(outcome.faults) >= len(FEW) - len(NEEDS_A_VOLUME)
    assert outcome.ended_well


def test_people_are_told_of_a_breakdown_that_passes(outcome):
    """A page of ours, with 503: a 500 would say that something is broken for good."""
    assert outcome.statuses.get(500, 0) == 0, outcome.said[-3000:]
    assert outcome.statuses["done"] > 10
