"""What figures are told by: the levels of a department, and where each report and fact falls.

A fact known no closer than a city cut up, or in a commune without an heir, counts for its
department and in no unit.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from intel.models import TerritoryScore
from intel.statistics import Neighbours
from services.geography import Units, numbers_by_commune, units_of
from services.models import Department

Dimension = TerritoryScore.Dimension
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Level:
    """t territories of one level; `of_report` and `of_fact` say which one each falls in."""

    dimension: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    population: np.ndarray  # (t,) inhabitants, NaN where unknown
    on_border: np.ndarray  # (t,) touches another department
    of_report: np.ndarray  # (n,) NOWHERE outside of all
    of_fact: np.ndarray  # (f,)

    def __len__(self):
        return len(self.codes)

    def facts(self, chosen):
        """How many of the facts of that mask fall in each territory."""
        return self._summed(self.of_fact[chosen])

    def reports(self, chosen):
        """How many of the reports of that mask fall in each territory."""
        return self._summed(self.of_report[chosen])

    def _summed(self, numbers):
        return np.bincount(numbers[numbers != NOWHERE], minlength=len(self))

    def distinct(self, chosen, values):
        """How many different values the reports of that mask have in each territory."""
        chosen = chosen & (self.of_report != NOWHERE)
        where, values = self.of_report[chosen], values[chosen]
        if not values.size:
            return np.zeros(len(self), dtype=np.int64)
        # One number a pair: sorting rows of two takes ten times as long.
        width = values.max() - values.min() + 1
        pairs = np.unique(where * width + values - values.min())
        return np.bincount(pairs // width, minlength=len(self))


@dataclass(frozen=True, eq=False)
class Ground:
    """The units of a department, and in which of them the reports and facts of `told` fall."""

    department: Department
    units: Units
    of_report: np.ndarray
    of_fact: np.ndarray

    @classmethod
    def under(cls, told, department):
        """Two queries."""
        units = units_of(department)
        return cls.of(told, department, units, numbers_by_commune(units, department))

    @classmethod
    def of(cls, told, department, units, number):
        """The same of units at hand; `number` has the unit of each commune, by its key."""
        of_report = np.array(
            [number.get(row.commune, NOWHERE) for row in told.rows], dtype=np.int64
        )
        # A fact that counts on no day falls nowhere.
        of_fact = np.where(told.first < 0, NOWHERE, np.append(of_report, NOWHERE)[told.first])
        return cls(department, units, of_report, of_fact)

    @cached_property
    def neighbours(self):
        return Neighbours.from_pairs(self.units.i, self.units.j, len(self.units))

    @cached_property
    def levels(self):
        """{dimension: Level}, the widest first."""
        units, department = self.units, self.department
        everything = np.zeros(len(units), dtype=np.int64)
        return {
            Dimension.DEPARTMENT: self._above(
                Dimension.DEPARTMENT,
                (department.code,),
                (department.name,),
                everything,
                everywhere=True,
            ),
            Dimension.ARRONDISSEMENT: self._grouped(
                Dimension.ARRONDISSEMENT, units.arrondissements
            ),
            Dimension.EPCI: self._grouped(Dimension.EPCI, units.epci),
            Dimension.COMMUNE: Level(
                Dimension.COMMUNE,
                units.codes,
                units.names,
                units.population,
                units.on_border,
                self.of_report,
                self.of_fact,
            ),
        }

    def _grouped(self, dimension, groups):
        return self._above(dimension, groups.codes, groups.names, groups.of)

    def _above(self, dimension, codes, names, group_of, *, everywhere=False):
        inside = group_of != NOWHERE
        known = np.nan_to_num(self.units.population)

        def summed(values):
            return np.bincount(group_of[inside], weights=values[inside], minlength=len(codes))

        def lifted(of):
            found = np.append(group_of, NOWHERE)[of]
            return np.zeros_like(found) if everywhere else found

        return Level(
            dimension,
            codes,
            names,
            summed(known),
            summed(self.units.on_border.astype(float)) > 0,
            lifted(self.of_report),
            lifted(self.of_fact),
        )
