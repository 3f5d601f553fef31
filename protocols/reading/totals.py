"""Totals that others counted, by nomenclature, each series apart: nothing here is ever summed."""

from dataclasses import dataclass
from typing import Any

from cross.ui.templatetags.words import counted
from protocols import subjects
from protocols.models import Nomenclature, OutsideTotal

CAUTIONS = {
    Nomenclature.NFI: "Personnes mises en cause, comptées par la nomenclature française des "
    "infractions. Ces chiffres mesurent d’abord l’activité des services.",
    Nomenclature.STATE_4001: "Ancien comptage par index. Il compte autrement : ne le comparez ni "
    "ne l’additionnez à la nomenclature NFI.",
    Nomenclature.OWN: "Chaque service compte à sa façon : comparez un total à celui de la même "
    "source.",
}


@dataclass(frozen=True)
class Total:
    row: Any
    product: str
    value: str
    former: list  # (value in words, the row), the latest first


@dataclass(frozen=True)
class Series:
    """One kind in one nomenclature; `caption` names both, so that no two tables bear one name."""

    label: str
    caption: str
    totals: list[Total]


@dataclass(frozen=True)
class Family:
    nomenclature: str
    label: str
    caution: str
    series: list[Series]


def years_of(totals):
    """Years that a total ends in, the latest first."""
    return [day.year for day in totals.standing().dates("ends_on", "year", order="DESC")]


def families_of(totals, year):
    """The totals of a year, those that stand, with the values they had before. One query."""
    rows = list(
        totals.filter(ends_on__year=year)
        .select_related("by__unit")
        .order_by("kind", "product", "-starts_on", "-ends_on", "-pk")
    )
    by_key = {row.pk: row for row in rows}
    replaced = {row.replaces_id for row in rows if row.replaces_id}
    standing = [row for row in rows if row.pk not in replaced and row.undone_at is None]
    names = dict(subjects.products())
    found = []
    for nomenclature in Nomenclature:
        series = []
        for kind in OutsideTotal.Kind:
            shown = [
                Total(
                    row,
                    names.get(row.product, ""),
                    in_words(row),
                    [(in_words(old), old) for old in _former(row, by_key)],
                )
                for row in standing
                if (row.nomenclature, row.kind) == (nomenclature, kind)
            ]
            if shown:
                series.append(Series(kind.label, _caption(kind, nomenclature), shown))
        if series:
            found.append(
                Family(nomenclature.value, nomenclature.label, CAUTIONS[nomenclature], series)
            )
    return found


def _caption(kind, nomenclature):
    short = {Nomenclature.NFI: " (NFI)", Nomenclature.STATE_4001: " (État 4001)"}
    return f"{kind.label}{short.get(nomenclature, '')}"


def in_words(row):
    return counted(row.value, row.unit)


def _former(row, by_key):
    old = by_key.get(row.replaces_id)
    while old is not None:
        yield old
        old = by_key.get(old.replaces_id)
