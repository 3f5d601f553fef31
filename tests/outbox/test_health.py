"""/healthz tells which part is down, and tells it in less than a second."""

import json
import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cross.health import health
from cross.outbox.models import Pulse
from cross.outbox.pulses import ALIVE_WITHIN
from tests import embedded_database

pytestmark = pytest.mark.django_db(transaction=True)

ALL_UP = dict.fromkeys(["status", "database", "broker", "worker", "beat"], "up")


@pytest.fixture
def asked(rf):
    """`asked()` is (HTTP status, JSON, seconds)."""

    def ask():
        began = time.monotonic()
        response = health(rf.get("/healthz"))
        return response.status_code, json.loads(response.content), time.monotonic() - began

    return ask


@pytest.fixture
def alive():
    for name in ("worker", "beat"):
        Pulse.objects.create(name=name, at=timezone.now())


def test_all_up(alive, asked):
    assert asked()[:2] == (200, ALL_UP)


@pytest.mark.parametrize("who", ["worker", "beat"])
def test_an_old_sign_of_life_is_none(alive, asked, who):
    old = timezone.now() - ALIVE_WITHIN - timedelta(seconds=1)
    Pulse.objects.filter(name=who).update(at=old)
    assert asked()[:2] == (503, ALL_UP | {"status": "down", who: "down"})


def test_the_broker_is_down(alive, asked, broker):
    broker.stop()
    status, said, seconds = asked()
    assert (status, said) == (503, ALL_UP | {"status": "down", "broker": "down"})
    assert seconds < 1


def test_the_broker_is_frozen(alive, asked, broker):
    os.kill(broker.process.pid, signal.SIGSTOP)
    try:
        status, said, seconds = asked()
    finally:
        os.kill(broker.process.pid, signal.SIGCONT)
    assert (status, said) == (503, ALL_UP | {"status": "down", "broker": "down"})
    assert seconds < 1


NO_DATABASE = ALL_UP | dict.fromkeys(["status", "database", "worker", "beat"], "down")


def test_the_database_is_down(alive, asked, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    status, said, seconds = asked()
    assert (status, said) == (503, NO_DATABASE)
    assert seconds < 1


def test_the_database_is_frozen(alive, asked):
    server = embedded_database.running.get("PostgreSQL")
    if server is None:
        pytest.skip("DATABASE_URL names a server that is not ours to freeze")
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        status, said, seconds = asked()
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    assert (status, said) == (503, NO_DATABASE)
    assert seconds < 1
