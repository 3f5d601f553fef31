"""The units of a department that figures are told by, in a fixed order, and which of them touch.

Plain arrays, one place a unit, for statistics that know nothing of communes. Everything comes in
one query, outlines left aside.
"""

import hashlib
from dataclasses import dataclass
from itertools import chain

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from services.models import Commune, NeighbourLink
from services.territory import movements

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
                f"{name} (partie {department.name})" if is_across else name
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
    rows = list(
        Commune.objects.filter(department=department).values_list(
            "pk", "code", "kind", "parent__code", "former_codes", "retired_in"
        )
    )
    number = {code: place for place, code in enumerate(units.codes)}
    today = movements.units_by_code(
        (
            movements.Place(code, kind, parent, tuple(former.split()), is_listed=retired is None)
            for _, code, kind, parent, former, retired in rows
        ),
        number,
    )
    return {pk: number[today[code]] for pk, code, *_ in rows if code in today}


def _touched(end, other):
    """Keys of the units at the `other` end of the links whose `end` is this one: an array."""
    links = NeighbourLink.objects.filter(**{end: OuterRef("pk")})
    # A city cut up is there by its arrondissements.
    whole = Commune.objects.cut_up().values("pk")
    return ArraySubquery(links.exclude(**{f"{other}__in": whole}).values(other))


def _columns(pairs):
    """Pairs of whole numbers as two arrays, in increasing order."""
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
