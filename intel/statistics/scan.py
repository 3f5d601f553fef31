"""Scan: circles of any size around every unit, and which of them holds more than its share."""

from dataclasses import dataclass, replace

import numpy as np

# Distances that differ by less are equal: both units then enter the circle together.
SAME_DISTANCE = 1e-9


@dataclass(frozen=True)
class Cluster:
    """`members` from the centre outwards; `p` is NaN when no simulation was asked for."""

    members: tuple[int, ...]
    cases: float
    population: float
    expected: float
    log_likelihood_ratio: float
    p: float


def poisson_scan(
    x, y, cases, population, *,
    largest_share=0.5, fewest_cases=2, generator=None, simulations=999,
):  # fmt: skip
    """The likeliest `Cluster`, then the likeliest that shares no unit with those before, and on.

    `x`, `y` (any one unit), whole numbers of `cases` and `population` have shape (n,). Zones are
    the circles around each unit that reach from unit to unit, hold at most `largest_share` of the
    population and at least `fewest_cases` cases; those that hold more cases c than expected e are
    kept. With C cases in all, the log-likelihood ratio is c ln(c/e) + (C − c) ln((C − c)/(C − e)).

    With a `generator`, p is the rank of that ratio among the largest ones of `simulations` fields
    of C cases dealt by population alone; it is on the safe side for all clusters but the first.
    Nothing is found without cases or population. A unit with a NaN is left out. Time and memory
    grow with n² × `largest_share`. Source: Kulldorff, Communications in Statistics, 1997.
    """
    x, y, cases, population = (
        np.asarray(values, dtype=float) for values in (x, y, cases, population)
    )
    if not x.shape == y.shape == cases.shape == population.shape or x.ndim != 1:
        raise ValueError("Places, cases and populations are flat arrays of equal length.")
    units = np.flatnonzero(~np.isnan(x + y + cases + population))
    x, y, cases, population = (values[units] for values in (x, y, cases, population))
    if not (cases.sum() > 0 and population.sum() > 0):
        return []
    zones = _Zones.around(x, y, population, largest_share)
    ratios = zones.log_likelihood_ratios(cases, fewest_cases)
    found = [
        Cluster(
            members=tuple(units[members].tolist()),
            cases=float(cases[members].sum()),
            population=float(population[members].sum()),
            expected=float(cases.sum() * population[members].sum() / population.sum()),
            log_likelihood_ratio=float(ratio),
            p=np.nan,
        )
        for members, ratio in zones.apart(ratios)
    ]
    if generator is None or not found:
        return found
    largest = zones.simulated(int(cases.sum()), fewest_cases, generator, simulations)
    return [_with_p(cluster, largest) for cluster in found]


def _with_p(cluster, largest):
    reached = np.sum(largest >= cluster.log_likelihood_ratio * (1 - 1e-12))
    return replace(cluster, p=float((1 + reached) / (1 + largest.size)))


@dataclass(frozen=True, eq=False)
class _Zones:
    """Zone (i, k) holds the k + 1 units nearest to unit i.

    `order` has shape (n, K); `share` of the population in each zone; `allowed` says which are
    zones: whole circles of a share that is not too large.
    """

    order: np.ndarray
    share: np.ndarray
    allowed: np.ndarray
    population: np.ndarray

    @classmethod
    def around(cls, x, y, population, largest_share):
        apart = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
        np.fill_diagonal(apart, -1.0)  # the centre first, whoever stands on the same spot
        order = np.argsort(apart, axis=1, kind="stable")
        share = np.cumsum(population[order], axis=1) / population.sum()
        small = share <= largest_share * (1 + 1e-12)
        distances = np.take_along_axis(apart, order, axis=1)
        whole = np.ones(order.shape, dtype=bool)
        whole[:, :-1] = distances[:, 1:] > np.maximum(distances[:, :-1], 0) * (1 + SAME_DISTANCE)
        allowed = small & whole
        widest = int(np.flatnonzero(allowed.any(axis=0)).max(initial=-1)) + 1
        return cls(order[:, :widest], share[:, :widest], allowed[:, :widest], population)

    def log_likelihood_ratios(self, cases, fewest_cases):
        """Shape (n, K); −inf for what is no zone, or holds no more than its share."""
        inside, everywhere = np.cumsum(cases[self.order], axis=1), cases.sum()
        expected = everywhere * self.share
        kept = self.allowed & (inside >= fewest_cases) & (inside > expected)
        c, e = inside[kept], expected[kept]
        outside = everywhere - c
        ratios = np.full(inside.shape, -np.inf)
        rest = np.zeros(c.shape)
        some = outside > 0
        rest[some] = outside[some] * np.log(outside[some] / (everywhere - e[some]))
        with np.errstate(divide="ignore"):  # cases where nobody lives: infinitely unlikely
            ratios[kept] = c * np.log(c / e) + rest
        return ratios

    def apart(self, ratios):
        """Members and ratio of the best zone, then of the best that meets none before it."""
        taken = np.zeros(len(self.order), dtype=bool)
        ratios = ratios.copy()
        while ratios.max(initial=-np.inf) > -np.inf:
            centre, last = np.unravel_index(np.argmax(ratios), ratios.shape)
            members = self.order[centre, : last + 1]
            yield members, ratios[centre, last]
            taken[members] = True
            ratios[np.logical_or.accumulate(taken[self.order], axis=1)] = -np.inf

    def simulated(self, total, fewest_cases, generator, simulations):
        """The largest ratio of each of that many fields dealt by population alone."""
        share = self.population / self.population.sum()
        fields = generator.multinomial(total, share, size=simulations)
        return np.array(
            [self.log_likelihood_ratios(field, fewest_cases).max(initial=0.0) for field in fields]
        )
