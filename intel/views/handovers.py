"""A report proposed to another unit, and what that unit answers."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import handovers
from intel.forms.handovers import AnswerForm, ProposeForm
from intel.views.answered import while_it_waits


@gate.hands(access.transferable_reports, by="reference", reads="report.read")
def propose_handover(request, report):
    form = ProposeForm.read(request, units=access.handover_targets(report))
    if form.carry_out(lambda **said: handovers.propose(report, by=request.user, **said)):
        target = form.cleaned_data["target"]
        messages.success(
            request,
            f"Transfert proposé à l’unité {target}. La fiche reste la vôtre jusqu’à sa réponse.",
        )
        return redirect(report)
    return render_form(request, "intel/handover_propose.html", form, report=report)


@gate.hands(access.handovers_to_us, by="key", reads="report.read")
@while_it_waits
def decide_handover(request, handover):
    """Accept, or decline with a reason."""
    report = handover.report
    form = AnswerForm.read(request)
    act = handovers.decline if "refuser" in request.POST else handovers.accept
    if form.carry_out(lambda answer: act(handover, by=request.user, answer=answer)):
        told = "Transfert refusé." if act is handovers.decline else (
            f"{report.reference} est maintenant une fiche de votre unité."
        )  # fmt: skip
        messages.success(request, told)
        return redirect(report)
    return render_form(
        request, "intel/handover_decide.html", form, report=report, handover=handover
    )


@require_POST
@gate.hands(access.handovers_by_us, by="key")
@while_it_waits
def withdraw_handover(request, handover):
    report = handover.report
    with telling_refusals(request):
        handovers.withdraw(handover, by=request.user)
        messages.success(request, "Proposition de transfert retirée.")
    return redirect(report)
