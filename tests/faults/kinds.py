"""The faults: each does its harm to a stack, holds it as long as it says, and undoes it."""

import json
import os
import random
import signal
import time
from contextlib import contextmanager, suppress

import psycopg

from tests.running import until

FROZEN_SECONDS = 3
FULL_SECONDS = 3
WRONG_CLOCK = 7_200
WITH_A_CLOCK = ("worker", "beat")
BESIDE_SECONDS = 8
CHUNK = b"\0" * 1_000_000


def killed(part):
    @contextmanager
    def fault(stack):
        stack.kill(stack.present(part))
        yield

    return fault


def one_killed(processes):
    """One of the processes that `processes(stack)` gives: a drawn one, not the first."""

    @contextmanager
    def fault(stack):
        stack.kill(random.choice(until(lambda: processes(stack))))
        yield

    return fault


def frozen(part):
    @contextmanager
    def fault(stack):
        main = stack.present(part)
        held = [main, *stack.children_of(part)]
        stack.signal(held, signal.SIGSTOP)
        try:
            time.sleep(FROZEN_SECONDS)
        finally:
            stack.signal(held, signal.SIGCONT)
        yield

    return fault


@contextmanager
def full_disk(stack):
    """The volume of the home, down to its last byte, for a while."""
    filler = stack.home / "filler"
    with filler.open("wb", buffering=0) as file:
        end = time.monotonic() + FULL_SECONDS
        while time.monotonic() < end:
            with suppress(OSError):  # what others free meanwhile is taken too
                while True:
                    file.write(CHUNK)
            with suppress(OSError):
                while file.write(b"\0" * 4096):
                    pass
            time.sleep(0.05)
    filler.unlink()
    yield


def wrong_clock(seconds):
    """The worker and beat start again with a clock that is wrong, work so, then with a right one.

    The clock of the machine is everybody's: only theirs is changed (tests/faults/clock).
    """

    @contextmanager
    def fault(stack):
        told = stack.home / "clock.json"
        told.write_text(json.dumps(dict.fromkeys(WITH_A_CLOCK, seconds)))
        for part in WITH_A_CLOCK:
            stack.kill(stack.present(part))
        time.sleep(BESIDE_SECONDS)
        told.unlink()
        for part in WITH_A_CLOCK:
            stack.kill(stack.present(part))
        yield

    return fault


@contextmanager
def message_thrice(stack):
    """The message of the last jobs, three times more each: some have ended, some run."""
    with suppress(psycopg.Error):
        for (job,) in stack.ask("SELECT id FROM outbox_job ORDER BY created_at DESC LIMIT 10"):
            for _ in range(3):
                stack.send(job)
    yield


@contextmanager
def two_beats(stack):
    """A second beat on the same servers; then the first one dies and the second takes its turn."""
    second = stack.start_beside("celery -q -A cross beat --loglevel WARNING --pidfile=")
    try:
        time.sleep(BESIDE_SECONDS)
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()
    yield


FAULTS = {
    "worker killed": killed("worker"),
    "PostgreSQL killed": killed("PostgreSQL"),
    "web killed": killed("web"),
    "Valkey killed": killed("Valkey"),
    "beat killed": killed("beat"),
    "a process of the worker killed": one_killed(lambda stack: stack.children_of("worker")),
    "a process of the web killed": one_killed(lambda stack: stack.children_of("web")),
    "a session of PostgreSQL killed": one_killed(lambda stack: stack.backends()),
    "disk full": full_disk,
    "PostgreSQL frozen": frozen("PostgreSQL"),
    "Valkey frozen": frozen("Valkey"),
    "worker frozen": frozen("worker"),
    "web frozen": frozen("web"),
    "beat frozen": frozen("beat"),
    "clock two hours ahead": wrong_clock(WRONG_CLOCK),
    "clock two hours behind": wrong_clock(-WRONG_CLOCK),
    "messages sent three times more": message_thrice,
    "two beats": two_beats,
}
NEEDS_A_VOLUME = {"disk full"}
# Quick, and of different natures: what a test tries.
FEW = (
    "worker killed", "PostgreSQL killed", "Valkey frozen", "web killed",
    "messages sent three times more", "disk full",
)  # fmt: skip
