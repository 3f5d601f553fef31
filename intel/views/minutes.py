"""The minutes of a meeting: read, printed, signed by two persons, then frozen."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import telling_refusals
from intel import access
from intel.actions import meetings as actions
from intel.reading import meetings as reading
from intel.reading import minutes as minutes_reading
from protocols.meeting_states import MeetingState
from services.roles import Right, may


@gate.hands(access.minuted_meetings, by="key", reads="minutes.read")
def minutes_page(request, meeting):
    member = request.user
    text = minutes_reading.minutes_of(meeting)
    decided, followed = minutes_reading.decisions_of(member, meeting)
    context = {
        "meeting": reading.shown_as(meeting),
        "may_read_strategy": may(Right.READ_STRATEGY)(member),
        "minutes": text,
        "signatures": minutes_reading.signatures_of(meeting),
        "is_intact": minutes_reading.is_intact(meeting),
        "may_sign": meeting.state == MeetingState.TO_SIGN
        and access.signable_meetings(member).filter(pk=meeting.pk).exists(),
        "keeps": access.keeps_meeting(member, meeting),
        "decided": decided,
        "followed": followed,
        "next": minutes_reading.next_of(member, meeting),
    }
    return render(request, "intel/meeting_minutes.html", context)


@require_POST
@gate.hands(access.signable_meetings, by="key")
def sign_minutes(request, meeting):
    with telling_refusals(request):
        signed = actions.sign(meeting, by=request.user, seen=request.POST.get("digest", ""))
        messages.success(
            request,
            "Compte rendu signé par les deux services : il ne change plus."
            if signed.state == MeetingState.SIGNED
            else "Signé. Une personne d’un autre service présent signe à son tour.",
        )
    return redirect("minutes_page", key=meeting.key)
