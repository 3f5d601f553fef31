"""Files of neighbourhoods, as their publishers name things, and where each one lies.

QPV: the ANCT publishes the outlines of 2024 in WGS 84 (properties code_qp, lib_qp, insee_dep,
insee_com, siren_epci…, one feature a neighbourhood; an earlier edition has them in capitals) and
those of 2015 (code_qp, nom_qp, commune_qp). Codes: QP, department on three characters, rank; since
2024 QN, department, rank and a letter that says what became of the outline. Insee publishes the
inhabitants apart, by code (codeQPV, popMuniQPV).

QRR: the Ministry of the Interior publishes one list (nom, dep, code_qrr), as a shapefile that any
mapping software turns into GeoJSON; whoever has another one says how its properties are called.

The communes that a file names are not enough: that of 2024 names one where the neighbourhood
spreads over several. They are told by the ground, see `communes_under`.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import shapely

from services.territory import geometry
from services.territory.geojson import FileFault, OutlineFault, read_outline
from services.territory.names import typographic

# What each kind calls its properties, in lower case, the first one present.
PROPERTIES = {
    "QPV": {
        "code": ("code_qp", "code_quartier"),
        "name": ("lib_qp", "nom_qp"),
        "department": ("insee_dep",),
        "communes": ("insee_com", "code_insee"),
        "population": (),
    },
    "QRR": {
        "code": ("code_qrr",),
        "name": ("nom",),
        "department": ("dep",),
        "communes": (),
        "population": (),
    },
}
# Without these there is no neighbourhood: a QPV is its code, a QRR may have none.
COMPULSORY = {"QPV": ("code", "name"), "QRR": ("name",)}
PRIORITY_CODE = re.compile(r"Q[A-Z](?P<department>[\dAB]{3})[\dA-Z]{3}")
LONGEST = {"code": 20, "name": 250}
UNKNOWN = {"", "nd", "nc", "ns", "s", "c"}  # a figure that is withheld, or not known

POPULATION_COLUMNS = {
    "code": ("codeqpv", "code_qp", "codgeo", "code"),
    "population": ("popmuniqpv", "population"),
}
MOST_TABLE_BYTES = 20_000_000

# Finer than the street that a border follows, coarser than what a scanner adds.
TOLERANCE_M = 2
# A border that follows that of a commune strays over it by less than this part of the shape.
LEAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class NeighbourhoodRecord:
    """One neighbourhood of a file; the outline is in degrees."""

    number: int
    code: str | None
    name: str
    department: str | None  # None where the file does not say
    communes: tuple[str, ...]  # Insee codes that the file names
    population: int | None
    outline: shapely.Geometry
    is_mended: bool

    @property
    def label(self):
        return _label(self.number, self.code)


def _label(number, code):
    return f"Élément n° {number} ({code})" if code else f"Élément n° {number}"


def read_records(features, kind, properties, departments):
    """(records of the `departments`, {other department: how many were left}).

    A file may be of the whole country: what lies elsewhere is not looked at further. Raises a
    `FileFault` that tells everything that is wrong.
    """
    records = []
    left: Counter[str] = Counter()
    faults: list[str] = []
    for feature in features:
        try:
            said = _said(feature, kind, properties)
            department = said.pop("department")
            if department and department not in departments:
                left[department] += 1
                continue
            outline, is_mended = read_outline(feature.geometry)
        except FileFault as fault:
            faults += fault.sentences
        except OutlineFault as fault:
            faults.append(f"{_label(feature.number, said['code'])} : son contour {fault}.")
        else:
            records.append(
                NeighbourhoodRecord(
                    number=feature.number,
                    department=department,
                    outline=outline,
                    is_mended=is_mended,
                    **said,
                )
            )
    if faults:
        raise FileFault(*faults)
    return _gathered(records), left


def _said(feature, kind, properties):
    """What the properties of a feature say, checked."""
    text = {
        each: _text(feature, properties[each])
        for each in ("code", "name", "department", "communes", "population")
    }
    missing = [each for each in COMPULSORY[kind] if not text[each]]
    if missing:
        raise FileFault(*(_missing(feature, each, properties[each]) for each in missing))
    code, where = text["code"].upper(), _label(feature.number, text["code"])
    national = PRIORITY_CODE.fullmatch(code)
    if kind == "QPV" and not national:
        raise FileFault(f"{where} : le code d’un quartier prioritaire ressemble à QN08801M.")
    for each, most in LONGEST.items():
        if len(text[each]) > most or not text[each].isprintable():
            raise FileFault(
                f"{where} : « {text[each][:30]} » passe {most} caractères, ou en contient "
                "d’invisibles."
            )
    return {
        "code": code or None,
        "name": typographic(text["name"]),
        "department": _department(text["department"] or (national and national["department"])),
        "communes": tuple(
            word.zfill(5).upper() for word in re.split(r"[\s,;/]+", text["communes"]) if word
        ),
        "population": _population(text["population"], where),
    }


def _text(feature, names):
    """The first of those properties that says something, as one line of text."""
    for name in names:
        value = feature.properties.get(name)
        line = " ".join(str(value).split()) if isinstance(value, int | str) else ""
        if line and not isinstance(value, bool):
            return line
    return ""


def _missing(feature, each, names):
    wanted = " ou ".join(f"« {name} »" for name in names)
    present = ", ".join(sorted(feature.properties)[:20]) or "aucune"
    return (
        f"Élément n° {feature.number} : la propriété {wanted} manque ou est vide (présentes : "
        f"{present}). Si elle s’appelle autrement, ajoutez --property {each}=NOM."
    )


def _department(said):
    """« 1 », « 01 », « 2a » and the « 088 » of a code are understood; None without any."""
    return said.upper().removeprefix("0").zfill(2) if said else None


def _population(text, where):
    digits = re.sub(r"[\s\u202f\xa0]", "", text)
    if digits.lower() in UNKNOWN:
        return None
    if not re.fullmatch(r"\d{1,7}(?:[.,]0+)?", digits):
        raise FileFault(f"{where} : « {text[:30]} » n’est pas un nombre d’habitants.")
    return int(re.split(r"[.,]", digits)[0])


def _gathered(records):
    """One record a neighbourhood: a file may cut one at the border of its communes."""
    by_code: dict[str, NeighbourhoodRecord] = {}
    whole, faults = [], []
    for record in records:
        first = by_code.setdefault(record.code, record) if record.code else record
        if first is record:
            whole.append(record)
        elif first.name != record.name:
            faults.append(
                f"{record.label} : ce code est déjà celui de « {first.name} », élément "
                f"n° {first.number}."
            )
    if faults:
        raise FileFault(*faults)
    parts: dict[str | int, list[NeighbourhoodRecord]] = {}
    for record in records:
        parts.setdefault(record.code or record.number, []).append(record)
    return [_joined(parts[record.code or record.number]) for record in whole]


def _joined(parts):
    first = parts[0]
    if len(parts) == 1:
        return first
    counted = [part.population for part in parts if part.population is not None]
    return replace(
        first,
        communes=tuple(dict.fromkeys(code for part in parts for code in part.communes)),
        # Each part says the inhabitants of the whole, or none of them says any.
        population=counted[0] if counted else None,
        outline=shapely.union_all([part.outline for part in parts]),
        is_mended=any(part.is_mended for part in parts),
    )


# --- Inhabitants, in a table of their own -----------------------------------------------------


def read_populations(path):
    """{code: inhabitants or None}, from a CSV of Insee. Raises `FileFault`."""
    rows = _rows(path)
    header = [cell.strip().lower() for cell in next(rows, [])]
    columns = {}
    for wanted, names in POPULATION_COLUMNS.items():
        present = [name for name in names if name in header]
        if not present:
            raise FileFault(
                f"Populations : la première ligne n’a pas de colonne {' ou '.join(names)}."
            )
        columns[wanted] = header.index(present[0])
    found: dict[str, int | None] = {}
    faults: list[str] = []
    for line, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            code, population = (
                row[columns[each]].strip() if columns[each] < len(row) else ""
                for each in ("code", "population")
            )
            found[code.upper()] = _population(population, f"Populations, ligne {line}")
        except FileFault as fault:
            faults += fault.sentences
    if faults:
        raise FileFault(*faults)
    return found


def _rows(path):
    try:
        if path.stat().st_size > MOST_TABLE_BYTES:
            raise FileFault(
                f"Le fichier des populations pèse plus de {MOST_TABLE_BYTES // 1_000_000} Mo."
            )
        content = path.read_bytes()
    except OSError as error:
        raise FileFault(
            f"Le fichier « {path} » ne peut pas être lu ({error.strerror})."
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator)
    except csv.Error as error:
        raise FileFault("Le fichier des populations n’est pas un tableau CSV lisible.") from error


# --- On the ground ----------------------------------------------------------------------------


def drawn(outlines, srid):
    """Outlines in degrees to whole metres, as those of communes; None where nothing is left."""
    shapes = geometry.projected(np.array(outlines, dtype=object), srid)
    shapes[~_is_on_the_map(shapes)] = None
    shapes = geometry.whole_metres(shapely.simplify(shapes, TOLERANCE_M))
    shapes[shapely.area(shapes) == 0] = None
    return shapes


def _is_on_the_map(shapes):
    """A projection sends what lies on the other side of the earth to infinity."""
    return np.isfinite(shapely.bounds(shapes)).all(axis=1)


def communes_under(shapes, communes, named):
    """For each shape, the numbers of the communes that it lies in, the one with most of it first.

    In metres both; a commune without outline is None. `named` are the numbers that the file gives
    to each shape: one that it names is enough, where another needs `LEAST_SHARE` of the shape, for
    a border drawn twice never falls on itself.
    """
    found: list[list[int]] = [[] for _ in shapes]
    i, j = shapely.STRtree(communes).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[i], communes[j]))
    for place in np.lexsort((j, -shared)):
        shape, commune = int(i[place]), int(j[place])
        least = 0 if commune in named[shape] else LEAST_SHARE * shapes[shape].area
        if shared[place] > least:
            found[shape].append(commune)
    for numbers, names in zip(found, named, strict=True):
        numbers += [commune for commune in names if communes[commune] is None]
    return found
