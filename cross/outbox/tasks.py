"""What travels through the broker: three tasks, none of which holds any content."""

from celery import shared_task

from cross.outbox import asking, doing
from cross.watching import requests


@shared_task(name="outbox.work")
def work(job_id):
    with requests.work(str(job_id)):
        doing.do(job_id)


@shared_task(name="outbox.sweep")
def sweep():
    doing.sweep()


@shared_task(name="outbox.ask")
def ask(kind):
    """What beat sends for a job with a schedule; one that still runs is not doubled."""
    asking.enqueue(kind, args={}, key=kind)
