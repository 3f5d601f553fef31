"""What a case is, and how the numbers found are compared with the expected ones."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

# What describes a case and is neither given to a function nor expected of it.
NOTES = frozenset(
    (
        "name",
        "definition",
        "source",
        "note",
        "notes",
        "comment",
        "title",
        "description",
        "dataset",
        "url",
    )
)
TOLERANCES = frozenset({"tolerance", "tol", "tolerance_abs", "tolerance_rel"})
# A published list is often cut: its first numbers, its largest one and where that stands.
SUMMARIES: dict[str, Callable] = {
    "max": np.nanmax,
    "min": np.nanmin,
    "argmax0": np.nanargmax,
    "argmin0": np.nanargmin,
}
EXCERPT = re.compile(rf"(?P<name>.+)_(?:first(?P<count>\d+)|(?P<summary>{'|'.join(SUMMARIES)}))")
# When a file states none: numbers computed twice in double precision differ by less.
DEFAULT_TOLERANCE = 1e-9


class Malformed(Exception):
    """The file or the case cannot be read; the text says what is wrong."""


@dataclass(frozen=True)
class Tolerance:
    """`absolute` and `relative` to the expected number; the wider of the two holds."""

    absolute: float = 0.0
    relative: float = 0.0

    def accepts(self, found, expected):
        return math.isclose(
            found, expected, rel_tol=0.0, abs_tol=max(self.absolute, self.relative * abs(expected))
        )


@dataclass(frozen=True)
class Either:
    """A value that the definition leaves open: one of `readings` is to be found."""

    readings: tuple


@dataclass(frozen=True)
class Case:
    """`compute` gives the values found, under the names of `expected`."""

    name: str
    expected: Mapping[str, Any]
    compute: Callable[[], Mapping[str, Any]]
    tolerance: Tolerance = Tolerance(DEFAULT_TOLERANCE, DEFAULT_TOLERANCE)
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)  # by name, where it differs


def listed(values, *, inputs: Iterable[str], tolerances=None):
    """The reader of a file whose `cases` each hold what is given and what is expected.

    `values(case)` gives the values found. Whatever stands in the file beside the cases is given to
    each of them unless it says otherwise itself. What is expected is `expected` if the case has
    it, and otherwise all that is neither in `inputs`, nor a note, nor a tolerance.
    """
    inputs = frozenset(inputs)

    def read(file: Mapping[str, Any]) -> Iterator[Case]:
        shared = {key: value for key, value in file.items() if key != "cases"}
        for number, own in enumerate(cases_of(file, "cases"), 1):
            case = shared | own
            yield Case(
                name=str(own.get("name", f"case {number}")),
                expected=expected_of(own, inputs),
                compute=partial(values, case),
                tolerance=tolerance_of(case),
                tolerances=tolerances(case) if tolerances else {},
            )

    return read


def cases_of(file, key):
    """The list of cases of a file, each a mapping."""
    cases = file.get(key)
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise Malformed(f"“{key}” is not a list of cases")
    return cases


def expected_of(case, inputs):
    if isinstance(case.get("expected"), dict):
        return case["expected"]
    beside = inputs | NOTES | TOLERANCES
    return {key: value for key, value in case.items() if key not in beside}


def tolerance_of(case):
    """The tolerance a case or its file states: a number, absolute or relative."""
    relative = number_or_none(case.get("tolerance_rel"))
    absolute = next(
        (
            number
            for key in ("tolerance", "tol", "tolerance_abs")
            if (number := number_or_none(case.get(key))) is not None
        ),
        None,
    )
    if absolute is None and relative is None:
        return Tolerance(DEFAULT_TOLERANCE, DEFAULT_TOLERANCE)
    # Beyond 1 an absolute tolerance of 1e-9 asks for more digits than were written down.
    return Tolerance(absolute or 0.0, max(absolute or 0.0, relative or 0.0))


def number_or_none(value):
    return float(value) if isinstance(value, int | float) else None


def differences(case: Case, found: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each value that is not as expected; none when the case holds."""
    if not case.expected:
        yield "nothing is expected: the case checks nothing"
    for name, expected in case.expected.items():
        tolerance = case.tolerances.get(name, case.tolerance)
        try:
            value = picked(found, name)
        except KeyError:
            yield f"“{name}” is not a value we know"
            continue
        difference = difference_between(value, expected, tolerance)
        if difference:
            yield f"{name}{difference}"


def picked(found, name):
    """A value by its name, or the excerpt of one: `z_first5`, `z_max`, `z_argmax0`."""
    if name in found:
        return found[name]
    excerpt = EXCERPT.fullmatch(name)
    if excerpt is None:
        raise KeyError(name)
    values = np.asarray(found[excerpt["name"]], dtype=float)
    if excerpt["count"]:
        return values[: int(excerpt["count"])]
    return SUMMARIES[excerpt["summary"]](values)


def difference_between(found, expected, tolerance):
    """Where and how `found` differs from `expected`, as the end of a sentence; or nothing."""
    if isinstance(found, Either):
        differs = [difference_between(each, expected, tolerance) for each in found.readings]
        return "" if "" in differs else differs[0]
    if isinstance(found, np.ndarray | np.generic):
        found = found.tolist()
    if isinstance(expected, dict):
        return difference_of_mappings(found, expected, tolerance)
    if isinstance(expected, list):
        return difference_of_lists(found, expected, tolerance)
    if is_undefined(found) or is_undefined(expected):
        same = is_undefined(found) and is_undefined(expected)
    elif isinstance(expected, bool | str) or isinstance(found, bool | str):
        same = found == expected
    elif isinstance(found, int | float) and isinstance(expected, int | float):
        same = tolerance.accepts(found, expected)
    else:
        same = False
    return "" if same else f": {shown(found)} found, {shown(expected)} expected"


def difference_of_lists(found, expected, tolerance):
    if not isinstance(found, list | tuple):
        return f": {shown(found)} found, a list expected"
    if len(found) != len(expected):
        return f": {len(found)} values found, {len(expected)} expected"
    for position, (one, other) in enumerate(zip(found, expected, strict=True)):
        difference = difference_between(one, other, tolerance)
        if difference:
            return f"[{position}]{difference}"
    return ""


def difference_of_mappings(found, expected, tolerance):
    if not isinstance(found, Mapping):
        return f": {shown(found)} found, a mapping expected"
    if set(found) != set(expected):
        odd = min(set(found) ^ set(expected), key=str)
        return f": “{odd}” is " + ("missing" if odd in expected else "not expected")
    for key, value in expected.items():
        difference = difference_between(found[key], value, tolerance)
        if difference:
            return f"[{key}]{difference}"
    return ""


def is_undefined(value):
    """None and NaN both say: not defined."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def shown(value):
    return "nothing" if is_undefined(value) else repr(value)


def numbers(values):
    """A flat list of numbers as floats, null as NaN."""
    return np.array([math.nan if value is None else value for value in values], dtype=float)
