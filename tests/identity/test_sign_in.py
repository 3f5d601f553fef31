"""Coming in: password, then second factor; the first time, choosing one."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cross.audit.models import Entry
from cross.identity import sealing
from cross.sealed import Unopenable, ring
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/connexion/"


def code_of(secret, steps=0):
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def sign_in(member, password=PASSWORD, **said):
    client = Client()
    answer = client.post(LOGIN, {"login": member.username, "password": password} | said)
    return client, answer


def verbs(member):
    lines = Entry.objects.filter(member_id=member.pk).order_by("pk")
    return list(lines.values_list("verb", flat=True))


@pytest.fixture
def app(cast):
    """The secret of Diane's application."""
    return factories.factor(cast.diane).secret


def test_the_first_time_a_second_factor_is_chosen_before_anything_opens(cast):
    client, answer = sign_in(cast.diane)
    assert answer.url == "/"
    assert client.get("/renseignements/").url == reverse("mfa_index")
    assert "Choisissez votre second facteur" in client.get(reverse("mfa_index")).text
    page = client.get(reverse("mfa_activate_totp"))
    code = code_of(page.context["form"].secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.url == reverse("mfa_view_recovery_codes")
    page = client.get(answer.url)
    assert len(page.context["codes"]) == 10
    assert page.context["next"] == "/renseignements/"
    assert client.get("/renseignements/").status_code == 200
    assert client.get(reverse("mfa_view_recovery_codes")).context["codes"] == []
    assert verbs(cast.diane) == ["session.opened", "factor.added", "report.listed"]


def test_a_code_opens_once(cast, app, figure):
    client, answer = sign_in(cast.diane)
    assert answer.url == reverse("mfa_authenticate")
    assert client.get("/").url.startswith(LOGIN)
    assert "session.opened" not in verbs(cast.diane)
    code = code_of(app)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).url == "/"
    assert client.get("/").status_code == 200
    client, _ = sign_in(cast.diane)
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert answer.status_code == 200
    assert "déjà servi" in answer.text
    assert client.get("/").url.startswith(LOGIN)
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(app, 1)}).url == "/"
    figure("B66", "a code used twice: the second refused")


def test_a_recovery_code_opens_once(cast, app):
    with sealing.of(cast.diane):
        code = RecoveryCodes.activate(cast.diane).get_unused_codes()[0]
    for opens in (True, False):
        client, _ = sign_in(cast.diane)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert (client.get("/").status_code == 200) is opens
    assert Authenticator.objects.filter(user=cast.diane).count() == 2
    assert "factor.code_used" in verbs(cast.diane)


# --- Whoever guesses -----------------------------------------------------------------------------


def test_unknown_wrong_and_closed_are_one_answer(cast):
    type(cast.karim).objects.filter(pk=cast.karim.pk).update(is_active=False)
    pages = []
    for name, password in (("zorglub", "x"), ("diane", "faux"), ("karim", PASSWORD)):
        page = Client().post(LOGIN, {"login": name, "password": password}).text
        pages.append(hide(page.replace(name, "…")))
    assert pages[0] == pages[1] == pages[2]


def hide(page):
    """The page without its token."""
    return re.sub(r'value="\w{64}"', "", page)


def test_six_wrong_passwords_close_the_password_of_a_name(cast):
    """Of a name that exists, or not: the sixth is refused before any password is looked at."""
    for name in ("diane", "zorglub"):
        for _ in range(6):
            page = Client().post(LOGIN, {"login": name, "password": "faux"})
        assert "Trop d’essais" in page.text
    _, answer = sign_in(cast.diane)
    assert answer.status_code == 200
    assert Entry.objects.filter(verb="session.throttled").count() == 2
    assert Entry.objects.filter(verb="session.refused").count() == 10
    assert sign_in(cast.karim)[1].status_code == 302


@pytest.fixture
def hashes(monkeypatch):
    """One line each time that a password is looked at."""
    done = []
    plain = MD5PasswordHasher.encode

    def encode(hasher, password, salt):
        done.append(password)
        return plain(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return done


def test_unknown_wrong_and_closed_cost_the_same_work(cast, hashes, figure):
    type(cast.karim).objects.filter(pk=cast.karim.pk).update(is_active=False)
    costs = []
    for name, password in (("zorglub", "x"), ("diane", "faux"), ("karim", PASSWORD)):
        hashes.clear()
        Client().post(LOGIN, {"login": name, "password": password})
        costs.append(len(hashes))
    assert costs == [1, 1, 1]
    figure("B64", "unknown, wrong, closed: one page, one password hash each")


def test_an_hour_of_guesses_looks_at_twenty_passwords(cast, hashes, figure):
    began = timezone.now()
    hashes.clear()
    for minute in range(60):
        with time_machine.travel(began + timedelta(minutes=minute), tick=False):
            for _ in range(2):
                Client().post(LOGIN, {"login": "diane", "password": "faux"})
    assert len(hashes) <= 20
    figure("B63", f"120 guesses in an hour: {len(hashes)} reach the hash")


def test_a_guessed_code_is_throttled_too(cast, app):
    for _ in range(6):
        client, _ = sign_in(cast.diane)
        page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Trop d’essais" in page.text
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(app)}).status_code == 200


def test_signing_in_asks_nothing_of_valkey(cast, settings, app):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    client, _ = sign_in(cast.diane)
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(app)}).url == "/"


# --- What a copy of the database tells -----------------------------------------------------------


def test_no_secret_of_a_factor_is_in_clear_and_none_opens_for_another(cast, app):
    row = Authenticator.objects.get(user=cast.diane)
    assert app not in str(row.data)
    Authenticator.objects.create(user=cast.karim, type=row.type, data=row.data)
    client, _ = sign_in(cast.karim)
    with pytest.raises(Unopenable):
        client.post(reverse("mfa_authenticate"), {"code": code_of(app)})


def test_the_secret_that_a_page_shows_is_sealed_in_its_session_and_is_of_its_member(cast, enter):
    """From the page that shows it to the first code, wrong ones included."""
    client, address = enter(cast.diane), reverse("mfa_activate_totp")
    shown = shown_secret(client.get(address))
    held = client.session[SECRET_SESSION_KEY]
    assert shown not in str(dict(client.session.items()))
    assert client.post(address, {"code": "000000"}).status_code == 200
    assert shown not in str(dict(client.session.items()))
    # Put in the session of another, it opens nothing there.
    other = enter(cast.karim)
    other.get(address)
    session = other.session
    session[SECRET_SESSION_KEY] = held
    session.save()
    assert other.post(address, {"code": code_of(shown)}).status_code == 200
    assert not Authenticator.objects.filter(user=cast.karim).exists()
    assert client.post(address, {"code": code_of(shown)}).status_code == 302
    assert Authenticator.objects.filter(user=cast.diane, type="totp").exists()
    assert SECRET_SESSION_KEY not in client.session


def shown_secret(page):
    return re.search(r'class="cx-secret">([A-Z2-7]+)<', page.text)[1]


def test_a_new_key_seals_the_secrets_again(cast, settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    app = factories.factor(cast.diane).secret
    ring.add_key()
    assert sealing.seal_again() == 1
    assert sealing.seal_again() == 0
    client, _ = sign_in(cast.diane)
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(app)}).url == "/"
