"""What readers add to a report, and take back within the hour."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import complements
from intel.forms.complements import ComplementForm
from services.roles import Right, may


@gate.hands(access.completable_reports, by="reference", reads="report.read")
def add_complement(request, report):
    units = access.mentionable_units(report, request.user)
    # Without the right to write, one completes as a guest: it is his opinion that is asked for.
    is_asked = not may(Right.WRITE)(request.user)
    form = ComplementForm.read(request, units=units, is_asked=is_asked)
    made = []
    if form.carry_out(
        lambda **said: made.append(complements.add(report, by=request.user, **said))
    ):
        what = "Avis" if is_asked else "Complément"
        messages.success(request, f"{what} ajouté. Vous pouvez le retirer pendant une heure.")
        for note in form.notes():
            messages.info(request, note)
        return redirect(f"{report.get_absolute_url()}#complement-{made[0].key}")
    return render_form(
        request, "intel/report_complement.html", form, report=report, is_asked=is_asked
    )


@require_POST
@gate.hands(access.removable_complements, by="key")
def remove_complement(request, complement):
    report = complement.report
    complements.remove(complement, by=request.user)
    messages.success(request, "Complément retiré.")
    return redirect(report)
