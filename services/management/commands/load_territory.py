"""Loads the official communes of one or several departments, or brings them up to date."""

import time
from dataclasses import dataclass

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Q

from services.models import (
    Arrondissement,
    Commune,
    Court,
    Department,
    Epci,
    Neighbourhood,
    NeighbourLink,
    Zone,
)
from services.territory import competence, official, outlines

# Two loads at once would both create an EPCI that the two departments share.
LOCK = 8_801_001
BAR_WIDTH = 30
BATCH = 200


class Command(BaseCommand):
    help = (
        "Charge les communes d’un ou de plusieurs départements depuis les listes officielles, "
        "avec leurs contours, populations, EPCI, arrondissements, zones et tribunaux. "
        "Relancée, la commande met à jour et garde les corrections saisies."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--department",
            action="extend",
            nargs="+",
            default=[],
            metavar="CODE",
            help="code du département (88, 2A, 974) ; plusieurs codes possibles",
        )
        parser.add_argument("--all", action="store_true", help="tous les départements")

    def handle(self, *args, department, all, verbosity, **options):
        progress = Progress(self.stdout, shown=verbosity > 0)
        progress.say("Lecture des listes officielles", 0.0)
        try:
            france = official.read_france()
        except official.SourceMissing as missing:
            raise CommandError(str(missing)) from missing
        codes = sorted(france.departments) if all else checked(department, france.departments)
        for rank, code in enumerate(codes):
            record = france.departments[code]
            progress.say(f"{record.name} ({code}) : contours", (rank + 0.2) / len(codes))
            drawing = outlines.draw(france, code)
            progress.say(f"{record.name} ({code}) : écriture", (rank + 0.7) / len(codes))
            tally = load(france, record, drawing)
            progress.line(f"{record.name} ({code}) : {tally.sentence()}")
        progress.end()


def checked(typed, known):
    """The codes as the list writes them ("2a", "1" and "88,54" are understood), each once."""
    words = [word.strip().upper() for text in typed for word in text.split(",")]
    codes = list(dict.fromkeys(word.zfill(2) for word in words if word))
    if not codes:
        raise CommandError("Indiquez un département : load_territory --department 88")
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise CommandError(
            f"Département inconnu : {', '.join(unknown)}. Codes possibles : {', '.join(known)}."
        )
    return codes


@dataclass
class Tally:
    """What one load found and did."""

    communes: int = 0
    epci: int = 0
    links: int = 0
    without_outline: tuple = ()
    created: int = 0
    changed: int = 0
    retired: int = 0
    astray: int = 0  # neighbourhoods of a commune that left the list

    def count(self, created, changed):
        self.created += created
        self.changed += changed

    def sentence(self):
        found = ", ".join((
            plural(self.communes, "commune", "communes"),
            plural(self.epci, "EPCI", "EPCI"),
            plural(self.links, "voisinage", "voisinages"),
        ))  # fmt: skip
        done = [
            plural(number, *words)
            for number, words in (
                (self.created, ("ligne créée", "lignes créées")),
                (self.changed, ("ligne modifiée", "lignes modifiées")),
                (self.retired, ("commune sortie de la liste", "communes sorties de la liste")),
            )
            if number
        ]
        parts = [found, ", ".join(done) or "déjà à jour"]
        if self.without_outline:
            parts.append(f"sans contour publié : {', '.join(self.without_outline)}")
        if self.astray:
            found = plural(self.astray, "quartier", "quartiers")
            parts.append(
                f"{found} d’une commune sortie de la liste : relancez load_neighbourhoods"
            )
        return " ; ".join(parts) + "."


def plural(number, one, many):
    # No-break thin space between thousands, as French prints it.
    return f"{number:,} {one if number < 2 else many}".replace(",", "\u202f")


@transaction.atomic
def load(france, record, drawing):
    """Writes one department; what is already right is not written again.

    Overrides of zone and court are never touched. A commune that left the list keeps its row, and
    says since when: reports name it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    tally = Tally()
    lines = rows_to_keep(france.of(record.code))
    department = write_department(record, drawing, tally)
    arrondissements = write_arrondissements(france, lines, department, tally)
    epci = write_epci(france, lines, record, tally)
    courts = write_courts(lines, record, department, tally)

    seats = competence.seats_of(record, [france.arrondissements[code] for code in arrondissements])
    keys = Keys(
        department,
        arrondissements,
        epci,
        courts,
        other_names(france, record.code),
        frozenset(code for code, _ in drawing.links_across),
    )
    wanted = {line.code: commune_fields(line, record, drawing, keys, seats) for line in lines}
    pk_by_code = write_communes(lines, wanted, department, tally)
    write_links(drawing, pk_by_code, department, tally)
    retired = Commune.objects.filter(department=department).exclude(retired_in=None)
    tally.astray = Neighbourhood.objects.in_force().filter(commune__in=retired).count()
    tally.communes = sum(line.kind == "COM" for line in lines)
    tally.without_outline = tuple(
        line.name for line in lines if line.kind == "COM" and line.code not in drawing.outlines
    )
    return tally


@dataclass(frozen=True)
class Keys:
    """What a commune points to, primary keys by official code, and what is said of its code."""

    department: Department
    arrondissements: dict
    epci: dict
    courts: dict
    other_names: dict
    on_border: frozenset


def rows_to_keep(lines):
    """Communes first, then their parts; a part that bears the code of its parent has no row."""
    whole = [line for line in lines if line.parent is None]
    parts = [line for line in lines if line.parent not in (None, line.code)]
    return whole + parts


def other_names(france, department):
    """Where the part left out above was called otherwise: Dommartin, now in Bâgé-Dommartin."""
    name_by_code = {line.code: line.name for line in france.of(department) if not line.parent}
    return {
        line.code: line.name
        for line in france.of(department)
        if line.parent == line.code and line.name != name_by_code[line.code]
    }


def write_department(record, drawing, tally):
    fields = {
        "name": record.name,
        "name_with_article": record.name_with_article,
        "of_name": record.of_name,
        "in_name": record.in_name,
        "seat_code": record.seat_code,
        "srid": drawing.srid,
        "outline": drawing.department,
        "geography_year": official.GEOGRAPHY_YEAR,
        "population_year": official.POPULATION_YEAR,
    }
    pk_by_code = write(Department.objects.filter(code=record.code), {record.code: fields}, tally)
    return Department.objects.get(pk=pk_by_code[record.code])


def write_arrondissements(france, lines, department, tally):
    codes = sorted({line.arrondissement for line in lines if line.arrondissement})
    wanted = {
        code: {
            "name": france.arrondissements[code].name,
            "seat_code": france.arrondissements[code].seat_code,
            "department_id": department.pk,
        }
        for code in codes
    }
    return write(Arrondissement.objects.filter(code__in=codes), wanted, tally)


def write_epci(france, lines, record, tally):
    records = {line.epci.siren: line.epci for line in lines if line.epci}
    tally.epci = len(records)
    elsewhere = {
        line.epci.siren for line in france.communes if line.epci and line.department != record.code
    }
    wanted = {
        siren: {
            "name": one.name,
            "kind": one.kind,
            "is_across_departments": siren in elsewhere,
        }
        for siren, one in records.items()
    }
    return write(Epci.objects.filter(siren__in=records), wanted, tally, key="siren")


def write_courts(lines, record, department, tally):
    seats = {competence.court_of(line, record) for line in lines}
    courts = (
        competence.court_record(line)
        for line in lines
        if line.code in seats and line.parent is None
    )
    wanted = {court.code: {"name": court.name, "department_id": department.pk} for court in courts}
    return write(Court.objects.filter(code__in=wanted), wanted, tally)


def commune_fields(line, record, drawing, keys, seats):
    """The columns of one commune that the list decides; the parent is added once it has a key."""
    police = competence.is_police_zone(line, seats=seats)
    x, y = drawing.centres.get(line.code, (None, None))
    return {
        "name": line.name,
        "bare_name": line.bare_name,
        "of_name": line.of_name,
        "other_names": keys.other_names.get(line.code, ""),
        "kind": line.kind,
        "department_id": keys.department.pk,
        "arrondissement_id": keys.arrondissements.get(line.arrondissement),
        "epci_id": keys.epci[line.epci.siren] if line.epci else None,
        "population": line.population,
        "postal_codes": " ".join(line.postal_codes),
        "former_codes": " ".join(line.former_codes),
        "centre_x": x,
        "centre_y": y,
        "is_on_border": line.code in keys.on_border,
        "outline": drawing.outlines.get(line.code),
        "derived_zone": Zone.POLICE if police else Zone.GENDARMERIE,
        "derived_court_id": keys.courts[competence.court_of(line, record)],
        "retired_in": None,
    }


def write_communes(lines, wanted, department, tally):
    """Primary keys by Insee code."""
    present = Commune.objects.filter(department=department)
    overrides = dict(present.exclude(court_override=None).values_list("code", "court_override_id"))
    for code, fields in wanted.items():
        fields["court_id"] = overrides.get(code, fields["derived_court_id"])
    pk_by_code: dict[str, int] = {}
    for generation in (
        [line for line in lines if line.parent is None],
        [line for line in lines if line.parent is not None],
    ):
        rows = {
            line.code: wanted[line.code] | {"parent_id": pk_by_code.get(line.parent)}
            for line in generation
        }
        pk_by_code |= write(present.filter(code__in=rows), rows, tally)
    tally.retired = (
        present.filter(retired_in=None)
        .exclude(code__in=pk_by_code)
        .update(retired_in=official.GEOGRAPHY_YEAR)
    )
    return pk_by_code


def write_links(drawing, pk_by_code, department, tally):
    """Those within, and those with the departments that are loaded; the next one adds its own."""
    beyond = Commune.objects.in_force().exclude(department=department)
    codes = {code for _, code in drawing.links_across}
    known = pk_by_code | dict(beyond.filter(code__in=codes).values_list("code", "pk"))
    wanted = {
        tuple(sorted((known[one], known[other])))
        for one, other in drawing.links | drawing.links_across
        if other in known
    }
    present = NeighbourLink.objects.filter(
        Q(first__department=department) | Q(second__department=department)
    )
    pk_by_pair = {(first, second): pk for pk, first, second in present.values_list(
        "pk", "first_id", "second_id"
    )}  # fmt: skip
    NeighbourLink.objects.filter(
        pk__in=[pk for pair, pk in pk_by_pair.items() if pair not in wanted]
    ).delete()
    new = sorted(wanted - pk_by_pair.keys())
    NeighbourLink.objects.bulk_create(
        NeighbourLink(first_id=first, second_id=second) for first, second in new
    )
    tally.links = len(wanted)
    tally.count(len(new), 0)


def write(present, wanted, tally, key="code"):
    """Makes the rows `present` say what `wanted` ({code: {column: value}}) says.

    Only rows that differ are written. Returns the primary keys by code.
    """
    row_by_code = {getattr(row, key): row for row in present}
    new = [
        present.model(**{key: code}, **fields)
        for code, fields in wanted.items()
        if code not in row_by_code
    ]
    different = []
    for code, row in row_by_code.items():
        fields = wanted[code]
        if any(getattr(row, column) != value for column, value in fields.items()):
            for column, value in fields.items():
                setattr(row, column, value)
            different.append(row)
    present.model.objects.bulk_create(new, batch_size=BATCH)
    if different:
        columns = [column.removesuffix("_id") for column in wanted[getattr(different[0], key)]]
        present.model.objects.bulk_update(different, columns, batch_size=BATCH)
    tally.count(len(new), len(different))
    return {getattr(row, key): row.pk for row in [*row_by_code.values(), *new]}


class Progress:
    """A bar on a terminal, plain lines in a log or a pipe."""

    def __init__(self, stdout, *, shown):
        self.stdout = stdout
        self.shown = shown
        self.is_terminal = shown and stdout.isatty()
        self.started = time.monotonic()

    def say(self, step, share):
        """The step under way, and the share of the work behind it (0 to 1)."""
        if self.is_terminal:
            full = round(share * BAR_WIDTH)
            bar = "█" * full + "░" * (BAR_WIDTH - full)
            self.stdout.write(f"\r\x1b[2K{bar} {share:4.0%}  {step}…", ending="")
            self.stdout.flush()

    def line(self, text):
        """A result that stays on the screen."""
        if self.is_terminal:
            self.stdout.write("\r\x1b[2K", ending="")
        if self.shown:
            self.stdout.write(text)

    def end(self):
        seconds = f"{time.monotonic() - self.started:.1f}".replace(".", ",")
        self.line(f"Terminé en {seconds} s.")
