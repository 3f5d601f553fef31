"""What belongs to no room: shortcuts, the life of a session, the page of an expired form."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui import session
from cross.ui.back import own_path


@require_POST
@gate.members
def switch_shortcuts(request):
    """Single keys on or off, for a member whose assistive tool or habits they disturb."""
    member = request.user
    member.shortcuts = request.POST.get("shortcuts") == "on"
    member.save(update_fields=["shortcuts"])
    said = "activés" if member.shortcuts else "désactivés"
    messages.success(request, f"Raccourcis d’une seule touche {said}.")
    return redirect(own_path(request.POST.get("next", "")) or "home")


session_alive = gate.public(because="tells a page that its session is over, and nothing else")(
    session.session_state
)


@gate.public(because="the page that says a form has expired is shown before any right is known")
def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
