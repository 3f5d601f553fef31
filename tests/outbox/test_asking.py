"""Asking for a job: what is accepted, what is one job, what is sent again and when."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from cross import celery_app, outbox
from cross.outbox import doing
from cross.outbox.beat import Scheduler, Turn, entries
from cross.outbox.line import lock_number, open_line
from cross.outbox.models import Job, Pulse
from cross.outbox.tasks import ask
from tests.running import until


class Somebody:
    """A member, as far as the outbox knows: a number and a name."""

    pk = 12

    def __str__(self):
        return "Diane"


@pytest.mark.django_db
def test_who_asked_is_kept_as_text_and_number():
    job = outbox.enqueue("tests.refuse", args={}, by=Somebody())
    job.refresh_from_db()
    assert (job.requested_by, job.requested_by_id) == ("Diane", 12)


@pytest.mark.django_db
def test_one_live_job_per_key():
    first = outbox.enqueue("tests.add", args={"first": 1, "second": 1}, key="same")
    again = outbox.enqueue("tests.add", args={"first": 1, "second": 1}, key="same")
    assert again.pk == first.pk
    doing.do(first.pk)
    fresh = outbox.enqueue("tests.add", args={"first": 1, "second": 1}, key="same")
    assert fresh.pk != first.pk


@pytest.mark.django_db
def test_the_database_holds_the_key_and_the_end():
    outbox.enqueue("tests.refuse", args={}, key="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="tests.refuse", unique_key="same")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="tests.refuse", state=Job.State.DONE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", ["Vu ce soir devant la gare, " * 5, {"text": "x"}, 1.5, [["nested"]], object()]
)
def test_no_content_travels_in_the_arguments(value):
    with pytest.raises(TypeError):
        outbox.enqueue("tests.add", args={"first": value, "second": 1})
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_to_the_one_who_asks():
    with pytest.raises(LookupError):
        outbox.enqueue("tests.nonexistent", args={})


def test_two_kinds_cannot_have_the_same_name():
    with pytest.raises(ValueError, match=r"tests\.add"):
        outbox.job("tests.add")(lambda job: None)


@pytest.mark.django_db
def test_a_kind_that_a_new_version_dropped_fails_in_words():
    job = Job.objects.create(kind="tests.dropped")
    doing.do(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "tests.dropped" in job.error


@pytest.mark.django_db
def test_a_job_that_kills_its_worker_each_time_is_given_up():
    job = Job.objects.create(kind="tests.add", args={"first": 1, "second": 1})
    Job.objects.update(state="running", attempts=doing.MOST_ATTEMPTS)
    doing.do(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "abandonné" in job.error


@pytest.mark.django_db
def test_a_message_without_its_row_is_dropped():
    doing.do(uuid.uuid4())
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked_before", "sent_before", "lost"),
    [
        (30, None, False),  # it may still be on its way
        (61, None, True),  # the broker was down
        (90, 59, False),
        (121, 61, True),  # sent after one minute, and one more has passed
        (600, 290, False),  # a long queue is not a loss: the wait doubles
        (600, 310, True),
    ],
)
def test_when_a_waiting_job_is_sent_again(asked_before, sent_before, lost):
    now = timezone.now()
    sent = None if sent_before is None else now - timedelta(seconds=sent_before)
    asked = now - timedelta(seconds=asked_before)
    job = Job.objects.create(kind="tests.add", created_at=asked, published_at=sent)
    assert doing.is_lost(job, None, now) is lost


@pytest.mark.django_db
def test_a_running_job_is_lost_when_nobody_holds_its_lock():
    job = Job.objects.create(kind="tests.add", state="running")
    with open_line() as sweeper:
        with open_line() as worker:
            assert worker.take(lock_number(job.pk))
            assert not doing.is_lost(job, sweeper, timezone.now())
        until(lambda: doing.is_lost(job, sweeper, timezone.now()))
        with open_line() as other:  # the sweeper has given the lock back
            assert other.take(lock_number(job.pk))


@pytest.mark.django_db
def test_beat_asks_for_what_has_a_schedule_and_never_twice_at_once():
    assert entries()["outbox.sweep"]["schedule"] == 20
    assert entries()["tests.nightly"]["args"] == ["tests.nightly"]
    assert "tests.add" not in entries()
    ask("tests.nightly")
    ask("tests.nightly")
    assert Job.objects.get().kind == "tests.nightly"


@pytest.mark.django_db(transaction=True)
def test_a_tick_is_a_sign_of_life_and_a_second_beat_gives_none():
    first, second = Scheduler(app=celery_app), Scheduler(app=celery_app)
    try:
        sweeping = PeriodicTask.objects.get(name="outbox.sweep")
        assert (sweeping.interval.every, sweeping.expire_seconds) == (20, 20)
        assert 0 < first.tick() <= 5
        assert Pulse.objects.get().name == "beat"
        Pulse.objects.all().delete()
        second.tick()
        assert not Pulse.objects.exists()
        first.turn.give_up()
        until(second.turn.is_ours)
        second.tick()
        assert Pulse.objects.get().name == "beat"
    finally:
        first.turn.give_up()
        second.turn.give_up()


@pytest.mark.django_db
def test_only_one_beat_ticks_and_another_takes_over():
    first, second = Turn(), Turn()
    try:
        assert first.is_ours()
        assert first.is_ours()
        assert not second.is_ours()
        first.give_up()  # what the end of its process does
        until(second.is_ours)
        assert not first.is_ours()
    finally:
        first.give_up()
        second.give_up()
