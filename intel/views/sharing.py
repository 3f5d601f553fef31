"""Who sees a report: narrowed and widened by its own unit."""

from django.contrib import messages
from django.shortcuts import redirect, render

from cross import gate
from intel import access
from intel.actions import sharing
from intel.forms.reports import ReasonForm, RestrictForm
from intel.reading import audience


@gate.hands(access.editable_reports, by="reference")
def restrict_report(request, report):
    units = audience.choosable_units(request.user)
    form = RestrictForm.read(request, units=units, initial=audience.present_restriction(report))
    chosen = audience.chosen_units(form, units)
    context = {
        "form": form,
        "report": report,
        "readers": audience.named_sentence(report, chosen),
        "without_cell": audience.leaves_the_cell_out(report, chosen),
    }
    if "apercu" in request.POST:
        form.errors.clear()
        if request.htmx:
            return render(request, "intel/_report_readers.html", context)
        return render(request, "intel/report_restrict.html", context)
    if form.carry_out(lambda **said: _restrict(report, by=request.user, **said)):
        messages.success(request, f"Diffusion restreinte. {context['readers']}")
        return redirect(report)
    status = 422 if form.errors else 200
    return render(request, "intel/report_restrict.html", context, status=status)


def _restrict(report, *, by, units, reason, restriction_text, review_on):
    narrowing = sharing.Narrowing(
        units=tuple(units), reason=reason, text=restriction_text, review_on=review_on
    )
    sharing.restrict(report, by=by, narrowing=narrowing)


@gate.hands(access.restricted_reports_of, by="reference")
def release_report(request, report):
    form = ReasonForm.read(request)
    readers = audience.open_sentence(report, request.user)
    if form.carry_out(lambda why: sharing.release(report, by=request.user, why=why)):
        messages.success(request, f"Restriction levée. {readers}")
        return redirect(report)
    context = {"form": form, "report": report, "readers": readers}
    return render(
        request, "intel/report_release.html", context, status=422 if form.errors else 200
    )
