"""An outside identity, from a provider of our own on the loopback that signs real tokens."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from cross.audit.models import Entry
from services.models import Member
from tests import factories

pytestmark = pytest.mark.django_db
CLIENT = "cross"
ADDRESS = "diane.essai@exemple.invalid"


class Provider:
    """What it will say next is in `says`; `spoils(token)` may change the token it gives."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.says, self.asked, self.codes = {}, {}, {}
        self.signs = lambda claims: jwt.encode(
            claims, self.key, algorithm="RS256", headers={"kid": "1"}
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handler(provider):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *said):
                pass

            def answer(self, said, status=200):
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                pages = {
                    "/.well-known/openid-configuration": {
                        "issuer": provider.url,
                        "authorization_endpoint": f"{provider.url}/authorize",
                        "token_endpoint": f"{provider.url}/token",
                        "userinfo_endpoint": f"{provider.url}/userinfo",
                        "jwks_uri": f"{provider.url}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    },
                    "/keys": {"keys": [provider.public()]},
                    "/userinfo": {"sub": provider.says.get("sub"), "email": ADDRESS},
                }
                self.answer(pages[self.path])

            def do_POST(self):
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                challenge = provider.codes.pop(sent["code"][0], None)
                verifier = sent.get("code_verifier", [""])[0].encode()
                digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest())
                if challenge != digest.decode().rstrip("="):
                    return self.answer({"error": "invalid_grant"}, 400)
                now = int(time.time())
                claims = {
                    "iss": provider.url,
                    "aud": CLIENT,
                    "iat": now,
                    "exp": now + 60,
                    "auth_time": now,
                    "nonce": provider.asked["nonce"],
                } | provider.says
                token = provider.signs(claims)
                return self.answer(
                    {"access_token": "x", "token_type": "Bearer", "id_token": token}
                )

        return Handler

    def public(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return public | {"kid": "1", "alg": "RS256"}


@pytest.fixture(scope="module")
def served():
    provider = Provider()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


@pytest.fixture
def provider(served, settings):
    settings.OUTSIDE_SERVER = served.url
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        | {"APPS": [app | {"client_id": CLIENT, "settings": {"server_url": served.url}}]}
    }
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
    provider.asked = {name: v[0] for name, v in parse_qs(urlsplit(left.url).query).items()}
    provider.codes["the-code"] = provider.asked["code_challenge"]
    back = {"code": "the-code", "state": provider.asked["state"]}
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
    assert json.loads(provider.asked["claims"])["id_token"]["amr"] == {"essential": True}
    link = SocialAccount.objects.get()
    assert (link.user, link.provider, link.uid) == (diane, provider.url, "abc")
    provider.says |= {"email": "autre@exemple.invalid"}
    assert go(Client(), provider).url.startswith("/compte/motif/")


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
