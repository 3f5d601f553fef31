"""Real communes to try the statistics on: who lives there, who touches whom. No fact is real."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from intel.statistics.neighbours import Neighbours
from services.territory import geometry, official


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
def _communes():
    return sorted(
        (row for row in official.read_france().communes if row.kind == "COM"),
        key=lambda row: row.code,
    )


@cache
def ground(department=None):
    """The communes of a department, or of the whole country; those without an outline are left."""
    rows = [row for row in _communes() if row.department == department or department is None]
    shapes = geometry.parsed([row.outline for row in rows])
    kept = [number for number, shape in enumerate(shapes) if shape is not None]
    i, j = geometry.touching(shapes[kept]).T
    population = [rows[number].population for number in kept]
    return Ground(np.array(population, float), Neighbours.from_pairs(i, j, len(kept)))
