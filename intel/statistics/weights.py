"""How much a fact is supported: counted by origins, never by carriers.

The weight exists inside a summary only, to order a list: no test uses it, no report carries it.
What is shown is the tier. Multiplying the two gradings would count one opinion twice (Baker et
al. 1968: 87 % of gradings on the diagonal), and one source repeated would become a certainty.
Hence a mean of the two gradings, and the best report of each origin. The values are a proposal of
ours, close to the numeric taxonomy of MISP: what is unknown (F, 6) is in the middle, not at the
bottom.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

# Days after which a fact not seen again weighs half, by kind.
HALF_LIVES = {"point": 90, "mode": 120, "stock": 180, "person": 60}
# A sum of decimal shares may miss its threshold by a rounding.
ROUNDING = 1e-9


class Tier(StrEnum):
    """How surely a fact is known."""

    CORROBORATED = "recoupe"
    PROBABLE = "probable"
    TO_CONFIRM = "a_confirmer"
    SET_ASIDE = "ecarte"


@dataclass(frozen=True)
class Scale:
    """What the gradings are worth, and the thresholds of the tiers."""

    reliability: Mapping[str, float] = field(
        default_factory=lambda: {"A": 0.95, "B": 0.80, "C": 0.60, "D": 0.35, "E": 0.10, "F": 0.45}
    )
    credibility: Mapping[int, float] = field(
        default_factory=lambda: {1: 0.95, 2: 0.80, 3: 0.55, 4: 0.30, 5: 0.10, 6: 0.45}
    )
    share_of_reliability: float = 0.4
    most_of_a_tip: float = 0.45
    most_of_tips_alone: float = 0.60
    most_of_a_fact: float = 0.98
    least_corroborated: float = 0.50
    least_probable: float = 0.65


@dataclass(frozen=True, eq=False)
class Weighed:
    """One value a fact. `origins`, `services`, `reports`: distinct ones among the valid reports.

    The public is no service: 0 services and an origin is a fact that tips alone tell, which is
    left out of the search for foyers. `last_day` is that of the latest valid report, NaN without
    one. A fact that is set aside has weight 0 and neither origin nor service.
    """

    weight: np.ndarray
    tier: np.ndarray
    origins: np.ndarray
    services: np.ndarray
    reports: np.ndarray
    last_day: np.ndarray


def weigh(
    *,
    fact,
    origin,
    service,
    reliability,
    credibility,
    day,
    is_tip,
    is_valid=None,
    is_disproved=None,
    facts,
    scale=None,
):
    """Weigh `facts` facts, numbered from 0, by their reports.

    One value a report: `fact`, its number; `origin` and `service`, numbers or texts (see `roots`
    for reports that repeat others); `reliability`, A to F; `credibility`, 1 to 6, where 1 is taken
    as 2, for it already means corroborated; `day`, a number; `is_tip`, brought by the public;
    `is_valid`, false once withdrawn. One value a fact: `is_disproved`. KeyError on an unknown
    grade.
    """
    scale = scale or Scale()
    fact, day = np.asarray(fact, np.int64), np.asarray(day, float)
    is_tip = np.asarray(is_tip, bool)
    kept = np.ones(fact.size, bool) if is_valid is None else np.asarray(is_valid, bool)
    is_disproved = (
        np.zeros(facts, bool) if is_disproved is None else np.asarray(is_disproved, bool)
    )
    support = _support(reliability, credibility, is_tip, scale)

    fact, day, is_tip, support = fact[kept], day[kept], is_tip[kept], support[kept]
    reports = np.bincount(fact, minlength=facts)
    is_set_aside = is_disproved | (reports == 0)
    last_day = np.full(facts, -np.inf)
    np.maximum.at(last_day, fact, day)

    fact_of_origin, best = _best_of_each(fact, np.asarray(origin)[kept], support)
    origins = np.bincount(fact_of_origin, minlength=facts)
    doubt, strongest = np.ones(facts), np.zeros(facts)
    np.multiply.at(doubt, fact_of_origin, 1 - best)
    np.maximum.at(strongest, fact_of_origin, best)

    official = ~is_tip
    services = np.bincount(
        _best_of_each(fact[official], np.asarray(service)[kept][official], support[official])[0],
        minlength=facts,
    )
    tips_alone = np.bincount(fact[official], minlength=facts) == 0
    most = np.where(
        tips_alone, min(scale.most_of_tips_alone, scale.most_of_a_fact), scale.most_of_a_fact
    )
    weight = np.minimum(1 - doubt, most)

    return Weighed(
        weight=np.where(is_set_aside, 0.0, weight),
        tier=_tiers(is_set_aside, origins, services, strongest, scale),
        origins=np.where(is_set_aside, 0, origins),
        services=np.where(is_set_aside, 0, services),
        reports=reports,
        last_day=np.where(np.isfinite(last_day), last_day, np.nan),
    )


def _tiers(is_set_aside, origins, services, strongest, scale):
    corroborated = (origins >= 2) & (services >= 1)
    corroborated &= strongest >= scale.least_corroborated - ROUNDING
    probable = strongest >= scale.least_probable - ROUNDING
    return np.select(
        [is_set_aside, corroborated, probable],
        [Tier.SET_ASIDE.value, Tier.CORROBORATED.value, Tier.PROBABLE.value],
        Tier.TO_CONFIRM.value,
    )


def _support(reliability, credibility, is_tip, scale):
    """What each report is worth by itself."""
    credibility = np.asarray(credibility)
    credibility = np.where(credibility == 1, 2, credibility)
    worth = scale.share_of_reliability * _valued(reliability, scale.reliability)
    worth = worth + (1 - scale.share_of_reliability) * _valued(credibility, scale.credibility)
    return np.where(is_tip, np.minimum(worth, scale.most_of_a_tip), worth)


def _valued(grades, values):
    distinct, which = np.unique(np.asarray(grades), return_inverse=True)
    return np.array([values[grade] for grade in distinct.tolist()], float)[which]


def _best_of_each(fact, key, support):
    """Facts and best support of the distinct pairs (fact, key)."""
    distinct, which = np.unique(key, return_inverse=True)
    pairs, pair = np.unique(fact * max(distinct.size, 1) + which, return_inverse=True)
    best = np.zeros(pairs.size)
    np.maximum.at(best, pair, support)
    return pairs // max(distinct.size, 1), best


def roots(repeats):
    """For each report, the number of the first one that it repeats, itself when it repeats none.

    `repeats`, shape (n,): the report that each one cites, -1 for none. Reports that cite each
    other in a circle have one root, the smallest number among them.
    """
    repeats = np.asarray(repeats, np.int64)
    itself = np.arange(repeats.size)
    ahead = np.where(repeats < 0, itself, repeats)
    smallest = np.minimum(itself, ahead)
    for _ in range(max(1, repeats.size.bit_length())):
        smallest = np.minimum(smallest, smallest[ahead])
        ahead = ahead[ahead]
    # `ahead` now stands on a root, or somewhere on a circle that `smallest` has gone round.
    return smallest[ahead]


def decayed(weight, last_day, reference_day, half_life):
    """What is left of a weight at the end of a period: half of it every `half_life` days.

    For the stock ("menace active à la date") and never for what is new in a period: a decayed
    flow would seem to rise. Days and weights are broadcast together; a day after the reference
    counts as the reference. 0 where the weight is 0.
    """
    age = np.maximum(np.asarray(reference_day, float) - last_day, 0)
    weight = np.asarray(weight, float)
    return np.where(weight == 0, 0.0, weight * 0.5 ** (age / half_life))[()]
