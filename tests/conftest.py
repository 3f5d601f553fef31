"""What every test may ask for: the two territories, the cast, a signed-in client."""

import os
from copy import deepcopy
from dataclasses import dataclass

import pytest
import time_machine
from django.core.handlers.base import BaseHandler
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from services.models import Member
from tests import factories, forced  # noqa: F401 - forced listens to sign-ins
from tests.browser import end_other_sessions, wait_for_the_server
from tests.web_role import web_role

WHOLE_SECONDS = 2 * 3600  # for one test of `--slow`


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="the whole crawl and every random world")
    parser.addoption("--rewrite-baseline", action="store_true", help="the queries of each page")


def pytest_configure(config):
    if config.getoption("--slow"):
        os.environ["CROSS_WHOLE"] = "1"  # read where decorators are, and by each process of xdist


def pytest_collection_modifyitems(config, items):
    """What is walked whole takes its time, whatever its own limit is; a test that hangs still says
    where."""
    if config.getoption("--slow"):
        for item in items:
            item.add_marker(pytest.mark.timeout(WHOLE_SECONDS), append=False)


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    """What a test uploads lands in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ANCHORS = tmp_path / "anchors"


@pytest.fixture(autouse=True, scope="session")
def a_journal_that_tests_may_empty():
    """Tests with real commits empty every table afterwards; the journal's trigger refuses that."""
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def flush(self, sql_list):
        for left in reversed(range(3)):
            try:
                return plain(
                    self,
                    [
                        "SET session_replication_role = replica",
                        *sql_list,
                        "SET session_replication_role = origin",
                    ],
                )
            except OperationalError:
                # A page that a browser left is still being answered: the two wait for each other.
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    operations.execute_sql_flush = flush
    yield
    operations.execute_sql_flush = plain


@pytest.fixture(autouse=True, scope="session")
def requests_under_the_role_of_the_web():
    """A page that would not work in life, where its process owns no table, fails in the suite."""
    plain = BaseHandler.get_response

    def get_response(handler, request):
        with web_role():
            return plain(handler, request)

    BaseHandler.get_response = get_response
    yield
    BaseHandler.get_response = plain


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database goes away with whatever a browser left in it."""
    yield
    with django_db_blocker.unblock():
        wait_for_the_server()
        end_other_sessions()


@dataclass(frozen=True)
class World:
    """The two territories and the cast."""

    vosges: factories.Territory
    meurthe: factories.Territory
    cast: factories.Cast

    @classmethod
    def make(cls):
        vosges = factories.territory()
        meurthe = factories.territory("54", "Meurthe-et-Moselle", "Nancy", ("Nancy", "Lunéville"))
        return cls(vosges, meurthe, factories.cast(vosges, meurthe))

    @property
    def is_there(self):
        return Member.objects.filter(pk=self.cast.diane.pk).exists()


# What migrations and their signals wrote, which no test makes again.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables():
    tables = set(connection.introspection.django_table_names(only_existing=True)) - KEPT
    names = ", ".join(map(connection.ops.quote_name, sorted(tables)))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {names}")
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup, django_db_blocker):
    """Committed once for the tests of a module, whose own writes are undone: making it takes
    longer than most of them."""
    with django_db_blocker.unblock():
        made = World.make()
    yield made
    with django_db_blocker.unblock():
        wait_for_the_server()
        empty_tables()


@pytest.fixture
def everybody(world_of_the_module, db):
    """Objects of the test's own. Tests with real commits empty the tables: made again for them."""
    return deepcopy(world_of_the_module) if world_of_the_module.is_there else World.make()


@pytest.fixture
def vosges(everybody):
    return everybody.vosges


@pytest.fixture
def meurthe(everybody):
    return everybody.meurthe


@pytest.fixture
def cast(everybody):
    return everybody.cast


@pytest.fixture
def stopped_clock():
    """A page says the time of day and how long ago: between two readings nothing may move."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def enter():
    """`enter(member)` gives a client that the member has signed in with."""

    def signed_in(member):
        client = Client()
        client.force_login(member, backend="services.backend.MemberBackend")
        return client

    return signed_in
