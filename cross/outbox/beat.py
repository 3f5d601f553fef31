"""beat: the schedule of the database, ticked by one process only, which says that it is alive.

What it asks for is a row of the outbox, written with the time it was asked at: a broker that is
away loses no night's work, and a beat that dies asks for none twice.
"""

import logging
from datetime import datetime
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

from cross.outbox import KINDS, asking, pulses
from cross.outbox.line import Line
from cross.outbox.schedule import ASK, in_text

logger = logging.getLogger(__name__)

# Any number, as long as it is always this one.
TURN = 4242_2020_09_24
SWEEP_EVERY_SECONDS = 20
SWEEP = "outbox.sweep"  # of `cross.outbox.tasks`


def entries():
    """What beat asks for: the sweep, and each kind of job that has a schedule."""
    known = {
        SWEEP: {
            "task": SWEEP,
            "schedule": SWEEP_EVERY_SECONDS,
            # With no worker, sweeps must not pile up.
            "options": {"expire_seconds": SWEEP_EVERY_SECONDS},
        }
    }
    for kind in KINDS.values():
        if kind.schedule is not None:
            entry = {"task": ASK, "args": [kind.name], "schedule": kind.schedule}
            known[kind.name] = entry
    return known


def to_install():
    """The entries whose row is to be written: those that nobody has changed since.

    The description of a row is the schedule that we gave it. One that differs from it was chosen
    by somebody, and outlives restarts and versions; the sweep is ours.
    """
    described = {
        name: entry | {"description": in_text(entry["schedule"])}
        for name, entry in entries().items()
    }
    for row in PeriodicTask.objects.filter(name__in=described.keys() - {SWEEP}):
        if row.description and in_text(row.schedule) != row.description:
            del described[row.name]
    return described


class Turn:
    """The right to tick: a lock of a database session, gone with it and then another's."""

    def __init__(self):
        self.connection = None

    def is_ours(self):
        try:
            if self.connection is not None:
                Line(self.connection).ask("SELECT 1", [])
                return True
            connection = connections.create_connection(DEFAULT_DB_ALIAS)
            if Line(connection).take(TURN):
                self.connection = connection
                return True
            connection.close()
        except DatabaseError as error:
            logger.warning("the turn of beat is unknown: %s", error)
            self.give_up()
        return False

    def give_up(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Entry(ModelEntry):
    last_run_at: datetime

    def is_due(self):
        # Asked for on a day to come, by a clock that was wrong: nothing waits until that day.
        now = self._default_now()
        if self.last_run_at > now:
            self.last_run_at = self.model.last_run_at = now
        return super().is_due()


class Scheduler(DatabaseScheduler):
    """A second beat waits, and takes over when the first one dies."""

    Entry = Entry

    def __init__(self, *args, **kwargs):
        self.turn = Turn()
        self.is_waiting = False
        super().__init__(*args, **kwargs)

    def setup_schedule(self):
        super().setup_schedule()
        self.update_from_dict(to_install())
        # What a new version does not know any more would be asked for in vain.
        PeriodicTask.objects.filter(task=ASK).exclude(name__in=entries()).delete()

    @cached_property
    def producer(self):
        """It reaches the broker as it sends; Celery's waits for the broker first, for minutes."""
        return self.Producer(self.connection, auto_declare=False)

    def apply_entry(self, entry, producer=None):
        if entry.task != ASK:
            return super().apply_entry(entry, producer=producer)
        [kind] = entry.args
        try:
            with transaction.atomic():
                asking.enqueue(kind, args={}, key=kind)
                PeriodicTask.objects.filter(pk=entry.model.pk).update(
                    last_run_at=entry.model.last_run_at,
                    total_run_count=entry.model.total_run_count,
                )
        except DatabaseError as error:
            logger.warning("%s not asked for, the next tick will: %s", kind, error)
            entry.model.last_run_at = entry.last_run_at
            self._initial_read = True

    def tick(self, *args, **kwargs):
        if not self.turn.is_ours():
            if not self.is_waiting:
                logger.warning("another beat is ticking: this one waits")
            self.is_waiting = True
            return pulses.EVERY_SECONDS
        if self.is_waiting:
            self._initial_read = True  # the other one has run things since we read the schedule
        self.is_waiting = False
        seconds = super().tick(*args, **kwargs)
        pulses.record("beat")
        return min(seconds, pulses.EVERY_SECONDS)
