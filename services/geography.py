"""The units of a department that figures are told by, in a fixed order, and which of them touch;
and the neighbourhoods, a level of its own that covers a part of some units.

Plain arrays, one place a unit, for statistics that know nothing of communes. Each comes in one
query, outlines of communes left aside.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import shapely
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from services.models import Commune, Neighbourhood, NeighbourLink
from services.territory import geometry, movements

COLUMNS = (
    "pk",
    "code",
    "name",
    "population",
    "is_on_border",
    "has_no_outline",
    "after",
    "before",
    "arrondissement__code",
    "arrondissement__name",
    "epci__siren",
    "epci__name",
    "epci__is_across_departments",
)


@dataclass(frozen=True, eq=False)
class Groups:
    """A level above the units: g groups in the order of their codes.

    Facts of a group: ``np.bincount(of[of >= 0], counts[of >= 0], minlength=g)``.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    of: np.ndarray  # shape (n,): the number of the group of each unit, -1 where it has none

    @classmethod
    def read(cls, codes, names):
        """From the code, or None, and the name of the group of each unit."""
        name_by_code = dict(zip(codes, names, strict=True))
        ordered = sorted(code for code in name_by_code if code is not None)
        number = {code: place for place, code in enumerate(ordered)}
        return cls(
            codes=tuple(ordered),
            names=tuple(name_by_code[code] for code in ordered),
            of=np.array([number.get(code, -1) for code in codes], dtype=np.int64),
        )

    def __len__(self):
        return len(self.codes)


@dataclass(frozen=True, eq=False)
class Units:
    """The n units of a department in the order of their codes: a partition of it.

    Communes, and the municipal arrondissements of Paris, Lyon and Marseille in place of their
    city. Arrays have shape (n,) but those of links, one place a link.
    """

    year: int  # of the division
    keys: np.ndarray  # primary keys
    codes: tuple[str, ...]  # text: 2A004, 01004
    names: tuple[str, ...]
    population: np.ndarray  # inhabitants; NaN where unknown, 0 in a village without a soul
    # No outline is published: in tables only, without neighbours, drawn nowhere.
    without_outline: np.ndarray
    on_border: np.ndarray  # touches another department, loaded or not
    arrondissements: Groups
    # The part in this department, and named so, of those that spread over several. Four islands
    # have none.
    epci: Groups
    # Links between units numbered from 0: i < j, each once, in increasing order.
    i: np.ndarray
    j: np.ndarray
    # Links across the border to departments that are loaded: the unit, and the key of the commune.
    border_units: np.ndarray
    beyond: np.ndarray

    def __len__(self):
        return len(self.codes)

    @property
    def version(self):
        """What figures rest on: the year, and a digest of units, of what is known of each (its
        inhabitants, an outline or not, a border or not), of links and of groups."""
        summed = hashlib.sha256()
        for column in (
            self.population,
            self.without_outline,
            self.on_border,
            self.i,
            self.j,
            self.arrondissements.of,
            self.epci.of,
        ):
            summed.update(repr(column.tolist()).encode())
        for codes in (self.codes, self.arrondissements.codes, self.epci.codes):
            summed.update(repr(codes).encode())
        return f"{self.year}-{summed.hexdigest()[:16]}"


def units_of(department):
    """The `Units` of one department. One query."""
    rows = list(
        Commune.objects.filter(department=department)
        .statistical_units()
        .annotate(
            # Not a value "outline__isnull", which would be a key of the JSON.
            has_no_outline=Q(outline__isnull=True),
            after=_touched("first", "second"),
            before=_touched("second", "first"),
        )
        .order_by("code")
        .values_list(*COLUMNS)
    )
    column = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    keys = column["pk"]
    number = {key: place for place, key in enumerate(keys)}
    touching = [
        (unit, key)
        for unit, touched in enumerate(zip(column["after"], column["before"], strict=True))
        for key in chain(*touched)
    ]
    i, j = _columns((unit, number[key]) for unit, key in touching if unit < number.get(key, -1))
    border_units, beyond = _columns(pair for pair in touching if pair[1] not in number)
    return Units(
        year=department.geography_year,
        keys=np.array(keys, dtype=np.int64),
        codes=tuple(column["code"]),
        names=tuple(column["name"]),
        population=np.array(column["population"], dtype=float),  # None becomes NaN
        without_outline=np.array(column["has_no_outline"], dtype=bool),
        on_border=np.array(column["is_on_border"], dtype=bool),
        arrondissements=Groups.read(
            column["arrondissement__code"], column["arrondissement__name"]
        ),
        epci=Groups.read(
            column["epci__siren"],
            [
                part_in(department, name, is_across)
                for name, is_across in zip(
                    column["epci__name"], column["epci__is_across_departments"], strict=True
                )
            ],
        ),
        i=i,
        j=j,
        border_units=border_units,
        beyond=beyond,
    )


def numbers_by_commune(units, department):
    """{primary key of a commune: number of the unit it counts in}. One query.

    For every commune of the department that a report may name: delegated ones, those merged since,
    those of a list before. Left out: what is known no closer than a city cut up, and what has no
    heir in the department; it counts at the levels above, never in a unit.
    """
    rows = _communes(department)
    numbers = _numbers(units, rows)
    return {pk: numbers[code] for pk, code, *_ in rows if code in numbers}


def numbers_by_code(units, department):
    """{Insee code: number of the unit}: the same, with the codes of communes absorbed before."""
    return _numbers(units, _communes(department))


def _communes(department):
    return list(
        Commune.objects.filter(department=department).values_list(
            "pk", "code", "kind", "parent__code", "former_codes", "retired_in"
        )
    )


def _numbers(units, communes):
    number = {code: place for place, code in enumerate(units.codes)}
    today = movements.units_by_code(
        (
            movements.Place(code, kind, parent, tuple(former.split()), is_listed=retired is None)
            for _, code, kind, parent, former, retired in communes
        ),
        number,
    )
    return {code: number[unit] for code, unit in today.items()}


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """The m neighbourhoods of one kind that lie in the n units of a department, in force and with
    an outline, in the order of their codes.

    A level beside the communes: one that lies in two communes is one neighbourhood. Beside a
    commune it leaves a remainder, `rests_of`. Facts are arrays of shape (k,).
    """

    kind: str
    keys: np.ndarray  # shape (m,): primary keys
    codes: tuple[str, ...]  # the national code, or one of our own: each its own
    names: tuple[str, ...]
    years: tuple[int, ...]  # the file that each was last in
    population: np.ndarray  # shape (m,): inhabitants; NaN where unknown
    outlines: np.ndarray  # shape (m,): multipolygons, in the metres of the department
    # Shape (p, 2): a neighbourhood and a unit that it lies in, each once, in increasing order.
    parts: np.ndarray
    size: int  # n

    def __len__(self):
        return len(self.codes)

    @property
    def version(self):
        """What figures rest on, beside `Units.version`: a digest of outlines and inhabitants."""
        summed = hashlib.sha256()
        for column in (self.population, self.parts):
            summed.update(repr(column.tolist()).encode())
        summed.update(repr((self.codes, self.years)).encode())
        for outline in shapely.to_wkb(self.outlines):
            summed.update(outline)
        return f"{self.kind}-{summed.hexdigest()[:16]}"

    def numbers_of(self, x, y, units, said=None):
        """The number of the neighbourhood of each fact, -1 where it is in none.

        `x`, `y`: its point in metres, NaN without one; `units`: the number of the unit it counts
        in, see `numbers_by_commune`, -1 where unknown; `said`: the key of the neighbourhood that
        the report names, whatever its kind, 0 without.

        The commune wins: what is named or pointed at in another commune is in no neighbourhood of
        that one. What is said wins over the point. A border belongs to what it encloses, and to
        the first of two that share it.
        """
        units = np.asarray(units)
        found = self._around(np.asarray(x, dtype=float), np.asarray(y, dtype=float), units)
        if said is None or not len(self):
            return found
        order = np.argsort(self.keys)
        place = np.searchsorted(self.keys, said, sorter=order).clip(max=len(self) - 1)
        number = order[place]
        is_said = (self.keys[number] == said) & (self._part[number, units] >= 0)
        return np.where(is_said, number, found)

    def _around(self, x, y, units):
        found = np.full(units.shape, len(self))
        pointed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        points = shapely.points(x[pointed], y[pointed])
        point, number = self._tree.query(points, predicate="intersects")
        fact = pointed[point]
        is_there = self._part[number, units[fact]] >= 0
        np.minimum.at(found, fact[is_there], number[is_there])
        return np.where(found < len(self), found, -1)

    def parts_of(self, numbers, units):
        """The place in `parts` of each fact, from its `numbers_of`; -1 in no neighbourhood."""
        return np.where(numbers >= 0, self._part[numbers, units], -1) if len(self) else numbers

    def rests_of(self, numbers, units):
        """The unit of whose remainder each fact is, from its `numbers_of`; -1 for the others.

        The remainder of a commune is what it counts and its neighbourhoods do not, facts without a
        point included: nobody knows on which side they lie. With the parts in it, it makes the
        commune again, so that they are masked together. A commune without neighbourhood has none.
        """
        has_some = np.zeros(self.size + 1, dtype=bool)  # the last one for units unknown, -1
        has_some[self.parts[:, 1]] = True
        return np.where((numbers < 0) & has_some[units], units, -1)

    @cached_property
    def _tree(self):
        return shapely.STRtree(self.outlines)

    @cached_property
    def _part(self):
        """Shape (m, n + 1): the place in `parts`, -1 where there is none and for units unknown."""
        table = np.full((len(self), self.size + 1), -1)
        table[self.parts[:, 0], self.parts[:, 1]] = np.arange(len(self.parts))
        return table


def part_in(department, name, is_across):
    """How the part of an intercommunality in a department is called."""
    return f"{name} (partie {department.name})" if is_across else name


REST = "-reste"  # what follows the code of a commune in that of its remainder


def rest_of_commune(name):
    """How the remainder of a commune is called, beside its neighbourhoods."""
    return f"{name}, reste de la commune"


def neighbourhoods_of(department, units, kind=Neighbourhood.Kind.PRIORITY):
    """The `Neighbourhoods` of one kind of a department, `units` being its own. Two queries."""
    rows = list(
        Neighbourhood.objects.of(department)
        .in_force()
        .filter(kind=kind, outline__isnull=False)
        .with_others()
        .order_by("code", "pk")
    )
    number_by_key = numbers_by_commune(units, department)
    parts = {
        (number, number_by_key[key])
        for number, row in enumerate(rows)
        for key in (row.commune_id, *row.others)
        if key in number_by_key
    }
    return Neighbourhoods(
        kind=kind,
        keys=np.array([row.pk for row in rows], dtype=np.int64),
        codes=tuple(row.code or f"{kind}-{row.pk}" for row in rows),
        names=tuple(row.name for row in rows),
        years=tuple(row.year for row in rows),
        population=np.array([row.population for row in rows], dtype=float),
        outlines=np.array([geometry.from_json(row.outline) for row in rows], dtype=object),
        parts=_pairs(parts),
        size=len(units),
    )


def _touched(end, other):
    """Keys of the units at the `other` end of the links whose `end` is this one: an array."""
    links = NeighbourLink.objects.filter(**{end: OuterRef("pk")})
    # A city cut up is there by its arrondissements.
    whole = Commune.objects.cut_up().values("pk")
    return ArraySubquery(links.exclude(**{f"{other}__in": whole}).values(other))


def _columns(pairs):
    """Pairs of whole numbers as two arrays, in increasing order."""
    return _pairs(pairs).T


def _pairs(pairs):
    """Shape (p, 2), in increasing order."""
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
