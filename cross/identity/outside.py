"""An outside identity (ProConnect, or any provider of OpenID Connect): what of it is believed.

It never makes an account. It opens one whose administrator wrote beforehand what the provider will
say of its member, in duty that day; from then on (issuer, subject) is what counts, and the same
address under another subject is refused.

Its second factor counts when two say so: the token (`amr`), and the installation
(`CROSS_OIDC_ASKS_AGAIN`), which knows whether its provider asks again who one is. ProConnect keeps
its session for twelve hours and dates it from the present moment: whoever finds the machine would
come in. With such a provider each has a factor of ours beside.

What ProConnect takes and asks: github.com/proconnect-gouv/proconnect-espace-partenaires, its
« Implémentation technique ». It refuses any parameter that it does not name (so no `max_age`), and
a `state` or a `nonce` of less than 32 characters.
"""

import hmac
import json
import logging
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse

from cross.identity import proof
from cross.sealed import NoKeys, Unopenable, seal, unseal

logger = logging.getLogger(__name__)

PROVIDER = "identite"
# What ProConnect says of a second factor: two factors, or a passkey or agent card.
VOUCHING = frozenset({"mfa", "pop"})
SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
CLOCKS_APART = 60  # seconds
WAY_OUT = "outside_way_out"  # of a session: where one signs out of the provider, sealed


# Out of reach, or nothing that a provider should say: whatever it sends is a stranger's.
BREAKDOWNS = (
    OAuth2Error, requests.RequestException, jwt.PyJWTError, LookupError, TypeError, ValueError,
    AttributeError, ArithmeticError,
)  # fmt: skip


class Refused(Exception):
    """What came back opens nothing; the reason goes to the journal, never to the page."""


@dataclass(frozen=True)
class Answer:
    """What came back: the claims of the token, where he was going, where he signs out of the
    provider (nowhere when it has no such door); whether it asked a second factor, just now."""

    said: dict
    back: str
    way_out: str
    is_strong: bool


class Provider(OpenIDConnectOAuth2Adapter):
    """allauth's, at our own address."""

    def get_callback_url(self, request, app):
        return request.build_absolute_uri(reverse("outside_return"))


def _provider(adapter):
    provider = adapter.get_provider()
    provider.oauth2_adapter_class = Provider
    return provider


def name():
    """What the provider is called here; empty without one."""
    return settings.OUTSIDE_NAME if settings.OUTSIDE_SERVER else ""


# --- Going there ---------------------------------------------------------------------------------


def leave(request, *, back=""):
    """The redirection to the provider, which is told to ask again who he is where it can."""
    adapter = Provider(request, PROVIDER)
    nonce = _drawn()
    # What its token is to say, beside who it is: how it was proved and, where that is true, when.
    wanted = ("amr", "auth_time") if settings.OUTSIDE_ASKS_AGAIN else ("amr",)
    claims = json.dumps({"id_token": {name: {"essential": True} for name in wanted}})
    asked = {"nonce": nonce, "claims": claims}
    if settings.OUTSIDE_ASKS_AGAIN:
        asked["prompt"] = "login"
    try:
        return _provider(adapter).redirect(
            request,
            AuthProcess.LOGIN,
            next_url=back,
            auth_params=asked,
            nonce=nonce,
            left_at=time.time(),
            state_id=_drawn(),
        )
    except BREAKDOWNS as fault:
        logger.warning("the provider is out of reach", exc_info=fault)
        raise Refused("fournisseur injoignable") from fault


def _drawn():
    return secrets.token_urlsafe(32)


# --- Coming back ---------------------------------------------------------------------------------


def come_back(request):
    """The `Answer` of the provider. Raises `Refused`."""
    adapter = Provider(request, PROVIDER)
    provider = _provider(adapter)
    state = statekit.unstash_state(
        request, provider_id=provider.sub_id, state_id=request.GET.get("state", "")
    )
    if state is None or not request.GET.get("code"):
        raise Refused("réponse inattendue")
    try:
        client = adapter.get_client(request, provider.app)
        given = adapter.get_access_token_data(
            request, provider.app, client, pkce_code_verifier=state.get("pkce_code_verifier")
        )
        token = given.get("id_token", "")
        said = _checked(adapter, provider.app, token, state["nonce"])
        if "email" not in said:
            said |= _about(adapter, provider.app, given["access_token"], said)
        way_out = _way_out(request, adapter, token)
    except BREAKDOWNS as fault:
        logger.warning("the provider's answer is not understood", exc_info=fault)
        raise Refused(type(fault).__name__) from fault
    if settings.OUTSIDE_ASKS_AGAIN and not _is_of_now(said.get("auth_time"), state["left_at"]):
        # Its address went through the browser, where what asks again may be taken off it.
        raise Refused("preuve ancienne")
    is_strong = settings.OUTSIDE_ASKS_AGAIN and _is_by_two_factors(said.get("amr"))
    return Answer(said, state.get("next") or "", way_out, is_strong)


def _is_of_now(at, left_at):
    """Was it proved since he left for the provider? `auth_time` is in seconds, of its clock."""
    is_number = isinstance(at, int | float) and not isinstance(at, bool)
    return is_number and left_at - CLOCKS_APART <= at <= time.time() + CLOCKS_APART


def _is_by_two_factors(methods):
    return isinstance(methods, list) and bool(VOUCHING & set(map(str, methods)))


def _checked(adapter, app, token, nonce):
    """What the token says, once its signature, its audience and its nonce are right."""
    said = _signed(adapter, app, token, REQUIRED)
    if not hmac.compare_digest(str(said["nonce"]).encode(), nonce.encode()):
        raise Refused("nonce")
    return said


def _signed(adapter, app, token, required):
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in SIGNED_BY:
        raise Refused("signature")
    keys = jwt.PyJWKSet.from_dict(_read(adapter.openid_config["jwks_uri"]).json())
    key = next((key for key in keys.keys if key.key_id == header.get("kid")), None)
    if key is None:
        raise Refused("signature")
    return jwt.decode(
        token,
        key.key,
        algorithms=[header["alg"]],
        audience=app.client_id,
        issuer=adapter.openid_config["issuer"],
        leeway=CLOCKS_APART,
        options={"require": required},
    )


def _about(adapter, app, access_token, said):
    """The address, which ProConnect gives apart: in JSON, or signed."""
    answer = _read(adapter.profile_url, headers={"Authorization": f"Bearer {access_token}"})
    if answer.headers.get("Content-Type", "").startswith("application/jwt"):
        more = _signed(adapter, app, answer.text, ["sub"])
    else:
        more = answer.json()
    if more.get("sub") != said["sub"]:
        raise Refused("sujet")
    return {name: more[name] for name in ("email", "email_verified") if name in more}


def _read(url, **how):
    answer = requests.get(url, timeout=5, **how)
    answer.raise_for_status()
    return answer


# --- Whose it is ---------------------------------------------------------------------------------


@transaction.atomic
def member_of(said):
    """The member whom the administrator meant. Raises `Refused`."""
    known = SocialAccount.objects.filter(provider=said["iss"][:200], uid=said["sub"])
    account = known.select_related("user").first()
    member = account.user if account else _meant(said)
    if not member.outside_identity or not member.is_in_duty():
        raise Refused("compte")
    if account is None:
        SocialAccount.objects.create(user=member, provider=said["iss"][:200], uid=said["sub"])
    return member


def _meant(said):
    """The one whose account bears this subject or this address, and has no link yet."""
    names = {said["sub"]}
    if said.get("email") and said.get("email_verified", True):
        names.add(str(said["email"]).lower())
    members = get_user_model().objects.filter(outside_identity__in=names)
    found = list(members.filter(socialaccount=None).select_for_update(of=["self"])[:2])
    if len(found) != 1:
        raise Refused("identité inconnue")
    return found[0]


def sign_in(request, member, answer, back):
    """The answer of a sign-in, or of its next stage."""
    method = proof.OUTSIDE if answer.is_strong else proof.OUTSIDE_ALONE
    record_authentication(request, member, method, amr=answer.said.get("amr"))
    _remember(request, member, answer.way_out)
    return perform_login(request, member, redirect_url=back)


def prove_again(request, member, answer):
    """Whoever is signed in has proved himself at the provider. Raises `Refused`."""
    if member != request.user or not answer.is_strong:
        raise Refused("preuve")
    _remember(request, member, answer.way_out)
    proof.given(request, proof.OUTSIDE, amr=answer.said["amr"])


# --- Leaving it ----------------------------------------------------------------------------------


def _way_out(request, adapter, token):
    door = adapter.openid_config.get("end_session_endpoint")
    try:
        parts = urlsplit(door if isinstance(door, str) else "")
    except ValueError:  # « https://[bad »: whoever comes in is not kept out for a bad exit
        return ""
    if not parts.hostname or parts.fragment:
        return ""
    if parts.scheme not in {"https", urlsplit(settings.OUTSIDE_SERVER).scheme}:
        return ""
    asked = {
        "id_token_hint": token,
        "state": _drawn(),  # asked by ProConnect; nothing here depends on its coming back
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("account_login")),
    }
    return f"{door}{'&' if parts.query else '?'}{urlencode(asked)}"


def _remember(request, member, way_out):
    """Sealed for its member: it holds his token, and a session is a row."""
    request.session[WAY_OUT] = seal(way_out, _where(member))


def way_out_of(request):
    """Where whoever is about to leave signs out of his provider too; empty if he came otherwise.

    Asked before his session is closed. Nothing keeps him from leaving: what does not open is no
    way out.
    """
    kept = request.session.get(WAY_OUT)
    try:
        return unseal(kept, _where(request.user)) if kept and name() else ""
    except (Unopenable, NoKeys, OSError):  # another member's, or a key that is gone
        logger.warning("a sealed way out does not open")
        return ""


def _where(member):
    return f"django_session.{WAY_OUT}/{member.pk}"
