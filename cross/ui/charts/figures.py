"""The figures of a chart and how they are written: counts, rates, and those that are not told."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cross.ui.lettering import clean
from cross.ui.templatetags.words import number as in_french

MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Masked:
    """A figure that must not be told: small count ("< 5") or withheld to protect one ("n.c.")."""

    words: str = "< 5"

    def __str__(self) -> str:
        return self.words


# What a chart may be asked to draw: a count, a rate, or a value that is not told.
Value = int | float | Masked


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart; `note` follows the value, `previous` is the period before."""

    label: str
    value: Value
    previous: Value | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, usually a month; `group` (the year) is written under the first of its kind.

    `is_partial`: more is still to come in, the column is hatched.
    """

    label: str
    value: Value
    previous: Value | None = None
    group: str = ""
    is_partial: bool = False


def french_number(value: Value, *, decimals: int = 0) -> str:
    """12345.6 -> "12 346": narrow no-break spaces, decimal comma, a true minus sign."""
    if isinstance(value, Masked):
        return value.words
    return in_french(value, decimals)


def describe(rows: Iterable[Bar | Column], *, most: int = 12) -> str:
    """The same figures in words, for who does not see the chart: "Épinal : 34 ; Golbey : < 5"."""
    told = [
        f"{clean(row.label)}{_group_words(row)}\u00a0: {shown(row.value)}{_previous_words(row)}"
        f"{' (provisoire)' if isinstance(row, Column) and row.is_partial else ''}"
        for row in rows
    ]
    if not told:
        return "Aucune donnée."
    rest = len(told) - most
    ending = f"\u00a0; et {rest} autre{'s' if rest > 1 else ''}." if rest > 0 else "."
    return "\u00a0; ".join(told[:most]) + ending


def _group_words(row: Bar | Column) -> str:
    return f" {clean(row.group)}" if isinstance(row, Column) and row.group else ""


def _previous_words(row: Bar | Column) -> str:
    return "" if row.previous is None else f" (avant\u00a0: {shown(row.previous)})"


def shown(value: Value) -> str:
    """A value as it is written on the chart; a rate keeps one decimal."""
    whole = isinstance(value, Masked) or float(value).is_integer()
    return french_number(value, decimals=0 if whole else 1)


def check_figures(rows: Iterable[Bar | Column]) -> None:
    """Counts and rates only: a negative or infinite figure is a fault of the caller."""
    for row in rows:
        for value in (row.value, row.previous):
            if value is None or isinstance(value, Masked):
                continue
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"cannot draw {value!r} for {row.label!r}")


def largest(rows: Iterable[Bar | Column]) -> float:
    told = [
        value
        for row in rows
        for value in (row.value, row.previous)
        if value is not None and not isinstance(value, Masked)
    ]
    return float(max(told, default=0))


def has_masked(rows: Iterable[Bar | Column]) -> bool:
    return any(isinstance(value, Masked) for row in rows for value in (row.value, row.previous))


def scale(top: float) -> list[float]:
    """Round graduations from 0 up to at least the largest value: 0, 10, 20, 30."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / MOST_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    # counts have no half: below one, the step would repeat the same whole number
    step = max(step, 1.0) if top >= 1 else step
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]
