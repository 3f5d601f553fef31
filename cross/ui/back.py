"""Where a page goes back to, when the address or a form says so: ours, or nowhere."""

from django.utils.http import url_has_allowed_host_and_scheme

BACK = "retour"


def own_path(said):
    """What was said, when it is a path of this site; else an empty string."""
    ours = url_has_allowed_host_and_scheme(said, allowed_hosts=None)
    return said if ours and said.startswith("/") else ""


def back_of(request):
    """The path of ours to which what is done here returns, or an empty string."""
    return own_path(request.POST.get(BACK) or request.GET.get(BACK, ""))
