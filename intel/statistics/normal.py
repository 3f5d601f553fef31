"""The normal law: how unlikely a standard value is, and which value has a given share below it."""

import math
from statistics import NormalDist

import numpy as np

_erfc = np.frompyfunc(math.erfc, 1, 1)
_quantile = np.frompyfunc(NormalDist().inv_cdf, 1, 1)


def two_sided_p(z):
    """Probability that a standard normal lies at least as far from 0 as `z`, NaN where it is."""
    return np.asarray(_erfc(np.abs(np.asarray(z, dtype=float)) / math.sqrt(2)), dtype=float)


def quantile(share):
    """The value below which `share` of a standard normal lies. ValueError unless 0 < share < 1."""
    return np.asarray(_quantile(np.asarray(share, dtype=float)), dtype=float)
