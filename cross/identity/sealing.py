"""The secrets of second factors, sealed and bound to their member.

A secret copied to another row opens nothing there. allauth's hooks are given the text alone: whose
it is, is said around them.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db import transaction

from cross.sealed import Unopenable, is_current, seal, unseal

TABLE = Authenticator._meta.db_table
# Of the column `data`: the secret of an application, the seed of the recovery codes.
NAMES = ("secret", "seed")

_whose: ContextVar[int | None] = ContextVar("whose", default=None)


@contextmanager
def of(member):
    """What is opened and sealed inside is this member's; elsewhere, that of who is signed in."""
    token = _whose.set(member.pk)
    try:
        yield
    finally:
        _whose.reset(token)


def close(text):
    return seal(text, _where())


def open_again(sealed):
    return unseal(sealed, _where())


def _where(owner=None):
    return f"{TABLE}.data/{owner or _whose.get() or context.request.user.pk}"


# --- While an application is being added ---------------------------------------------------------


def close_in_session(text, member):
    """The secret that a page shows waits in its session, which is a row too."""
    return seal(text, _in_session(member))


def open_from_session(sealed, member):
    """Nothing when it is no such value: another member's, or under a key that is gone."""
    try:
        return unseal(sealed, _in_session(member))
    except Unopenable:
        return ""


def _in_session(member):
    return f"django_session.mfa.totp/{member.pk}"


@transaction.atomic
def seal_again():
    """What is under an older key, under the current one; how many."""
    done = 0
    for row in Authenticator.objects.select_for_update().order_by("pk"):
        old = [name for name in NAMES if name in row.data and not is_current(row.data[name])]
        for name in old:
            where = _where(row.user_id)
            row.data[name] = seal(unseal(row.data[name], where), where)
        if old:
            row.save(update_fields=["data"])
            done += len(old)
    return done
