"""What goes away for a moment: jobs are taken again, no request waits for a broker."""

import os
import signal
import statistics
import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from cross import celery_app, outbox
from cross.copying import copying
from cross.outbox import asking, doing, relay
from cross.outbox.beat import Scheduler
from cross.outbox.interruptions import is_interruption
from cross.outbox.line import open_line
from cross.outbox.models import Job
from tests.running import until


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["database", "disk", "a program"])
def test_an_interruption_is_no_failure_and_the_sweep_finds_the_job(how):
    job = outbox.enqueue("tests.interrupt", args={"how": how})
    doing.do(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("running", 1, "")
    with open_line() as line:
        until(lambda: doing.is_lost(job, line, timezone.now()))


@pytest.mark.django_db
def test_what_is_interrupted_again_and_again_waits_longer_then_is_given_up():
    job = outbox.enqueue("tests.interrupt", args={"how": "database"})
    waits = []
    for _ in range(doing.MOST_ATTEMPTS):
        doing.do(job.pk)
        job.refresh_from_db()
        assert job.state == "running"
        with open_line() as line:
            waits.append(seconds_before_it_is_lost(job, line))
    assert waits == [0, 30, 60, 120, 240]
    doing.do(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", doing.MOST_ATTEMPTS + 1)


def seconds_before_it_is_lost(job, line):
    def is_lost_after(seconds):
        later = job.started_at + timedelta(seconds=seconds + 0.5)
        return doing.is_lost(job, line, later)

    until(lambda: is_lost_after(240))
    return next(seconds for seconds in (0, 30, 60, 120, 240) if is_lost_after(seconds))


@pytest.mark.django_db
def test_an_instant_to_come_is_not_waited_for():
    """A clock was wrong for a while: what it dated is not kept waiting until then."""
    later = timezone.now() + timedelta(hours=2)
    job = Job.objects.create(kind="tests.add", created_at=later, published_at=later)
    assert doing.is_lost(job, None, timezone.now())


def test_a_refusal_is_no_interruption():
    assert not is_interruption(IntegrityError("twice"))
    assert not is_interruption(OSError(13, "Permission denied"))
    wrapped = RuntimeError("the block is broken")
    wrapped.__context__ = OperationalError("server closed the connection")
    assert is_interruption(wrapped)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "is_passing"), [("disk_full", True), ("admin_shutdown", True), ("23514", False)]
)
def test_what_copy_meets_is_told_as_any_statement_would(code, is_passing):
    """A trigger stands for the disk: what PostgreSQL raises is the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON outbox_pulse "
            "FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse()"
        )
    with pytest.raises(DatabaseError) as told, transaction.atomic():  # noqa: SIM117
        with copying("outbox_pulse", ["name", "at"]) as copy:
            copy.write_row(["essai", timezone.now()])
    assert is_interruption(told.value) is is_passing


def test_the_relay_keeps_what_the_broker_does_not_take(monkeypatch):
    monkeypatch.setattr(relay, "TRY_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(relay.connection, "close", lambda: None)
    is_up, sent, tried = threading.Event(), [], []

    def send(job):
        tried.append(job)
        if is_up.is_set():
            sent.append(job)
        return is_up.is_set()

    hand = relay.Relay(send)
    for job in (1, 2, 3):
        hand.take(job)
    until(lambda: len(tried) > 3)
    assert sent == []
    is_up.set()
    until(lambda: sent == [1, 2, 3])
    until(lambda: not hand.in_hand)


@pytest.mark.django_db(transaction=True)
def test_a_thousand_requests_wait_for_no_broker(broker, settings, monkeypatch, figure):
    """Stopped for one half, frozen for the other; sent when it is back, none is missing."""
    settings.IS_WEB = True
    hand = relay.Relay(asking.publish)
    monkeypatch.setattr(asking, "relay", hand)
    broker.stop()
    waits = [seconds_of_a_request() for _ in range(500)]
    broker.start()
    os.kill(broker.process.pid, signal.SIGSTOP)
    try:
        waits += [seconds_of_a_request() for _ in range(500)]
    finally:
        os.kill(broker.process.pid, signal.SIGCONT)
    until(lambda: not hand.in_hand, within=90)
    assert Job.objects.exclude(published_at=None).count() == 1000
    p95 = statistics.quantiles(waits, n=20)[-1]
    assert p95 < 0.3
    figure("B89", f"1,000 requests, broker stopped then frozen: p95 {p95 * 1000:.0f} ms, 0 lost")


def seconds_of_a_request():
    began = time.monotonic()
    with transaction.atomic():
        outbox.enqueue("tests.add", args={"first": 1, "second": 1})
    return time.monotonic() - began


@pytest.mark.django_db(transaction=True)
def test_beat_asks_for_its_work_without_a_broker_and_never_twice(broker):
    scheduler = Scheduler(app=celery_app)
    entry = scheduler.schedule["tests.nightly"]
    broker.stop()
    reserved = scheduler.reserve(entry)
    scheduler.apply_entry(entry)
    assert [job.kind for job in Job.objects.all()] == ["tests.nightly"]
    # Told in the same transaction: another beat that starts now does not ask again.
    kept = PeriodicTask.objects.get(name="tests.nightly").last_run_at
    assert kept == reserved.model.last_run_at


@pytest.mark.django_db(transaction=True)
def test_beat_asks_again_for_what_the_database_did_not_take(monkeypatch):
    scheduler = Scheduler(app=celery_app)
    entry = scheduler.schedule["tests.nightly"]
    before = entry.last_run_at
    scheduler.reserve(entry)

    def refuse(*args, **kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("cross.outbox.beat.asking.enqueue", refuse)
    scheduler.apply_entry(entry)
    scheduler.sync()
    assert scheduler.schedule["tests.nightly"].last_run_at == before


@pytest.mark.django_db(transaction=True)
def test_a_schedule_that_a_wrong_clock_dated_runs_at_its_next_time():
    Scheduler(app=celery_app)
    later = timezone.now() + timedelta(hours=2)
    PeriodicTask.objects.filter(name="outbox.sweep").update(last_run_at=later)
    entry = Scheduler(app=celery_app).schedule["outbox.sweep"]
    assert entry.is_due().next <= 20


@pytest.mark.django_db
def test_a_page_without_its_database_says_so_in_french(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection refused: the text of a row")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    answer = client.get("/renseignements/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert "CROSS est interrompu un instant" in page
    assert "the text of a row" not in page
