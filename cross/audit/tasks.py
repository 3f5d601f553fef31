"""What the worker does for the journal."""

from datetime import timedelta

from celery.schedules import crontab
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross import outbox
from cross.audit import checking, handing, oddities, retention, sealing
from cross.audit.anchors import Broken
from cross.audit.models import Handout
from cross.outbox.models import Job


@outbox.job("seal_journal", title="Scellement du journal", atomic=False, schedule=60)
def seal_journal(job):
    """Chain, sign and anchor what was committed since the last seal."""
    _forget_done("seal_journal")
    try:
        return {"sealed": sealing.seal()}
    except Broken as error:
        # Found within a minute: whoever keeps the journal reads at once what a check says of it.
        checking.note_what_is_broken()
        raise ValidationError(str(error)) from error


def _forget_done(kind):
    """A job a minute: what was done a week ago is kept no more."""
    before = timezone.now() - timedelta(days=7)
    Job.objects.filter(kind=kind, state=Job.State.DONE, finished_at__lt=before).delete()


@outbox.job("verify_journal", title="Vérification du journal", schedule=crontab(hour=4, minute=30))
def verify_journal(job):
    """Hold the whole journal against its seals; the result is on its page."""
    return {"found": checking.check_and_note().found}


@outbox.job("review_journal", title="Lignes du journal à relire", schedule=crontab(minute=10))
def review_journal(job):
    """Note what passed a threshold in the hours and days that are over."""
    return {"noted": oddities.scan()}


@outbox.job(
    "remove_journal",
    title="Fin de conservation du journal",
    atomic=False,
    schedule=crontab(hour=4, minute=10),
)
def remove_journal(job):
    """Batches whose lines are all past their term, and files that were handed a while ago."""
    return {"removed": retention.remove(), "files": handing.forget_files()}


@outbox.job("export_journal", atomic=False)
def export_journal(job, handout):
    """Write and sign the lines that an authority is handed; run again, those of the first time."""
    asked = Handout.objects.get(key=handout)
    member = get_user_model().objects.get(pk=job.requested_by_id)
    try:
        handing.make(asked, by=member, advance=job.advance)
    except ValidationError as error:
        handing.fail(asked, " ".join(error.messages))
        raise
