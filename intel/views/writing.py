"""What is written on a sheet beside the facts: comment, grades, identifiers."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import life, reports
from intel.forms.reports import CommentForm, GradeForm, IdentifierForm, ValidityForm
from intel.states import State, move_between


def _version(request):
    """The version that was on the screen; a form without one is of no version at all."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _tell(request, form, sentence):
    messages.success(request, sentence)
    for note in form.notes():
        messages.info(request, note)


@gate.hands(access.commentable_reports, by="reference", reads="report.read")
def comment_report(request, report):
    """The analyst's text; when somebody saved meanwhile, both are shown and neither is lost."""
    form = CommentForm.read(request, initial={"text": report.comment})
    if form.carry_out(
        lambda text: reports.comment(report, by=request.user, text=text, version=_version(request))
    ):
        _tell(request, form, "Commentaire enregistré.")
        return redirect(f"{report.get_absolute_url()}#commentaire")
    overtaken = _overtaken(request, report)
    return render_form(
        request, "intel/report_comment.html", form, report=report, overtaken=overtaken
    )


def _overtaken(request, report):
    return request.method == "POST" and _version(request) != report.version


@gate.hands(access.evaluable_reports, by="reference", reads="report.read")
def grade_report(request, report):
    initial = {
        "source_grade": report.source_grade,
        "information_grade": report.information_grade,
    }
    form = GradeForm.read(request, initial=initial)
    if form.carry_out(
        lambda source_grade, information_grade, why: reports.grade(
            report,
            by=request.user,
            source=source_grade,
            information=information_grade,
            why=why,
            version=_version(request),
        )
    ):
        _tell(request, form, "Cotation enregistrée.")
        return _validate(request, report)
    return render_form(
        request,
        "intel/report_grade.html",
        form,
        report=report,
        overtaken=_overtaken(request, report),
        can_validate=_may_validate(request.user, report),
    )


def _may_validate(member, report):
    move = move_between(report.state, State.GRADED)
    return move is not None and access.may_make(member, report, move)


def _validate(request, report):
    """The grades are saved; go on to the move that was waiting for them."""
    if "valider" in request.POST:
        with telling_refusals(request):
            life.move(report, by=request.user, target=State.GRADED, seen=report.state)
    return redirect(report)


@gate.hands(access.editable_reports, by="reference", reads="report.read")
def set_validity(request, report):
    form = ValidityForm.read(request, initial={"until": report.valid_until})
    if form.carry_out(lambda until: reports.set_validity(report, by=request.user, until=until)):
        until = form.cleaned_data["until"]
        told = f"valable jusqu’au {day(until)}" if until else "sans échéance"
        messages.success(request, f"Information {told}.")
        return redirect(report)
    return render_form(request, "intel/report_validity.html", form, report=report)


@gate.hands(access.enrichable_reports, by="reference", reads="report.read")
def confirm_identifier(request, report):
    form = IdentifierForm.read(request)
    if form.carry_out(lambda **said: reports.confirm_identifier(report, by=request.user, **said)):
        _tell(request, form, "Identifiant confirmé.")
        return redirect(f"{report.get_absolute_url()}#identifiants")
    return render_form(request, "intel/report_identifier.html", form, report=report)


@require_POST
@gate.hands(access.removable_identifiers, by="key")
def remove_identifier(request, identifier):
    report = identifier.report
    reports.remove_identifier(identifier, by=request.user)
    messages.success(request, "Identifiant retiré.")
    return redirect(f"{report.get_absolute_url()}#identifiants")
