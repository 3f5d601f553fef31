"""The brief of the demonstration, printed: figures gathered and checked, set, and registered.

In a process of its own; the press is a program that it starts, watched beside it.
"""

import io
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import django

# Run by itself, this module is the process that prints.
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from intel.actions import editions  # noqa: E402
from intel.models import Edition  # noqa: E402
from services.models import Member  # noqa: E402
from tests.bench import world  # noqa: E402
from tests.bench.measure import Row, limit_row, milliseconds, peak_megabytes  # noqa: E402
from tests.processes import descendants  # noqa: E402

COPIES = 9


def rows(say):
    with world.own_database() as name:
        say("making the demonstration…")
        call_command("seed_demo", verbosity=0)
        child = subprocess.run(
            [sys.executable, "-m", "tests.bench.brief", name], stdout=subprocess.PIPE, check=True
        )
    told = json.loads(child.stdout)
    yield Row("brief: pages", told["pages"], "pages")
    yield limit_row("brief: a copy printed", told["seconds"], "s", 1)
    yield Row("brief: the first copy of a process", told["first"], "s")
    yield limit_row("brief: memory of the process that prints", told["peak"], "MB", 150)
    yield limit_row("brief: memory of the press beside it", told["press"], "MB", 150)


def print_copies():
    """Print the validated edition several times over."""
    edition = Edition.objects.filter(state=Edition.State.VALIDATED).get()
    by = Member.objects.select_related("unit__department").get(username="prefecture")
    printed = []

    def print_one():
        printed.extend(
            editions.print_copies(edition, by=by, recipient="Banc d’essai", reason="mesure")
        )

    with watched_children() as most:
        taken = [milliseconds(print_one) / 1000 for _ in range(COPIES)]
    return {
        "first": taken[0],
        "seconds": statistics.median(taken[1:]),
        "peak": peak_megabytes(),
        "press": most[0],
        "pages": len(PdfReader(io.BytesIO(printed[-1].pdf)).pages),
    }


class watched_children:
    """The most that one process started inside has held, in MB, as a list of one number."""

    def __enter__(self):
        self.most, self.stopped = [0.0], threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self.most

    def __exit__(self, *error):
        self.stopped.set()
        self.thread.join()

    def watch(self):
        mine = int(Path("/proc/self").resolve().name)
        while not self.stopped.is_set():
            for pid in descendants(mine):
                self.most[0] = max(self.most[0], peak_megabytes(pid))
            time.sleep(0.005)


if __name__ == "__main__":
    connection.settings_dict["NAME"] = sys.argv[1]
    print(json.dumps(print_copies()))
