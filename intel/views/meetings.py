"""The meetings of a cell: the list, the page of one, its day, its calls, its end."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import meetings as actions
from intel.forms.meetings import AnswerForm, CancelMeetingForm, MeetingForm, MoveMeetingForm
from intel.reading import meetings as reading
from protocols import cadence, ics
from protocols.meeting_states import AHEAD, OPEN, OVER, MeetingState
from services.roles import Right, may


@gate.lets(access.takes_part)
def meeting_list(request):
    shown, rows, tabs = reading.tabs_of(request.user, request.GET)
    protocol = access.plannable_protocols(request.user).first()
    context = {
        "rows": rows,
        "tabs": tabs,
        "shown": shown,
        # What is proposed comes after the last of those to come.
        "coming": rows[-1] if rows and shown == reading.COMING else None,
        "may_plan": protocol is not None,
        "rhythm": cadence.in_words(protocol) if protocol else "",
        "proposed": reading.proposed_day(protocol) if protocol else None,
    }
    return render(request, "intel/meeting_list.html", context)


@gate.lets(may(Right.DIRECT))
def new_meeting(request):
    protocol = access.plannable_protocols(request.user).first()
    if protocol is None:
        messages.error(request, "La cellule prépare les réunions, sous un protocole en vigueur.")
        return redirect("meeting_list")
    proposed = reading.proposed_day(protocol)
    form = MeetingForm.read(
        request,
        units=access.called_units(protocol, on=timezone.localdate()),
        initial={"held_on": proposed, **reading.like_the_last(protocol)},
    )
    made = []
    if form.carry_out(
        lambda **said: made.append(actions.prepare(protocol, by=request.user, **said))
    ):
        messages.success(
            request,
            "Réunion préparée : la cellule seule la voit tant qu’elle n’est pas convoquée.",
        )
        return redirect("meeting_page", key=made[0].key)
    context = {
        "rhythm": cadence.in_words(protocol),
        "proposed": proposed,
        "submit_label": "Préparer la réunion",
        "cancel_url": reverse("meeting_list"),
    }
    return render_form(request, "intel/meeting_new.html", form, **context)


@gate.hands(access.readable_meetings, by="key", reads="meeting.read")
def meeting_page(request, meeting):
    member = request.user
    keeps = access.keeps_meeting(member, meeting)
    attendances = reading.attendances_of(meeting)
    own = next((row for row in attendances if row.unit_id == member.unit_id), None)
    answers = own is not None and access.answers_for(member, own)
    points = reading.points_of(member, meeting)
    guests = reading.guests_by_item(member, meeting) if keeps else {}
    for point in points:
        point.guests = guests.get(point.item.pk, [])
    # Whoever is called for a point is told of it, and of nothing else of the meeting.
    sits = access.sits_in(member, meeting)
    before, decisions = reading.previous_decisions(member, meeting) if sits else (None, [])
    if keeps and meeting.state in OPEN:
        reading.add_queues(points, member)
    context = {
        "meeting": reading.shown_as(meeting),
        "may_read_strategy": may(Right.READ_STRATEGY)(member),
        "points": points,
        "keeps": keeps,
        "writes": keeps and meeting.state in OPEN,
        "is_ahead": meeting.state in AHEAD,
        "attendances": attendances if sits else [],
        "own": own,
        "answer_form": AnswerForm(initial={"said": own.answer}) if own and answers else None,
        "before": before,
        "previous": decisions,
        "steps": reading.steps_of(meeting),
        "tells_life": sits,
        "removed": list(access.removed_items(member).filter(meeting=meeting)) if keeps else [],
        "sees_minutes": meeting.state in OVER
        and access.minuted_meetings(member).filter(pk=meeting.pk).exists(),
    }
    return render(request, "intel/meeting_page.html", context)


def _back(request, meeting, sentence=""):
    if sentence:
        messages.success(request, sentence)
    return redirect("meeting_page", key=meeting.key)


@require_POST
@gate.hands(access.movable_meetings, by="key")
def call_meeting(request, meeting):
    with telling_refusals(request):
        actions.call(meeting, by=request.user)
        messages.success(
            request, "Réunion convoquée : les unités la voient, un mail sans contenu les prévient."
        )
    return _back(request, meeting)


@gate.hands(access.movable_meetings, by="key")
def move_meeting(request, meeting):
    form = MoveMeetingForm.read(
        request,
        units=access.called_units(meeting.protocol, on=meeting.held_on),
        initial={
            "held_on": meeting.held_on,
            "starts_at": f"{meeting.starts_at:%H:%M}",
            "lasts": meeting.lasts,
            "place": meeting.place,
            "chair": meeting.chair_id,
        },
    )
    if form.carry_out(lambda **said: actions.move(meeting, by=request.user, **said)):
        told = day(form.cleaned_data["held_on"])
        return _back(request, meeting, f"Réunion enregistrée, le {told}.")
    context = {
        "meeting": meeting,
        "submit_label": "Enregistrer",
        "cancel_url": reverse("meeting_page", args=[meeting.key]),
    }
    return render_form(request, "intel/meeting_move.html", form, **context)


@gate.hands(access.movable_meetings, by="key")
def cancel_meeting(request, meeting):
    form = CancelMeetingForm.read(request)
    if form.carry_out(lambda why: actions.cancel(meeting, by=request.user, why=why)):
        return _back(request, meeting, "Réunion annulée. Vous pouvez la rétablir.")
    context = {
        "meeting": meeting,
        "submit_label": "Annuler la réunion",
        "cancel_url": reverse("meeting_page", args=[meeting.key]),
    }
    return render_form(request, "intel/meeting_cancel.html", form, **context)


@require_POST
@gate.hands(access.cancelled_meetings, by="key")
def restore_meeting(request, meeting):
    with telling_refusals(request):
        actions.restore(meeting, by=request.user)
        messages.success(request, "Réunion rétablie.")
    return _back(request, meeting)


# Where each step leads.
NEXT_PAGES = {
    MeetingState.SITTING: "meeting_sitting",
    MeetingState.TO_SIGN: "minutes_page",
}


@require_POST
@gate.hands(access.keepable_meetings, by="key")
def advance_meeting(request, meeting):
    target = request.POST.get("target", "")
    is_early = target == MeetingState.SITTING and reading.is_early(meeting)
    if is_early and "today" not in request.POST:
        context = {
            "meeting": meeting,
            "submit_label": "La tenir aujourd’hui",
            "cancel_url": reverse("meeting_page", args=[meeting.key]),
        }
        return render(request, "intel/meeting_early.html", context)
    with telling_refusals(request):
        if is_early:
            actions.hold_today(meeting, by=request.user)
        else:
            actions.advance(meeting, target, by=request.user)
        return redirect(NEXT_PAGES.get(target, "meeting_page"), key=meeting.key)
    return _back(request, meeting)


@require_POST
@gate.hands(access.answerable_attendances, by="key")
def answer_attendance(request, attendance):
    form = AnswerForm.read(request)
    if form.carry_out(lambda said: actions.answer(attendance, by=request.user, said=said)):
        said = attendance.Answer(form.cleaned_data["said"]).label
        return _back(request, attendance.meeting, f"Réponse enregistrée : {said.lower()}.")
    messages.warning(request, "Choisissez présent, représenté ou excusé.")
    return _back(request, attendance.meeting)


@gate.hands(access.calendar_meetings, by="key")
def meeting_calendar(request, meeting):
    """The file for one's own calendar: the day and a link, nothing else."""
    is_cancelled = meeting.state == MeetingState.CANCELLED
    attendee = request.user.email
    method = ics.CANCEL if is_cancelled else ics.REQUEST if attendee else ics.PUBLISH
    content = ics.calendar_of(
        meeting,
        method=method,
        url=f"{settings.ADDRESS}{reverse('meeting_page', args=[meeting.key])}",
        organiser=settings.DEFAULT_FROM_EMAIL,
        attendee=attendee,
    )
    kind = f"text/calendar; charset=utf-8; method={method}"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="reunion.ics"'
    return answer
