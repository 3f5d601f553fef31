"""How many reports stand behind each filter, counted by the database in one reading."""

from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Value, When

from cross.ui import keyset
from intel.models import Audience
from intel.reading.capped import Capped, count_each
from intel.reading.filters import STAGES, states_of
from intel.reading.sql import sql_of

FACETS_UP_TO = 10_000

# Facets counted beside their values: the columns of the index report_cover, so that counting reads
# the index alone.
COUNTED = {
    "etat": "state",
    "produit": "products",
    "origine": "origin",
    "unite": "owner_id",
    "diffusion": "audience",
}


@dataclass(frozen=True)
class Counts:
    """How many reports, and per facet how many for each value of its column."""

    total: int
    by: dict


def counts_of(reports, given, *, at_most=FACETS_UP_TO):
    """Total and facets in one query, or None when there is more than `at_most` to count.

    A facet is counted under every filter but its own: its other values say what choosing them
    would add. Each grouping set is one facet; the last, empty, is the total.
    """
    facets = {name: given[name] for name in COUNTED if name in given}
    for name in given.keys() - facets.keys():
        reports = reports.filter(given[name])
    fits = {
        f"fits_{name}": Case(When(condition, then=Value(True)), default=Value(False))
        for name, condition in facets.items()
    }
    rows = reports.order_by().annotate(**fits).values(*COUNTED.values(), *fits)
    asked = sql_of(rows[: None if at_most is None else at_most + 1])
    if asked is None:
        return Counts(0, {name: Counter() for name in COUNTED})
    sql, params = asked
    with connection.cursor() as cursor:
        cursor.execute(_grouped(sql, facets.keys()), params)
        lines = cursor.fetchall()
    return _folded(lines, at_most)


def _grouped(sql, facets):
    """The query over `sql`: one line per value of each facet, and one for the total.

    Each line is (facet or "", a value for every column of COUNTED, count, rows read).
    """
    which = "".join(
        f"WHEN GROUPING({column}) = 0 THEN '{name}' " for name, column in COUNTED.items()
    )
    number = "".join(
        f"WHEN GROUPING({column}) = 0 THEN {_counting(facets - {name})} "
        for name, column in COUNTED.items()
    )
    columns = ", ".join(COUNTED.values())
    sets = ", ".join(f"({column})" for column in COUNTED.values())
    # Only names of this module are put together here; whatever was typed stays in the parameters.
    return (
        f"SELECT CASE {which} ELSE '' END, {columns}, "  # noqa: S608
        f"CASE {number} ELSE {_counting(facets)} END, count(*) "
        f"FROM ({sql}) AS asked GROUP BY GROUPING SETS ({sets}, ())"
    )


def _counting(names):
    """Count the rows that fit these filters."""
    fits = " AND ".join(f"fits_{name}" for name in sorted(names))
    return f"count(*) FILTER (WHERE {fits or 'true'})"


def _folded(lines, at_most):
    by = {name: Counter() for name in COUNTED}
    total = 0
    place = {name: rank for rank, name in enumerate(COUNTED, start=1)}
    for line in lines:
        facet, count, read = line[0], line[-2], line[-1]
        if not facet:
            if at_most is not None and read > at_most:
                return None
            total = count
            continue
        value = line[place[facet]]
        for each in value if isinstance(value, list) else [value]:
            by[facet][each] += count
    return Counts(total, by)


@dataclass(frozen=True)
class Option:
    """One value of a facet; `count` is None when nothing is counted."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    options: list
    is_open: bool

    @property
    def chosen(self):
        return sum(option.is_chosen for option in self.options)


FACETS = ("etat", "produit", "origine", "unite", "diffusion")
FOLDED = (
    "mode", "source", "information", "exploitation", "identifiant", "pieces", "validite", "retour",
    "qui", "departement",
)  # fmt: skip
OPEN = frozenset({"etat", "produit"})
ALWAYS_SHOWN = frozenset(
    {"etat", "diffusion", "pieces", "validite", "retour", "qui", "departement"}
)


def facets_of(asked, counts):
    """The facets of the list, each with the values worth showing."""
    facets = (
        _facet(name, asked.form, asked.wanted.get(name, ()), counts) for name in (*FACETS, *FOLDED)
    )
    return [facet for facet in facets if facet.options]


def _facet(name, form, values, counts):
    counted = counts.by[name] if counts and name in COUNTED else None
    options = []
    for value, label in form.fields[name].choices:
        count = None if counted is None else _count_of(name, value, counted)
        is_chosen = value in values
        is_stage = name != "etat" or value in STAGES
        is_shown = (is_stage and (count != 0 or name in ALWAYS_SHOWN)) or is_chosen
        if is_shown:
            options.append(Option(value, label, count, is_chosen))
    return Facet(name, form.fields[name].label, options, name in OPEN or bool(values))


def _count_of(name, value, counted):
    if name == "etat":
        return sum(counted[state] for state in states_of([value]))
    if name == "diffusion":
        level = Audience.RESTRICTED if value == "restreinte" else Audience.PROTOCOL
        return counted[level]
    return counted[int(value) if name == "unite" else value]


@dataclass(frozen=True)
class WayOut:
    """A filter that alone empties the list: what is found without it, and where."""

    label: str
    count: Capped
    query: str


def ways_out(readable, asked):
    """What an empty list proposes, all counted in one query."""
    given, form = asked.given, asked.form
    found = [
        (name, readable.filter(*(given[other] for other in given if other != name)))
        for name in given
    ]
    counts = count_each([reports for _, reports in found])
    ways = []
    for (name, _), count in zip(found, counts, strict=True):
        query = form.data.copy()
        for each in (name, keyset.AFTER, keyset.BEFORE):
            query.pop(each, None)
        if count:
            ways.append(WayOut(form.fields[name].label, count, query.urlencode()))
    return ways
