"""Import of 100,000 tips: parse, check, match, write, in a process whose memory is watched.

Each file is imported as the worker does it, into a department whose communes are invented.
"""

import json
import os
import random
import resource
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
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from intel.actions import imports  # noqa: E402
from intel.exporting.sheets import write_sheet  # noqa: E402
from intel.importing.columns import TARGETS  # noqa: E402
from intel.models import Tip  # noqa: E402
from services.models import Commune, Member  # noqa: E402
from services.roles import Role  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench import world  # noqa: E402
from tests.bench.measure import Row, least_row, limit_row  # noqa: E402

ROWS = int(os.environ.get("CROSS_BENCH_TIPS", "100000"))
FAULTY_ONE_IN = 50
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
            "occurred": "32/13/2026" if number % FAULTY_ONE_IN == 0 else str(received.date()),
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
    yield Row(f"check before import of {ROWS:,} tips, {kind}", ROWS / told["check"], "rows/s")


def _import(path):
    """In a process of its own: what it weighs is the import's, not that of what ran before."""
    by = Member.objects.select_related("unit__department").get(username="banc")
    with path.open("rb") as file:
        batch = imports.receive(File(file, name=path.name), portal=path.suffix, by=by)
    before = _megabytes()
    started = time.perf_counter()
    imports.choose_columns(batch, batch.mapping, by=by, at_once=True)
    checked = time.perf_counter()
    imports.start(batch, by=by, at_once=True)
    ended = time.perf_counter()
    if Tip.objects.filter(tip_import=batch).unguarded(because="bench").count() != batch.created:
        raise AssertionError("tips and their count disagree")
    return {
        "check": checked - started,
        "import": ended - checked,
        "peak": _megabytes(),
        "growth": _megabytes() - before,
        "created": batch.created,
        "faulty": batch.faulty,
    }


def _megabytes():
    """The most this process has held, in MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    print(json.dumps(_import(Path(sys.argv[2]))))
