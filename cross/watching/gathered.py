"""What is read at each scrape: queues, ages, seals, disk, the database. Numbers and names of work.

A part that does not answer leaves its figures out and says so by `cross_up`; the others are there.
"""

import os
from itertools import starmap
from shutil import disk_usage

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError
from prometheus_client.core import GaugeMetricFamily
from redis.exceptions import RedisError

from cross import room
from cross.audit import sealing
from cross.audit.models import Entry
from cross.watching.asked import ASKED


class Gathered:
    """For a registry of prometheus_client: asked at each scrape."""

    def collect(self):
        up = GaugeMetricFamily("cross_up", "1 when this part answers.", labels=["part"])
        families, database = from_the_database()
        up.add_metric(["database"], database)
        up.add_metric(["broker"], broker_answers())
        yield up
        yield from families
        yield disk()


def from_the_database():
    """(figures, 1) or (those had until it failed, 0)."""
    families: list[GaugeMetricFamily] = []
    try:
        families.extend(starmap(_read, ASKED))
        families += [unsealed(), waiting_migrations()]
    except DatabaseError:
        return families, 0
    finally:
        connection.close()
    return families, 1


def _read(name, what, label, statement):
    family = GaugeMetricFamily(name, what, labels=[label])
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for value, number in cursor.fetchall():
            family.add_metric([str(value)], float(number))
    return family


def unsealed():
    """Lines of the journal that no seal holds yet, and the age of the oldest."""
    last = sealing.last_seal()
    after, begin = (last.record["next_after_id"], last.record["next_from_tx"]) if last else (0, 0)
    family = GaugeMetricFamily(
        "cross_journal_unsealed", "Lines that no seal holds, and seconds since the oldest.",
        labels=["what"],
    )  # fmt: skip
    waiting = Entry.objects.filter(id__gt=after, tx__gte=begin)
    family.add_metric(["lines"], waiting.count())
    with connection.cursor() as cursor:
        oldest = waiting.order_by("tx", "id").values_list("at", flat=True).first()
        cursor.execute("SELECT coalesce(extract(epoch FROM now() - %s), 0)::float", [oldest])
        family.add_metric(["oldest_seconds"], cursor.fetchone()[0])
    return family


def waiting_migrations():
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    family = GaugeMetricFamily(
        "cross_migrations_waiting", "Migrations of this version not applied.", labels=["database"]
    )
    family.add_metric(["whole"], len(plan))
    return family


def broker_answers():
    try:
        with current_app.connection_for_read() as line:
            return int(bool(line.default_channel.client.ping()))
    except (OperationalError, RedisError, OSError):
        return 0


def disk():
    """Of the data folder: files, and the database of `./run`."""
    family = GaugeMetricFamily("cross_disk_bytes", "Room of the data folder.", labels=["what"])
    where = settings.HOME if os.path.exists(settings.HOME) else settings.BASE_DIR
    told = disk_usage(where)
    family.add_metric(["free"], told.free)
    family.add_metric(["total"], told.total)
    # At nothing, files that people send are refused.
    family.add_metric(["before_refusal"], max(0, room.before_refusal()))
    return family
