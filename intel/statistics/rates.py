"""Rates of small populations, drawn towards the mean by as much as they are unsure."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class SmoothedRates:
    """`rates` of shape (n,), drawn towards `mean`; `variance` between the true rates."""

    rates: np.ndarray
    mean: float | np.ndarray
    variance: float | np.ndarray


def raw_rates(events, population):
    """Events per inhabitant, shape (n,); NaN where the population is unknown, NaN or 0."""
    events, population = _known(events, population)
    rates = np.full(events.shape, np.nan)
    return np.divide(events, population, out=rates, where=population > 0)


def smoothed_rates(events, population):
    """`SmoothedRates` towards the mean of all: empirical Bayes (Marshall, Applied Stat., 1991).

    `events` and `population` have shape (n,). With m = Σo/Σb and s² = Σb(r − m)²/Σb, the variance
    between true rates is A = max(0, s² − m/mean(b)), and a rate is m + w(r − m) with
    w = A/(A + m/b): a village weighs little, a town much. Units of unknown population (NaN, 0) or
    events (NaN) are left out and get NaN; the mean is NaN when none is left.
    """
    events, population = _known(events, population)
    raw = raw_rates(events, population)
    units, inhabitants = np.sum(population > 0), population.sum()
    mean = events.sum() / inhabitants if units else np.nan
    spread = np.nansum(population * (raw - mean) ** 2)
    variance = max(0.0, (spread - mean * units) / inhabitants) if units else np.nan
    return SmoothedRates(_drawn(raw, population, mean, variance), mean, variance)


def smoothed_locally(events, population, neighbours):
    """The same, each unit towards the mean of itself and its `neighbours` (a `Neighbours`).

    `mean` and `variance` then have shape (n,). An island keeps its raw rate.
    """
    events, population = _known(events, population)
    raw = raw_rates(events, population)
    units = _around(population > 0, neighbours)
    inhabitants = _around(population, neighbours)
    mean = np.full(raw.shape, np.nan)
    np.divide(_around(events, neighbours), inhabitants, out=mean, where=inhabitants > 0)
    # Σb(r − m)² pair by pair: the difference of Σb·r² and m²Σb would lose its digits.
    i, j = neighbours.units, neighbours.members
    pairs = np.nan_to_num(population[j] * (raw[j] - mean[i]) ** 2)
    around = np.bincount(i, weights=pairs, minlength=len(neighbours))
    spread = around + np.nan_to_num(population * (raw - mean) ** 2)
    variance = np.full(raw.shape, np.nan)
    np.divide(spread - mean * units, inhabitants, out=variance, where=inhabitants > 0)
    variance = np.maximum(variance, 0)
    return SmoothedRates(_drawn(raw, population, mean, variance), mean, variance)


def _known(events, population):
    """Both as floats, 0 where one of the two is unknown."""
    events, population = np.asarray(events, dtype=float), np.asarray(population, dtype=float)
    if events.shape != population.shape or events.ndim != 1:
        raise ValueError("Events and population are two flat arrays of equal length.")
    known = ~np.isnan(events) & (population > 0)
    return np.where(known, events, 0.0), np.where(known, population, 0.0)


def _around(values, neighbours):
    return values + neighbours.sums(values)


def _drawn(raw, population, mean, variance):
    # w = A / (A + m/b) = A·b / (A·b + m); without any event all is 0 and so is the rate.
    signal = variance * population
    weight = np.zeros(raw.shape)
    np.divide(signal, signal + mean, out=weight, where=signal + mean > 0)
    return mean + weight * (raw - mean)
