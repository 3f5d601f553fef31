"""Real communes to try the statistics on: who lives there, who touches whom. No fact is real."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from intel.statistics.neighbours import Neighbours
from intel.statistics.oracles.adjacency import communes, neighbours_of


@dataclass(frozen=True, eq=False)
class Ground:
    """`population` of shape (n,), NaN where unknown, and the `neighbours` of the n communes."""

    population: np.ndarray
    neighbours: Neighbours

    def facts(self, draw, total, risk=1.0):
        """Facts of each commune, about `total` in all, at `risk` times the usual one."""
        share = np.nan_to_num(self.population) / np.nansum(self.population)
        return draw.poisson(total * share * risk)


@cache
def ground(department=None):
    """The communes of a department, or of the whole country; those without an outline are left."""
    rows = [row for row in communes() if row.department == department or department is None]
    outlined, neighbours = neighbours_of(rows)
    return Ground(np.array([row.population for row in outlined], float), neighbours)
