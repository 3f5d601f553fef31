"""Fifty, then two hundred people at once on 100,000 reports: how long they wait, what it holds.

`--minutes N` for each of the two (2), `--users 50,200`. CROSS_BENCH_HOME keeps the data between
two runs; CROSS_BENCH_REPORTS says how many.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Row, limit_row
from tests.faults.people import Ledger, Person
from tests.faults.stack import PROJECT, Stack, prepared
from tests.load import watch, world
from tests.running import bare_environment

REPORTS = int(os.environ.get("CROSS_BENCH_REPORTS", "100000"))
MINUTES = float(os.environ.get("CROSS_BENCH_MINUTES", "2"))
USERS = [int(each) for each in os.environ.get("CROSS_BENCH_USERS", "50,200").split(",")]
HOME = os.environ.get("CROSS_BENCH_HOME")
TOLD = 600  # reports that the demonstration invents before it is enlarged
ACCOUNTS = (
    "liaison.gendarmerie", "liaison.police", "liaison.pj", "liaison.paf", "liaison.douane",
    "liaison.sr", "liaison.gir", "analyste", "animatrice", "prefecture",
)  # fmt: skip
AT_MOST = {"search": 500}  # milliseconds, of the fewest users; 300 for any other page
# Beside what it held in the middle of the run: a leak of a kilobyte a request would show.
GROWTH_MEGABYTES = 30
SETTLES_WITHIN_SECONDS = 20


def rows(say):
    with home() as folder:
        if not (folder / "enlarged").exists():
            say("making a demonstration…")
            prepared(folder, min(TOLD, REPORTS))
        stack = Stack(folder, fillable=False)
        try:
            stack.wait_until_healthy()
            if not (folder / "enlarged").exists():
                say(f"enlarging it to {REPORTS:,} reports…")
                world.enlarge(stack.database, REPORTS)
                (folder / "enlarged").touch()
            cookies = signed_in(stack)
            for users in USERS:
                say(f"{users} users for {MINUTES:g} min…")
                yield from measured(stack, cookies, users, say)
        finally:
            ended_well = stack.end()
            stack.run.output.close()
    yield limit_row("processes left at the end", int(not ended_well), "", 0)


@contextmanager
def home():
    if HOME:
        folder = Path(HOME)
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="essai-charge-") as name:
        Path(name).chmod(0o711)  # as root, the account of the servers walks through it
        folder = Path(name) / "home"
        folder.mkdir(mode=0o711)
        yield folder


def signed_in(stack):
    """{account: session} of one sign-in each."""
    cookies = {}
    for account in ACCOUNTS:
        person = Person(stack.url, account, Ledger())
        person.sign_in()
        cookies[account] = person.session.cookies["sessionid"]
    return cookies


def measured(stack, cookies, users, say):
    given = world.give_sessions(stack.database, cookies, users)
    looking = watch.Watch(stack)
    looking.start()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.load.people", stack.url, str(users),
         str(MINUTES * 60)],
        cwd=PROJECT,
        env=bare_environment(),
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    looking.stopped.set()
    looking.join()
    if done.returncode != 0:
        raise RuntimeError(f"locust: {done.stderr[-2000:]}")
    told = json.loads(done.stdout)
    for fault in told["faults"]:
        say(f"  {fault}")
    yield from answers(told, users)
    for part, middle, end in looking.growth():
        name = f"{users} users, memory of {part}, growth from the middle to the end"
        yield limit_row(f"{name} ({end:.0f} MB)", max(0, end - middle), "MB", GROWTH_MEGABYTES)
    yield Row(f"{users} users, most sessions in the database", looking.most_sessions, "")
    yield limit_row(f"{users} users, sessions left at work", len(left_at_work(stack)), "", 0)


def answers(told, users):
    total = told["total"]
    yield Row(f"{users} users, requests", total["requests"], "")
    yield Row(f"{users} users, requests a second", total["a_second"], "1/s")
    yield limit_row(f"{users} users, failures", total["failures"], "", 0)
    for percent in ("p50", "p95", "p99"):
        yield Row(f"{users} users, all pages, {percent}", total[percent], "ms")
    for name, page in sorted(told["pages"].items()):
        yield Row(f"{users} users, {name}, p50", page["p50"], "ms")
        p95 = f"{users} users, {name}, p95"
        if users == min(USERS):
            yield limit_row(p95, page["p95"], "ms", AT_MOST.get(name, 300))
        else:  # more than the machine can serve at once: how long they queue is told, not held
            yield Row(p95, page["p95"], "ms")


def left_at_work(stack):
    """Sessions that are in the middle of something although nobody asks for anything any more."""
    end = time.monotonic() + SETTLES_WITHIN_SECONDS
    while True:
        left = [state for state, _ in watch.sessions(stack) if state != "idle"]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.5)
