"""What the worker does for this room: each job names its arguments by their numbers alone."""

from celery.schedules import crontab
from django.utils import timezone

from cross import outbox
from intel import periods
from intel.actions import summaries, tips
from protocols.models import Protocol
from services.models import Department, Member


@outbox.job("build_summaries")
def build_summaries(job, department, period):
    """Both audiences of one department and one period; `period` as people write it."""
    department = Department.objects.get(code=department)
    by = Member.objects.filter(pk=job.requested_by_id).select_related("unit__department").first()
    built = []
    audiences = list(summaries.SummaryAudience)
    for done, audience in enumerate(audiences):
        job.advance(done, len(audiences), f"Synthèse « {audience.label} »")
        built.append(summaries.build_for(audience, department, periods.read(period), by=by).pk)
    job.advance(len(audiences), len(audiences), "Terminé")
    return {"summaries": built}


@outbox.job("nightly_summaries", schedule=crontab(hour=3, minute=10))
def nightly_summaries(job):
    """Ask for what is due in every department whose protocol is in force."""
    today = timezone.localdate()
    due = [
        (protocol.department, period)
        for protocol in Protocol.objects.in_force(today).select_related("department")
        for period in summaries.due_periods(today)
    ]
    for department, period in due:
        outbox.enqueue(
            "build_summaries",
            args={"department": department.code, "period": period.code},
            key=summaries.key_of(department, period),
        )
    return {"asked": len(due)}


@outbox.job("purge_contacts", schedule=crontab(hour=2, minute=20))
def purge_contacts(job):
    """Forget how to reach the authors of tips whose day has come."""
    return {"forgotten": tips.forget_contacts()}
