"""Reports shown to other departments, and those that they show to ours."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import shares as actions
from intel.forms.requests import ShareForm
from intel.reading.shared import shared_page
from services.roles import Right, may


@gate.hands(access.shareable_reports, by="reference", reads="report.read")
def share_report(request, report):
    protocols = access.takers_of(report).select_related("department")
    form = ShareForm.read(request, protocols=protocols.order_by("department__code"))
    if form.carry_out(lambda **said: actions.share(report, by=request.user, **said)):
        department = form.cleaned_data["protocol"].department
        messages.success(request, f"{report.reference} est partagée avec {department}.")
        return redirect(report)
    return render_form(
        request,
        "intel/report_share.html",
        form,
        report=report,
        has_protocols=protocols.exists(),
        is_let=access.may_be_shown_elsewhere(report),
    )


@require_POST
@gate.hands(access.endable_shares, by="key")
def end_share(request, share):
    report, department = share.report, share.protocol.department
    actions.end(share, by=request.user)
    messages.success(request, f"{report.reference} n’est plus partagée avec {department}.")
    return redirect(report)


@gate.lets(may(Right.READ), reads="report.listed")
def shared_list(request):
    page, sort = shared_page(request.user, request.GET)
    return render(request, "intel/shared_list.html", {"rows": page, "page": page, "sort": sort})
