"""Counts that vary more than chance alone: a negative binomial, given by its mean and variance.

NB2 form: variance = mean + dispersion × mean². At dispersion 0 it is the Poisson law, and every
formula here is written so that this limit needs no second one.
"""

import math

import numpy as np

# Below this, a log-factorial is summed term by term; above, Stirling's series holds to 1e-14.
STIRLING_FROM = 16
NEGLIGIBLE = 1e-16
LOG_DISPERSION = (-12.0, 4.0)  # where the likeliest one is looked for
GOLDEN = (math.sqrt(5) - 1) / 2


def tail(counts, mean, variance):
    """P(X ≥ count), X of that mean and variance; Poisson where the variance is not above it.

    `counts` (whole numbers), `mean` and `variance` are broadcast together. NaN where one of them
    is, or where the mean is negative. With a mean of 0 nothing but 0 can come: 0 above it.
    Agrees with exact sums to 1e-10 of the value, also far in the tail. Source: continued fraction
    of the incomplete beta function (Abramowitz and Stegun 1964, 26.5.8).
    """
    k, mean, variance = np.broadcast_arrays(
        *(np.asarray(x, float) for x in (counts, mean, variance))
    )
    found = np.full(k.shape, np.nan)
    known = ~np.isnan(k + mean + variance) & (mean >= 0)
    found[known & (k <= 0)] = 1.0
    found[known & (k > 0) & (mean == 0)] = 0.0
    for above, of in ((True, _upper), (False, _beneath)):
        chosen = known & (k > 0) & (mean > 0) & ((k > mean) == above)
        if chosen.any():
            m, v = mean[chosen], variance[chosen]
            p = of(np.ceil(k[chosen]), m, np.maximum(v - m, 0) / m**2)
            found[chosen] = p if above else 1 - p
    return np.clip(found, 0, 1)[()]


def bound(mean, variance, alpha):
    """The smallest count k such that P(X ≥ k) ≤ alpha; NaN where `tail` is.

    `mean`, `variance` and `alpha` are broadcast together. ValueError unless 0 < alpha < 1.
    """
    mean, variance, alpha = _together(mean, variance, alpha)
    if not ((alpha > 0) & (alpha < 1)).all():
        raise ValueError("alpha is a probability above 0 and below 1.")
    below, above = np.zeros(mean.shape), np.maximum(1.0, np.ceil(mean))
    while (short := tail(above, mean, variance) > alpha).any():
        below, above = np.where(short, above, below), np.where(short, 2 * above, above)
    while (open_ := above - below > 1).any():
        middle = np.where(open_, (below + above) // 2, above)
        beyond = tail(middle, mean, variance) <= alpha
        below = np.where(open_ & ~beyond, middle, below)
        above = np.where(open_ & beyond, middle, above)
    defined = ~np.isnan(tail(above, mean, variance))
    return np.where(defined, above, np.nan)[()]


def dispersion(counts, expected):
    """The likeliest dispersion of `counts` around `expected`, both of shape (n,).

    Maximum likelihood with the expected values held fixed, by golden section over the logarithm
    from -12 to 4; the lower end means that they vary no more than by chance. Units where nothing
    is expected, or where a value is NaN, say nothing. NaN when no unit says anything or when all
    counts are 0. Source: Lawless, Can. J. Statist., 1987.
    """
    k, e = np.asarray(counts, float), np.asarray(expected, float)
    told = (e > 0) & ~np.isnan(k)
    k, e = k[told], e[told]
    if not k.any():
        return math.nan
    # How many counts exceed j, j = 0, 1, …: the sum of log(1 + a·j) over the steps of each count
    # becomes one short sum.
    exceeding = k.size - np.cumsum(np.bincount(k.astype(np.int64)))[:-1]
    steps = np.arange(exceeding.size)

    def loss(log_a):
        a = math.exp(log_a)
        # Sums, not matrix products: those may be spread over threads, in an order that varies.
        spread = np.sum((k + 1 / a) * np.log1p(a * e))
        return spread - np.sum(exceeding * np.log1p(a * steps))

    return math.exp(_lowest(loss, *LOG_DISPERSION))


def _together(*values):
    return np.broadcast_arrays(*(np.asarray(value, float) for value in values))


def _lowest(loss, low, high, width=1e-9):
    """Where `loss`, which falls then rises, is lowest between two numbers (Kiefer, 1953)."""
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > width:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = loss(right)
    return (low + high) / 2


def _log_probability(k, mean, a):
    """log P(X = k)."""
    # log(1 + a·mean) / a, which is the mean itself at a = 0.
    grown = np.where(a > 0, np.log1p(a * mean) / np.where(a > 0, a, 1), mean)
    rising = _log_rising(k, a) - _log_rising(k, np.ones_like(k))
    return rising + k * (np.log(mean) - np.log1p(a * mean)) - grown


def _log_rising(k, a):
    """Sum of log(1 + a·j) for j = 0 … k - 1; log k! at a = 1."""
    head = np.minimum(k, STIRLING_FROM)
    found = np.zeros_like(k)
    for j in range(1, STIRLING_FROM):
        found += np.where(j < head, np.log1p(a * j), 0)
    k = k - head
    scale = 1 + a * STIRLING_FROM
    b = a / scale  # what is left is k·log(scale) + the sum of log(1 + b·j)
    # log(1 + b·k) / b, which is k itself at b = 0.
    grown = np.where(b > 0, np.log1p(b * k) / np.where(b > 0, b, 1), k)
    stirling = grown - k + (k - 0.5) * np.log1p(b * k) + _correction(b, k) - _correction(b, 0)
    return found + k * np.log(scale) + stirling


def _correction(b, k):
    """The rest of Stirling's series at 1/b + k."""
    x = b / (1 + b * k)
    return x * (1 / 12 - x**2 * (1 / 360 - x**2 * (1 / 1260 - x**2 / 1680)))


def _upper(k, mean, a):
    """P(X ≥ k) for k above the mean: P(X = k) times a continued fraction, by Lentz's method."""
    share = mean / (1 + a * mean)
    whole, up, down = np.ones_like(k), np.ones_like(k), np.zeros_like(k)
    active = np.arange(k.size)
    step = 0
    while active.size:
        step += 1
        n, m = k[active], step // 2
        if step % 2:
            d = -(n + m) * share[active] * (1 + a[active] * (n + m))
        else:
            d = m * share[active] * (1 - a[active] * m)
        d = d / ((n + step - 1) * (n + step))
        down[active] = 1 / (1 + d * down[active])
        up[active] = 1 + d / up[active]
        change = up[active] * down[active]
        whole[active] *= change
        active = active[np.abs(change - 1) > NEGLIGIBLE * 10]
    return np.exp(_log_probability(k, mean, a)) / whole


def _beneath(k, mean, a):
    """P(X < k) for k up to the mean: the terms below it, from the largest one down."""
    share = mean / (1 + a * mean)
    j = k - 1
    term = np.exp(_log_probability(j, mean, a))
    total, active = term.copy(), np.flatnonzero(j > 0)
    while active.size:
        n = j[active]
        term[active] *= n / (share[active] * (1 + a[active] * (n - 1)))
        total[active] += term[active]
        j[active] -= 1
        active = active[(n > 1) & (term[active] > NEGLIGIBLE * total[active])]
    return total
