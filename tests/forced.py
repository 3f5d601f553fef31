"""Sessions that tests and benches force, without the sign-in page.

They have their second factor and their purpose, given just now and for ever, and no end; what
comes through the page has only what it gave. A test that says otherwise takes them away.
"""

import time

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

ALWAYS = 2**40  # seconds


@receiver(user_logged_in, dispatch_uid="as from the sign-in page")
def is_complete(sender, request, user, **kwargs):
    """`Client.force_login` makes a bare request; that of a page is of another class."""
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
    from allauth.account.internal.flows.login import record_authentication

    from cross.identity import proof
    from cross.identity.purposes import OF_PERSONS

    if type(request) is HttpRequest:
        record_authentication(request, user, "mfa", type="totp")
        request.session[RECORDS][-1]["at"] = ALWAYS
        request.session[proof.OPENED] = request.session[proof.SEEN] = ALWAYS
        request.session[OF_PERSONS] = {"until": ALWAYS, "why": "Essai"}


def on_the_clock(client):
    """The same client, whose session has begun now and will end."""
    session = client.session
    session["opened_at"] = session["seen_at"] = time.time()
    session.save()
    return client
