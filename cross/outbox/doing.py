"""The side of the worker: take a job, do it once, say how it ended; send again what was lost."""

import logging
from contextlib import nullcontext
from datetime import timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cross.outbox import KINDS
from cross.outbox.asking import publish
from cross.outbox.interruptions import is_interruption
from cross.outbox.line import lock_number, open_line
from cross.outbox.models import Job

logger = logging.getLogger(__name__)

# A job that brings its worker down each time would bring it down for ever.
MOST_ATTEMPTS = 5
LATE_AFTER = timedelta(minutes=1)
# What was interrupted once is taken again at once; twice, after so long; then twice as long…
AGAIN_AFTER = timedelta(seconds=30)


def do(job_id):
    """Run the job unless it runs elsewhere or has ended: a message may well come twice."""
    job_id = UUID(str(job_id))
    with open_line() as line:
        if not line.take_soon(lock_number(job_id)):
            return
        job = take(job_id)
        if job is None:
            return
        job.line = line
        try:
            perform(job)
        except SoftTimeLimitExceeded:
            fail(job, "Ce travail a dépassé la durée permise.")
        except ValidationError as error:
            fail(job, " ".join(error.messages))
        except Exception as error:
            if is_interruption(error):
                # It stays as it is, nobody holds its lock any more: the sweep sends it again.
                logger.warning("job %s interrupted (%s)", job, type(error).__name__)
                return
            # Its text may quote a record: it goes to the log alone, the row names its class.
            logger.exception("job %s failed", job)
            fail(
                job, f"Erreur inattendue ({type(error).__name__}), consignée au journal technique."
            )


def take(job_id):
    """The job, now running; None when it has ended. The lock is held: nobody else is here."""
    live = Job.objects.filter(pk=job_id, state__in=Job.LIVE)
    taken = live.update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=timezone.now(),
        progress=0,
        note="",
    )
    if not taken:
        return None
    job = Job.objects.get(pk=job_id)
    if job.kind not in KINDS:
        fail(job, f"Travail inconnu de cette version : {job.kind}.")
        return None
    if job.attempts > MOST_ATTEMPTS:
        fail(job, f"Interrompu {MOST_ATTEMPTS} fois avant d’aboutir : abandonné.")
        return None
    return job


def perform(job):
    kind = KINDS[job.kind]
    with transaction.atomic() if kind.atomic else nullcontext():
        result = kind.function(job, **job.args)
        end(job, Job.State.DONE, result=result)


def fail(job, sentence):
    try:
        end(job, Job.State.FAILED, error=sentence)
    except Exception:
        # What follows it must not keep it from ending, or the sweep would send it for ever.
        logger.exception("what follows job %s failed", job)
        _mark(job, Job.State.FAILED, error=sentence)


@transaction.atomic
def end(job, state, **said):
    _mark(job, state, **said)
    kind = KINDS.get(job.kind)
    if kind and kind.after:
        kind.after(job)


def _mark(job, state, **said):
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), **said)


def sweep():
    """Send again the jobs whose message was lost; the number sent.

    Waiting jobs after a minute, then two, four, eight: a long queue is not a loss. Running jobs
    when nobody holds their lock: their worker has died, or what it needs was away.
    """
    sent = 0
    now = timezone.now()
    with open_line() as line:
        for job in Job.objects.filter(state__in=Job.LIVE).order_by("created_at"):
            if is_lost(job, line, now):
                if not publish(job.pk):
                    break
                sent += 1
    return sent


def is_lost(job, line, now):
    if job.state == Job.State.RUNNING:
        if job.attempts > 1 and not is_past(
            job.started_at, AGAIN_AFTER * 2 ** (job.attempts - 2), now
        ):
            return False
        return line.is_free(lock_number(job.pk))
    if job.published_at is None:
        return is_past(job.created_at, LATE_AFTER, now)
    return is_past(job.published_at, max(LATE_AFTER, job.published_at - job.created_at), now)


def is_past(instant, wait, now):
    """Whether so long has passed since; an instant to come was told by a clock that was wrong."""
    return now - instant > wait or instant - now > LATE_AFTER
