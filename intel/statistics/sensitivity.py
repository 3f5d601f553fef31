"""Does the order of the list hang on what we chose? The ranking, and the one of other choices."""

from dataclasses import dataclass

import numpy as np

from intel.statistics.weights import decayed

FIRST = 10
# Sums of the same terms in another order differ beyond this; equal stocks must stay equal.
DECIMALS = 10


@dataclass(frozen=True, eq=False)
class Ranking:
    """One value a territory.

    `stock`: decayed weights of its facts. `rank`: from 1, the largest stock first, ties by
    number; 0 for a territory without stock. `is_sensitive`: among the first ones, but no longer
    when every fact weighs 1, or when facts age half as fast ("classement sensible").
    """

    stock: np.ndarray
    rank: np.ndarray
    is_sensitive: np.ndarray


def rank_by_stock(
    territory, weight, last_day, *, reference_day, half_life, territories, first=FIRST
):
    """Rank `territories` territories, numbered from 0, by what is active at the end of a period.

    One value a fact: `territory`, `weight` (0 for a fact set aside, which stays out of all three
    rankings), `last_day`, and `half_life` in days, or one for all.
    """
    territory, weight = np.asarray(territory, np.int64), np.asarray(weight, float)
    half_life = np.asarray(half_life, float)

    def stock_of(weight, half_life):
        left = decayed(weight, last_day, reference_day, half_life)
        stock = np.bincount(territory, weights=left, minlength=territories)
        return stock.astype(float).round(DECIMALS)

    stock = stock_of(weight, half_life)
    rank = _ranks(stock)
    others = (stock_of((weight > 0).astype(float), half_life), stock_of(weight, 2 * half_life))
    stays = np.all([_is_among(_ranks(other), first) for other in others], axis=0)
    return Ranking(stock, rank, _is_among(rank, first) & ~stays)


def _ranks(stock):
    ranks = np.zeros(stock.size, np.int64)
    ranks[np.argsort(-stock, kind="stable")] = np.arange(1, stock.size + 1)
    return np.where(stock > 0, ranks, 0)


def _is_among(ranks, first):
    return (ranks > 0) & (ranks <= first)
