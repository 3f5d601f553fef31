"""/healthz: is each part up? For a load balancer and `./run`; nothing else of the inside."""

import logging
from concurrent.futures import ThreadPoolExecutor, wait

import psycopg
from celery import current_app
from django.db import connection
from django.http import JsonResponse
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from cross.outbox.pulses import ALIVE_WITHIN

ANSWER_WITHIN_SECONDS = 0.8
# Threads and connections of our own: a frozen server then holds neither the request nor the pool.
_inspectors = ThreadPoolExecutor(max_workers=4, thread_name_prefix="health")


def is_about_something_else(record):
    """Not the 503 of a start-up or an outage, which would be one line each time we are asked."""
    return getattr(getattr(record, "request", None), "path", None) != "/healthz"


logging.getLogger("django.request").addFilter(is_about_something_else)


def health(request):
    """JSON of "up" and "down"; 200 when all is up, 503 otherwise; in less than a second."""
    pulses = _inspectors.submit(read_pulses, connection.get_connection_params())
    broker = _inspectors.submit(ping_broker)
    wait([pulses, broker], timeout=ANSWER_WITHIN_SECONDS)
    alive = in_time(pulses)
    parts = {
        "database": alive is not None,
        "broker": in_time(broker) is True,
        "worker": "worker" in (alive or ()),
        "beat": "beat" in (alive or ()),
    }
    up = all(parts.values())
    report = {name: "up" if value else "down" for name, value in {"status": up, **parts}.items()}
    return JsonResponse(report, status=200 if up else 503)


def in_time(inspection):
    """What it found; None when it is still looking, which its own time limits will end."""
    if inspection.done():
        return inspection.result()
    inspection.cancel()
    return None


def read_pulses(address):
    """The names of those who were alive lately; None when the database does not answer."""
    # A sign of life to come was given by a clock that is wrong.
    query = "SELECT name FROM outbox_pulse WHERE at BETWEEN %s AND %s"
    now = timezone.now()
    within = [now - ALIVE_WITHIN, now + ALIVE_WITHIN]
    try:
        with psycopg.connect(**address | {"connect_timeout": 2}) as line:
            return {name for (name,) in line.execute(query, within)}
    except psycopg.Error:
        return None


def ping_broker():
    try:
        with current_app.connection_for_read() as line:
            return line.default_channel.client.ping()
    except (OperationalError, RedisError, OSError):
        return False
