"""The schedule of the database: ours at first, whoever changes it is heeded, also by a restart."""

import pytest
from celery.schedules import crontab
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from cross import celery_app, outbox
from cross.outbox.beat import Scheduler
from cross.outbox.schedule import in_text

NIGHTLY = "tests.every_night"


@pytest.fixture
def nightly(monkeypatch, transactional_db):
    """Gives a kind of job the schedule of a version, and starts beat."""

    def started(schedule):
        kind = outbox.Kind(NIGHTLY, None, True, schedule, None)
        monkeypatch.setitem(outbox.KINDS, NIGHTLY, kind)
        started_beat()
        return PeriodicTask.objects.get(name=NIGHTLY)

    return started


def started_beat():
    """Its tables are gone when this process ends: it writes nothing back then."""
    Scheduler(app=celery_app)._finalize.cancel()


def changed(row, **when):
    schedule, _ = CrontabSchedule.objects.get_or_create(**when, timezone="Europe/Paris")
    row.crontab = schedule
    row.save()


def test_a_schedule_that_somebody_changed_outlives_a_restart_and_a_new_version(nightly):
    row = nightly(crontab(hour=3, minute=0))
    assert in_text(row.schedule) == "0 3 * * *"
    changed(row, hour="5", minute="30")
    assert in_text(nightly(crontab(hour=3, minute=0)).schedule) == "30 5 * * *"
    assert in_text(nightly(crontab(hour=4, minute=0)).schedule) == "30 5 * * *"


def test_one_that_nobody_changed_follows_the_version(nightly):
    nightly(crontab(hour=3, minute=0))
    assert in_text(nightly(crontab(hour=4, minute=15)).schedule) == "15 4 * * *"
    assert in_text(nightly(300).schedule) == "300 s"


def test_one_switched_off_stays_off(nightly):
    row = nightly(crontab(hour=3, minute=0))
    row.enabled = False
    row.save()
    assert not nightly(crontab(hour=4, minute=0)).enabled


def test_what_a_version_dropped_is_asked_for_no_more(nightly, monkeypatch):
    nightly(crontab(hour=3, minute=0))
    monkeypatch.delitem(outbox.KINDS, NIGHTLY)
    started_beat()
    assert not PeriodicTask.objects.filter(name=NIGHTLY).exists()
