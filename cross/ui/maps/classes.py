"""Sorting counts into readable classes, their shades and their words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cross.ui.charts import Masked, french_number
from cross.ui.maps.looks import MOST_CLASSES, RAMP

# A count, a figure that must not be told, or None where nothing was computed.
Value = int | Masked | None


def bounds(values: Iterable[Value], *, least: int = 1, most: int = MOST_CLASSES) -> list[int]:
    """Lower bounds of readable classes for counts: [1, 2, 5, 10] for values up to 19.

    Bounds come from 1, 2, 5, 10, 20, 50…, from the smallest value on, and never below `least` (the
    masking threshold, where there is one); thinned to `most` classes. Empty when no value reaches
    `least`.
    """
    shown = [value for value in values if isinstance(value, int) and value >= least]
    if not shown:
        return []
    first = max(least, *round_numbers(min(shown)))
    steps = [first, *(step for step in round_numbers(max(shown)) if step > first)]
    if len(steps) <= most:
        return steps
    return [steps[round(i * (len(steps) - 1) / (most - 1))] for i in range(most)]


def round_numbers(top: int) -> Iterable[int]:
    power = 1
    while power <= top:
        yield from (power * m for m in (1, 2, 5) if power * m <= top)
        power *= 10


def class_of(value: int, lower: Sequence[int]) -> int:
    """0 below the first bound, else the rank (from 1) of the class that holds the value."""
    return sum(value >= bound for bound in lower)


def class_labels(lower: Sequence[int], top: int) -> list[str]:
    """ "1", "2 à 4", "5 à 9", "10 à 34": the last class ends at the largest value."""
    ends = [*(bound - 1 for bound in lower[1:]), top][: len(lower)]  # none when nothing is shown
    return [
        french_number(first)
        if first == last
        else f"{french_number(first)} à {french_number(last)}"
        for first, last in zip(lower, ends, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Shade:
    """One step of the ramp: the class that CSS knows it by, and its colour."""

    name: str
    fill: str


def shades_for(number: int) -> list[Shade]:
    """The ramp spread over fewer classes: the darkest is used from three classes on."""
    picks = {0: [], 1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4], 5: [0, 1, 2, 3, 4]}
    return [Shade(f"map-k{pick + 1}", RAMP[pick]) for pick in picks[number]]
