"""What dies in the middle: the worker, one of its processes, the queue of the broker."""

import os
import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from cross import outbox
from cross.outbox.models import Job
from tests.outbox.conftest import finished, kill_all, running_worker, runs_in, state_of
from tests.processes import descendants
from tests.running import until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_queue_lost_by_the_broker_is_sent_again(broker):
    job = outbox.enqueue("tests.add", args={"first": 4, "second": 4})
    assert Job.objects.get(pk=job.pk).published_at
    broker.stop()  # the broker of the tests keeps nothing on disk
    broker.start()
    earlier = timezone.now() - timedelta(seconds=61)
    Job.objects.filter(pk=job.pk).update(created_at=earlier, published_at=earlier)
    with running_worker():  # sweeps as it starts
        assert finished(job).result == {"sum": 8}


def test_what_dies_with_a_job_in_hand_is_replaced_and_the_job_done_again(tmp_path):
    with running_worker() as process:
        job = outbox.enqueue("tests.wait", args={"folder": str(tmp_path)})
        until(lambda: runs_in(tmp_path) == 1)
        for pid in descendants(process.pid):
            os.kill(pid, signal.SIGKILL)
        until(lambda: runs_in(tmp_path) == 2)  # the worker gives the message back
        kill_all(process)
    assert state_of(job) == "running"
    # Interrupted twice, it waits half a minute.
    earlier = timezone.now() - timedelta(seconds=31)
    Job.objects.filter(pk=job.pk).update(started_at=earlier)
    with running_worker():  # sweeps as it starts: nobody holds the lock of that job
        until(lambda: runs_in(tmp_path) == 3)
        (tmp_path / "go").touch()
        done = finished(job)
    assert (done.state, done.result, done.attempts) == ("done", "done", 3)
