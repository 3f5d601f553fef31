"""What browsers refused of our pages, as they tell it themselves: counted by directive.

Anybody may write here, so little is read, little is counted, and nothing is kept of what it says:
a report quotes addresses, and whoever forges one writes what he likes.
"""

import json
import logging
import threading
import time

from django.http import HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from cross import gate
from cross.watching import counted

logger = logging.getLogger(__name__)

MOST_BYTES = 16_384
MOST_A_REPORT = 20
MOST_A_MINUTE = 60
# Of our policy and of those behind the headers; any other name is counted as "other".
DIRECTIVES = {
    "base-uri", "connect-src", "default-src", "font-src", "form-action", "frame-ancestors",
    "frame-src", "img-src", "manifest-src", "media-src", "object-src", "script-src",
    "script-src-attr", "script-src-elem", "style-src", "style-src-attr", "style-src-elem",
    "worker-src", "coep", "permissions-policy-violation",
}  # fmt: skip


class Allowance:
    """So many a minute, by process; what is beyond is not counted."""

    def __init__(self, most):
        self.most = most
        self.lock = threading.Lock()
        self.left = most
        self.began = float("-inf")

    def take(self, wanted):
        """How many of these may be counted."""
        with self.lock:
            if time.monotonic() - self.began > 60:
                self.began, self.left = time.monotonic(), self.most
            taken = min(wanted, self.left)
            self.left -= taken
        return taken


allowance = Allowance(MOST_A_MINUTE)


@csrf_exempt
@gate.public(because="browsers tell here what they refused, of the sign-in page too")
def browser_refusals(request):
    """204 whatever is sent: who writes here learns nothing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    said = request.META.get("CONTENT_LENGTH") or "0"
    if said.isdecimal() and int(said) <= MOST_BYTES:
        found = directives_of(request.body)
        for directive in found[: allowance.take(len(found))]:
            counted.browser_refusals.labels(directive).inc()
            logger.warning("a browser refused something: %s", directive)
    return HttpResponse(status=204)


def directives_of(body):
    """The names of our list that a report holds, in both shapes that browsers send."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return []
    reports = told if isinstance(told, list) else [told]
    return [name for name in map(_directive, reports[:MOST_A_REPORT]) if name]


def _directive(report):
    if not isinstance(report, dict):
        return ""
    held = report.get("csp-report") or report.get("body")
    if not isinstance(held, dict):
        return ""
    name = held.get("effectiveDirective") or held.get("effective-directive")
    name = name or held.get("violated-directive") or report.get("type")
    first = name.split()[0] if isinstance(name, str) and name.split() else ""
    return first if first in DIRECTIVES else "other"
