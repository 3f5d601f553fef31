"""Work asked for by a request and done by the worker, without loss and without doing it twice.

A request writes a row in its own transaction; the broker only carries the row's number. Whatever
dies in between (broker, worker, machine), the row is there and the sweep sends it again.

    @outbox.job("build_summary")
    def build_summary(job, summary): ...              # in an app's tasks.py

    outbox.enqueue("build_summary", args={"summary": 12}, by=request.user, key="summary-12")
"""

from dataclasses import dataclass
from typing import Any

KINDS: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of work. `schedule` is a crontab or a number of seconds for what beat asks for."""

    name: str
    function: Any
    atomic: bool
    schedule: Any
    after: Any
    title: str = ""


def job(name, *, atomic=True, schedule=None, after=None, title=""):
    """Register `function(job, **args)`, which may return a JSON result and call `job.advance()`.

    It runs inside one transaction with the end of its job, so its effects happen once. With
    `atomic=False` it commits by itself as it goes, and must bear being run again from the start.
    `after(job)` is called in the transaction that ends the job, done or failed for good. `title`
    names what has a schedule to whoever may change it: see `cross.outbox.schedule`.
    """

    def register(function):
        if name in KINDS:
            raise ValueError(f"two jobs are called {name!r}")
        KINDS[name] = Kind(name, function, atomic, schedule, after, title)
        return function

    return register


def ask_again(*kinds):
    """Ask once more for what failed; see `cross.outbox.asking.ask_again`."""
    from cross.outbox import asking  # noqa: PLC0415

    return asking.ask_again(*kinds)


def enqueue(kind, *, args, by=None, key=None):
    """Ask for a job and return its row; see `cross.outbox.asking.enqueue`."""
    # Not at the top: apps import this package while the models are still being loaded.
    from cross.outbox import asking  # noqa: PLC0415

    return asking.enqueue(kind, args=args, by=by, key=key)
