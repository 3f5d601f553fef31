"""What belongs to no room: the sign-in, and the pages of an error."""

from django.shortcuts import render

from cross import gate


@gate.public(because="the page that says a form has expired is shown before any right is known")
def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
