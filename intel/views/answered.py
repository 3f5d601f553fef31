"""Two tabs, two persons: what somebody has just answered is no missing page."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect

from intel.actions.holding import ANSWERED


def while_it_waits(view):
    """Show a request that waits; of one that does not any more, say so on the page of requests."""

    @wraps(view)
    def shown(request, asked):
        if asked.is_waiting:
            return view(request, asked)
        messages.warning(request, ANSWERED)
        return redirect("request_list")

    return shown
