"""What a page may ask about its own session, so that nothing typed is ever sent into the void.

Read by `static/js/session.js`, which says what it expects of each method.
"""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_http_methods


@require_http_methods(["GET", "POST"])
def session_state(request):
    """`{"seconds", "member", "csrf"}`, or 401 once it is over.

    Only POST prolongs. The door is open on purpose: a redirection to the sign-in page would tell
    a script nothing.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "Session terminée."}, status=401)
    if request.method == "POST":
        request.session.modified = True
        seconds = request.session.get_expiry_age()
    else:
        seconds = _seconds_left(request.session)
    return JsonResponse(
        {
            "seconds": seconds,
            "member": request.user.get_username(),
            "csrf": get_token(request),
        }
    )


def _seconds_left(session):
    """Whole seconds before the stored end; `get_expiry_age` would count from now."""
    stored = session.model.objects.filter(session_key=session.session_key)
    end = stored.values_list("expire_date", flat=True).first()
    return max(0, int((end - timezone.now()).total_seconds())) if end else 0
