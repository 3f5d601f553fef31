"""What was thrown away, and brought back."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import telling_refusals
from intel import access
from intel.actions import discarded as actions
from intel.actions import drafts
from intel.reading import discarded as reading
from services.roles import Right, may

writes = may(Right.WRITE)


@gate.lets(writes)
def discarded_list(request):
    context = {
        "discarded": reading.discarded_by(request.user),
        "kept_days": settings.DISCARDED_DAYS,
    }
    return render(request, "intel/discarded_list.html", context)


@require_POST
@gate.lets(writes)
def bring_back_draft(request, key):
    if drafts.bring_back(by=request.user, key=key):
        messages.success(request, "Saisie reprise où vous l’aviez laissée.")
        return redirect(f"{reverse('new_report')}?saisie={key}")
    messages.warning(request, "Cette saisie n’est plus parmi celles que vous avez supprimées.")
    return redirect("discarded_list")


@require_POST
@gate.hands(access.discarded_reports, by="key")
def bring_back_report(request, discarded):
    with telling_refusals(request):
        report = actions.bring_back(discarded, by=request.user)
        messages.success(request, f"Le brouillon {report.reference} est rétabli.")
        return redirect(report)
    return redirect("discarded_list")
