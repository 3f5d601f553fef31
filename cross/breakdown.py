"""The page of a breakdown: a number to give to whoever reads the log, and nothing else of it.

What went away for a moment (the database restarts, the disk is full) is told as such, with 503:
nothing was recorded, and the same form may be sent again.
"""

import logging
import sys

from django.http import HttpResponse
from django.template.loader import render_to_string

from cross.outbox.interruptions import is_interruption
from cross.watching import requests

logger = logging.getLogger(__name__)

AGAIN_AFTER_SECONDS = 5


def breakdown(request):
    """Drawn without the context of a page: what failed may be the database or the session."""
    is_passing = is_interruption(sys.exc_info()[1])
    incident = requests.number()
    try:
        page: str = render_to_string("500.html", {"incident": incident, "is_passing": is_passing})
    except Exception:
        # The page of a breakdown broke too: a few words, rather than whatever the server says.
        logger.exception("the page of a breakdown is not drawn")
        page = f"<!DOCTYPE html><p>Le serveur n’a pas pu répondre. Référence : {incident}</p>"
    if is_passing:
        return HttpResponse(page, status=503, headers={"Retry-After": AGAIN_AFTER_SECONDS})
    return HttpResponse(page, status=500)
