"""Foyers over time: what kind of history a territory has; and territories that come up anew.

Categories after those of emerging hot spot analysis (ESRI), fed by our own hot spot rule: fed by
Gi* on rare counts, they see two new places a run where nothing changes.
"""

from enum import StrEnum

import numpy as np

# A territory that is in a foyer this often has one that lasts.
LASTING_SHARE = 0.9
# With fewer periods no trend and no alternation can be told.
FEW_PERIODS = 8


class History(StrEnum):
    NONE = "aucun"
    NEW = "nouveau"
    CONSECUTIVE = "consecutif"
    INTENSIFYING = "intensification"
    LASTING = "persistant"
    FADING = "attenuation"
    SPORADIC = "sporadique"
    OSCILLATING = "oscillant"
    HISTORICAL = "historique"
    FORMER = "ancien"  # ours: in a foyer once, not now, and not for long


TOLD_OF_FEW = (History.NEW, History.CONSECUTIVE, History.LASTING)


def history(hot, cold=None, trend=0, *, lasting_share=LASTING_SHARE, few_periods=FEW_PERIODS):
    """The category of each territory, an array of the texts of `History`.

    `hot` and `cold`, shape (..., T): in a foyer, or far below what is expected, in each period,
    oldest first; `cold` may be left out. `trend`, shape (...): 1, 0 or -1, the sign of a trend
    that is very unlikely by chance. The first rule that fits names it. Over fewer than
    `few_periods` periods only what needs neither a trend nor an alternation is said, otherwise
    "aucun", as without any period.
    """
    hot = np.asarray(hot, bool)
    cold = np.zeros_like(hot) if cold is None else np.asarray(cold, bool)
    periods = hot.shape[-1]
    times = hot.sum(axis=-1)
    last = hot[..., -1] if periods else times > 0
    lasting = times >= lasting_share * periods - 1e-9
    # The final run alone: nothing hot before it, and no gap in it.
    first_hot = np.argmax(hot, axis=-1) if periods else times
    in_one_run = last & (times == periods - first_hot)
    trend = np.broadcast_to(np.asarray(trend) if periods >= few_periods else 0, times.shape)
    rules = (
        (times == 0, History.NONE),
        (last & (times == 1), History.NEW),
        (lasting & ~last, History.HISTORICAL),
        (lasting & (trend > 0), History.INTENSIFYING),
        (lasting & (trend < 0), History.FADING),
        (lasting, History.LASTING),
        (in_one_run, History.CONSECUTIVE),
        (last & cold[..., :-1].any(axis=-1), History.OSCILLATING),
        (last, History.SPORADIC),
    )
    found = np.select(
        [rule for rule, _ in rules], [name.value for _, name in rules], History.FORMER.value
    )
    if periods < few_periods:
        found = np.where(
            np.isin(found, [name.value for name in TOLD_OF_FEW]), found, History.NONE.value
        )
    return found[()]


def is_emerging(facts, facts_before, origins, corroborated, probable, *, least=3, least_origins=2):
    """Does a territory come up where nothing was known? A rule on numbers, not a test.

    One value a territory, broadcast together: facts of the period and of the twelve months before
    it, origins of the former, and how many of them are corroborated or probable. None before,
    three now from two origins, one corroborated or two probable. (Three against none in a twelfth
    of the time has one chance in 2,000.)
    """
    facts, facts_before = np.asarray(facts), np.asarray(facts_before)
    is_supported = (np.asarray(corroborated) >= 1) | (np.asarray(probable) >= 2)
    is_new = (facts_before == 0) & (facts >= least)
    return is_new & (np.asarray(origins) >= least_origins) & is_supported
