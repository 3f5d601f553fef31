"""Make a move of the table, take it back, throw a draft away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import discarded, life
from intel.forms.reports import ConfirmForm, MoveForm
from intel.reading import sheet
from intel.reading.nearby import candidates_for
from intel.states import State, move_between


@gate.hands(sheet.rows, by="reference", reads="report.read")
def move_report(request, report):
    """At once when the move asks nothing, after its own page otherwise."""
    target = request.POST.get("vers") or request.GET.get("vers", "")
    seen = request.POST.get("vu", report.state)
    move = _move(seen, target)
    if move is None:
        messages.warning(
            request, "Cette étape n’est plus ouverte : voici la fiche telle qu’elle est."
        )
        return redirect(report)
    if not sheet.may(report, move.right):
        raise PermissionDenied
    if sheet.lacks_grades(report, move):
        return redirect(f"{reverse('grade_report', args=[report.reference])}?puis={target}")
    form = MoveForm.read(
        request,
        move=move,
        units=access.audience_of(report),
        originals=access.readable_reports(request.user).filter(department=report.department_id),
        initial=request.GET.dict(),
    )
    if form.carry_out(
        lambda **said: life.move(report, by=request.user, target=target, seen=seen, **said)
    ):
        return _moved(request, report, target)
    if form.errors and not form.fields:
        messages.warning(request, " ".join(form.non_field_errors()))
        return redirect(report)
    candidates = _candidates(report, request.user) if "original" in form.fields else ()
    gate.shown_beside(request, "report.listed", report, candidates)
    return render_form(
        request,
        "intel/report_move.html",
        form,
        report=report,
        move=move,
        is_erasure=target == State.ERASED,
        candidates=candidates,
    )


def _candidates(report, member):
    return candidates_for(report, member, sheet.identifiers_of(report))


def _move(origin, target):
    known = origin in State.values and target in State.values
    return move_between(origin, target) if known else None


def _moved(request, report, target):
    if target == State.ERASED:
        messages.success(
            request, f"{report.reference} est effacée ; le journal en garde la référence."
        )
        return redirect("report_list")
    return redirect(report)  # the sheet itself says what was done, and takes it back


@require_POST
@gate.hands(access.readable_reports, by="reference")
def undo_move(request, report):
    with telling_refusals(request):
        current = life.undo(report, by=request.user, seen=request.POST.get("step"))
        label = State(current.state).label
        again = f"{reverse('move_report', args=[report.reference])}?vers={report.state}"
        messages.success(
            request,
            format_html(
                "Étape annulée\u00a0: la fiche est de nouveau «\u00a0{}\u00a0». Par erreur\u00a0? "
                '<a href="{}">Refaire l’étape «\u00a0{}\u00a0»</a>',
                label,
                again,
                State(report.state).label,
            ),
        )
    return redirect(report)


@gate.hands(access.discardable_reports, by="reference")
def discard_report(request, report):
    form = ConfirmForm.read(request)
    if form.carry_out(lambda: discarded.discard(report, by=request.user)):
        messages.success(request, f"Le brouillon {report.reference} est supprimé.")
        return redirect("discarded_list")
    context = {"form": form, "report": report}
    return render(request, "intel/report_discard.html", context)
