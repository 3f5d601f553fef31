"""Jobs through a real broker and a real worker: nothing lost, nothing done twice."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cross import outbox
from cross.outbox import doing
from cross.outbox.asking import publish
from cross.outbox.models import Job, Pulse
from tests.outbox.conftest import finished, runs_in, state_of
from tests.running import until

pytestmark = pytest.mark.django_db(transaction=True)


def a_minute_later(job):
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(seconds=61))


def test_a_job_runs_and_gives_its_result(worker):
    job = outbox.enqueue("tests.add", args={"first": 2, "second": 3})
    assert job.state == Job.State.QUEUED
    done = finished(job)
    assert (done.state, done.result, done.attempts, done.error) == ("done", {"sum": 5}, 1, "")
    assert done.created_at <= done.started_at <= done.finished_at
    assert done.published_at


def test_progress_is_seen_while_the_job_runs(worker, tmp_path):
    job = outbox.enqueue("tests.wait", args={"folder": str(tmp_path)})
    until(lambda: Job.objects.get(pk=job.pk).progress == 1)
    seen = Job.objects.get(pk=job.pk)
    assert (seen.state, seen.percent, seen.note) == ("running", 33, "un tiers")
    (tmp_path / "go").touch()
    assert finished(job).percent == 100


def test_a_job_asked_for_in_a_transaction_that_fails_does_not_exist(worker):
    with transaction.atomic():
        outbox.enqueue("tests.add", args={"first": 1, "second": 1})
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_refusal_is_told_in_its_own_words(worker):
    done = finished(outbox.enqueue("tests.refuse", args={}))
    assert (done.state, done.error) == (
        "failed",
        "La période est close : choisissez-en une autre.",
    )


def test_a_failure_leaves_neither_half_work_nor_content(worker):
    done = finished(outbox.enqueue("tests.break", args={}))
    assert done.state == "failed"
    assert "RuntimeError" in done.error
    assert "renseignement" not in done.error
    assert not Pulse.objects.filter(name="half-done").exists()


def test_the_same_message_twice_runs_the_job_once(worker, tmp_path):
    job = outbox.enqueue("tests.wait", args={"folder": str(tmp_path)})
    until(lambda: runs_in(tmp_path) == 1)
    publish(job.pk)  # taken by the other process of the pool while the first one still runs
    other = outbox.enqueue("tests.add", args={"first": 1, "second": 1})
    finished(other)  # came after it in the queue
    (tmp_path / "go").touch()
    finished(job)
    publish(job.pk)
    finished(outbox.enqueue("tests.add", args={"first": 1, "second": 1}))
    assert runs_in(tmp_path) == 1
    assert Job.objects.get(pk=job.pk).attempts == 1


def test_a_broker_that_is_down_does_not_stop_the_request_and_the_job_runs_later(worker, broker):
    broker.stop()
    began = time.monotonic()
    job = outbox.enqueue("tests.add", args={"first": 20, "second": 1})
    assert time.monotonic() - began < 1
    assert (state_of(job), Job.objects.get(pk=job.pk).published_at) == ("queued", None)
    broker.start()
    assert doing.sweep() == 0  # a minute has not passed: it may still be on its way
    a_minute_later(job)
    assert doing.sweep() == 1
    assert finished(job).result == {"sum": 21}


def test_a_broker_that_is_frozen_delays_the_request_by_seconds_only(broker):
    os.kill(broker.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        job = outbox.enqueue("tests.add", args={"first": 1, "second": 1})
        waited = time.monotonic() - began
        # Before the broker wakes: what it had received may well be worked on at once.
        assert state_of(job) == "queued"
    finally:
        os.kill(broker.process.pid, signal.SIGCONT)
    assert waited < 4
