"""What two masked columns tell of each other when one is never above the other.

Facts are never more than reports. With both totals, an attacker solves both columns at once, and
may be left less than by each of them alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Nested:
    """A masked row: its two counts, `small` ≤ `large`, and the class of each.

    A class is (lowest, highest), what the attacker knows of a count by itself; None: no highest.
    """

    small: int
    large: int
    small_class: tuple[int, int | None]
    large_class: tuple[int, int | None]


class _Columns:
    """The masked rows and their two known sums."""

    def __init__(self, rows):
        self.sums = sum(row.small for row in rows), sum(row.large for row in rows)
        self.bounds = [self._bounds(row) for row in rows]
        self.totals = tuple(map(sum, zip(*self.bounds, strict=True)))

    def _bounds(self, row):
        small_low, small_high = row.small_class
        large_low, large_high = row.large_class
        large_high = self.sums[1] if large_high is None else large_high
        small_high = min(large_high, self.sums[0] if small_high is None else small_high)
        large_low = max(large_low, small_low)
        # What the small count may hold without raising the large one above its lowest.
        return small_low, small_high, large_low, large_high, min(large_low, small_high)

    def others(self, row):
        """The bounds of all the rows but one, summed."""
        return tuple(a - b for a, b in zip(self.totals, self.bounds[row], strict=True))

    def small_may_be(self, row, value):
        low, high, large_low, _, _ = self.bounds[row]
        others_low, others_high, others_large_low, others_large_high, free = self.others(row)
        rest = self.sums[0] - value
        if not (low <= value <= high and others_low <= rest <= others_high):
            return False
        least = max(value, large_low) + others_large_low + max(0, rest - free)
        return least <= self.sums[1] <= self.bounds[row][3] + others_large_high

    def large_may_be(self, row, value):
        low, high, large_low, large_high, _ = self.bounds[row]
        others_low, others_high, others_large_low, others_large_high, free = self.others(row)
        # The row takes as much of the small column as it may: the least is left to the others.
        rest = max(others_low, self.sums[0] - min(high, value))
        if not (large_low <= value <= large_high and rest <= others_high):
            return False
        if self.sums[0] - rest < low:
            return False
        least = others_large_low + max(0, rest - free)
        return least <= self.sums[1] - value <= others_large_high


def leaves_narrow(rows, narrowest):
    """Is some count left a range narrower than `narrowest`, to who knows both sums and classes?"""
    if not rows:
        return False
    columns = _Columns(rows)
    return any(
        _width(may_be, number, count, narrowest) < narrowest
        for number, row in enumerate(rows)
        for may_be, count in (
            (columns.small_may_be, row.small),
            (columns.large_may_be, row.large),
        )
    )


def _width(may_be, row, count, enough):
    """Of the values that fit, which are all those between two: no more than `enough` are asked."""
    width = 0
    for step in (1, -1):
        value = count + step
        while width < enough and may_be(row, value):
            width += 1
            value += step
    return width
