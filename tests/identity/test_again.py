"""Proving again who one is, before what leaves the house."""

import re

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from django.urls import reverse

from cross.audit.models import Entry
from cross.checks import doors
from tests import factories
from tests.factories import PASSWORD
from tests.identity.test_sign_in import code_of

pytestmark = pytest.mark.django_db
LEAVES = re.compile(r"(_pdf$|^export_|^print_|^release_|^confirm_release|^clear_)")
# What only shows how a print goes, or what was printed.
STAYS = {"print_page", "print_progress"}


def test_whatever_leaves_the_house_asks_it():
    open_doors = {
        pattern.name
        for _, pattern in doors()
        if LEAVES.search(pattern.name) and not pattern.callback.gate_policy.fresh
    }
    assert open_doors == STAYS


def grow_old(client, *, factor=True):
    """As a quarter of an hour after it was proved."""
    session = client.session
    session[RECORDS] = [{"method": "mfa" if factor else "password", "at": 0}]
    session.save()


@pytest.fixture
def client(cast, enter):
    client = enter(cast.diane)
    grow_old(client)
    return client


@pytest.fixture
def app(cast):
    return factories.factor(cast.diane)


def test_a_page_is_asked_for_then_opened(cast, vosges, client, app):
    factories.report(cast.diane, vosges["Épinal"])
    export = "/renseignements/export/?format=csv"
    asked = client.get(export)
    assert (
        asked.url
        == reverse("confirm_identity") + "?next=%2Frenseignements%2Fexport%2F%3Fformat%3Dcsv"
    )
    assert client.get(asked.url).status_code == 401
    before = client.session.session_key
    wrong = client.post(asked.url, {"preuve": "code", "preuve-code": "000000"})
    assert wrong.status_code == 401
    proof = {"preuve": "code", "preuve-code": code_of(app.secret)}
    assert client.post(asked.url, proof).url == export
    exported = client.get(export)
    assert b"".join(exported.streaming_content).count(b"CROSS-88") == 1
    assert client.session.session_key != before
    assert Entry.objects.filter(verb="session.confirmed").count() == 1
    assert Entry.objects.filter(verb="factor.refused").count() == 1


def test_the_form_that_was_sent_leaves_with_the_proof(cast, vosges, client, app):
    report = factories.report(cast.diane, vosges["Épinal"])
    sent = {"recipient": "Substitut de permanence", "reason": "Enquête"}
    asked = client.post(reverse("report_pdf", args=[report.reference]), sent)
    assert asked.status_code == 401
    assert 'value="Substitut de permanence"' in asked.text
    assert not Entry.objects.filter(verb="report.printed").exists()
    proof = {"preuve": "code", "preuve-code": code_of(app.secret)}
    given = client.post(reverse("report_pdf", args=[report.reference]), sent | proof)
    assert given["Content-Type"] == "application/pdf"
    assert Entry.objects.get(verb="report.printed").recipients == "Substitut de permanence"


def test_a_password_is_enough_only_for_whoever_has_no_factor(cast, enter, settings):
    settings.SECOND_FACTOR = False
    client = enter(cast.diane)
    grow_old(client, factor=False)
    proof = {"preuve": "mot-de-passe", "preuve-password": PASSWORD}
    asked = client.get("/renseignements/export/").url
    assert client.post(asked, proof | {"preuve-password": "un-autre"}).status_code == 401
    assert client.post(asked, proof).status_code == 302
    factories.factor(cast.diane)
    grow_old(client)
    assert client.post(asked, proof).status_code == 401


def test_hidden_and_absent_ask_alike(cast, vosges, enter):
    """A stranger learns nothing from being asked."""
    report = factories.report(cast.diane, vosges["Épinal"])
    paul = enter(cast.paul)
    factories.factor(cast.paul)
    grow_old(paul)
    answers = {
        paul.post(reverse("report_pdf", args=[reference])).status_code
        for reference in (report.reference, "CROSS-88-2026-99999")
    }
    assert answers == {401}
