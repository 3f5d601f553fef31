"""The owner's accord, without which an H2 report does not leave another unit."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import accords as actions
from intel.forms.requests import AskAccordForm, DecisionForm
from intel.views.answered import while_it_waits


@gate.hands(access.held_reports, by="reference", reads="report.read")
def ask_accord(request, report):
    form = AskAccordForm.read(request)
    if form.carry_out(lambda **said: actions.ask(report, by=request.user, **said)):
        messages.success(
            request, f"Accord demandé à l’unité {report.owner} pour {report.reference}."
        )
        return redirect(report)
    return render_form(request, "intel/request_accord.html", form, report=report)


@gate.hands(access.accords_of_ours, by="key", reads="report.read")
@while_it_waits
def decide_accord(request, asked):
    form = DecisionForm.read(
        request,
        days=actions.USUAL_DAYS,
        help_text="Ce jour compris ; un an au plus.",
        answer_help="Lue par l’unité qui demande.",
    )
    if form.decide(asked, by=request.user, accept=actions.accept, decline=actions.decline):
        if form.declines:
            messages.success(request, f"Accord refusé à l’unité {asked.unit}.")
        else:
            until = day(form.cleaned_data["until"])
            messages.success(request, f"Accord donné à l’unité {asked.unit} jusqu’au {until}.")
        return redirect("request_list")
    return render_form(
        request, "intel/request_accord_decide.html", form, asked=asked, report=asked.report
    )


@require_POST
@gate.hands(access.asked_accords, by="key")
@while_it_waits
def withdraw_accord(request, asked):
    with telling_refusals(request):
        actions.withdraw(asked, by=request.user)
        messages.success(request, "Demande d’accord retirée.")
    return redirect("request_list")
