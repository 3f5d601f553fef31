"""Masking of small counts, with secondary suppression, for readers who may open no report.

Threshold k = 5 is the CNIL's practice for small tables; secondary suppression is INSEE's *secret
secondaire*. Whoever reads a masked table is taken for an attacker who knows the total, the exact
cells, the threshold, and why each cell is masked, but not in which order they were: he must be
left a range for each of them. What is shown says less: one word, "moins de 5 ou non
communicable", whatever the cause.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations
from typing import NamedTuple

from intel.statistics.nested_ranges import Nested, leaves_narrow


class Status(StrEnum):
    """Why a count is masked, or that it is not."""

    EXACT = "exact"
    SECONDARY = "secondary"  # the others would give a masked one back
    PRIMARY = "primary"  # below the threshold
    # For another cause than its count: one origin gives nearly all of it, or its parts cannot be
    # hidden otherwise.
    WITHHELD = "withheld"


EXACT, SECONDARY, PRIMARY, WITHHELD = Status
THRESHOLD = 5
NARROWEST = 3
DOMINANCE = 0.85


@dataclass(frozen=True)
class Masking:
    """`status` per child, whether the total may be shown, and what an attacker can still infer.

    `ranges` gives (lowest, highest) per masked child to somebody who knows the total, the exact
    children and why each is masked; None when the total is masked too.
    """

    status: dict[str, Status]
    total_shown: bool
    ranges: dict[str, tuple[int, int]] | None


def mask(
    children: Mapping[str, int],
    *,
    withheld: Collection[str] = (),
    threshold=THRESHOLD,
    narrowest=NARROWEST,
) -> Masking:
    """Decide which counts of a table may be shown beside their total.

    `children`: code to count, zeros included, whose sum is the total. A child below the threshold
    is masked, zero included, and so are those `withheld` for another cause. While the masked set
    has one member, sums below the threshold, or leaves some member a feasible range narrower than
    `narrowest`, the smallest exact child is masked too (ties: smallest code); when none is left,
    so is the total. A total below the threshold masks all.
    """
    total = sum(children.values())
    if total < threshold:
        return Masking(dict.fromkeys(children, PRIMARY), False, None)
    status = {
        code: PRIMARY if n < threshold else WITHHELD if code in withheld else EXACT
        for code, n in children.items()
    }
    # Smallest exact child last: it is taken first.
    exact = sorted(
        (code for code in children if status[code] == EXACT),
        key=lambda code: (children[code], code),
        reverse=True,
    )
    while True:
        masked = [code for code in children if status[code] != EXACT]
        if not masked:
            return Masking(status, True, None)
        ranges = feasible_ranges(children, status, threshold)
        is_wide = all(high - low >= narrowest for low, high in ranges.values())
        if len(masked) > 1 and sum(children[code] for code in masked) >= threshold and is_wide:
            return Masking(status, True, ranges)
        if not exact:
            return Masking(status, False, None)
        status[exact.pop()] = SECONDARY


def feasible_ranges(children, status, threshold=THRESHOLD):
    """(lowest, highest) of each masked child, by their sum and the bounds of its class."""
    masked = [code for code in children if status[code] != EXACT]
    to_share = sum(children[code] for code in masked)
    floor = {code: 0 if status[code] == PRIMARY else threshold for code in masked}
    ceiling = {code: threshold - 1 if status[code] == PRIMARY else to_share for code in masked}
    all_floors, all_ceilings = sum(floor.values()), sum(ceiling.values())
    return {
        code: (
            max(floor[code], to_share - (all_ceilings - ceiling[code])),
            min(ceiling[code], to_share - (all_floors - floor[code])),
        )
        for code in masked
    }


class Together(NamedTuple):
    """Of several columns at once: the `status` of each code, the strictest of the columns, and
    whether their totals may be shown, all of them or none."""

    status: dict[str, Status]
    total_shown: bool


def mask_together(
    columns: Sequence[Mapping[str, int]],
    *,
    withheld: Collection[str] = (),
    threshold=THRESHOLD,
    narrowest=NARROWEST,
) -> Together:
    """One set of masked codes that is safe for several columns of the same rows at once.

    `columns`: code-to-count mappings over the same codes (facts, reports). A count shown beside a
    masked one would narrow it, so a code masked in one column is masked in all; what that masks in
    a column must then be safe there too. Where one column is nowhere above another, as facts are
    never more than reports, the attacker is taken to know it.
    """
    hidden, total_shown = _hidden_together(
        columns, set(withheld) & columns[0].keys(), threshold, narrowest
    )
    small = {code for column in columns for code, count in column.items() if count < threshold}
    status = dict.fromkeys(columns[0], EXACT) | dict.fromkeys(hidden, SECONDARY)
    status |= dict.fromkeys(hidden & set(withheld), WITHHELD)
    return Together(status | dict.fromkeys(hidden & small, PRIMARY), total_shown)


def _hidden_together(columns, hidden, threshold, narrowest):
    while True:
        decisions = [
            mask(column, withheld=hidden, threshold=threshold, narrowest=narrowest)
            for column in columns
        ]
        total_shown = all(decision.total_shown for decision in decisions)
        more = {code for one in decisions for code in one.status if one.status[code] != EXACT}
        if more <= hidden:
            if not total_shown or not _leaks(columns, hidden, threshold, narrowest):
                return hidden, total_shown
            exact = columns[0].keys() - hidden
            if not exact:
                return hidden, False
            more = {min(exact, key=lambda code: (_size(columns, code), code))}
        hidden |= more


def _size(columns, code):
    return sum(column[code] for column in columns)


def _leaks(columns, masked, threshold, narrowest):
    """Is a masked count of two columns, one nowhere above the other, left too narrow a range?"""
    return any(
        leaves_narrow(
            [
                Nested(
                    low[code],
                    high[code],
                    _class(low[code], threshold),
                    _class(high[code], threshold),
                )
                for code in masked
            ],
            narrowest,
        )
        for low, high in permutations(columns, 2)
        if all(low[code] <= high[code] for code in low)
    )


def _class(count, threshold):
    """(lowest, highest) of a masked count before the total is looked at; None: no highest."""
    return (0, threshold - 1) if count < threshold else (threshold, None)


def dominated(reports: Mapping[str, int], largest: Mapping[str, int], *, dominance=DOMINANCE):
    """The codes where one origin gives more than `dominance` of the reports: to be withheld.

    `reports`: code to number of reports; `largest`: code to those of its largest origin. Whoever
    is that origin would read the others' part. Source: the 85 % rule of INSEE for enterprises.
    """
    return {code for code, count in reports.items() if largest.get(code, 0) > dominance * count}
