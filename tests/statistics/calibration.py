"""What the statistics say of departments whose truth is known, drawn on real communes.

Shared by `test_calibration.py`, which sets the limits, and `./run bench statistics`, which prints
the rates. Run number s is drawn by the generator of seed s: the rates are the same everywhere.
"""

from dataclasses import dataclass

import numpy as np

from intel.statistics import (
    EffortStatus,
    HotSpotLabel,
    Tier,
    compare_counts,
    effort_status,
    exposure_with_effort,
    hot_spot_labels,
    hot_spots,
    weigh,
)
from tests.statistics.ground import ground

RUNS = 100
FACTS = 200  # a year of a small cell


def vosges():
    return ground("88")


# --- Foyers --------------------------------------------------------------------------------------


def foyers(counts):
    """Which communes are said to be a foyer, as a mask."""
    land = vosges()
    found = hot_spots(counts, land.population, land.neighbours)
    return hot_spot_labels(found) == HotSpotLabel.FOYER


def usual(draw, facts=FACTS, shape=None):
    """Facts by population alone; with `shape`, communes differ by a gamma law, each by itself."""
    land = vosges()
    risk = 1.0 if shape is None else draw.gamma(shape, 1 / shape, land.population.size)
    return land.facts(draw, facts, risk)


def clustered(draw, facts=FACTS, times=4):
    """The same around one small town, whose risk and that of its neighbours is `times` higher."""
    land = vosges()
    towns = np.flatnonzero((land.population >= 1500) & (land.population <= 4000))
    town = draw.choice(towns)
    inside = np.zeros(land.population.size, bool)
    inside[[town, *land.neighbours.of(town)]] = True
    return land.facts(draw, facts, np.where(inside, times, 1)), inside


def false_alarms(runs=RUNS, **options):
    """Of that many departments without a foyer, how many are said to have one."""
    drawn = (usual(np.random.default_rng(seed), **options) for seed in range(runs))
    return sum(bool(foyers(counts).any()) for counts in drawn)


def clusters_found(runs=RUNS, **options):
    """Of that many clusters, in how many a commune is said to be a foyer."""
    drawn = (clustered(np.random.default_rng(seed), **options) for seed in range(runs))
    return sum(bool(foyers(counts)[inside].any()) for counts, inside in drawn)


# --- Copies --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reports:
    """One value a report; `commune` has one value a fact."""

    fact: np.ndarray
    origin: np.ndarray
    service: np.ndarray
    reliability: np.ndarray
    credibility: np.ndarray
    day: np.ndarray
    is_tip: np.ndarray
    commune: np.ndarray

    def copied(self, draw, times=3):
        """Each report repeated by that many services, as the same origin and in any order."""
        order = draw.permutation(np.tile(np.arange(self.fact.size), times + 1))
        copies = {name: value[order] for name, value in vars(self).items() if name != "commune"}
        services = np.array([f"service {draw.integers(12)}" for _ in order])
        return Reports(**copies | {"service": services, "commune": self.commune})


def reports(draw, facts=FACTS, a_fact=2):
    """About `a_fact` reports for each of about `facts` facts, in communes by their population."""
    land = vosges()
    commune = np.repeat(np.arange(land.population.size), usual(draw, facts))
    fact = np.repeat(np.arange(commune.size), 1 + draw.poisson(a_fact - 1, commune.size))
    n = fact.size
    return Reports(
        fact=fact,
        origin=draw.integers(0, n, n),
        service=np.array([f"service {number}" for number in draw.integers(0, 8, n)]),
        reliability=draw.choice(list("ABCDEF"), n),
        credibility=draw.integers(1, 7, n),
        day=draw.integers(0, 365, n),
        is_tip=draw.random(n) < 0.3,
        commune=commune,
    )


def weighed(told):
    return weigh(
        fact=told.fact,
        origin=told.origin,
        service=told.service,
        reliability=told.reliability,
        credibility=told.credibility,
        day=told.day,
        is_tip=told.is_tip,
        facts=told.commune.size,
    )


def said_of(told):
    """All that a summary says of these reports: counts, tiers, weights, foyers."""
    found = weighed(told)
    counted = (found.tier != Tier.SET_ASIDE) & (found.services > 0)
    counts = np.bincount(told.commune[counted], minlength=vosges().population.size)
    return {
        "counts": counts,
        "tier": found.tier,
        "weight": found.weight,
        "origins": found.origins,
        "foyers": foyers(counts),
    }


# --- Patrols -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Surge:
    """Shares of the territories: announced as rising, and of those, what the effort says."""

    rising: float
    concomitant: float
    independent: float


def surge(*, a_month=10.0, by_patrols=0.6, effort=2.5, truth=1.0, territories=400, seed=0):
    """A month of `effort` times the patrols after twelve usual ones, in that many territories.

    `by_patrols`: the share of facts that patrols find, which grows with them; the others come by
    themselves. `truth`: how many times more facts there really are.
    """
    draw = np.random.default_rng(seed)
    found_before = draw.poisson(12 * a_month * by_patrols, territories)
    told_before = draw.poisson(12 * a_month * (1 - by_patrols), territories)
    found = draw.poisson(truth * effort * a_month * by_patrols, territories)
    told = draw.poisson(truth * a_month * (1 - by_patrols), territories)
    plain = compare_counts(found + told, 1, found_before + told_before, 12)
    adjusted = compare_counts(
        found + told, exposure_with_effort(1, effort), found_before + told_before, 12
    )
    status = effort_status(compare_counts(told, 1, told_before, 12), adjusted, effort)
    rising = (plain.p <= 0.05) & (plain.ratio >= 1.25)
    return Surge(
        rising=float(rising.mean()),
        concomitant=float((status[rising] == EffortStatus.CONCOMITANT).mean()),
        independent=float((status[rising] == EffortStatus.INDEPENDENT).mean()),
    )
