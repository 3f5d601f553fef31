"""Requests: the page of all of them, and those to read a report one was told of."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import requests as actions
from intel.forms.requests import AskAccessForm, DecisionForm
from intel.reading import requests, unit_work
from intel.views.answered import while_it_waits
from services.roles import Right, may


@gate.lets(may(Right.READ), reads="requests.listed")
def request_list(request):
    context = {
        "requests": requests.requests_of(request.user),
        "tasks": unit_work.tasks_of(request.user),
        "usual_label": f"Accorder {actions.USUAL_DAYS} jours",
        "usual_value": actions.usual_day().isoformat(),
        "silent_days": actions.UNANSWERED_DAYS,
        "may_write": may(Right.WRITE)(request.user),
    }
    return render(request, "intel/request_list.html", context)


@gate.lets(may(Right.READ))
def ask_access(request):
    member = request.user
    form = AskAccessForm.read(
        request,
        read_reference=lambda words: requests.reference_in(words, member),
        initial={"reference": request.GET.get("reference", "")},
    )
    if form.is_bound and form.is_valid():
        sheet = requests.sheet_named(form.cleaned_data["reference"], member)
        if sheet is not None:
            messages.info(request, f"Vous lisez déjà la fiche {sheet.reference}.")
            return redirect(sheet)
    if form.carry_out(lambda reference, why: actions.ask(reference, by=member, why=why)):
        reference = form.cleaned_data["reference"]
        messages.success(
            request,
            f"Demande envoyée pour {reference}. Si elle est accordée, la fiche s’ouvre à "
            "vous\u00a0; un refus ne se voit pas.",
        )
        return redirect("request_list")
    return render_form(
        request, "intel/request_ask.html", form, silent_days=actions.UNANSWERED_DAYS
    )


@gate.hands(access.access_requests_of_ours, by="key", reads="report.read")
@while_it_waits
def decide_access_request(request, asked):
    """One click from the page of requests, or another day and a word from this one."""
    form = DecisionForm.read(
        request,
        days=actions.USUAL_DAYS,
        help_text=f"Ce jour compris ; {actions.LONGEST_DAYS} jours au plus.",
        answer_help="Gardée pour votre unité et le journal ; le demandeur ne la lit pas.",
    )
    if form.decide(asked, by=request.user, accept=actions.grant, decline=actions.decline):
        _tell(request, asked, form)
        return redirect("request_list")
    return render_form(
        request, "intel/request_decide.html", form, asked=asked, report=asked.report
    )


def _tell(request, asked, form):
    who = asked.asked_by.get_full_name()
    if form.declines:
        messages.success(request, f"Demande de {who} refusée : la fiche lui reste cachée.")
    else:
        until = day(form.cleaned_data["until"])
        messages.success(request, f"{who} lit {asked.reference} jusqu’au {until}.")


@require_POST
@gate.hands(access.own_access_requests, by="key")
def withdraw_access_request(request, asked):
    with telling_refusals(request):
        actions.withdraw(asked, by=request.user)
        messages.success(request, f"Demande retirée pour {asked.reference}.")
    return redirect("request_list")
