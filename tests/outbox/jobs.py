"""The jobs of these tests, loaded by the worker with --include."""

import errno
import time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils import timezone

from cross import outbox
from cross.outbox.interruptions import Killed
from cross.outbox.models import Pulse

PATIENCE_SECONDS = 30


@outbox.job("tests.add")
def add(job, *, first, second):
    return {"sum": first + second}


@outbox.job("tests.wait", atomic=False)
def wait(job, *, folder):
    """Note that it runs, say where it is, then wait for a file called "go"."""
    with (Path(folder) / "runs").open("a") as runs:
        runs.write("run\n")
    job.advance(1, 3, "un tiers")
    end = time.monotonic() + PATIENCE_SECONDS
    while not (Path(folder) / "go").exists():
        if time.monotonic() > end:
            raise TimeoutError("nobody said go")
        time.sleep(0.02)
    job.advance(3)
    return "done"


@outbox.job("tests.refuse")
def refuse(job):
    raise ValidationError("La période est close : choisissez-en une autre.")


@outbox.job("tests.break")
def break_down(job):
    Pulse.objects.create(name="half-done", at=timezone.now())
    raise RuntimeError("le texte d’un renseignement")


@outbox.job("tests.nightly", schedule=3600)
def nightly(job):
    return "good night"


@outbox.job("tests.interrupt", atomic=False)
def interrupt(job, *, how):
    raise {
        "database": OperationalError("terminating connection"),
        "disk": OSError(errno.ENOSPC, "No space left on device"),
        "a program": Killed("signal 9"),
    }[how]
