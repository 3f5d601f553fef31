"""`./run bench [NAME …]`: one row a figure, and bench.json in the data folder."""

import importlib
import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cross.settings")
os.environ.setdefault("CROSS_TESTING", "1")

import django

django.setup()

from django.conf import settings  # noqa: E402 - settings are read by setup()

NAMES = (
    "brief", "desk", "extraction", "imports", "pages", "permissions", "start", "statistics",
    "summaries",
)  # fmt: skip


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(names):
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}")
    found = []
    for name in names or NAMES:
        started = time.perf_counter()
        for row in importlib.import_module(f"tests.bench.{name}").rows(say):
            print(row, flush=True)
            found.append(row)
            write(found)
        busy, _, _ = os.getloadavg()
        say(f"{name}: {time.perf_counter() - started:.0f} s, load of the machine {busy:.1f}")
    missed = [row.name for row in found if row.met is False]
    say(f"{len(found)} figures, {len(missed)} not met{': ' if missed else ''}{'; '.join(missed)}")


def write(found):
    """After each row: what was measured before an interruption is kept."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    told = json.dumps([row.as_json() for row in found], indent=1, ensure_ascii=False)
    (settings.HOME / "bench.json").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
