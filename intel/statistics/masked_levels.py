"""Masking of a table with levels: a department, its EPCI, their communes.

A level is a table of its own whose total stands in the level above. Publish one breakdown into
communes only: two that overlap (EPCI and arrondissements) undo each other's masks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from intel.statistics.masking import EXACT, NARROWEST, PRIMARY, THRESHOLD, WITHHELD, Status, mask


@dataclass(frozen=True)
class MaskedLevels:
    """`status` of each code of all levels, and the `counts` of those that may be shown."""

    status: dict[str, Status]
    counts: dict[str, int]


def mask_levels(
    leaves: Mapping[str, int],
    parents: Mapping[str, str],
    *,
    withheld: Collection[str] = (),
    threshold=THRESHOLD,
    narrowest=NARROWEST,
) -> MaskedLevels:
    """Decide which counts of all levels may be shown together.

    `leaves`: the counts of the lowest level, zeros included; what is known at a higher level only
    is a leaf of its own there. `parents`: the code above each code, one code having none.
    `withheld`: codes masked for another cause. Each level is masked beside its total by
    `masking.mask`; a total that its own parts do not allow is masked in the level above; under a
    masked code everything is. ValueError when the codes do not make one tree.
    """
    children, top = _tree(leaves, parents)
    counts = _summed(top, children, leaves)

    def table(code):
        return {child: counts[child] for child in children[code]}

    def decide(code):
        return mask(table(code), withheld=hidden, threshold=threshold, narrowest=narrowest)

    # From the bottom: which totals their own parts do not allow to be shown.
    hidden = set(withheld)
    for code in reversed(_downwards(top, children)):
        if children[code] and not decide(code).total_shown:
            hidden.add(code)
    # From the top: what is masked, and all that is under it.
    is_small = counts[top] < threshold
    status = {top: PRIMARY if is_small else WITHHELD if top in hidden else EXACT}
    for code in _downwards(top, children):
        if not children[code]:
            continue
        if status[code] == EXACT:
            status |= decide(code).status
        else:
            status |= dict.fromkeys(children[code], WITHHELD)
    shown = {code: count for code, count in counts.items() if status[code] == EXACT}
    return MaskedLevels(status, shown)


def _tree(leaves, parents):
    children: dict[str, list[str]] = {code: [] for code in {*leaves, *parents, *parents.values()}}
    for code, above in parents.items():
        children[above].append(code)
    tops = children.keys() - parents.keys()
    if len(tops) != 1:
        raise ValueError("One code, and one only, has nothing above it.")
    if {code for code in children if not children[code]} != leaves.keys():
        raise ValueError("Each code without parts, and no other, has a count.")
    top = tops.pop()
    if len(_downwards(top, children)) != len(children):
        raise ValueError("A code stands above itself.")
    return children, top


def _downwards(top, children):
    """All codes, each before its parts."""
    codes = [top]
    for code in codes:
        codes.extend(children[code])
    return codes


def _summed(top, children, leaves):
    counts = dict(leaves)
    for code in reversed(_downwards(top, children)):
        if children[code]:
            counts[code] = sum(counts[child] for child in children[code])
    return counts
