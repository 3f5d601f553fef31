"""Sums, prices and quantities of a sheet: confirmed by hand, taken away again."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import amounts
from intel.forms.amounts import AmountForm


@gate.hands(access.enrichable_reports, by="reference", reads="report.read")
def confirm_amount(request, report):
    form = AmountForm.read(request)
    if form.carry_out(
        lambda **said: amounts.confirm(
            report, by=request.user, amounts=[(said["amount"], said["raw"])]
        )
    ):
        messages.success(request, "Montant confirmé.")
        return redirect(f"{report.get_absolute_url()}#montants")
    return render_form(request, "intel/report_amount.html", form, report=report)


@require_POST
@gate.hands(access.removable_amounts, by="key")
def remove_amount(request, amount):
    report = amount.report
    amounts.remove(amount, by=request.user)
    messages.success(request, "Montant retiré.")
    return redirect(f"{report.get_absolute_url()}#montants")
