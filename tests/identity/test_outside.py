"""An outside identity: what comes in by it, what does not, and how one leaves it."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cross.audit.models import Entry
from services import actions
from services.models import Member
from tests import factories
from tests.browser import assert_accessible, assert_fits
from tests.identity.provider import ADDRESS, CLIENT, Provider
from tests.running import until

pytestmark = pytest.mark.django_db
NEW = "un-mot-de-passe-dicté-au-téléphone"
# All that ProConnect takes in an address: it answers « Y000400 » to any other.
TAKEN = {
    "client_id", "acr_values", "claims", "response_type", "response_mode", "nonce", "login_hint",
    "state", "redirect_uri", "scope", "prompt", "idp_hint", "code_challenge",
    "code_challenge_method",
}  # fmt: skip


@pytest.fixture(scope="module")
def served():
    provider = Provider()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


@pytest.fixture
def provider(served, settings):
    settings.OUTSIDE_SERVER = served.url
    settings.OUTSIDE_ASKS_AGAIN = True
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        | {"APPS": [app | {"client_id": CLIENT, "settings": {"server_url": served.url}}]}
    }
    served.left, served.lets_go, served.leaves_out = {}, True, ""
    plain, served.says = served.signs, {"sub": "abc", "amr": ["pwd", "mfa"], "email": ADDRESS}
    yield served
    served.signs = plain


@pytest.fixture
def diane(cast):
    Member.objects.filter(pk=cast.diane.pk).update(outside_identity=ADDRESS)
    cast.diane.refresh_from_db()
    return cast.diane


def go(client, provider, **query):
    """Through the provider and back: the answer of our page of return."""
    left = client.get(reverse("outside_leave"), query)
    back = provider.asks({name: v[0] for name, v in parse_qs(urlsplit(left.url).query).items()})
    return client.get(reverse("outside_return"), back)


def is_in(client):
    return "_auth_user_id" in client.session


def test_whoever_the_administrator_meant_comes_in(provider, diane):
    client = Client()
    asked = go(client, provider, next="/renseignements/").url
    assert asked == "/compte/motif/?next=%2Frenseignements%2F"
    said = {"purpose": "Enquête ou procédure", "detail": "PV 2026/113"}
    assert client.post(asked, said).url == "/renseignements/"
    assert client.get("/renseignements/").status_code == 200
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid) == (diane, provider.url, "abc")
    provider.says |= {"email": "autre@exemple.invalid"}
    assert go(Client(), provider).url.startswith("/compte/motif/")


@pytest.mark.parametrize("asks_again", [True, False])
def test_it_is_asked_in_the_words_that_it_takes(provider, diane, settings, asks_again):
    settings.OUTSIDE_ASKS_AGAIN = asks_again
    go(Client(), provider)
    asked = provider.asked
    assert set(asked) <= TAKEN
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    assert asked.get("prompt") == ("login" if asks_again else None)
    wanted = ["amr", "auth_time"] if asks_again else ["amr"]
    assert json.loads(asked["claims"]) == {
        "id_token": {name: {"essential": True} for name in wanted}
    }


def test_a_provider_that_remembers_is_no_second_factor(provider, diane, settings):
    """It lets in whoever finds the machine, and dates it of the instant, as ProConnect does."""
    settings.OUTSIDE_ASKS_AGAIN = False
    client = Client()
    assert go(client, provider).url.startswith(reverse("say_purpose"))
    assert client.get("/").url == reverse("mfa_index")  # the first time, he chooses one of ours
    factories.factor(diane)
    client = Client()
    assert go(client, provider).url.startswith(reverse("mfa_authenticate"))
    assert client.get("/").url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "at",
    [
        lambda now: now - 61 - 60,  # before he left for it
        lambda now: now + 300,
        lambda now: now * 1000,
        lambda now: float("inf"),
        lambda now: float("nan"),
        lambda now: 10**400,
        lambda now: True,
        lambda now: "hier",
        lambda now: None,
    ],
)
def test_a_proof_that_is_not_of_this_sign_in_opens_nothing(provider, diane, at):
    provider.says["auth_time"] = at(time.time())
    assert refuse(provider) in {"preuve ancienne", "OverflowError", "ValueError"}


@pytest.mark.parametrize(
    "door",
    ["", "javascript:alert(1)", "ftp://ailleurs.invalid/", 5, ["x"], {}, None, "https://[bad",
     "https:foo", "https://x/#f"],
)  # fmt: skip
def test_a_bad_exit_keeps_nobody_in_nor_out(provider, diane, monkeypatch, door):
    monkeypatch.setattr(provider, "door", door)
    client = Client()
    assert go(client, provider).url.startswith(reverse("say_purpose"))
    assert client.post(reverse("logout")).url == reverse("account_login")
    assert not is_in(client)


@pytest.mark.parametrize(
    ("says", "opens"),
    [({"nonce": "é"}, False), ({"email": 5}, False), ({"sub": 5}, False), ({"amr": 5}, True)],
)
def test_a_provider_of_odd_types_is_no_breakdown(provider, diane, says, opens):
    provider.says |= says
    client = Client()
    assert go(client, provider).status_code == 302
    assert is_in(client) is opens


@pytest.mark.parametrize("missing", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_provider_that_says_too_little_is_told_in_a_sentence(provider, diane, missing):
    provider.leaves_out = missing
    client = Client()
    left = client.get(reverse("outside_leave"))
    if missing == "jwks_uri":  # not looked at before the answer
        refuse(provider, client)
    else:
        assert left.url == reverse("account_login")
    assert "n’a ouvert aucun compte" in client.get(reverse("account_login")).text


@pytest.mark.parametrize(
    ("amr", "vouched"),
    [
        (["mfa"], True),
        (["pwd", "mfa"], True),
        (["pop"], True),
        (["pwd"], False),
        ([], False),
        (None, False),
        ("mfa", False),  # not a list: nothing is believed
        (["MFA"], False),
    ],
)
@pytest.mark.parametrize("has_app", [True, False])
def test_its_second_factor_counts_only_when_it_says_so(provider, diane, amr, vouched, has_app):
    if has_app:
        factories.factor(diane)
    provider.says["amr"] = amr
    client = Client()
    answer = go(client, provider)
    opens = client.get("/").status_code == 200
    assert opens is vouched
    if not vouched:
        assert answer.url.startswith(reverse("mfa_authenticate" if has_app else "say_purpose"))
        assert client.get("/").url.startswith("/connexion/" if has_app else reverse("mfa_index"))


def refuse(provider, client=None):
    client = client or Client()
    before = Member.objects.count()
    assert go(client, provider).url == reverse("account_login")
    assert not is_in(client)
    assert Member.objects.count() == before
    return Entry.objects.filter(verb="session.outside_refused").last().why


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ({"nonce": "autre"}, "nonce"),
        ({"aud": "another"}, "InvalidAudienceError"),
        ({"iss": "https://autre.invalid"}, "InvalidIssuerError"),
        ({"exp": 1}, "ExpiredSignatureError"),
    ],
)
def test_a_token_that_is_not_ours_is_refused(provider, diane, says, why):
    provider.says |= says
    assert refuse(provider) == why


def test_an_unsigned_or_foreign_token_is_refused(provider, diane):
    provider.signs = lambda claims: jwt.encode(claims, None, algorithm="none")
    assert refuse(provider) == "signature"
    provider.signs = lambda claims: jwt.encode(
        claims, "x" * 32, algorithm="HS256", headers={"kid": "1"}
    )
    assert refuse(provider) == "signature"
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    provider.signs = lambda claims: jwt.encode(
        claims, other, algorithm="RS256", headers={"kid": "1"}
    )
    assert refuse(provider) == "InvalidSignatureError"


def test_an_unknown_identity_makes_no_account(provider, cast):
    assert refuse(provider) == "identité inconnue"


def test_the_same_address_under_another_subject_is_refused(provider, diane):
    go(Client(), provider)
    provider.says["sub"] = "xyz"
    assert refuse(provider) == "identité inconnue"


def test_an_address_that_is_not_verified_opens_nothing(provider, diane):
    provider.says["email_verified"] = False
    assert refuse(provider) == "identité inconnue"


def test_out_of_duty_or_no_longer_meant_is_refused(provider, diane):
    go(Client(), provider)
    Member.objects.filter(pk=diane.pk).update(authorised_until="2020-12-31")
    assert refuse(provider) == "compte"
    Member.objects.filter(pk=diane.pk).update(authorised_until="2099-12-31", outside_identity="")
    assert refuse(provider) == "compte"


def test_an_answer_is_taken_once(provider, diane):
    client = Client()
    go(client, provider)
    client.post(reverse("logout"))
    back = {"code": "the-code", "state": provider.asked["state"]}
    assert client.get(reverse("outside_return"), back).url == reverse("account_login")
    assert not is_in(client)


def test_who_has_no_other_factor_proves_himself_there_again(provider, diane):
    client = Client()
    go(client, provider)
    session = client.session
    session["account_authentication_methods"] = [{"method": "outside", "at": 0}]
    session.save()
    asked = client.get("/renseignements/export/").url
    page = client.get(asked)
    assert "Confirmer avec ProConnect" in page.text
    assert go(client, provider, next="/renseignements/export/").url == "/renseignements/export/"
    assert provider.asked["prompt"] == "login"
    assert Entry.objects.filter(verb="session.confirmed").count() == 1


def test_without_a_provider_there_is_no_such_door(cast):
    assert Client().get(reverse("outside_leave")).status_code == 404
    assert Client().get(reverse("outside_return")).status_code == 404


# --- A factor like another -----------------------------------------------------------------------


def by_password(member):
    client = Client()
    said = {"login": member.username, "password": factories.PASSWORD}
    return client, client.post(reverse("account_login"), said, follow=True)


def test_whoever_comes_in_by_it_alone_is_not_let_in_by_a_password(provider, diane, cast):
    """Who gave him one would choose a factor in his place."""
    go(Client(), provider)
    client, page = by_password(diane)
    assert "Votre compte s’ouvre avec ProConnect" in page.text
    assert not is_in(client)
    assert Entry.objects.filter(verb="session.refused").exists()
    # With a factor of ours it is asked, and without a provider there is no other way.
    factories.factor(diane)
    assert by_password(diane)[1].redirect_chain[0][0].startswith(reverse("mfa_authenticate"))


def test_without_its_provider_an_account_opens_by_its_password(provider, diane, settings):
    go(Client(), provider)
    settings.OUTSIDE_SERVER = ""
    assert is_in(by_password(diane)[0])


def test_it_is_changed_by_nobody_alone_and_withdrawn_by_two(provider, diane, cast):
    go(Client(), provider)
    with pytest.raises(ValidationError, match="deux personnes"):
        actions.change_account(diane, by=cast.tom, outside_identity="moi@exemple.invalid")
    diane.refresh_from_db()
    asked = actions.ask_withdrawal(diane, by=cast.tom, password=NEW, reason="Carte volée")
    actions.confirm_withdrawal(asked, by=cast.marc)
    assert refuse(provider) == "identité inconnue"
    diane.refresh_from_db()
    assert diane.outside_identity == ""
    actions.change_account(diane, by=cast.tom, outside_identity=ADDRESS)
    assert go(Client(), provider).url.startswith(reverse("say_purpose"))


# --- Leaving -------------------------------------------------------------------------------------


def test_whoever_came_in_by_it_leaves_it_too(provider, diane):
    client = Client()
    go(client, provider)
    # What is kept of his token is sealed, and his.
    kept = client.session["outside_way_out"]
    assert provider.url not in kept
    page = client.post(reverse("logout"))
    assert not is_in(client)
    assert page.headers["Clear-Site-Data"]
    where, _, query = page.context["way_out"].partition("?")
    asked = {name: value[0] for name, value in parse_qs(query).items()}
    assert where == f"{provider.url}/leave"
    assert jwt.decode(asked["id_token_hint"], options={"verify_signature": False})["sub"] == "abc"
    assert len(asked["state"]) >= 32
    assert asked["post_logout_redirect_uri"] == f"http://testserver{reverse('account_login')}"


def test_nobody_else_leaves_it(provider, diane, cast, enter):
    by_password = enter(cast.anna)
    assert by_password.post(reverse("logout")).url == reverse("account_login")
    # In the same browser, after somebody who stopped at his second factor.
    session = (client := enter(cast.anna)).session
    other = Client()
    go(other, provider)
    session["outside_way_out"] = other.session["outside_way_out"]
    session.save()
    assert client.post(reverse("logout")).url == reverse("account_login")


def test_without_its_key_he_leaves_all_the_same(provider, diane, settings, tmp_path):
    client = Client()
    go(client, provider)
    settings.KEYS, settings.TESTING = tmp_path / "nowhere", False  # tests draw a first key
    assert client.post(reverse("logout")).url == reverse("account_login")
    assert not is_in(client)


def test_without_his_provider_he_leaves_all_the_same(provider, diane, settings):
    client = Client()
    go(client, provider)
    settings.OUTSIDE_SERVER = ""
    assert client.post(reverse("logout")).url == reverse("account_login")
    assert not is_in(client)


def test_closing_ones_own_connection_leaves_it_too(provider, diane):
    client = Client()
    go(client, provider)
    page = client.get(reverse("connection_list"))
    [here] = page.context["connections"]
    answer = client.post(reverse("end_connection", args=[here.pk]))
    assert answer.context["way_out"].startswith(f"{provider.url}/leave?")
    assert not is_in(client)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_in_and_out_again_in_a_browser(provider, diane, browse, width, theme):
    page = browse(None, width=width, theme=theme)
    page.goto("/connexion/")
    page.get_by_role("link", name="ProConnect").click()
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    if theme == "dark":  # one that answers nothing: the page says what to do
        provider.lets_go = False
    page.locator("form[action='/deconnexion/']").evaluate("form => form.requestSubmit()")
    if theme == "dark":
        page.get_by_role("heading", name="Vous êtes déconnecté de CROSS").wait_for()
        until(lambda: provider.left)  # the page has led there by itself
        assert_accessible(page)
        assert_fits(page)
        provider.lets_go = True
        page.get_by_role("link", name="Quitter ProConnect").click()
    page.wait_for_url("**/connexion/?state=*")
    assert provider.left["id_token_hint"].count(".") == 2
    page.goto("/renseignements/")
    assert "/connexion/" in page.url
