"""Proving again who one is, before what leaves the house: asked by `fresh` of the gate.

A page read is asked for on a page of its own, then opened. A form that was sent is kept in the
page that asks, and leaves with the proof: nothing is stored, nothing is typed twice.
"""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from cross.audit import journal
from cross.identity import connections, factors, outside, proof
from cross.identity.forms import CodeAgainForm, PasskeyAgainForm, PasswordAgainForm

ASKED = "preuve"  # which way was taken, and the prefix of its fields
BY = {
    Authenticator.Type.WEBAUTHN: ("cle", PasskeyAgainForm),
    Authenticator.Type.TOTP: ("code", CodeAgainForm),
}
AFTER_FACTOR = "after_factor"  # of the session: where he was going
UNAUTHORISED = 401


def unproved(request, policy):
    """What the gate asks before a door opens: a page, or nothing."""
    if not policy.enrolling:
        if proof.lacks_factor(request):
            return to_enrolment(request)
        if request.user.password_is_provisional:
            return _before_all(request, reverse("password_change"))
    return ask(request) if policy.fresh and not proof.is_fresh(request) else None


def ask(request):
    """Nothing once the member has proved who he is, else the page that asks."""
    if request.htmx:
        return _elsewhere(request)
    if request.method != "POST":
        return redirect(_address(request.get_full_path()))
    return confirm(request, kept=_kept(request))


def to_enrolment(request):
    """Nothing is open before a second factor is chosen; the page that was asked for comes next."""
    if request.method == "GET" and not request.htmx:
        request.session[AFTER_FACTOR] = request.get_full_path()
    return _before_all(request, reverse("mfa_index"))


def _before_all(request, target):
    if request.htmx:
        answer = HttpResponse(status=UNAUTHORISED)
        answer["HX-Redirect"] = target
        return answer
    return redirect(target)


def confirm(request, *, kept=(), back=""):
    """Nothing when a right proof came with the request, else its page."""
    ways = ways_of(request)
    taken = ways.get(request.POST.get(ASKED, "")) if request.method == "POST" else None
    form = taken(request.POST, prefix=ASKED, user=request.user) if taken else None
    if form is not None and form.is_valid():
        _accept(request, form)
        return None
    return _page(request, ways, form, kept=kept, back=back)


def ways_of(request):
    """{name: form}: what this member can be asked. A password, of whoever has no factor at all."""
    kinds = factors.kinds_of(request.user)
    ways = {name: form for kind, (name, form) in BY.items() if kind in kinds}
    if not ways and not proof.has_factor(request):
        ways["mot-de-passe"] = PasswordAgainForm
    elif ways:
        ways.setdefault("code", CodeAgainForm)  # a recovery code, for whoever lost his passkey
    return ways


def _accept(request, form):
    if isinstance(form, PasswordAgainForm):
        proof.given(request, "password", reauthenticated=True)
    else:
        form.save()
    renew(request)


def renew(request):
    """A new key for a session that has proved more, and its line in the journal."""
    former = request.session.session_key
    request.session.cycle_key()
    connections.follow(request, former)
    journal.record(request.user, "session.confirmed", "session")


def _page(request, ways, refused, *, kept, back):
    shown = {
        name: refused if isinstance(refused, form) else form(prefix=ASKED, user=request.user)
        for name, form in ways.items()
    }
    options = passkeys.begin_authentication(request.user) if "cle" in shown else {}
    context = {
        "passkey_form": shown.get("cle"),
        "code_form": shown.get("code"),
        "password_form": shown.get("mot-de-passe"),
        "options": json.dumps(dict(options)),
        "form": refused,
        "kept": kept,
        "files_lost": bool(request.FILES),
        "back": back,
        "outside": outside.name() if not shown and settings.OUTSIDE_ASKS_AGAIN else "",
        "outside_query": urlencode({"next": back or request.path}),
        "passkeys": factors.can_use_passkeys(request),
        "minutes": proof.fresh_minutes(),
    }
    return render(request, "identity/confirm.html", context, status=UNAUTHORISED)


def _kept(request):
    """Pairs (name, value) of the form that was sent, without the proof and the token."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(ASKED)
    ]


def _address(path):
    return f"{reverse('confirm_identity')}?{urlencode({'next': path})}"


def _elsewhere(request):
    answer = HttpResponse(status=UNAUTHORISED)
    answer["HX-Redirect"] = _address(request.htmx.current_url_abs_path or "/")
    return answer
