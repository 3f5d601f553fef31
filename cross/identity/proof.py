"""What a session has proved about its member: by what, when, and how long it stays open.

allauth writes in the session how each step of a sign-in was made; it is read here alone.
"""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings

OPENED, SEEN = "opened_at", "seen_at"
FACTOR, OUTSIDE = "mfa", "outside"
OUTSIDE_ALONE = "socialaccount"  # who it is, without a second factor
STRONG = frozenset({FACTOR, OUTSIDE})
# Written at most that often: a page costs no write of its session.
SEEN_EVERY = 60


def has_factor(request):
    """Did this session use a second factor, ours or one that the identity provider vouches for?"""
    return came_by(request, request.user, STRONG)


def came_by(request, member, methods):
    """Was one of `methods` used to sign this member in, within this very session?"""
    records = get_authentication_records(request, member)
    return any(record["method"] in methods for record in records)


def lacks_factor(request):
    """A second factor is compulsory here, and this session has used none."""
    return settings.SECOND_FACTOR and not has_factor(request)


def is_fresh(request):
    """Did the member prove who he is a short time ago, by a second factor if he has one?"""
    strong = has_factor(request)
    given = [r["at"] for r in _records(request) if r["method"] in STRONG or not strong]
    return bool(given) and time.time() - max(given) < settings.FRESH_SECONDS


def given(request, method, **said):
    """The member has just proved who he is."""
    record_authentication(request, request.user, method, **said)


def fresh_minutes():
    return settings.FRESH_SECONDS // 60


def forget_factors(request):
    """No factor is left: what was proved by one counts no more."""
    kept = [record for record in _records(request) if record["method"] != FACTOR]
    request.session[RECORDS] = kept


def _records(request):
    return get_authentication_records(request, request.user)


# --- How long ------------------------------------------------------------------------------------


def open_now(session):
    session[OPENED] = session[SEEN] = time.time()


def see(session, *, at_once=False):
    """Somebody is there; true when that was written."""
    now = time.time()
    if not at_once and now - session[SEEN] < SEEN_EVERY:
        return False
    session[SEEN] = now
    return True


def seconds_left(session):
    """(until it ends for want of activity, until it ends whatever happens), negative once over."""
    now = time.time()
    idle = session.get(SEEN, 0) + settings.SESSION_IDLE_SECONDS - now
    whole = session.get(OPENED, 0) + settings.SESSION_COOKIE_AGE - now
    return idle, whole
