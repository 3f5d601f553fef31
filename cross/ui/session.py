"""What a page may ask about its own session, so that nothing typed is ever sent into the void.

Read by `static/js/session.js`, which says what it expects of each method.
"""

from django.conf import settings
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cross.identity import proof


def is_asking(request):
    """A page that looks at its session by itself: nobody is there for all that."""
    return request.method == "GET" and request.path == reverse("session_alive")


@require_http_methods(["GET", "POST"])
def session_state(request):
    """`{"seconds", "last", "member", "csrf"}`, or 401 once it is over.

    Only POST prolongs; `last` says that nothing does any more. The door is open on purpose: a
    redirection to the sign-in page would tell a script nothing.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "Session terminée."}, status=401)
    if request.method == "POST":
        proof.see(request.session, at_once=True)
    idle, whole = proof.seconds_left(request.session)
    return JsonResponse(
        {
            # A script sets its clock by it: never farther than the next look.
            "seconds": int(min(idle, whole, settings.SESSION_IDLE_SECONDS)),
            "last": whole <= idle,
            "member": request.user.get_username(),
            "csrf": get_token(request),
        }
    )
