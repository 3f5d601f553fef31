"""A correction proposed of a report, and what its owner answers."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import corrections as actions
from intel.forms.corrections import AnswerForm, CorrectionForm
from intel.forms.entry_start import fields_of
from intel.reading import communes
from intel.reading import corrections as reading
from intel.views.answered import while_it_waits


@gate.hands(access.workable_reports, by="reference", reads="report.read")
def report_corrections(request, report):
    """What was proposed and answered, and which field to correct."""
    may_propose = access.correctable_reports(request.user).filter(pk=report.pk).exists()
    context = {
        "report": report,
        "proposed": reading.of_report(report, request.user),
        "fields": reading.fields_of(report) if may_propose else [],
        "is_answered": access.owner_answers(report),
    }
    return render(request, "intel/report_corrections.html", context)


@gate.hands(access.correctable_reports, by="reference", reads="report.read")
def propose_correction(request, report):
    """One field at a time, named in the address."""
    name = request.GET.get("champ", "")
    if name not in reading.NAMES:
        return redirect("report_corrections", report.reference)
    form = CorrectionForm.read(
        request,
        name=name,
        label=reading.label_of(name),
        resolve=lambda text: communes.resolve(report.department, text),
        today=timezone.localdate(),
        initial=fields_of(report),
    )
    if form.carry_out(lambda why, **said: actions.propose(
        report, by=request.user, field=name, value=said[name], why=why
    )):  # fmt: skip
        messages.success(
            request, f"Correction proposée à l’unité {report.owner}. Vous lirez sa réponse."
        )
        return redirect("report_corrections", report.reference)
    return render_form(request, "intel/correction_propose.html", form, report=report, name=name)


@gate.hands(access.corrections_of_ours, by="key", reads="report.read")
@while_it_waits
def decide_correction(request, correction):
    """One click from the pages that list them, or with a word from this one."""
    report = correction.report
    form = AnswerForm.read(request)
    act = actions.decline if form.declines else actions.accept
    if form.carry_out(lambda answer: act(correction, by=request.user, answer=answer)):
        told = "refusée" if form.declines else "appliquée"
        messages.success(request, f"Correction de l’unité {correction.unit} {told}.")
        return redirect(report)
    return render_form(
        request,
        "intel/correction_decide.html",
        form,
        report=report,
        proposed=reading.told(correction, report, request.user),
    )


@require_POST
@gate.hands(access.own_corrections, by="key")
@while_it_waits
def withdraw_correction(request, correction):
    with telling_refusals(request):
        actions.withdraw(correction, by=request.user)
        messages.success(request, "Correction retirée.")
    return redirect("report_corrections", correction.report.reference)
