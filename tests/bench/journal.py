"""The journal: what sealing costs those who write in it, how fast it seals, how fast it verifies.

Writers are 16 connections, each of which writes a line and stays 40 ms in its transaction, as a
page does; the sealer passes twenty times as often as it does in life.
"""

import itertools
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

import psycopg
from django.db import connection
from django.test import override_settings

from cross.audit import anchors, checking, sealing
from cross.audit.models import Entry, Seal
from tests.bench import world
from tests.bench.measure import Row, in_turn, least_row, limit_row

ROWS = int(os.environ.get("CROSS_BENCH_LINES", "1000000"))
WRITERS, PAGE_SECONDS = 16, 0.04
SEALED_EVERY = 3.0
SECONDS = float(os.environ.get("CROSS_BENCH_SECONDS", "1.5")) * 8
LINE = """
INSERT INTO audit_entry (at, operation, verb, member_id, who, unit, role, department, target, why,
  recipients)
VALUES (now(), 'consultation', 'report.read', 12, 'Diane Essai', 'Brigade des douanes',
  'Liaison d’un service', '88', 'CROSS-88-2026-0001', 'Suivi courant de la cellule', '')
"""
# So many rows a transaction: a batch holds two of them.
MANY = """
INSERT INTO audit_entry (at, operation, verb, member_id, who, unit, role, department, target, why,
  recipients)
SELECT now(), 'consultation', 'report.read', mod(n, 200), 'Agent ' || mod(n, 200),
  'Brigade des douanes', 'Liaison d’un service', '88', 'CROSS-88-2026-' || n,
  'Suivi courant de la cellule', ''
FROM generate_series(1, 5000) n
"""


def rows(say):
    with tempfile.TemporaryDirectory() as folder, world.own_database():
        place = Path(folder)
        with override_settings(ANCHORS=place / "anchors", JOURNAL_KEY=place / "key.pem"):
            yield from writing(say)
            yield from sealing_and_verifying(say)


# --- Those who write ----------------------------------------------------------------------------


def writing(say):
    say(f"{WRITERS} writers, with and without the sealer…")
    plain, sealed = [], []
    for _ in range(2):  # in turn: a machine whose speed drifts changes no ratio
        plain += written()
        sealed += written(sealer=True)
    yield least_row(
        f"{WRITERS} writers, throughput kept while sealing",
        100 * len(sealed) / len(plain),
        "%",
        95,
    )
    yield limit_row(
        "p95 of a journalled page, added by sealing", p95(sealed) - p95(plain), "ms", 3
    )
    yield Row("p95 of a journalled page, while sealing", p95(sealed), "ms", p95(plain))
    for _ in range(30):  # another session of this server may still be writing something else
        sealing.seal()
        verdict = checking.check()
        if not verdict.waiting:
            break
        time.sleep(1)
    assert verdict.is_sound, verdict.findings
    yield limit_row("lines missed by the sealer", verdict.waiting, "lines", 0)


def p95(times):
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def written(*, sealer=False):
    """Milliseconds of each page that was written."""
    taken: list[float] = []
    until = time.perf_counter() + SECONDS
    threads = [threading.Thread(target=_write, args=(taken, until)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    while sealer and time.perf_counter() < until:
        sealing.seal()
        time.sleep(min(SEALED_EVERY, max(0.0, until - time.perf_counter())))
    for thread in threads:
        thread.join()
    sealing.seal()
    return taken


def _write(taken, until):
    parameters = connection.get_connection_params() | {"cursor_factory": None}
    with psycopg.connect(**parameters) as line:
        while (began := time.perf_counter()) < until:
            with line.transaction():
                line.execute(LINE)
                time.sleep(PAGE_SECONDS)
            taken.append((time.perf_counter() - began) * 1000)


# --- The sealer and the verifier -----------------------------------------------------------------


def sealing_and_verifying(say):
    say(f"writing {ROWS:,} lines…")
    for _ in range(ROWS // 5000):
        world.run(MANY)
    world.run("VACUUM ANALYZE audit_entry")
    began = time.perf_counter()
    sealing.seal()
    yield Row("lines sealed", ROWS / (time.perf_counter() - began), "lines/s")
    yield Row("seals of one line", one_by_one(50), "seals/s")
    say("verifying…")
    began = time.perf_counter()
    verdict = checking.check()
    seconds = time.perf_counter() - began
    assert verdict.is_sound, verdict.findings
    yield Row("lines verified", verdict.rows / seconds, "lines/s")
    yield limit_row(f"{verdict.rows:,} lines verified", seconds, "s", 60)
    yield Row("seals kept in the database", stored() / 1_000_000, "MB")
    yield Row("anchors outside it", anchored() / 1_000_000, "MB")
    line = in_turn({"a line": lambda: world.run(LINE)})["a line"]
    yield Row(f"a line written beside {ROWS:,} others", line, "ms")
    pages = Entry.objects.order_by("-at", "-id")
    shown = in_turn({"page": lambda: list(pages[:51])})["page"]
    yield limit_row(f"the latest lines of {ROWS:,}", shown, "ms", 100)


def one_by_one(count):
    began = time.perf_counter()
    for _ in itertools.repeat(None, count):
        world.run(LINE)
        sealing.seal()
    return count / (time.perf_counter() - began)


def stored():
    [(size,)] = world.run("SELECT pg_total_relation_size('audit_seal')")
    return size


def anchored():
    assert Seal.objects.exists()
    return sum(path.stat().st_size for path in anchors.folder().glob(anchors.NAME))
