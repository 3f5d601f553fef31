"""How long a session lasts, where it is open, and who closes it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from tests import factories
from tests.factories import PASSWORD
from tests.forced import on_the_clock

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=14)


def is_open(client):
    return client.get("/").status_code == 200


def last_verb(member):
    return Entry.objects.filter(member_id=member.pk).order_by("pk").last().verb


@pytest.fixture
def began():
    return timezone.now()


def test_nobody_there_for_a_quarter_of_an_hour_closes_it(cast, enter, began):
    client = on_the_clock(enter(cast.diane))
    with time_machine.travel(began + SOON, tick=False):
        assert is_open(client)
    with time_machine.travel(began + SOON + timedelta(minutes=15), tick=False):
        assert not is_open(client)
    assert last_verb(cast.diane) == "session.expired"


def test_a_page_that_looks_at_its_session_is_nobody(cast, enter, began):
    client = on_the_clock(enter(cast.diane))
    for minutes in (5, 10, 14):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            assert client.get(reverse("session_alive")).status_code == 200
    with time_machine.travel(began + timedelta(minutes=16), tick=False):
        assert client.get(reverse("session_alive")).status_code == 401


def test_ten_hours_end_it_whatever_is_done(cast, enter, began):
    client = on_the_clock(enter(cast.diane))
    for step in range(1, 43):
        with time_machine.travel(began + step * SOON, tick=False):
            if step * SOON < timedelta(hours=10):
                assert is_open(client)
    with time_machine.travel(began + timedelta(hours=10, minutes=1), tick=False):
        assert not is_open(client)


def test_a_session_without_its_clock_is_over(cast, enter):
    client = enter(cast.diane)
    session = client.session
    del session["seen_at"]
    session.save()
    assert not is_open(client)


def test_a_stolen_cookie_opens_nothing_after_signing_out(cast, enter):
    client, thief = enter(cast.diane), Client()
    thief.cookies = client.cookies.copy()
    assert is_open(thief)
    answer = client.post(reverse("logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_open(thief)


def test_one_closes_his_other_connections_and_those_of_nobody_else(cast, settings):
    settings.SECOND_FACTOR = False
    client, other = (Client(HTTP_USER_AGENT="X11; Linux Firefox/128.0") for _ in range(2))
    for each in (client, other):
        each.post("/connexion/", {"login": "diane", "password": PASSWORD})
    foreign = factories.connection(cast.karim)
    page = client.get(reverse("connection_list"))
    assert [each.is_here for each in page.context["connections"]] == [True, False]
    assert "Firefox, Linux" in page.text
    assert client.post(reverse("end_connection", args=[foreign.pk])).status_code == 404
    shown = page.context["connections"][1]
    client.post(reverse("end_connection", args=[shown.pk]))
    assert is_open(client)
    assert not is_open(other)
    factories.connection(cast.diane)
    client.post(reverse("end_others"))
    assert len(client.get(reverse("connection_list")).context["connections"]) == 1
    assert Entry.objects.filter(verb="session.ended").count() == 2


def test_whoever_keeps_an_account_closes_what_it_has_open(cast, enter, settings):
    settings.SECOND_FACTOR = False
    client = Client()
    client.post("/connexion/", {"login": "diane", "password": PASSWORD})
    page = reverse("change_member", args=[cast.diane.pk])
    keeper = enter(cast.tom)
    assert keeper.get(page).context["open_now"] == 1
    told = keeper.post(reverse("end_connections_of", args=[cast.diane.pk]), follow=True)
    assert "connexion fermée." in told.text
    assert "n’est connecté nulle part" in told.text
    assert not is_open(client)
    [line] = Entry.objects.filter(verb="session.ended")
    assert (line.member_id, line.target) == (cast.tom.pk, "agent diane")


def test_the_list_asks_as_much_for_one_as_for_five(cast, enter):
    client, asked = enter(cast.diane), []
    for _ in range(2):
        for _ in range(4):
            factories.connection(cast.diane)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("connection_list"))
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 15


def test_a_closed_account_opens_nothing_at_the_next_page(cast, enter):
    client = enter(cast.louise)
    assert is_open(client)
    answer = enter(cast.tom).post(
        reverse("change_member", args=[cast.louise.pk]),
        {
            "username": "louise",
            "first_name": "Louise",
            "last_name": "Essai",
            "unit": cast.louise.unit_id,
            "role": cast.louise.role,
            "authorised_by": "Colonel Essai",
            "authorised_from": "2020-09-24",
            "authorised_until": f"{cast.louise.authorised_until:%d/%m/%Y}",
        },
    )
    assert answer.status_code == 302
    assert not is_open(client)


def test_a_change_of_role_holds_at_the_next_page(cast, enter):
    client = enter(cast.louise)
    assert client.get(reverse("new_report")).status_code == 200
    type(cast.louise).objects.filter(pk=cast.louise.pk).update(role="lecteur")
    assert client.get(reverse("new_report")).status_code == 403


def test_leaving_is_no_link(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.diane, backend="services.backend.MemberBackend")
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).status_code == 403
    assert is_open(client)
