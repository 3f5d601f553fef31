"""Who touches whom."""

import numpy as np
import pytest

from intel.statistics.neighbours import Neighbours

# 0 - 1 - 2, 3 alone, 4 - 5
LINKS = ([0, 1, 5], [1, 2, 4])


def test_a_link_counts_both_ways_and_once():
    given_once = Neighbours.from_pairs(*LINKS, 6)
    given_twice = Neighbours.from_pairs([0, 1, 1, 5, 4, 4], [1, 0, 2, 4, 5, 4], 6)
    twice_and_missing = Neighbours.from_pairs([0, 1, 1, 5, 4], [1, 0, 2, 4, 5], 6)
    for neighbours in (given_once, given_twice, twice_and_missing):
        assert [list(neighbours.of(unit)) for unit in range(6)] == [[1], [0, 2], [1], [], [5], [4]]
    assert list(given_once.counts) == [1, 2, 1, 0, 1, 1]
    assert list(given_once.islands) == [3]


def test_lists_are_kept_as_given():
    neighbours = Neighbours.from_lists([[1, 2, 1, 0], [], [0]])
    assert [list(neighbours.of(unit)) for unit in range(3)] == [[1, 2], [], [0]]


@pytest.mark.parametrize("dtype", [int, float, bool])
def test_sums_leave_the_unit_itself_out(dtype):
    neighbours = Neighbours.from_pairs(*LINKS, 6)
    ones = np.ones(6, dtype=dtype)
    assert list(neighbours.sums(ones)) == [1, 2, 1, 0, 1, 1]
    rows = np.array([[1, 2, 4, 8, 16, 32], [0, 1, 0, 0, 0, 1]])
    assert neighbours.sums(rows).tolist() == [[2, 5, 2, 0, 32, 16], [1, 0, 1, 0, 1, 0]]


def test_sums_agree_with_a_matrix():
    generator = np.random.default_rng(5)
    i, j = generator.integers(0, 40, (2, 60))
    matrix = np.zeros((40, 40))
    matrix[i, j] = matrix[j, i] = 1
    np.fill_diagonal(matrix, 0)
    x = generator.normal(size=40)
    neighbours = Neighbours.from_pairs(i, j, 40)
    assert neighbours.islands.size  # the skipped case is in it
    np.testing.assert_allclose(neighbours.sums(x), matrix @ x, atol=1e-12)


def test_parts_and_parts_among_some():
    neighbours = Neighbours.from_pairs(*LINKS, 6)
    assert list(neighbours.parts()) == [0, 0, 0, 3, 4, 4]
    without_the_middle = neighbours.among([True, False, True, True, True, True])
    assert list(without_the_middle.parts()) == [0, 1, 2, 3, 4, 4]


def test_a_long_chain_is_one_part():
    order = np.random.default_rng(1).permutation(500)
    chain = Neighbours.from_pairs(order[:-1], order[1:], 500)
    assert set(chain.parts()) == {0}


def test_nothing_at_all():
    empty = Neighbours.from_pairs([], [], 0)
    assert len(empty) == 0
    assert empty.sums([]).size == 0
    assert empty.parts().size == 0
    assert Neighbours.from_lists([]).counts.size == 0


@pytest.mark.parametrize("j", [[-1], [3]])
def test_a_neighbour_outside_is_refused(j):
    with pytest.raises(ValueError, match="outside"):
        Neighbours.from_pairs([0], j, 3)


def test_sums_of_the_wrong_length_are_refused():
    with pytest.raises(ValueError, match="6 values"):
        Neighbours.from_pairs(*LINKS, 6).sums([1, 2])


def test_what_is_built_once_is_not_written_over():
    with pytest.raises(ValueError, match="read-only"):
        Neighbours.from_pairs(*LINKS, 6).members[0] = 2
