"""The brief of the demonstration, printed: figures gathered and checked, set, and registered; a
brief of forty pages; ten numbered copies as the worker makes them, from the demand to the file.

In a process of its own; the press is a program that it starts, watched beside it.
"""

import io
import json
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import django

# Run by itself, this module is the process that prints.
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from cross.outbox import doing  # noqa: E402
from intel.actions import copies  # noqa: E402
from intel.models import Edition  # noqa: E402
from intel.printing.typeset import compile_brief  # noqa: E402
from intel.reading import brief  # noqa: E402
from services.models import Member  # noqa: E402
from tests.bench import world  # noqa: E402
from tests.bench.measure import Row, limit_row, milliseconds, peak_megabytes  # noqa: E402
from tests.processes import descendants  # noqa: E402

COPIES = 9
LONG = 40  # pages
TOGETHER = 10  # copies of one run


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
    yield Row("brief: pages of a long one", told["long_pages"], "pages")
    yield limit_row("brief: a long one set", told["long_seconds"], "s", 4)
    yield limit_row("brief: ten copies by the worker", told["together"], "s", 10)


def print_copies():
    """Print the edition in force several times over."""
    edition = Edition.objects.filter(state=Edition.State.PUBLISHED).latest("summary__ends_on")
    by = Member.objects.select_related("unit__department").get(username="prefecture")
    printed = []

    def print_one():
        printed.extend(
            copies.print_copies(edition, by=by, recipients=["Banc d’essai"], reason="mesure")
        )

    with watched_children() as most:
        taken = [milliseconds(print_one) / 1000 for _ in range(COPIES)]
    return {
        "first": taken[0],
        "seconds": statistics.median(taken[1:]),
        "peak": peak_megabytes(),
        "press": most[0],
        "pages": pages_of(printed[-1].content),
        **set_a_long_one(edition, by),
        "together": print_together(edition, by),
    }


def pages_of(pdf):
    from pypdf import PdfReader  # not of the process whose memory is measured

    return len(PdfReader(io.BytesIO(pdf)).pages)


def set_a_long_one(edition, by):
    """The same brief, its sections over again until it has forty pages."""
    copy = copies.copy_of(1, by, "Banc d’essai", "mesure", timezone.localtime())
    content = brief.gather(edition, copy)
    times, pages = 1, 0
    while pages < LONG:
        times += 1
        long = replace(content, sections=content.sections * times)
        pages = pages_of(compile_brief(long))
    taken = [milliseconds(lambda: compile_brief(long)) / 1000 for _ in range(3)]
    return {"long_pages": pages, "long_seconds": statistics.median(taken)}


def print_together(edition, by):
    """From the demand of a form to the end of the job that makes its copies and their file."""
    names = [f"Destinataire {number}" for number in range(1, TOGETHER + 1)]
    run = copies.ask(edition, by=by, recipients=names, reason="mesure", entry_key="0" * 32)
    taken = milliseconds(lambda: doing.do(run.job)) / 1000
    run.refresh_from_db()
    if run.failure or not run.file or run.edition.copies.count() < TOGETHER:
        raise RuntimeError(f"the copies were not made: {run.failure}")
    return taken


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
