"""The beta distribution: the exact tails of a binomial, and where they reach a given share.

P(X ≥ c) for X binomial (n, p) is ``cumulative(p, c, n - c + 1)``.
"""

import math

import numpy as np

from intel.statistics import normal

SMALLEST = 1e-300  # stands for a zero that would stop Lentz's method
NEGLIGIBLE = 1e-15
CLOSE = 1e-6  # convergence is cubic: the step after one of this size would be too small to tell
LARGEST = 1 - 2**-53  # the number next to 1
MOST_STEPS, MOST_ROUNDS = 10_000, 100
log_gamma = np.frompyfunc(math.lgamma, 1, 1)


def cumulative(x, a, b):
    """Share of the beta distribution of parameters `a` and `b` that lies below `x`.

    The three are broadcast together; NaN where one is, or where x is outside 0 .. 1. At a = 0 all
    of it lies at 0, at b = 0 all at 1. Agrees with exact sums to 1e-11 of the value for parameters
    up to 10,000. Source: continued fraction of the incomplete beta function, Lentz's method
    (Abramowitz and Stegun 1964, 26.5.8; Press et al. 2007, 6.4).
    """
    x, a, b = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in (x, a, b)))
    found = np.full(x.shape, np.nan)
    possible = (x >= 0) & (x <= 1) & (a >= 0) & (b >= 0)
    all_below = (a == 0) | (x == 1)
    found[possible & all_below] = 1.0
    found[possible & ~all_below & ((x == 0) | (b == 0))] = 0.0
    inside = (x > 0) & (x < 1) & (a > 0) & (b > 0)
    if inside.any():
        found[inside] = _inside(x[inside], a[inside], b[inside])
    return found


def quantile(share, a, b):
    """The x below which `share` of the beta distribution lies: the inverse of `cumulative`.

    The three are broadcast together; NaN where one is, where a or b is not above 0, or where the
    share is not between 0 and 1. Right to 1e-12 of x or better. Source: Halley's method from the
    approximation of Abramowitz and Stegun (1964, 26.5.22), kept between bounds.
    """
    share, a, b = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in (share, a, b)))
    found = np.full(share.shape, np.nan)
    known = (share > 0) & (share < 1) & (a > 0) & (b > 0)
    if known.any():
        found[known] = _solved(share[known], a[known], b[known])
    return found


def _solved(share, a, b):
    x = _first_guess(share, a, b)
    low, high = np.zeros_like(x), np.ones_like(x)
    active = np.arange(x.size)
    for _ in range(MOST_ROUNDS):
        at, a_, b_ = x[active], a[active], b[active]
        excess = _inside(at, a_, b_) - share[active]
        high[active] = np.where(excess > 0, at, high[active])
        low[active] = np.where(excess > 0, low[active], at)
        step = excess / np.exp(_log_density(at, a_, b_))
        bend = step * ((a_ - 1) / at - (b_ - 1) / (1 - at))
        following = at - step / (1 - 0.5 * np.minimum(1, bend))
        strays = ~((following >= low[active]) & (following <= high[active]))
        following[strays] = ((low[active] + high[active]) / 2)[strays]
        x[active] = following = np.clip(following, SMALLEST, LARGEST)
        active = active[np.abs(following - at) > CLOSE * np.minimum(following, 1 - following)]
        if not active.size:
            break
    return x


def _first_guess(share, a, b):
    """Through a normal approximation, or through the power that rules near 0 and 1."""
    guess = np.empty_like(share)
    bell = (a > 1) & (b > 1)
    guess[bell] = _guess_by_normal(share[bell], a[bell], b[bell])
    guess[~bell] = _guess_by_power(share[~bell], a[~bell], b[~bell])
    return np.clip(guess, SMALLEST, LARGEST)


def _guess_by_normal(share, a, b):
    z = -normal.quantile(share)
    curve = (z**2 - 3) / 6
    of_a, of_b = 1 / (2 * a - 1), 1 / (2 * b - 1)
    harmonic = 2 / (of_a + of_b)
    w = z * np.sqrt(np.maximum(curve + harmonic, 0)) / harmonic
    w -= (of_b - of_a) * (curve + 5 / 6 - 2 / (3 * harmonic))
    return a / (a + b * np.exp(2 * w))


def _guess_by_power(share, a, b):
    left = np.exp(a * np.log(a / (a + b))) / a
    right = np.exp(b * np.log(b / (a + b))) / b
    whole = left + right
    from_zero = (a * whole * share) ** (1 / a)
    from_one = 1 - np.minimum((b * whole * (1 - share)) ** (1 / b), 1)
    return np.where(share < left / whole, from_zero, from_one)


def _inside(x, a, b):
    # The fraction converges fast below the mean; above it, count what lies beyond.
    beyond = x > (a + 1) / (a + b + 2)
    share = np.where(beyond, 1 - x, x)
    a, b = np.where(beyond, b, a), np.where(beyond, a, b)
    found = np.exp(_log_density(share, a, b) + np.log(share) + np.log1p(-share)) / a
    found *= _fraction(share, a, b)
    return np.where(beyond, 1 - found, found)


def _log_density(x, a, b):
    constant = (log_gamma(a + b) - log_gamma(a) - log_gamma(b)).astype(float)
    return constant + (a - 1) * np.log(x) + (b - 1) * np.log1p(-x)


def _fraction(x, a, b):
    """The continued fraction, each entry left alone once it has converged."""
    up, down = np.ones_like(x), 1 / _not_zero(1 - (a + b) * x / (a + 1))
    whole, active = down.copy(), np.arange(x.size)
    for m in range(1, MOST_STEPS):
        for even in (True, False):
            factor = _factor(x[active], a[active], b[active], m, even=even)
            down[active] = 1 / _not_zero(1 + factor * down[active])
            up[active] = _not_zero(1 + factor / up[active])
            change = up[active] * down[active]
            whole[active] *= change
        active = active[np.abs(change - 1) > NEGLIGIBLE]
        if not active.size:
            break
    return whole


def _factor(x, a, b, m, *, even):
    if even:
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))


def _not_zero(value):
    return np.where(np.abs(value) < SMALLEST, SMALLEST, value)
