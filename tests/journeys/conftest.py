"""What the journeys share: the Vosges with their real communes, and people who sign in."""

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.browser import sign_in


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
