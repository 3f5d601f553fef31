"""Masking of small counts, with secondary suppression, for readers who may open no report.

Threshold k = 5 is the CNIL's practice for small tables; secondary suppression is INSEE's *secret
secondaire*. The rule, and the cases that hold it, stand in `tests/intel/oracles/secret.json`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

EXACT, PRIMARY, SECONDARY = "exact", "primary", "secondary"
STRICTNESS = (EXACT, SECONDARY, PRIMARY)
THRESHOLD = 5
NARROWEST = 3


@dataclass(frozen=True)
class Masking:
    """`status` per child, whether the total may be shown, and what an attacker can still infer.

    `ranges` gives (lowest, highest) per masked child to somebody who knows the total, the exact
    children and this rule; None when the total is masked too.
    """

    status: dict[str, str]
    total_shown: bool
    ranges: dict[str, tuple[int, int]] | None


def mask(children: Mapping[str, int], *, threshold=THRESHOLD, narrowest=NARROWEST) -> Masking:
    """Decide which counts of a table may be shown beside their total.

    `children`: code to count, zeros included, whose sum is the total. A child below the threshold
    is masked, zero included. While the masked set has one member, sums below the threshold, or
    leaves some member a feasible range narrower than `narrowest`, the smallest exact child is
    masked too (ties: smallest code); when none is left, so is the total. A total below the
    threshold masks all.
    """
    total = sum(children.values())
    status = {code: EXACT if n >= threshold else PRIMARY for code, n in children.items()}
    if total < threshold:
        return Masking(dict.fromkeys(children, PRIMARY), False, None)
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


def mask_together(columns, **options):
    """One set of masked codes that is safe for several columns of the same rows at once.

    `columns`: a list of code-to-count mappings over the same codes (reports, facts). A count shown
    beside a masked one would narrow it, so a code masked in one column is masked in all.
    """
    decisions = [mask(column, **options) for column in columns]
    status = {
        code: max((decision.status[code] for decision in decisions), key=STRICTNESS.index)
        for code in columns[0]
    }
    return status, all(decision.total_shown for decision in decisions)
