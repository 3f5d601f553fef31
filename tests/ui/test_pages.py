"""The gallery, the layouts, the pages of errors, and what a page asks about its session."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cross import nav
from cross.ui import gallery
from services.roles import DUTIES, Role
from tests import factories
from tests.forced import on_the_clock
from tests.ui.html import assert_clean_html, faults_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("layout", ["", *gallery.LAYOUTS])
def test_the_gallery_and_its_layouts_are_clean(cast, enter, layout):
    response = enter(cast.anna).get(reverse("gallery"), {"modele": layout} if layout else {})
    assert response.status_code == 200
    assert_clean_html(response)


def test_the_sign_in_page_is_clean_and_shows_nothing_of_the_house():
    response = Client().get(reverse("account_login"))
    assert_clean_html(response)
    page = response.content.decode()
    assert "Menu principal" not in page
    assert "data-session-url" not in page


def test_a_refused_sign_in_says_what_to_do():
    response = Client().post(reverse("account_login"), {"login": "x", "password": "y"})
    assert_clean_html(response)
    assert "data-errors" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_error_pages_are_clean_for_somebody_not_signed_in(name):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    assert faults_of(render_to_string(name, {}, request)) == []


def test_a_page_that_is_not_there_says_how_to_ask_for_a_report(cast, enter):
    address = reverse("report_page", args=["CROSS-88-2026-99999"])
    response = enter(cast.diane).get(address)
    assert response.status_code == 404
    assert f'href="{reverse("ask_access")}"' in response.content.decode()
    # Whoever reads no report is not sent to a page that is not his.
    assert reverse("ask_access") not in enter(cast.claire).get(address).content.decode()


def test_a_page_that_is_not_there_asks_where_one_sits_no_more_than_its_door(cast, enter):
    client = enter(cast.anna)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("report_page", args=["CROSS-88-2026-99999"])).status_code == 404
    seats = [each for each in asked if 'FROM "protocols_participation"' in each["sql"][:3000]]
    assert 1 <= len(seats) <= 2


def test_the_page_of_a_breakdown_asks_nothing_of_anybody():
    assert faults_of(render_to_string("500.html")) == []


def test_nobody_reads_a_page_from_another_site(cast, enter):
    policy = enter(cast.anna).get(reverse("gallery")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


# --- Menu --------------------------------------------------------------------------------------


def entries(tree):
    for entry in tree:
        yield entry
        yield from entry.children


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/nulle-part/", []),
        ("/compte/mot-de-passe/", ["Compte"]),
        ("/compte/mot-de-passe/autre/", ["Compte"]),
        ("/compte/mot-de-passe/change/", ["Changé"]),
        ("/interface/", ["Cadre", "Interface"]),
    ],
)
def test_the_menu_marks_the_nearest_page(monkeypatch, path, marked):
    menu = (
        nav.Entry("Compte", "password_change"),
        nav.Entry("Changé", "password_change_done"),
        nav.Entry("Cadre", children=(nav.Entry("Interface", "gallery"),)),
    )
    monkeypatch.setattr(nav, "MENU", menu)
    monkeypatch.setattr(nav, "BELL", nav.Entry("Notifications"))
    member = SimpleNamespace(is_authenticated=True, role=Role.ANALYST.value)
    assert [e.label for e in entries(nav.menu_of(member, path)) if e.current] == marked


def test_keys_of_the_menu_are_all_different():
    keys = [entry.shortcut for entry in entries(nav.MENU) if entry.shortcut]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("role", Role)
def test_a_member_sees_only_the_entries_of_the_role(cast, role):
    member = factories.member("quelqu-un", cast.diane.unit, role)
    labels = {entry.label for entry in entries(nav.menu_of(member, "/"))}
    needed = {"Renseignements": "read", "Tri": "triage", "Saisir": "write", "Journal": "journal"}
    for label, right in needed.items():
        if label in labels:
            assert right in DUTIES[role].rights
        else:
            assert right not in DUTIES[role].rights


def test_nobody_has_no_menu():
    assert nav.menu_of(SimpleNamespace(is_authenticated=False), "/") == []


# --- Shortcuts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("/interface/", "/interface/"), ("https://ailleurs.example/", "/"), ("", "/")],
)
def test_switching_the_keys_comes_back_to_our_own_pages_only(cast, enter, asked, answered):
    response = enter(cast.anna).post(
        reverse("switch_shortcuts"), {"shortcuts": "off", "next": asked}
    )
    assert response.headers["Location"] == answered
    cast.anna.refresh_from_db()
    assert cast.anna.shortcuts is False


# --- Session -----------------------------------------------------------------------------------


def test_a_page_learns_that_its_session_runs(cast, enter):
    client = enter(cast.anna)
    url = reverse("session_alive")
    answer = client.get(url).json()
    assert answer["member"] == cast.anna.username
    assert answer["csrf"]
    assert 0 < answer["seconds"] <= 10 * 3600


def test_asking_prolongs_nothing_but_choosing_to_stay_does(cast, enter):
    client = on_the_clock(enter(cast.anna))
    url = reverse("session_alive")
    began = timezone.now()
    with time_machine.travel(began + timedelta(minutes=10), tick=False):
        assert client.get(url).json()["seconds"] <= 300
        assert client.get(url).json()["last"] is False
        assert client.post(url).json()["seconds"] == 900
    with time_machine.travel(began + timedelta(minutes=20), tick=False):
        assert client.get(url).json()["seconds"] <= 300


@pytest.mark.parametrize("method", ["get", "post"])
def test_once_over_the_answer_is_401_and_no_redirection(method):
    assert getattr(Client(), method)(reverse("session_alive")).status_code == 401
