"""Mann-Kendall: does a series rise or fall, whatever the shape of its slope?"""

from dataclasses import dataclass

import numpy as np

from intel.statistics import normal


@dataclass(frozen=True, eq=False)
class Trend:
    """`s` rising pairs less falling ones, its `variance`, `z`, and two-sided `p`."""

    s: np.ndarray
    variance: np.ndarray
    z: np.ndarray
    p: np.ndarray

    def direction(self, alpha=0.05):
        """1 for a rise, −1 for a fall, 0 where p is above `alpha`."""
        return np.where(self.p <= alpha, np.sign(self.s), 0).astype(int)


def mann_kendall(series):
    """The `Trend` of each series, for `series` of shape (..., T), oldest first.

    Ties lower the variance; z has the continuity correction. NaN is a period left out. A series
    that cannot tell (under two periods, all equal) has z = 0 and p = 1. Assumes independent
    periods. At 5 facts a month over 12 months it sees a doubling one time in four: use it for a
    department or an EPCI, not for a commune. Source: Mann, Econometrica, 1945; ties: Kendall,
    Rank Correlation Methods, 1975.
    """
    y = np.asarray(series, dtype=float)
    periods = y.shape[-1]
    earlier, later = np.triu_indices(periods, 1)
    # Comparisons with NaN are false: such pairs count for nothing.
    s = np.sum(y[..., later] > y[..., earlier], axis=-1).astype(float)
    s -= np.sum(y[..., later] < y[..., earlier], axis=-1)
    # Each value is met once a member of its group of equals, so that a group of t weighs t times.
    equals = np.sum(y[..., :, None] == y[..., None, :], axis=-1)
    known = np.sum(~np.isnan(y), axis=-1)
    ties = np.sum(np.where(equals > 0, (equals - 1) * (2 * equals + 5), 0), axis=-1)
    variance = (known * (known - 1) * (2 * known + 5) - ties) / 18
    z = np.zeros(s.shape)
    np.divide(s - np.sign(s), np.sqrt(variance), out=z, where=variance > 0)
    return Trend(s, variance, z, normal.two_sided_p(z))
