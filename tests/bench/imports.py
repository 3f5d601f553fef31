"""Import of 100,000 tips: parse, check, match, write, in a process whose memory is watched.

Each file is imported as the worker does it, into a department whose communes are invented.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

# Run by itself, this module is the process that imports.
django.setup()

from django.core.files import File  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from intel.actions import imports  # noqa: E402
from intel.exporting.sheets import write_sheet  # noqa: E402
from intel.importing.columns import TARGETS  # noqa: E402
from intel.models import Tip  # noqa: E402
from protocols.actions import admit  # noqa: E402
from services.models import Commune, Member  # noqa: E402
from services.roles import Role  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench import world  # noqa: E402
from tests.bench.measure import Row, least_row, limit_row, peak_megabytes  # noqa: E402

ROWS = int(os.environ.get("CROSS_BENCH_TIPS", "100000"))
FAULTY_ONE_IN = 50
IMPOSSIBLE = "32/13/2026"
KINDS = ("csv", "xlsx", "ods")


def rows(say):
    with world.own_database() as name, tempfile.TemporaryDirectory() as folder:
        _people()
        for kind in KINDS:
            say(f"writing {ROWS:,} tips as {kind}…")
            path = Path(folder) / f"tips.{kind}"
            with path.open("wb") as file:
                write_sheet(kind, file, [target.titles[0] for target in TARGETS], _tips(kind))
            yield from _measured(name, path)


def _people():
    vosges = factories.territory("B8", "Banc", "Banc", [f"Commune {n}" for n in range(500)])
    cell = factories.unit(vosges.department, "Cellule", is_cell=True)
    seat = factories.protocol(vosges.department, cell.service)
    admit(cell, seat, by=None, starts_on=seat.starts_on)
    factories.member("banc", cell, Role.ANALYST)


def _tips(kind):
    """The cells of each row; one in fifty has an impossible date."""
    draw = random.Random(88)
    communes = list(Commune.objects.values_list("code", "name"))
    start = datetime(timezone.localdate().year - 1, 1, 1, 8, tzinfo=UTC)
    for number in range(ROWS):
        code, name = draw.choice(communes)
        received = start + timedelta(minutes=number % 400_000)
        values = {
            "reference": f"{kind}-{number:06}",
            "received": received.strftime("%Y-%m-%d %H:%M"),
            "occurred": IMPOSSIBLE if number % FAULTY_ONE_IN == 0 else str(received.date()),
            "commune": name,
            "commune_code": code,
            "place": f"{number % 90} rue des Essais",
            "description": " ".join(draw.choices(world.FREQUENT, k=draw.randint(15, 45))),
            "products": draw.choice(["cannabis", "résine, herbe", "cocaïne", ""]),
            "days_and_hours": draw.choice(["soir", "midi en semaine", ""]),
            "vehicles": f"Clio AB-{number % 1000:03}-CD" if number % 5 == 0 else "",
            "persons": "2 hommes" if number % 3 else "",
            "contact": "a@exemple.invalid" if number % 20 == 0 else "",
        }
        yield [values.get(target.name, "") for target in TARGETS]


def _measured(database, path):
    child = subprocess.run(
        [sys.executable, "-m", "tests.bench.imports", database, str(path)],
        stdout=subprocess.PIPE,
        check=True,
    )
    told = json.loads(child.stdout)
    kind = path.suffix[1:].upper()
    good = ROWS - len(range(0, ROWS, FAULTY_ONE_IN))
    if (told["created"], told["faulty"]) != (good, ROWS - good):
        raise AssertionError(f"{kind}: {told}")
    speed = ROWS / told["import"]
    yield least_row(f"import of {ROWS:,} tips, {kind}", speed, "rows/s", 2_000)
    yield limit_row(f"import of {ROWS:,} tips, {kind}: memory", told["peak"], "MB", 300)
    yield Row(f"import of {ROWS:,} tips, {kind}: growth of memory", told["growth"], "MB")
    if told["floor"]:
        name = f"import of {ROWS:,} tips, {kind}, against csv.reader and COPY"
        ratio = told["import"] / told["floor"]
        yield Row(name, told["import"], "s", told["floor"], ratio)
    yield Row(f"check before import of {ROWS:,} tips, {kind}", ROWS / told["check"], "rows/s")


def _import(path):
    """In a process of its own: what it weighs is the import's, not that of what ran before."""
    by = Member.objects.select_related("unit__department").get(username="banc")
    with path.open("rb") as file:
        batch = imports.receive(File(file, name=path.name), portal=path.suffix, by=by)
    before = peak_megabytes()
    started = time.perf_counter()
    imports.choose_columns(batch, batch.mapping, by=by, at_once=True)
    checked = time.perf_counter()
    imports.start(batch, by=by, at_once=True)
    ended = time.perf_counter()
    if Tip.objects.filter(tip_import=batch).unguarded(because="bench").count() != batch.created:
        raise AssertionError("tips and their count disagree")
    told = {
        "check": checked - started,
        "import": ended - checked,
        "peak": peak_megabytes(),
        "growth": peak_megabytes() - before,
        "created": batch.created,
        "faulty": batch.faulty,
    }
    return told | {"floor": _floor(path, batch) if path.suffix == ".csv" else None}


# The least that brings the same tips in: cells to columns, without a question.
FLOOR_TABLES = ("intel_fact", "intel_report", "intel_tip")
COPY_FACT = "COPY floor.intel_fact (id, department_id, created_at) FROM STDIN"
COPY_REPORT = """COPY floor.intel_report (id, reference, department_id, audience, state, version,
owner_id, author_id, origin, source_code, subject, facts, comment, commune_id, place, occurred_on,
days_and_hours, received_at, created_at, products, modes, vehicles, persons, source_grade,
information_grade, handling, handling_note, fact_id) FROM STDIN"""
COPY_TIP = """COPY floor.intel_tip (id, report_id, department_id, portal, portal_reference,
raw_text, contact, purge_on, row) FROM STDIN"""


def _floor(path, batch):
    """Seconds of csv.reader and COPY, into the same tables with the same indexes, empty."""
    unit, author, today = batch.unit_id, batch.by_id, timezone.localdate()
    department, now = batch.department_id, timezone.now()
    communes = dict(Commune.objects.values_list("code", "pk"))
    started = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        path.open(encoding="utf-8-sig") as file,
    ):
        cursor.execute("CREATE SCHEMA floor")
        for table in FLOOR_TABLES:
            cursor.execute(f"CREATE TABLE floor.{table} (LIKE public.{table} INCLUDING ALL)")
        lines = csv.reader(file, delimiter=";")
        next(lines)
        tips = []
        for line in lines:
            cells = dict(zip((target.name for target in TARGETS), line, strict=True))
            if cells["occurred"] != IMPOSSIBLE:
                tips.append(cells)
        with cursor.copy(COPY_FACT) as copy:
            for pk, _ in enumerate(tips):
                copy.write_row((pk, department, now))
        with cursor.copy(COPY_REPORT) as copy:
            for pk, tip in enumerate(tips):
                copy.write_row((
                    pk, f"CROSS-B8-2026-{pk:04}", department, 0, "recu", 1, unit, author,
                    "citizen", "", "", tip["description"], "", communes[tip["commune_code"]],
                    tip["place"], tip["occurred"], tip["days_and_hours"], tip["received"], now,
                    [], [], tip["vehicles"], tip["persons"], "", "", "H0", "", pk,
                ))  # fmt: skip
        with cursor.copy(COPY_TIP) as copy:
            for pk, tip in enumerate(tips):
                copy.write_row((
                    pk, pk, department, ".csv", tip["reference"],
                    tip["description"].encode(), tip["contact"].encode(), today, pk,
                ))  # fmt: skip
        seconds = time.perf_counter() - started
        assert len(tips) == batch.created
        transaction.set_rollback(True)
    return seconds


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    print(json.dumps(_import(Path(sys.argv[2]))))
