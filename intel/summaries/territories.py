"""What figures are told by: the levels of a department, and where each report and fact falls.

A fact known no closer than a city cut up, or in a commune without an heir, counts for its
department and in no unit.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from intel.models import TerritoryScore
from intel.statistics import Neighbours
from intel.summaries import hexagons, hours
from intel.summaries.places import Cited, Overlapping
from intel.summaries.repeats import repeats
from intel.summaries.told import Told
from services.geography import (
    REST,
    Neighbourhoods,
    Units,
    neighbourhoods_of,
    numbers_by_commune,
    rest_of_commune,
    units_of,
)
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
    of_place: np.ndarray = field(default_factory=lambda: np.array([], np.int64))  # (p,) cited ones

    def __len__(self):
        return len(self.codes)

    def facts(self, chosen):
        """How many of the facts of that mask fall in each territory."""
        return self._summed(self.of_fact[chosen])

    def reports(self, chosen):
        """How many of the reports of that mask fall in each territory."""
        return self._summed(self.of_report[chosen])

    def facts_in(self, number, chosen):
        """The numbers of the facts of that mask that fall in one territory."""
        return np.flatnonzero((self.of_fact == number) & chosen)

    def reports_in(self, number, chosen):
        return np.flatnonzero((self.of_report == number) & chosen)

    def places(self, chosen):
        """How many of the cited places of that mask lie in each territory."""
        return self._summed(self.of_place[chosen])

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
    told: Told
    cited: Cited
    of_place: np.ndarray  # the unit of each cited place
    neighbourhoods: Neighbourhoods | None = None
    schedules: dict = field(default_factory=dict)  # what reports say of days and hours
    repeats: dict = field(default_factory=dict)  # tips that say what another one said before
    number: dict = field(default_factory=dict)  # the unit of each commune, by its key
    name: str = ""  # of the whole

    @classmethod
    def under(cls, told, department, span):
        """Seven queries; tips that say the same are looked for in that span."""
        units = units_of(department)
        return cls.of(
            told,
            department,
            units,
            numbers_by_commune(units, department),
            cited=Cited.by(told, department),
            neighbourhoods=neighbourhoods_of(department, units),
            schedules=hours.schedules(told, department),
            repeats=repeats(told, department, span),
        )

    @classmethod
    def of(cls, told, department, units, number, **others):
        """The same of units at hand; `number` has the unit of each commune, by its key. `others`:
        what is known of places, neighbourhoods, schedules and tips that say the same."""
        cited = others.pop("cited", None) or Cited()

        def units_under(communes):
            return np.array([number.get(key, NOWHERE) for key in communes], dtype=np.int64)

        of_report = units_under(row.commune for row in told.rows)
        return cls(
            department,
            units,
            of_report,
            _of_facts(told, of_report),
            told,
            cited,
            units_under(place.commune for place in cited.places),
            **{"number": number, "name": department.name} | others,
        )

    @property
    def digest(self):
        """What figures rest on besides units and reports; empty without any of it."""
        parts = [self.cited.digest] if self.cited.places else []
        if self.neighbourhoods:
            parts.append(self.neighbourhoods.version)
        return hashlib.sha256(repr(parts).encode()).hexdigest() if parts else ""

    @cached_property
    def neighbours(self):
        return Neighbours.from_pairs(self.units.i, self.units.j, len(self.units))

    @cached_property
    def levels(self):
        """{dimension: Level}, the widest first."""
        units, department = self.units, self.department
        everything = np.zeros(len(units), dtype=np.int64)
        found = {
            Dimension.DEPARTMENT: self._above(
                Dimension.DEPARTMENT,
                (department.code,),
                (self.name,),
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
                self.of_place,
            ),
        }
        if self.neighbourhoods:
            found[Dimension.NEIGHBOURHOOD] = self._neighbourhoods(self.neighbourhoods)
        if self.cited.places:
            found[Dimension.PLACE] = self._places()
        if self.schedules:
            found[Dimension.HOURS] = hours.level(self.schedules, self.told)
        return found

    @cached_property
    def hexagons(self):
        """The level of cells, None when nothing is pointed at. Of twelve months alone."""
        if not self.cited.places:
            return None
        return hexagons.level(
            self.cited, self.told, self.units, self.of_place, self.department.srid
        )

    def _places(self):
        places = self.cited.places
        return Overlapping.of(
            Dimension.PLACE,
            tuple(place.code for place in places),
            tuple(place.name for place in places),
            self.cited.pairs,
            told=self.told,
        )

    def _neighbourhoods(self, known):
        """Priority neighbourhoods, then what is left of each commune that has some."""
        units = self.units
        shared = np.unique(known.parts[:, 1])  # the communes that have some
        rest_of = np.full(len(units) + 1, NOWHERE)
        rest_of[shared] = len(known) + np.arange(shared.size)

        def numbers(x, y, unit, said=None):
            inside = known.numbers_of(x, y, unit, said)
            rest = known.rests_of(inside, unit)
            return np.where(inside >= 0, inside, rest_of[rest])

        at = np.full((len(self.told), 2), np.nan)
        points = self.cited.points
        for report, place in self.cited.pairs[::-1].tolist():  # the first one with a point stays
            if np.isfinite(points[place, 0]):
                at[report] = points[place]
        said = np.array([row.neighbourhood or 0 for row in self.told.rows], dtype=np.int64)
        of_report = numbers(at[:, 0], at[:, 1], self.of_report, said)
        return Level(
            Dimension.NEIGHBOURHOOD,
            (*known.codes, *(f"{units.codes[unit]}{REST}" for unit in shared)),
            (*known.names, *(rest_of_commune(units.names[unit]) for unit in shared)),
            np.append(known.population, [self._left_in(unit, known) for unit in shared]),
            np.zeros(len(known) + shared.size, bool),
            of_report,
            _of_facts(self.told, of_report),
            numbers(points[:, 0], points[:, 1], self.of_place),
        )

    def _left_in(self, unit, known):
        """Inhabitants of the rest of a commune, NaN when a neighbourhood lies in several."""
        inside = known.parts[known.parts[:, 1] == unit, 0]
        if np.isin(known.parts[known.parts[:, 1] != unit, 0], inside).any():
            return np.nan
        return self.units.population[unit] - known.population[inside].sum()

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
            lifted(self.of_place),
        )


def _of_facts(told, of_report):
    """Where each fact falls: where its first telling does; nowhere when it counts on no day."""
    return np.where(told.first < 0, NOWHERE, np.append(of_report, NOWHERE)[told.first])
