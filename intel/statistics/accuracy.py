"""Was the map useful afterwards? The yearly self-check."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Accuracy:
    """NaN where a figure is not defined.

    `hit_rate`: share of the later facts that fell where we pointed; `area_share`: share of the
    surface that was; `index`: the first over the second (PAI), 1 for pointing at random;
    `efficiency`: that index over the best one within reach (PEI).
    """

    hit_rate: float
    area_share: float
    index: float
    efficiency: float


def prediction_accuracy(selected, area, later_facts):
    """The `Accuracy` of the units `selected` (a mask), given the facts that came later.

    The three have shape (n,). The efficiency compares with the best choice of as many units, and
    is defined only when all units have the same area. ValueError when an area or a number of
    facts is negative. Source: Chainey, Tompson and Uhlig, Security Journal, 2008; efficiency:
    Hunt, 2016.
    """
    selected = np.asarray(selected, dtype=bool)
    area, facts = np.asarray(area, dtype=float), np.asarray(later_facts, dtype=float)
    if not selected.shape == area.shape == facts.shape:
        raise ValueError("Mask, areas and facts have one entry a unit.")
    if np.any(area < 0) or np.any(facts < 0):
        raise ValueError("An area and a number of facts are 0 or more.")
    hits = facts[selected].sum()
    hit_rate = _over(hits, facts.sum())
    area_share = _over(area[selected].sum(), area.sum())
    return Accuracy(
        hit_rate, area_share, _over(hit_rate, area_share), _efficiency(selected, area, facts, hits)
    )


def _efficiency(selected, area, facts, hits):
    if not selected.any() or not np.allclose(area, area[0], rtol=1e-9, atol=0):
        return np.nan
    best = np.sort(facts)[::-1][: selected.sum()].sum()
    return _over(hits, best)


def _over(part, whole):
    return float(part / whole) if whole > 0 else np.nan
