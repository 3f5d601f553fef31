"""Loads the neighbourhoods of an official file, QPV or QRR, or brings them up to date."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import ProtectedError

from cross.ui.templatetags.words import counted
from services.geography import numbers_by_code, units_of
from services.management.commands.load_territory import LOCK
from services.models import Commune, Department, Neighbourhood
from services.territory import geometry, neighbourhoods
from services.territory.geojson import FileFault, read_features
from services.territory.names import folded

KINDS = {"qpv": Neighbourhood.Kind.PRIORITY, "qrr": Neighbourhood.Kind.REPUBLICAN}
YEARS = range(2014, 2100)
# Of what is told at once: faults of a file, names in a line.
MOST_FAULTS = 20
MOST_NAMES = 10


class Command(BaseCommand):
    help = (
        "Charge les quartiers d’un fichier GeoJSON en WGS 84 : quartiers prioritaires de la "
        "politique de la ville (QPV) ou quartiers de reconquête républicaine (QRR). Seuls ceux "
        "des départements chargés sont gardés. Relancée, la commande remplace ceux du même "
        "millésime ; un quartier qui n’est plus dans un fichier plus récent est clos."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FICHIER", help="GeoJSON, en WGS 84")
        parser.add_argument("--kind", required=True, choices=KINDS, help="qpv ou qrr")
        parser.add_argument("--year", required=True, type=int, metavar="AAAA", help="millésime")
        parser.add_argument(
            "--department",
            metavar="CODE",
            help="ce seul département ; à défaut, ceux que le fichier contient",
        )
        parser.add_argument(
            "--population",
            type=Path,
            metavar="FICHIER",
            help="CSV de l’Insee, avec les colonnes codeQPV et popMuniQPV",
        )
        parser.add_argument(
            "--property",
            action="append",
            default=[],
            metavar="RÔLE=NOM",
            help="nom d’une propriété du fichier, quand ce n’est pas celui de l’éditeur ; rôles : "
            "code, name, department, communes, population ; sans NOM, elle n’est pas lue",
        )

    def handle(self, *args, file, kind, year, department, population, property, **options):
        kind = KINDS[kind]
        if year not in YEARS:
            raise CommandError(f"Indiquez le millésime en quatre chiffres, pas {year}.")
        departments = chosen(department)
        try:
            records, left = neighbourhoods.read_records(
                read_features(file), kind, named(kind, property), departments
            )
            inhabitants = neighbourhoods.read_populations(population) if population else {}
            tallies, nowhere = load(
                records, inhabitants, departments, kind, year, even_without=department is not None
            )
        except FileFault as fault:
            raise CommandError(told(fault.sentences)) from fault
        why = "demandé" if department else "chargé"
        for line in (*(tally.sentence() for tally in tallies), *elsewhere(left, nowhere, why)):
            self.stdout.write(line)


def chosen(code):
    """{code: department} of those loaded, or of the one that was typed."""
    known = Department.objects.defer("outline").in_bulk(field_name="code")
    if code is None:
        return known
    code = code.strip().upper().zfill(2)
    if code not in known:
        raise CommandError(
            f"Le département {code} n’est pas chargé : load_territory --department {code}"
        )
    return {code: known[code]}


def named(kind, typed):
    """{role: names of properties}: those of the publisher, but for those that were typed."""
    properties = dict(neighbourhoods.PROPERTIES[kind])
    for text in typed:
        role, is_said, name = text.partition("=")
        if role not in properties or not is_said:
            raise CommandError(
                f"« {text} » : écrivez RÔLE=NOM ; rôles possibles : {', '.join(properties)}."
            )
        if role in neighbourhoods.COMPULSORY[kind] and not name.strip():
            raise CommandError(f"« {text} » : {kind} demande un nom pour « {role} ».")
        properties[role] = (name.strip().lower(),) if name.strip() else ()
    return properties


def told(sentences):
    shown, more = sentences[:MOST_FAULTS], len(sentences) - MOST_FAULTS
    rest = [f"… et {counted(more, 'autre faute,autres fautes')}."] if more > 0 else []
    return "\n".join(["Rien n’a été chargé.", *shown, *rest])


def elsewhere(left, nowhere, why):
    """What was left, in departments that are not `why`, and what lies in none."""
    words = "quartier laissé,quartiers laissés"
    if left:
        several = "s" if len(left) > 1 else ""
        yield (
            f"{counted(left.total(), words)} : département{several} {', '.join(sorted(left))} "
            f"non {why}{several}."
        )
    if nowhere:
        yield f"{counted(nowhere, words)} : hors du territoire chargé."


@dataclass
class Tally:
    """What was found and done in one department."""

    department: Department
    names: list = field(default_factory=list)  # with the communes of each
    created: int = 0
    changed: int = 0
    ended: int = 0
    removed: int = 0
    mended: list = field(default_factory=list)

    def sentence(self):
        more = len(self.names) - MOST_NAMES
        names = [*self.names[:MOST_NAMES], *([counted(more, "autre")] if more > 0 else [])]
        found = counted(len(self.names), "quartier chargé,quartiers chargés")
        done = [
            counted(number, words)
            for number, words in (
                (self.created, "créé"),
                (self.changed, "modifié"),
                (self.ended, "clos"),
                (self.removed, "retiré"),
            )
            if number
        ]
        parts = [
            f"{self.department} : {found}{' : ' if names else ''}{', '.join(names)}",
            ", ".join(done) or "déjà à jour",
        ]
        if self.mended:
            parts.append(f"contour qui se croisait, réparé : {', '.join(self.mended)}")
        return " ; ".join(parts) + "."


# --- On the ground ----------------------------------------------------------------------------


@dataclass
class Located:
    """A neighbourhood of the file and the units it lies in, most of it in the first."""

    record: neighbourhoods.NeighbourhoodRecord
    outline: list
    units: list


class Ground:
    """The units of one department, that neighbourhoods are laid upon; read when first needed."""

    def __init__(self, department):
        self.department = department

    @cached_property
    def units(self):
        return units_of(self.department)

    @cached_property
    def number_by_code(self):
        return numbers_by_code(self.units, self.department)

    @cached_property
    def shapes(self):
        outlines = dict(
            Commune.objects.filter(pk__in=self.units.keys.tolist()).values_list("pk", "outline")
        )
        shapes = [geometry.from_json(outlines[key]) for key in self.units.keys.tolist()]
        return np.array(shapes, dtype=object)

    def locate(self, records):
        """A `Located` or None for each record."""
        if not records:
            return []
        shapes = neighbourhoods.drawn([one.outline for one in records], self.department.srid)
        named = [
            [self.number_by_code[code] for code in one.communes if code in self.number_by_code]
            for one in records
        ]
        under = neighbourhoods.communes_under(shapes, self.shapes, named)
        return [
            Located(record, geometry.to_json(shape), units) if units else None
            for record, shape, units in zip(records, shapes, under, strict=True)
        ]

    def names(self, units):
        return ", ".join(self.units.names[one] for one in units)


def located(records, grounds):
    """({department: its `Located`}, how many lie in none). Raises `FileFault`."""
    found: dict[str, list[Located]] = {code: [] for code in grounds}
    faults = []
    for code, ground in grounds.items():
        ours = [record for record in records if record.department == code]
        for record, there in zip(ours, ground.locate(ours), strict=True):
            if there:
                found[code].append(there)
            else:
                faults.append(
                    f"{record.label} : son contour n’est dans aucune commune "
                    f"{ground.department.of_name}. Le fichier doit être en degrés, longitude puis "
                    "latitude."
                )
    if faults:
        raise FileFault(*faults)
    # Where the file does not say, the first department that it lies in.
    rest = [record for record in records if record.department is None]
    for code, ground in grounds.items():
        there = ground.locate(rest)
        found[code] += filter(None, there)
        rest = [record for record, one in zip(rest, there, strict=True) if one is None]
    return found, len(rest)


# --- Writing ----------------------------------------------------------------------------------


@transaction.atomic
def load(records, inhabitants, departments, kind, year, *, even_without):
    """(a `Tally` for each department written, how many neighbourhoods lie in none).

    Departments without any are left as they are, a file may be of one department; unless
    `even_without`. All or nothing: raises a `FileFault` that tells of every department.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    grounds = {code: Ground(each) for code, each in sorted(departments.items())}
    found, nowhere = located(records, grounds)
    tallies: list[Tally] = []
    faults: list[str] = []
    for code, ground in grounds.items():
        if found[code] or even_without:
            try:
                tallies.append(write(ground, found[code], inhabitants, kind, year))
            except FileFault as fault:
                faults += fault.sentences
    if faults:
        raise FileFault(*faults)
    return tallies, nowhere


def write(ground, found, inhabitants, kind, year):
    """Makes the rows of one department say what the file says; what is right stays unwritten."""
    tally = Tally(ground.department)
    present = list(
        Neighbourhood.objects.of(ground.department).filter(kind=kind).with_others().order_by("pk")
    )
    check_year(ground.department, present, year)
    rows = paired(ground, found, present)
    kept = {row.pk for row in rows if row}
    for row in present:
        if row.pk not in kept and row.year and row.retired_in is None:
            end(row, year, tally)
    for each, row in zip(found, rows, strict=True):
        record, keys = each.record, [int(ground.units.keys[one]) for one in each.units]
        population = inhabitants.get(record.code, record.population)
        if population is None and row and row.year == year:
            population = row.population  # told by a run before
        fields = {
            "commune_id": keys[0],
            "name": record.name,
            "code": record.code,
            "outline": each.outline,
            "year": year,
            "population": population,
            "retired_in": None,
        }
        save(row or Neighbourhood(kind=kind), fields, sorted(keys[1:]), tally)
        tally.names.append(f"{record.name} ({ground.names(each.units)})")
        tally.mended += [record.name] if record.is_mended else []
    return tally


def check_year(department, present, year):
    latest = max(
        (each for row in present for each in (row.year, row.retired_in) if each), default=0
    )
    if latest > year:
        raise FileFault(
            f"{department} : le millésime {latest} est déjà chargé, celui de {year} ne peut plus "
            "l’être."
        )


def paired(ground, found, present):
    """For each neighbourhood of the file the row that is the same one, or None.

    The same code; without code on either side, the same name in the same commune. Raises
    `FileFault` where two would be one.
    """
    by_code = {row.code: row for row in present if row.code}
    # One in force rather than one that ended.
    by_name = {
        (row.commune_id, folded(row.name)): row
        for row in sorted(present, key=lambda row: row.retired_in is None)
        if not row.code
    }
    taken = {
        row.code: row
        for row in Neighbourhood.objects.filter(code__in=[each.record.code for each in found])
        .exclude(pk__in=[row.pk for row in present])
        .select_related("commune")
        .defer("outline", "commune__outline")
    }
    rows, met, faults = [], set(), []
    for each in found:
        record = each.record
        name = (int(ground.units.keys[each.units[0]]), folded(record.name))
        if record.code in taken:
            faults.append(
                f"{record.label} : ce code est déjà celui de « {taken[record.code]} ». Si les "
                "codes du fichier ne sont pas nationaux, ajoutez --property code="
            )
        if record.code is None and name in met:
            faults.append(
                f"{record.label} : « {record.name} » est deux fois dans la même commune."
            )
        met |= {name} if record.code is None else set()
        rows.append(by_code.get(record.code) or by_name.pop(name, None))
    if faults:
        raise FileFault(*faults)
    return rows


def end(row, year, tally):
    """It stands in the file no more: closed in that year; what this very year brought by mistake
    goes away, unless something cites it."""
    if row.year == year and removed(row):
        tally.removed += 1
        return
    row.retired_in = year
    row.save(update_fields=["retired_in"])
    tally.ended += 1


def removed(row):
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return False
    return True


def save(row, fields, others, tally):
    is_new = row.pk is None
    differs = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in differs:
        setattr(row, name, fields[name])
    if differs:
        row.save()
    if is_new or row.others != others:
        row.other_communes.set(others)
        differs.append("others")
    tally.created += is_new
    tally.changed += bool(differs) and not is_new
