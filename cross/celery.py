"""Celery, set to lose nothing: a task is acknowledged after it ran, and given back if it died.

"At least once" is what these settings give; the outbox makes it "once" (see `cross.outbox`).
"""

import logging.config
import os
import warnings

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import celeryd_init, setup_logging, worker_ready
from django.conf import settings
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cross.settings")

# A request must not wait for a broker that is down (0.1 s) or frozen (a few seconds).
SHORT = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "retry_on_timeout": False,
    "max_retries": 2,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
# The worker has nothing better to do than to wait for it.
LONG = {"socket_timeout": 5, "socket_connect_timeout": 5, "retry_on_timeout": True}

TRANSPORT = {
    "health_check_interval": 25,
    # Longer than the longest task, or it would be run twice at the same time. No countdown or ETA
    # may be longer than this: what is far away is a row that beat reads.
    "visibility_timeout": 1800,
    # kombu looks for lost messages every 100 s otherwise, whatever the line above says.
    "unacked_restore_interval": 15,
    "unacked_restore_throttle": 1,
}

app = Celery("cross")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    broker_transport_options=TRANSPORT | SHORT,
    broker_connection_retry_on_startup=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,  # a result is a column of its job
    result_expires=None,
    task_time_limit=900,
    task_soft_time_limit=840,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # With REMAP_SIGTERM=SIGQUIT, and a stop grace period of 30 s for the container.
    worker_soft_shutdown_timeout=20,
    beat_scheduler="cross.outbox.beat:Scheduler",
    beat_max_loop_interval=5,
)
app.autodiscover_tasks()


@celeryd_init.connect
def be_patient(conf, **_):
    conf.broker_transport_options = TRANSPORT | LONG
    # Celery announces a new default each time the broker is lost, even to those who chose.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)


@setup_logging.connect
def log_as_the_rest_of_the_house(**_):
    """Celery would put a handler of its own, which quotes what an exception says."""
    logging.config.dictConfig(settings.LOGGING)


@worker_ready.connect
def start_working(sender, **_):
    """Say that we live, and take again what a dead worker left."""
    from cross.outbox import doing, pulses  # noqa: PLC0415 - needs the apps to be loaded

    pulses.pulse_of_worker(sender)
    doing.sweep()
    connection.close()
