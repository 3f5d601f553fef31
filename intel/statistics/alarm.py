"""The week that is out of the ordinary: bounds above which a weekly count is said.

Only the negative-binomial rule decides (`weekly_alarm`). The two others, of public health, are
kept to be compared with: on rare counts they cry wolf, EARS over a thousand times a year in a
department of 506 communes.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from intel.statistics import negative_binomial, normal

# Farrington's transformations by name: the power that makes counts nearly symmetrical.
POWERS = {"none": 1.0, "1/2": 1 / 2, "2/3": 2 / 3}
LEAST_RECENT, RECENT = 5, 4  # no alarm under five facts in the last four weeks


@dataclass(frozen=True, eq=False)
class WeeklyAlarm:
    """What is said of the last week of each series; every array has one value a series.

    `mean`, `variance`: of the reference weeks. `p`: chance of a count at least as high, NaN where
    the series is too short or its mean too low for a weekly test, which `is_tested` tells: the
    monthly test is then the right one.
    """

    mean: np.ndarray
    variance: np.ndarray
    p: np.ndarray
    is_tested: np.ndarray
    is_alarm: np.ndarray
    alpha: float

    @cached_property
    def bound(self):
        """The smallest count that is out of the ordinary, NaN where there is no test."""
        mean = np.where(self.is_tested, self.mean, np.nan)
        return negative_binomial.bound(mean, self.variance, self.alpha)


def weekly_alarm(weeks, *, alpha=0.005, reference=52, left_out=2, least_mean=2.0):
    """Is the last week of each series out of the ordinary?

    `weeks`, shape (..., T): facts a week, oldest first. The reference is the `reference` weeks
    that end `left_out` weeks before the tested one, so that a rise that has begun does not hide
    itself. Assumes that they have no trend and no season. Upper tail of the negative binomial of
    their mean and variance.
    """
    weeks = np.asarray(weeks, float)
    last = weeks.shape[-1] - 1
    first = last - left_out - reference
    before = weeks[..., max(first, 0) : max(last - left_out, 0)]
    if first < 0:
        mean = variance = np.full(weeks.shape[:-1], np.nan)
    else:
        mean, variance = before.mean(axis=-1), before.var(axis=-1, ddof=1)
    is_tested = mean >= least_mean
    count = weeks[..., -1:].sum(axis=-1)
    p = negative_binomial.tail(count, np.where(is_tested, mean, np.nan), variance)
    return WeeklyAlarm(
        mean=mean,
        variance=variance,
        p=p,
        is_tested=is_tested,
        is_alarm=(p <= alpha) & _has_enough(weeks),
        alpha=alpha,
    )


def _has_enough(weeks, least=LEAST_RECENT, recent=RECENT):
    return weeks[..., -recent:].sum(axis=-1) >= least


def ears_bound(weeks, *, alpha, baseline=7, left_out=0):
    """Upper bound of each week by the weeks before it: mean + z(1 - alpha) × standard deviation.

    `weeks`, shape (..., T). Answer of the same shape, NaN while fewer than `baseline` + `left_out`
    weeks stand before. C1 with `left_out` 0, C2 with 2. Source: Hutwagner et al., J. Urban Health,
    2003.
    """
    weeks = np.asarray(weeks, float)
    found = np.full(weeks.shape, np.nan)
    first = baseline + left_out
    if weeks.shape[-1] > first:
        windows = np.lib.stride_tricks.sliding_window_view(weeks, baseline, axis=-1)
        windows = windows[..., : weeks.shape[-1] - first, :]
        spread = windows.std(axis=-1, ddof=1)
        found[..., first:] = windows.mean(axis=-1) + normal.quantile(1 - alpha) * spread
    return found


@dataclass(frozen=True, eq=False)
class Farrington:
    """Bounds of a count, and `score`, how far it is from the expected (0) to the upper (1)."""

    lower: np.ndarray
    upper: np.ndarray
    score: np.ndarray

    def is_alarm(self, weeks):
        """Beyond the upper bound, with five facts or more in the last four of `weeks`."""
        return (self.score > 1) & _has_enough(np.asarray(weeks, float))


def farrington_bound(count, mean, standard_error, overdispersion, *, alpha, transform="2/3"):
    """Bounds of the count to come, of expected `mean` known to `standard_error`.

    One-sided at `alpha` each, symmetrical on the scale count^t of `transform`: "none", "1/2",
    "2/3" (KeyError otherwise). `overdispersion` is variance / mean. All are broadcast together;
    NaN where the mean is not positive. Source: Farrington, Andrews, Beale, Catchpole, J. R.
    Statist. Soc. A, 1996.
    """
    power = POWERS[transform]
    count, mean, error = (np.asarray(x, float) for x in (count, mean, standard_error))
    mean = np.where(mean > 0, mean, np.nan)
    tau = overdispersion + error**2 / mean
    spread = power * mean**power * np.sqrt(tau / mean)
    reach = normal.quantile(1 - alpha) * spread
    lower = np.maximum(mean**power - reach, 0) ** (1 / power)
    upper = (mean**power + reach) ** (1 / power)
    return Farrington(lower, upper, (count - mean) / (upper - mean))
