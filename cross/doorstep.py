"""What every answer carries, whatever the page, and what no request gets past."""

import logging

from django.conf import settings
from django.http import HttpResponse

from cross.watching import counted

logger = logging.getLogger(__name__)

# What a page of ours never asks a browser for, whoever would write it there.
NEVER_ASKED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer",
    "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
OURS_ALONE = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NEVER_ASKED),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Origin-Agent-Cluster": "?1",
}
# Where from a request may come without being looked at: our own pages, or the hand of a person
# (an address typed, a bookmark). A sister site of the same domain is another site.
OF_OURS = {"same-origin", "none"}


def kept_to_ourselves(get_response):
    """What tells the browser to lend our answers to no other site; files of the design too."""

    def middleware(request):
        response = get_response(request)
        for name, value in OURS_ALONE.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Reporting-Endpoints", settings.REPORTING_ENDPOINTS)
        if _ends_the_session(response):
            # Not "cookies": it would sign out of the other sites of the domain.
            response.headers.setdefault("Clear-Site-Data", '"cache", "storage"')
        return response

    return middleware


def _ends_the_session(response):
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie is not None and cookie["max-age"] == 0


def from_our_own_pages(get_response):
    """Another site follows a link to us, and does nothing else: neither writes, nor embeds.

    Browsers say where from (Fetch Metadata). What says nothing is no browser, or an old one, and
    goes on as ever: tokens, cookies and the gate do not lean on this.
    """

    def middleware(request):
        if request.headers.get("Sec-Fetch-Site", "none") in OF_OURS or _follows_a_link(request):
            return get_response(request)
        return _refused(
            "another site", 403, "Cette demande vient d’un autre site : elle est refusée."
        )

    return middleware


def _follows_a_link(request):
    return (
        request.method in {"GET", "HEAD"}
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )


def bounded_bodies(get_response):
    """Too much is refused before one byte of it is read; of somebody unknown, little is read."""

    def middleware(request):
        said = request.META.get("CONTENT_LENGTH") or "0"
        length = int(said) if said.isdecimal() else 0
        if length > settings.STRANGER_BODY_MAX_BYTES:
            most = settings.BODY_MAX_BYTES if request.user.is_authenticated else 0
            if length > most:
                return _refused(
                    "too long", 413, "Ce qui a été envoyé est trop lourd : rien n’a été lu."
                )
        return get_response(request)

    return middleware


def _refused(reason, status, sentence):
    """A few words that ask nothing of the database: whoever gets them was let in nowhere."""
    counted.refusals.labels(reason).inc()
    logger.warning("refused: %s", reason)
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
