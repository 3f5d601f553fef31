"""What one's own unit brought, and what became of it; for some, the whole application."""

from django.contrib import messages
from django.shortcuts import redirect, render

from cross import gate
from cross.ui.forms import render_form
from intel.actions import contributions
from intel.forms.contributions import ContributionForm, PrecisionForm
from intel.reading import communes
from intel.reading import contributions as reading
from services.roles import Right, may, may_any


@gate.lets(may_any(Right.WRITE, Right.CONTRIBUTE), reads="contributions.listed")
def contribution_list(request):
    board = reading.board_of(request.user, request.GET)
    context = {"board": board, "page": board.page}
    return render(request, "intel/contribution_list.html", context)


@gate.lets(may(Right.CONTRIBUTE))
def new_contribution(request):
    department = request.user.unit.department
    form = ContributionForm.read(
        request,
        resolve=lambda text, chosen: communes.resolve(department, text, chosen),
        initial={"commune": communes.of_town(request.user.unit)},
    )
    made = []
    if form.carry_out(lambda **said: made.append(contributions.send(by=request.user, **said))):
        reference = made[0].reference
        messages.success(request, f"Reçu. Votre contribution porte la référence {reference}.")
        for note in form.notes():
            messages.warning(request, note)
        return redirect("contribution_page", reference)
    return render_form(request, "intel/contribution_new.html", form)


@gate.hands(reading.shown, by="reference", reads="contribution.read")
def contribution_page(request, report):
    context = {"shown": reading.page_of(report, request.user), "report": report}
    return render(request, "intel/contribution_page.html", context)


@gate.hands(reading.unfinished, by="reference", reads="contribution.read")
def complete_contribution(request, report):
    form = PrecisionForm.read(request)
    if form.carry_out(lambda **said: contributions.complete(report, by=request.user, **said)):
        messages.success(request, "Votre réponse est transmise à la cellule.")
        return redirect("contribution_page", report.reference)
    shown = reading.page_of(report, request.user)
    return render_form(request, "intel/contribution_complete.html", form, shown=shown)
