"""The side of those who ask: a row in the caller's transaction, a message once it is committed."""

import functools
import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from cross.outbox import KINDS
from cross.outbox.models import Job
from cross.outbox.relay import Relay

logger = logging.getLogger(__name__)

LONGEST_IDENTIFIER = 120


def enqueue(kind, *, args, by=None, key=None):
    """Write the job and return it; `args` are identifiers, `by` is a member or nobody.

    With a `key`, a job of that key which is not finished yet is returned instead of a second one.
    Never fails because of the broker: the sweep sends later what could not be sent now.
    """
    if kind not in KINDS:
        raise LookupError(f"no job is called {kind!r}")
    check_identifiers(args)
    asked = Job(
        kind=kind,
        args=args,
        unique_key=key,
        requested_by=str(by) if by else "",
        requested_by_id=by.pk if by else None,
    )
    while True:
        # One statement, so that a key already taken does not break the caller's transaction.
        Job.objects.bulk_create([asked], ignore_conflicts=key is not None)
        if key is None:
            break
        kept = Job.objects.filter(unique_key=key, state__in=Job.LIVE).first()
        if kept and kept.pk != asked.pk:
            return kept
        if kept:
            break
        # The job that held the key ended between the two statements: ask again.
    send = relay.take if settings.IS_WEB else publish
    transaction.on_commit(functools.partial(send, asked.pk), robust=True)
    return asked


def ask_again(*kinds):
    """Ask once more for what failed, and was never done since under the same key; how many."""
    asked = Job.objects.filter(kind__in=kinds, unique_key__isnull=False)
    settled = asked.exclude(state=Job.State.FAILED).values("unique_key")
    failed = asked.filter(state=Job.State.FAILED).exclude(unique_key__in=settled)
    left = list(failed.order_by("unique_key", "-created_at").distinct("unique_key"))
    for job in left:
        enqueue(job.kind, args=job.args, key=job.unique_key)
    return len(left)


def check_identifiers(args):
    """Rows are read by operators and kept for a while: no text of a report may travel in them."""
    for name, value in args.items():
        values = value if isinstance(value, list | tuple) else [value]
        for each in values:
            short = isinstance(each, str) and len(each) <= LONGEST_IDENTIFIER
            if not short and not isinstance(each, int | None):
                raise TypeError(f"{name!r} must be an identifier, not {type(each).__name__}")


def publish(job_id):
    """Send the job's number to the worker; False when the broker does not answer."""
    from cross.outbox.tasks import work  # noqa: PLC0415 - tasks.py imports this module

    try:
        work.apply_async(args=[str(job_id)], retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("job %s not sent, the sweep will: %s", job_id, error)
        return False
    Job.objects.filter(pk=job_id).update(published_at=timezone.now())
    return True


relay = Relay(publish)
