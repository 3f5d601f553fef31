"""A real worker, and the broker that can be stopped under it."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import connection

from cross.outbox.models import Job, Pulse
from tests import embedded_database
from tests.outbox import jobs  # noqa: F401 - registers the kinds on the asking side too
from tests.running import until

WORKER = [sys.executable, "-m", "celery", "-q", "-A", "cross", "worker", "--concurrency", "2"]
WORKER += ["--include", "tests.outbox.jobs", "--loglevel", "WARNING"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def state_of(job):
    return Job.objects.get(pk=job.pk).state


def finished(job, within=20):
    """The job, once it has ended."""
    until(lambda: state_of(job) in ("done", "failed"), within)
    return Job.objects.get(pk=job.pk)


def environment_of_worker():
    """The worker works in the database of the tests."""
    here = connection.settings_dict
    user = f"{quote(here['USER'])}:{quote(here['PASSWORD'])}@" if here["PASSWORD"] else ""
    query = "" if user else f"&user={quote(here['USER'])}"
    where = f"?host={quote(here['HOST'], safe='/')}&port={here['PORT'] or 5432}{query}"
    url = f"postgresql://{user}/{quote(here['NAME'])}{where}"
    quiet = "ignore:You're running the worker"
    return {**os.environ, "DATABASE_URL": url, "PYTHONWARNINGS": quiet}


@contextmanager
def running_worker():
    """A worker in its own process group, ready to take jobs; killed at the end."""
    Pulse.objects.all().delete()
    process = subprocess.Popen(WORKER, env=environment_of_worker(), start_new_session=True)
    try:
        until(lambda: Pulse.objects.filter(name="worker").exists(), within=90)
        yield process
    finally:
        kill_all(process)


def kill_all(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


@pytest.fixture(scope="module")
def worker(django_db_setup, django_db_blocker):
    """One worker for the tests of a module, which do not harm it."""
    with django_db_blocker.unblock(), running_worker() as process:
        yield process


@pytest.fixture
def broker():
    """The broker of the tests, which may be stopped; started again at the end."""
    server = embedded_database.running.get("Valkey")
    if server is None:
        pytest.skip("BROKER_URL names a broker that is not ours to stop")
    yield server
    if server.process.poll() is not None:
        server.start()


def runs_in(folder):
    """How many times the job "tests.wait" was started with this folder."""
    file = folder / "runs"
    return len(file.read_text().splitlines()) if file.exists() else 0
