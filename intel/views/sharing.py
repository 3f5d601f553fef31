"""Who sees a report: narrowed, renewed and opened again by its own unit."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.audit import journal
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import counted, day
from intel import access
from intel.actions import sharing, silent_mode
from intel.forms.sharing import (
    POINTER,
    SILENCED,
    SILENT,
    AskReleaseForm,
    DeclineReleaseForm,
    RenewForm,
    RestrictForm,
    ReviewForm,
)
from intel.reading import audience, openness, restrictions
from intel.reading.lists import lists_of
from intel.views.answered import while_it_waits
from services.roles import Right, may


@gate.hands(access.editable_reports, by="reference", reads="report.read")
def restrict_report(request, report):
    form, was_restricted = _restrict_form(request, report), report.is_restricted
    preview = audience.of_narrowing(report, request.user, form.named_units())
    if "apercu" in request.POST:
        form.errors.clear()
    elif form.carry_out(lambda **said: _restrict(report, form, by=request.user, **said)):
        done = "Restriction modifiée" if was_restricted else "Fiche restreinte"
        messages.success(request, f"{done}. {preview.readers}")
        if form.cleaned_data["looked_for"] == SILENT:
            messages.info(request, SILENCED)
        if preview.asker:
            messages.info(request, f"La levée demandée par {preview.asker} est retirée.")
        return redirect(report)
    return render_form(request, "intel/report_restrict.html", form, report=report, preview=preview)


def _restrict_form(request, report):
    units = list(audience.choosable_units(request.user))
    return RestrictForm.read(
        request,
        units=units,
        lists=lists_of(request.user, among=units),
        initial=audience.present_restriction(report),
    )


@require_POST
@gate.hands(access.editable_reports, by="reference")
def preview_restriction(request, report):
    """Who would read it, for the page that ticks units: nothing of the report is shown."""
    form = _restrict_form(request, report)
    context = {"preview": audience.of_narrowing(report, request.user, form.named_units())}
    return render(request, "intel/_report_readers.html", context)


@transaction.atomic
def _restrict(report, form, *, by, reason, restriction_text, review_on, **said):
    narrowing = sharing.Narrowing(
        units=form.named_units(), reason=reason, text=restriction_text, review_on=review_on
    )
    sharing.restrict(report, by=by, narrowing=narrowing)
    if said["looked_for"] == SILENT:
        reason, until = said["silence_reason"], said["silence_review_on"]
        silent_mode.keep(report, by=by, reason=reason, review_on=until)
    elif said["looked_for"] == POINTER:
        silent_mode.lift(report, by=by)


@gate.hands(access.restricted_reports_of, by="reference", reads="report.read")
def renew_restriction(request, report):
    form = RenewForm.read(request, initial={"review_on": audience.proposed_review()})
    if form.carry_out(lambda **said: sharing.renew(report, by=request.user, **said)):
        until = day(form.cleaned_data["review_on"])
        messages.success(request, f"Restriction prolongée, à revoir le {until}.")
        return redirect(report)
    return render_form(request, "intel/report_renew.html", form, report=report)


# --- Open again -------------------------------------------------------------------------------


@gate.hands(access.restricted_reports_of, by="reference", reads="report.read", fresh=True)
def release_report(request, report):
    """The first person asks; what waits already is shown instead."""
    form = AskReleaseForm.read(request)
    if form.carry_out(lambda why: sharing.ask_release(report, by=request.user, why=why)):
        messages.success(
            request,
            "Levée demandée. La fiche reste restreinte tant qu’une seconde personne de votre "
            "unité n’a pas confirmé.",
        )
        return redirect(report)
    return render_form(
        request,
        "intel/report_release.html",
        form,
        report=report,
        preview=audience.of_release(report, request.user),
        asked=audience.release_asked(report, request.user),
        seconds=audience.second_persons(request.user),
    )


@require_POST
@gate.hands(access.releases_by_a_first_person, by="key", fresh=True)
@while_it_waits
def confirm_release(request, asked):
    with telling_refusals(request):
        report = sharing.confirm_release(asked, by=request.user)
        messages.success(request, f"Restriction levée. {audience.present_sentence(report)}")
    return redirect(asked.report)


@gate.hands(access.releases_of_ours, by="key")
@while_it_waits
def decline_release(request, asked):
    form = DeclineReleaseForm.read(request)
    if form.carry_out(lambda why: sharing.decline_release(asked, by=request.user, why=why)):
        messages.success(request, "Restriction maintenue : la demande de levée est refusée.")
        return redirect(asked.report)
    journal.record(request.user, "report.read", asked.report)
    report = asked.report
    return render_form(
        request, "intel/report_release_decline.html", form, report=report, asked=asked
    )


@require_POST
@gate.hands(access.own_releases, by="key")
@while_it_waits
def withdraw_release(request, asked):
    with telling_refusals(request):
        sharing.withdraw_release(asked, by=request.user)
        messages.success(request, "Demande de levée retirée.")
    return redirect(asked.report)


# --- All those of one's unit ------------------------------------------------------------------


@gate.lets(may(Right.WRITE))
def restriction_list(request):
    """Restrictions of one's own unit to look at again, several at once."""
    journal.record(request.user, "restrictions.listed", "restrictions de l’unité")
    if request.method == "POST":
        return _review(request)
    form = ReviewForm(references=(), initial={"review_on": audience.proposed_review()})
    return _restrictions(request, form)


def _review(request):
    ticked = set(request.POST.getlist("fiches"))
    named = {each for each in ticked if "\0" not in each}  # PostgreSQL has no text with a NUL
    reports = list(access.restricted_reports_of(request.user).filter(reference__in=named))
    if len(reports) < len(ticked):
        raise Http404  # somebody else's, or none: the same answer
    form = ReviewForm(request.POST, references=[report.reference for report in reports])
    act = _renew_all if form.is_renewal else _ask_all
    if form.carry_out(lambda **said: act(reports, by=request.user, **said)):
        messages.success(request, _done(form, len(reports)))
        return redirect(request.get_full_path())
    return _restrictions(request, form, ticked=ticked)


def _renew_all(reports, *, by, why, review_on, **_):
    sharing.renew_all(reports, by=by, review_on=review_on, why=why)


def _ask_all(reports, *, by, release_why, **_):
    sharing.ask_releases(reports, by=by, why=release_why)


def _done(form, number):
    if form.is_renewal:
        until = day(form.cleaned_data["review_on"])
        verb = "prolongées" if number > 1 else "prolongée"
        return f"{counted(number, 'restriction')} {verb}, à revoir le {until}."
    verb = "demandées" if number > 1 else "demandée"
    return f"{counted(number, 'levée')} {verb} : une seconde personne de votre unité confirme."


def _restrictions(request, form, *, ticked=()):
    board = restrictions.board_of(request.user, request.GET)
    return render_form(
        request,
        "intel/restriction_list.html",
        form,
        ticked=ticked,
        board=board,
        page=board.page,
        count=board.count,
        noun="restriction",
    )


@gate.lets(may(Right.READ), reads="openness.read")
def openness_page(request):
    """How much each service shares, for the whole cell."""
    context = {
        "boards": openness.boards_of(request.user),
        "own_overdue": openness.own_overdue(request.user),
        "smallest": openness.SMALLEST,
    }
    return render(request, "intel/openness_page.html", context)
