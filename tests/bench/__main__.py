"""`./run bench [NAME …]`: one row a figure, and bench.json in the data folder.

`faults [--faults N]` and `load [--minutes N] [--users N,N]` break and fill a CROSS of their own
for many minutes: only when named.
"""

import argparse
import importlib
import json
import os
import signal
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cross.settings")
os.environ.setdefault("CROSS_TESTING", "1")

import django

django.setup()

from django.conf import settings  # noqa: E402 - settings are read by setup()

NAMES = (
    "brief", "desk", "extraction", "imports", "journal", "pages", "permissions", "start",
    "statistics", "summaries",
)  # fmt: skip
ALONE = ("faults", "load")
# {option: what the module of that benchmark reads}
OPTIONS = {
    "faults": "CROSS_BENCH_FAULTS", "minutes": "CROSS_BENCH_MINUTES", "users": "CROSS_BENCH_USERS"
}  # fmt: skip


def say(text):
    print(text, file=sys.stderr, flush=True)


def asked_for(line):
    """The names on the line; its options are handed on in the environment."""
    parser = argparse.ArgumentParser(prog="./run bench", usage=__doc__)
    parser.add_argument("names", nargs="*")
    for option in OPTIONS:
        parser.add_argument(f"--{option}")
    asked = parser.parse_args(line)
    known = sorted([*NAMES, *ALONE])
    if unknown := set(asked.names) - set(known):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    for option, variable in OPTIONS.items():
        if (value := getattr(asked, option)) is not None:
            os.environ[variable] = value
    return asked.names


def main(names):
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
    # Told to end, it ends what it has started: a stack of its own, a volume.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main(asked_for(sys.argv[1:]))
