"""A passkey for real: Chromium's own authenticator, our page, our script, our policy."""

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from cross.audit.models import Entry
from tests import factories
from tests.browser import assert_accessible, sign_in
from tests.running import until

pytestmark = pytest.mark.django_db(transaction=True)


def with_authenticator(page):
    """A telephone or a workstation that knows its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def heading(page, name):
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def sign_out(page):
    page.get_by_text("Mon compte", exact=True).click()
    page.get_by_role("button", name="Se déconnecter").click()
    heading(page, "Connexion")


def grow_old(page):
    """Nothing was proved for a quarter of an hour."""
    [cookie] = [c for c in page.context.cookies() if c["name"] == "sessionid"]
    session = SessionStore(cookie["value"])
    session[RECORDS] = [{"method": "mfa", "at": 0}]
    session.save()


def test_a_passkey_is_made_then_opens_alone_after_a_password_and_again(
    browse, settings, cast, vosges
):
    settings.SECOND_FACTOR = True
    factories.report(cast.diane, vosges["Épinal"])
    page = browse()
    devtools, authenticator = with_authenticator(page)
    sign_in(page, "diane")
    heading(page, "Choisissez votre second facteur")
    assert_accessible(page)
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Nom de la clé").fill("ordinateur du bureau")
    page.get_by_role("button", name="Enregistrer la clé").click()
    heading(page, "Codes de secours")
    assert_accessible(page)
    page.get_by_role("link", name="C’est noté").click()
    expect(page.get_by_text("Mon compte", exact=True)).to_be_visible()

    sign_out(page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("Mon compte", exact=True)).to_be_visible()

    sign_out(page)
    sign_in_by_password(page)
    heading(page, "Second facteur")
    assert_accessible(page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("Mon compte", exact=True)).to_be_visible()

    grow_old(page)
    page.goto("/lieux/export/")
    heading(page, "Confirmez que c’est vous")
    assert_accessible(page)
    page.get_by_role("button", name="Confirmer avec ma clé d’accès").click()
    confirmed = Entry.objects.filter(verb="session.confirmed")
    until(confirmed.count)  # the page that asks has the same header as the one that comes
    assert confirmed.count() == 1
    browse.complaints.clear()  # the browser itself logs the 401 of the page that asked

    # Another authenticator, which does not hold it, opens nothing.
    sign_out(page)
    devtools.send("WebAuthn.clearCredentials", authenticator)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("alert").filter(has_text="n’a pas été donnée")).to_be_visible()
    assert Authenticator.objects.filter(user=cast.diane, type="webauthn").count() == 1


def sign_in_by_password(page):
    page.get_by_label("Identifiant").fill("diane")
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
