"""Signs of life: the worker's from its own loop, beat's from its own ticks."""

import logging
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from cross.outbox.models import Pulse

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5
ALIVE_WITHIN = timedelta(seconds=30)


def record(name):
    """Say that `name` is alive. A database that is down is not the end of who says it."""
    try:
        Pulse.objects.update_or_create(name=name, defaults={"at": timezone.now()})
    except DatabaseError as error:
        logger.warning("no sign of life for %s: %s", name, error)
    finally:
        connection.close()


def pulse_of_worker(sender, **_):
    """On `worker_ready`; the timer belongs to the loop that takes messages."""
    record("worker")
    sender.timer.call_repeatedly(EVERY_SECONDS, record, ("worker",))
