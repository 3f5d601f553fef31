"""What the worker does for this room."""

from celery.schedules import crontab

from cross import outbox
from protocols.actions import annexes


@outbox.job("examine_annex")
def examine_annex(job, annex):
    """Scan a paper of a protocol; one removed meanwhile is left alone."""
    annexes.examine(annex)


@outbox.job(
    "scan_annexes_again",
    title="Nouvel examen des annexes de protocole",
    schedule=crontab(minute=25),
)
def scan_annexes_again(job):
    """Papers that no scanner has looked at."""
    return {"asked": annexes.scan_again()}
