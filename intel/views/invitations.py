"""Guests of a report: invited, prolonged and sent home by its owner unit."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import invitations as actions
from intel.forms.requests import COMPLETES, InviteForm, ProlongForm


@gate.hands(access.invitable_reports, by="reference", reads="report.read")
def invite_guest(request, report):
    guests = access.invitable_members(request.user).select_related("unit")
    form = InviteForm.read(request, guests=guests.order_by("last_name", "first_name", "pk"))
    if form.carry_out(lambda **said: _invite(report, by=request.user, **said)):
        guest, until = form.cleaned_data["guest"], day(form.cleaned_data["until"])
        messages.success(request, f"Invitation de {guest.get_full_name()} jusqu’au {until}.")
        return redirect(report)
    return render_form(
        request, "intel/report_invite.html", form, report=report, has_guests=guests.exists()
    )


def _invite(report, *, by, guest, since, until, completes, reason):
    actions.invite(
        report,
        by=by,
        guest=guest,
        since=actions.start_of(since),
        until=actions.end_of(until),
        completes=completes == COMPLETES,
        reason=reason,
    )


@gate.hands(access.endable_invitations, by="key", reads="report.read")
def prolong_invitation(request, grant):
    report = access.own_reports(request.user).get(pk=grant.content_object_id)
    last_day = actions.last_day_of(grant)
    longest = actions.in_words(grant.longest_days)
    form = ProlongForm.read(request, longest=longest, initial={"until": last_day})
    if form.carry_out(
        lambda until: actions.prolong(grant, by=request.user, until=actions.end_of(until))
    ):
        until = day(form.cleaned_data["until"])
        messages.success(request, f"Invitation de {grant.user.get_full_name()} jusqu’au {until}.")
        return redirect(report)
    return render_form(
        request,
        "intel/report_invite_prolong.html",
        form,
        grant=grant,
        report=report,
        last_day=last_day,
    )


@require_POST
@gate.hands(access.endable_invitations, by="key")
def end_invitation(request, grant):
    actions.end(grant, by=request.user)
    messages.success(request, f"L’accès de {grant.user.get_full_name()} est terminé.")
    return redirect(grant.content_object)
