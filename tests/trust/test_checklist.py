"""No promise without a test that exists or a sentence that says why there is none."""

from collections import Counter

import pytest

from tests.trust import checklist, figures
from tests.trust.checklist import Row

EVERY = checklist.rows() + checklist.requirements()
# Levels 1 and 2 of ASVS 5.0, whole, and what the house takes of level 3.
LEVELS = {1: 70, 2: 183, 3: 25}


def test_every_row_is_told_once():
    told = Counter(row.name for row in checklist.rows())
    assert sorted(set(told) ^ set(checklist.ROWS)) == []
    assert [name for name, times in told.items() if times > 1] == []


def test_the_requirements_are_whole():
    assert Counter(row.level for row in checklist.requirements()) == LEVELS
    assert len({row.name for row in checklist.requirements()}) == sum(LEVELS.values())


def test_every_row_has_a_claim_and_tests_or_a_reason():
    bare = [row.name for row in EVERY if not row.claim or not (row.tests or row.why)]
    assert bare == []


def test_every_named_test_exists():
    named = {test: row for row in EVERY for test in row.tests}
    gone = [f"{row.file}: {test}" for test, row in named.items() if not checklist.exists(test)]
    assert gone == []


def test_a_figure_is_given_by_a_test_of_its_row():
    named = {row.name: row.tests for row in EVERY}
    strays = [
        f"{path.relative_to(checklist.PROJECT)}::{function} for {row}"
        for path in sorted((checklist.PROJECT / "tests").rglob("test_*.py"))
        for function, given in checklist.functions(
            str(path.relative_to(checklist.PROJECT))
        ).items()
        for row in given
        if f"{path.relative_to(checklist.PROJECT)}::{function}" not in named.get(row, ())
    ]
    assert strays == []


@pytest.fixture
def told(monkeypatch):
    """What a run said, in place of this one's."""

    def set_up(outcomes, measured=()):
        monkeypatch.setattr(figures, "outcomes", figures.defaultdict(set, outcomes))
        monkeypatch.setattr(figures, "figures", figures.defaultdict(list, dict(measured)))

    return set_up


@pytest.mark.parametrize(
    ("outcomes", "left", "state"),
    [
        ({}, "", "not run"),
        ({"a::b": {"passed"}}, "", "not run"),
        ({"a::b": {"passed"}, "a::c": {"passed"}}, "", "shown"),
        ({"a::b": {"passed"}, "a::c": {"passed"}}, "The half of it.", "in part"),
        ({"a::b": {"passed", "failed"}, "a::c": {"passed"}}, "", "FAILED"),
        ({"a::b": {"passed"}, "a::c": {"skipped"}}, "", "skipped"),
    ],
)
def test_a_row_is_as_good_as_its_worst_test(told, outcomes, left, state):
    told(outcomes)
    row = Row(name="B1", claim="A claim of the test", file="x", tests=("a::b", "a::c"), left=left)
    assert figures.state(row) == state


def test_the_table_tells_the_row_its_tests_and_its_figure(told):
    told({"a::b": {"passed"}}, {"B2": ["5 of 5"]})
    rows = [
        Row(name="B10", claim="Left to somebody", file="x", left="no such thing here"),
        Row(name="B2", claim="Shown", file="x", tests=("a::b",)),
    ]
    assert list(figures.table(rows)) == [
        "B2   shown    Shown",
        "              passed   a::b",
        "              → 5 of 5",
        "B10  left     Left to somebody",
        "              left: no such thing here",
    ]
    assert figures.counts(rows) == "1 left, 1 shown"


def test_a_figure_reaches_the_table(figure, request):
    of_no_row = "B0"
    figure(of_no_row, "3 of 3")
    assert (figures.PROPERTY, [of_no_row, "3 of 3"]) in request.node.user_properties
    request.node.user_properties.clear()
