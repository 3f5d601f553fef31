"""What the journeys share: the Vosges with their real communes, and people who sign in."""

from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from services.models import Member
from tests.browser import browsing, session_of, sign_in
from tests.journeys.world import make


def load_vosges():
    call_command("load_territory", "--department", "88", verbosity=0)


def invent(reports):
    call_command("seed_demo", reports=reports, departments="88", verbosity=0)


@pytest.fixture
def enter_by_the_page(browse):
    """`enter_by_the_page(username)` gives the home page of an account of the demonstration."""

    def enter(username, **options):
        page = browse(**options)
        sign_in(page, username, settings.DEMO_PASSWORD)
        return page

    return enter


@dataclass(frozen=True)
class Demonstration:
    """Where it is served, and a session of each account that may sign in, by its name."""

    address: str
    sessions: dict


@pytest.fixture(scope="module")
def demonstration(request, chromium, django_db_setup, django_db_blocker):
    """150 reports (or REPORTS of the module), committed once for the tests of a module.

    Those tests are marked `django_db` and leave it as it is: what they write is undone. The server
    is not pytest-django's `live_server`, which empties every table after each test.
    """
    with django_db_blocker.unblock():
        load_vosges()
        invent(getattr(request.module, "REPORTS", 150))
        server = LiveServer("localhost")
        yield Demonstration(server.url, {
            member.username: session_of(member)
            for member in Member.objects.select_related("unit")
            if member.has_usable_password()
        })  # fmt: skip
        server.stop()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def visit(demonstration, chromium, db):
    """`visit(username)` gives a page of the demonstration."""
    with browsing(chromium, demonstration.address, demonstration.sessions.get) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def world(demonstration):
    """By name, what the addresses of the table of doors need."""
    return make()


@pytest.fixture
def files_apart(request, settings, tmp_path):
    """The files of the demonstration stay where it put them."""
    if "demonstration" not in request.fixturenames:
        settings.MEDIA_ROOT = tmp_path / "files"
