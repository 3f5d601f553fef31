"""Moran's I: do neighbours resemble each other more than chance makes them?"""

import numpy as np


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
