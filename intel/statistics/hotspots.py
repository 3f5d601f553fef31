"""Foyers: communes that hold, with their neighbours, more facts than population and chance give.

The usual recipe (Gi*, normal p-values) announces a false one in 30 to 100 % of runs on a
department where nothing happens, and its usual repair (999 permutations) finds none of the true
ones: counts are rare, and communes differ more than chance. A negative binomial holds both.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from intel.statistics import negative_binomial
from intel.statistics.false_discovery import false_discovery_rate

# Under these a large foyer hides itself, for it makes the usual differences look large.
LEAST_UNITS, LEAST_FACTS = 100, 30


class HotSpotLabel(StrEnum):
    FOYER = "foyer"
    WATCHED = "foyer_a_surveiller"
    NONE = ""
    NOT_TESTED = "non_calcule"


class NotTested(StrEnum):
    """Why no foyer is looked for."""

    TOO_FEW_UNITS = "territoires_trop_peu_nombreux"
    TOO_FEW_FACTS = "faits_trop_peu_nombreux"


@dataclass(frozen=True, eq=False)
class HotSpots:
    """`dispersion`, of the differences between units, and one entry a unit.

    `count`, `expected` and `variance` are those of the unit and its neighbours together; `p` the
    chance of as many facts or more, `q` adjusted for all the units tested. All are NaN where the
    population is unknown.
    """

    dispersion: float
    count: np.ndarray
    expected: np.ndarray
    variance: np.ndarray
    p: np.ndarray
    q: np.ndarray


def hot_spots(counts, population, neighbours, *, dispersion=None):
    """Test each unit with its neighbours, as `HotSpots`.

    `counts` (whole numbers) and `population` have shape (n,), `neighbours` is a `Neighbours` of n
    units. The facts C are expected by population, e = C·b/Σb. Counts vary around them with
    variance e + a·e², a being estimated (or given as `dispersion`); for a unit and its neighbours,
    of count K: mean E = Σe, variance V = E + a·Σe², p = P(X ≥ K). Assumes that units differ
    independently of each other where there is no foyer.

    A unit of unknown population (NaN) is left out, with its count. One of no inhabitant keeps its
    count and expects none; p is NaN when nothing is expected around and something was counted.
    Without any fact: p = 1 and the dispersion is NaN. Calibrated on the 506 communes of the
    Vosges: see `tests/statistics/test_calibration.py`. Negative binomial: Lawless, 1987; adjusted
    p: Benjamini and Hochberg, 1995.
    """
    counts, population = np.asarray(counts, float), np.asarray(population, float)
    known = ~np.isnan(population)
    counts, population = np.where(known, counts, 0), np.where(known, population, 0)
    inhabitants = population.sum()
    expected = counts.sum() * population / inhabitants if inhabitants else np.zeros(counts.size)
    if dispersion is None:
        dispersion = negative_binomial.dispersion(counts, expected)

    def around(values):
        return np.where(known, values + neighbours.sums(values), np.nan)

    count, mean = around(counts), around(expected)
    variance = mean + np.nan_to_num(dispersion) * around(expected**2)
    p = negative_binomial.tail(count, np.where((mean > 0) | (count == 0), mean, np.nan), variance)
    return HotSpots(dispersion, count, mean, variance, p, false_discovery_rate(p))


def reason_not_tested(
    counts, population, *, least_units=LEAST_UNITS, least_facts=LEAST_FACTS
) -> NotTested | None:
    """Why foyers are not to be looked for among these units; None when they may be."""
    known = ~np.isnan(np.asarray(population, float))
    if known.sum() < least_units:
        return NotTested.TOO_FEW_UNITS
    if np.nansum(np.where(known, counts, 0)) < least_facts:
        return NotTested.TOO_FEW_FACTS
    return None


def hot_spot_labels(found: HotSpots, *, most_q=0.05, least_count=3, watched_q=0.20):
    """One `HotSpotLabel` a unit, as an array of text: a foyer, to be watched, or nothing."""
    # False for NaN.
    is_hot = (found.q <= most_q) & (found.count >= least_count)
    return np.select(
        [np.isnan(found.q), is_hot, found.q <= watched_q],
        [HotSpotLabel.NOT_TESTED.value, HotSpotLabel.FOYER.value, HotSpotLabel.WATCHED.value],
        default=HotSpotLabel.NONE.value,
    )


def hot_spot_zones(is_hot, counts, neighbours):
    """The zone of each unit, shape (n,): the unit it is named after, -1 outside of all.

    A foyer is drawn as a unit and its neighbours, and what overlaps or touches is one zone, named
    after its largest count (the smallest number among equals). `is_hot` and `counts` have shape
    (n,). A member without a fact is at the edge of the foyer, not in it.
    """
    is_hot, counts = np.asarray(is_hot, bool), np.nan_to_num(np.asarray(counts, float))
    is_member = is_hot | (neighbours.sums(is_hot) > 0)
    part = np.where(is_member, neighbours.among(is_member).parts(), -1)
    found = np.full(part.size, -1)
    # The last one written is the largest count of its part, and the smallest number among equals.
    order = np.lexsort((-np.arange(part.size), counts))
    order = order[is_member[order]]
    name = np.full(part.size, -1)
    name[part[order]] = order
    found[is_member] = name[part[is_member]]
    return found
