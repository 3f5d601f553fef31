"""What every answer carries, whatever the page."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from cross.audit import journal
from cross.identity import connections, proof
from cross.ui import session


def closed_to_caches(get_response):
    """Nothing that a member reads is kept by a browser or a proxy; static files never get here."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def sessions_end(get_response):
    """A session ends fifteen minutes after the last sign of somebody, ten hours after it began."""

    def middleware(request):
        if request.session.get(SESSION_KEY) is not None:
            idle, whole = proof.seconds_left(request.session)
            if min(idle, whole) <= 0:
                if request.user.is_authenticated:
                    why = "fin de la durée permise" if whole <= 0 else "sans activité"
                    journal.record(request.user, "session.expired", "session", why=why)
                request.session.flush()
                request.user = AnonymousUser()
            elif not session.is_asking(request) and proof.see(request.session):
                connections.seen(request)
        return get_response(request)

    return middleware


def purpose_of_reading(get_response):
    """Lend the journal the purpose that the member gave at sign-in, for this request."""

    def middleware(request):
        with journal.purpose(request.session.get("purpose", "")):
            return get_response(request)

    return middleware


def legible_addresses(get_response):
    """An address with a null character names nothing: the database refuses to look for it."""

    def middleware(request):
        if "\0" in request.path:
            raise Http404
        return get_response(request)

    return middleware
