"""Is the number of facts of a period more, or less, than what the time before leads to expect?"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from intel.statistics import beta, negative_binomial
from intel.statistics.false_discovery import false_discovery_rate


@dataclass(frozen=True, eq=False)
class Change:
    """One entry a territory; NaN where a figure is not defined.

    `ratio` compares counts per unit of exposure, `low` and `high` bound it. `p_exact` and `p_mid`
    are two-sided p-values of the conditional test; `p` is the one to read: `p_mid`, or the
    overdispersed one where the counts vary clearly more than chance alone.
    """

    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_exact: np.ndarray
    p_mid: np.ndarray
    p: np.ndarray


def compare_counts(
    count, exposure, reference, reference_exposure, *,
    overdispersion=1.0, overdispersed_above=1.25, confidence=0.95,
):  # fmt: skip
    """Compare a `count` of facts with a `reference` count, as a `Change`; all broadcast together.

    `exposure` is how long, or among how many, each was counted: months, or inhabitants × effort,
    in the same unit on both sides. Without a change, `count` given the total of both is binomial
    of share e1 / (e1 + e0). The mid-p of two sides is twice the smaller tail, half the observed
    point taken off. The interval is Clopper and Pearson's for that share, turned into a ratio; it
    is wide rather than narrow.

    `overdispersion` (1 or more, see `overdispersion_of`) is how many times more the counts vary
    than chance alone. Above `overdispersed_above`, p comes from a negative binomial of mean
    μ = c0·e1/e0 and variance μ·φ·(1 + e1/e0), and the interval from both counts divided by φ
    (Rao and Scott, Stat. Med., 1999).

    The ratio is undefined when the reference is 0, the interval when both counts are. NaN
    wherever a value is NaN or an exposure is not above 0. ValueError when a count is negative or
    not whole. Source: Przyborowski and Wilenski, Biometrika, 1940; mid-p: Lancaster, JASA, 1961.
    """
    count, exposure, reference, reference_exposure, overdispersion = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=float)
            for value in (count, exposure, reference, reference_exposure, overdispersion)
        )
    )
    for counts in (count, reference):
        if np.any((counts < 0) | (counts - np.floor(counts) > 0)):  # false for NaN
            raise ValueError("A count of facts is a whole number, 0 or more.")
    given = np.stack([count, exposure, reference, reference_exposure, overdispersion]).reshape(
        5, -1
    )
    # Most territories of a department share a handful of small counts: each is worked out once.
    distinct, where = np.unique(given, axis=1, return_inverse=True, equal_nan=True)
    answers = _changes(distinct, overdispersed_above, confidence)
    return Change(*(answer[where.reshape(-1)].reshape(count.shape) for answer in answers))


def _changes(given, overdispersed_above, confidence):
    known = (given[1] > 0) & (given[3] > 0) & ~np.isnan(given).any(axis=0)
    c1, e1, c0, e0, phi = np.where(known, given, np.nan)
    dispersed = phi > overdispersed_above
    p_exact, p_mid = _conditional_p(c1, c0, e1 / (e1 + e0))
    p = p_mid.copy()
    # A reference of 0 leaves no mean to disperse around.
    with_mean = dispersed & (c0 > 0)
    p[with_mean] = _dispersed_p(*(value[with_mean] for value in (c1, e1, c0, e0, phi)))
    low, high = _interval(c1, c0, np.where(dispersed, phi, 1.0), confidence)
    times = e0 / e1
    ratio = np.full(c1.shape, np.nan)
    np.divide(c1 * e0, c0 * e1, out=ratio, where=c0 > 0)
    return ratio, low * times, high * times, p_exact, p_mid, p


def _conditional_p(c1, c0, share):
    above = beta.cumulative(share, c1, c0 + 1)
    below = beta.cumulative(1 - share, c0, c1 + 1)
    point = _binomial_probability(c1, c0, share)
    tails = 2 * np.minimum(above, below)
    return np.clip(tails, 0, 1), np.clip(tails - point, 0, 1)


def _binomial_probability(c1, c0, share):
    """P(c1 of c1 + c0)."""
    ways = (beta.log_gamma(c1 + c0 + 1) - beta.log_gamma(c1 + 1) - beta.log_gamma(c0 + 1)).astype(
        float
    )
    return np.exp(ways + c1 * np.log(share) + c0 * np.log1p(-share))


def _dispersed_p(c1, e1, c0, e0, phi):
    mean = c0 * e1 / e0
    variance = mean * phi * (1 + e1 / e0)
    # The observed count is shared between both tails.
    above = negative_binomial.tail(c1, mean, variance) / 2
    above += negative_binomial.tail(c1 + 1, mean, variance) / 2
    return 2 * np.minimum(above, 1 - above)


def _interval(c1, c0, dispersion, confidence):
    """Bounds of the odds of a fact to be of the period: 0 and NaN where there is no bound.

    Arrays of one shape; counts are read as so many fewer as their `dispersion` is above 1.
    """
    outside = (1 - confidence) / 2
    c1, c0 = c1 / dispersion, c0 / dispersion
    some = c1 + c0 > 0
    low = beta.quantile(outside, c1, np.where(c1 > 0, c0 + 1, np.nan))
    high = beta.quantile(1 - outside, c1 + 1, c0)
    low = np.where(some & (c1 == 0), 0.0, low)
    return low / (1 - low), high / (1 - high)


def overdispersion_of(series):
    """How many times more the counts of a series vary than chance alone: φ = variance / mean.

    `series` has shape (..., T), one count a month of the reference, T ≥ 2; the answer (...,). At
    least 1; 1 where all is 0 or fewer than two months are known (NaN is left out). Source: the
    index of dispersion, Fisher 1925.
    """
    series = np.asarray(series, dtype=float)
    known = ~np.isnan(series)
    months = known.sum(axis=-1)
    total = np.where(known, series, 0).sum(axis=-1)
    mean = total / np.maximum(months, 1)
    squares = np.where(known, (series - mean[..., None]) ** 2, 0).sum(axis=-1)
    phi = np.ones(mean.shape)
    np.divide(squares, (months - 1) * mean, out=phi, where=(months > 1) & (mean > 0))
    return np.maximum(phi, 1)


class ChangeLabel(StrEnum):
    """What is said of a change."""

    CLEAR_RISE = "hausse_nette"
    POSSIBLE_RISE = "hausse_a_confirmer"
    STEADY = "stable"
    POSSIBLE_FALL = "baisse_a_confirmer"
    CLEAR_FALL = "baisse_nette"
    TOO_FEW = "effectif_faible"


def change_q_values(found: Change, count, reference, *, gate=8):
    """q of each territory among those of its level with at least `gate` facts in both windows.

    NaN for the others: no test is made there, and none weighs on the rest.
    """
    enough = np.asarray(count) + np.asarray(reference) >= gate
    return false_discovery_rate(np.where(enough, found.p, np.nan))


def change_labels(
    found: Change, q, count, reference, *, alpha=0.05, up=1.25, down=0.80, steady_from=20,
):  # fmt: skip
    """One `ChangeLabel` a territory, as an array of text.

    Clear when `q` ≤ `alpha`, possible when only p is; a rise from the ratio `up`, a fall from
    `down`. A reference of 0 counts as a ratio above `up`. Where q is NaN nothing is tested: too
    few. Steady needs `steady_from` facts in both windows; otherwise too few, again.
    """
    count, reference = np.asarray(count), np.asarray(reference)
    tested = ~np.isnan(q)
    clear, possible = tested & (q <= alpha), tested & (found.p <= alpha)
    ratio = np.where((reference == 0) & (count > 0), np.inf, found.ratio)
    rises, falls = ratio >= up, ratio <= down
    between = (found.p > alpha) | ~(rises | falls)
    steady = tested & between & (count + reference >= steady_from)
    # The first that holds.
    holds = {
        ChangeLabel.CLEAR_RISE: clear & rises,
        ChangeLabel.POSSIBLE_RISE: possible & rises,
        ChangeLabel.CLEAR_FALL: clear & falls,
        ChangeLabel.POSSIBLE_FALL: possible & falls,
        ChangeLabel.STEADY: steady,
    }
    return np.select(list(holds.values()), list(holds), default=ChangeLabel.TOO_FEW)
