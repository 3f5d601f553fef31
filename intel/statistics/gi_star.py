"""Gi*: is there more around here than elsewhere? Kept for comparison with other tools.

It is stored beside the figures and never labels a territory: on rare counts its normal p-values
announce false clusters in 30 to 100 % of months. Hot spots come from `hotspots`.
"""

import numpy as np


def gi_star(x, neighbours):
    """Standard values z of Gi*, shape (n,), for values `x` and binary links, the unit included.

    z = (Σ_j w_ij x_j − x̄ W_i) / (s √((n W_i − W_i²) / (n − 1))), W_i the number of neighbours
    plus one and s the standard deviation of the whole field. NaN in `x` is a unit left out. z is
    NaN where it is not defined: the unit is left out, all values are equal, or everybody is its
    neighbour. Source: Ord and Getis, Geographical Analysis, 1995. The p-value of two sides is
    ``normal.two_sided_p(z)``.
    """
    x = np.asarray(x, dtype=float)
    known = ~np.isnan(x)
    n = int(known.sum())
    z = np.full(x.shape, np.nan)
    if n < 2:
        return z
    mean = x[known].mean()
    # Around the mean, so that a large mean does not eat the digits of the sums.
    excess = np.where(known, x - mean, 0.0)
    spread = (excess**2).sum() / n
    size = neighbours.sums(known) + 1.0
    variance = spread * (n * size - size**2) / (n - 1)
    # Equal values differ by rounding only.
    defined = known & (size < n) & (spread > (1e-12 * np.abs(x[known]).max()) ** 2)
    z[defined] = (excess + neighbours.sums(excess))[defined] / np.sqrt(variance[defined])
    return z
