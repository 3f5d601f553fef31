"""Do neighbours resemble each other, and where: Gi*, Moran's I. Kept for comparison.

Gi* is stored beside the figures, for whoever compares with another tool, and never labels a
territory: `hotspots` says why, and finds the foyers.
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


def moran(x, neighbours):
    """Moran's I of values `x`, shape (n,), each unit compared with the mean of its neighbours.

    About −1/(n − 1) without any likeness, positive when neighbours resemble each other. Units
    without a known neighbour take no part in the mean product. NaN when all values are equal or
    nobody has a neighbour; NaN in `x` is a unit left out. Source: Moran, Biometrika, 1950.
    """
    excess, beside, linked = _excess(x, neighbours)
    squares = np.nansum(excess**2)
    if not linked.any() or not squares > 0:
        return np.nan
    n = np.sum(~np.isnan(excess))
    return n / linked.sum() * np.nansum(excess * beside) / squares


def local_moran(x, neighbours):
    """Each unit's share in the likeness, shape (n,): I_i = (n − 1) z_i lag_i / Σz².

    Positive where a unit resembles its neighbours, high or low; 0 for one without neighbour. NaN
    where `x` is, and everywhere when all values are equal. Source: Anselin, Geographical
    Analysis, 1995, in the normalisation of PySAL.
    """
    excess, beside, _ = _excess(x, neighbours)
    squares = np.nansum(excess**2)
    if not squares > 0:
        return np.full(excess.shape, np.nan)
    return (np.sum(~np.isnan(excess)) - 1) * excess * beside / squares


def _excess(x, neighbours):
    """Values less their mean, the mean of that around each unit, and who has somebody around."""
    x = np.asarray(x, dtype=float)
    known = ~np.isnan(x)
    mean = x[known].mean() if known.any() else 0.0
    excess = np.where(known, x - mean, 0.0)
    # Equal values differ by rounding only.
    excess[np.abs(excess) <= 1e-12 * abs(mean)] = 0.0
    around = neighbours.sums(known)
    beside = np.zeros(x.shape)
    np.divide(neighbours.sums(excess), around, out=beside, where=around > 0)
    return np.where(known, excess, np.nan), beside, known & (around > 0)
