"""The reserved annexes of a report: written, changed and removed by the unit that owns them."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import annexes
from intel.forms.annexes import AnnexForm, NewAnnexForm


@gate.hands(access.editable_reports, by="reference", reads="report.read")
def add_annex(request, report):
    form = NewAnnexForm.read(request, units=_units(report, request.user))
    if form.carry_out(lambda **said: annexes.add(report, by=request.user, **said)):
        messages.success(request, "Annexe réservée ajoutée.")
        return redirect(f"{report.get_absolute_url()}#annexes")
    return _page(request, form, report)


@gate.hands(access.editable_annexes, by="key", reads="report.read")
def change_annex(request, annex):
    report = annex.report
    initial = {
        "title": annex.title,
        "text": annex.text,
        "units": list(access.units_of_annex(annex).values_list("pk", flat=True)),
    }
    form = AnnexForm.read(request, units=_units(report, request.user), initial=initial)
    if form.carry_out(lambda **said: annexes.change(annex, by=request.user, **said)):
        messages.success(request, "Annexe réservée modifiée.")
        return redirect(f"{report.get_absolute_url()}#annexes")
    return _page(request, form, report, annex=annex)


@require_POST
@gate.hands(access.editable_annexes, by="key")
def remove_annex(request, annex):
    report = annex.report
    annexes.remove(annex, by=request.user)
    messages.success(request, "Annexe réservée supprimée.")
    return redirect(report)


def _units(report, member):
    """The units that read the report, beside the member's own."""
    return access.audience_of(report).exclude(pk=member.unit_id)


def _page(request, form, report, annex=None):
    return render_form(request, "intel/report_annex.html", form, report=report, annex=annex)
