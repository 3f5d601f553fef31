"""Many tests at once: which share of what is announced may be false."""

import numpy as np


def false_discovery_rate(p):
    """Adjusted p-values q (Benjamini and Hochberg 1995), same shape as `p`, a flat array.

    Announcing all tests with q ≤ 0.05 keeps the expected share of false announcements at 5 % or
    less, for independent or positively dependent tests. NaN in `p` is a test not made: it counts
    for nothing and stays NaN. ValueError when a p-value is outside 0 .. 1.
    """
    p = np.asarray(p, dtype=float)
    q = np.full(p.shape, np.nan)
    made = ~np.isnan(p)
    tested = p[made]
    if tested.size and not (tested.min() >= 0 and tested.max() <= 1):
        raise ValueError("A p-value lies outside 0 .. 1.")
    largest_first = np.argsort(-tested, kind="stable")
    ranks = np.arange(tested.size, 0, -1)
    adjusted = np.empty(tested.size)
    adjusted[largest_first] = np.minimum.accumulate(tested[largest_first] * tested.size / ranks)
    q[made] = adjusted
    return q
