"""The sitting: one point at a time on the wall, decisions typed under it; what became of them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import drafts, meetings
from intel.actions import meeting_decisions as actions
from intel.forms.meetings import AxisForm, DecisionForm, FollowForm, PresenceForm
from intel.reading import meetings as reading

TYPED = ("text", "report", "unit", "due_on", "axis")


@gate.hands(access.sitting_meetings, by="key", reads="meeting.read")
def meeting_sitting(request, meeting):
    """The first point; an agenda that is empty is written first."""
    first = access.sitting_items(request.user).filter(meeting=meeting).order_by("rank", "pk")
    item = first.first()
    if item is None:
        messages.warning(request, "L’ordre du jour est vide : ajoutez un point.")
        return redirect("meeting_page", key=meeting.key)
    return redirect("sitting_item", key=item.key)


@gate.hands(access.sitting_items, by="key", reads="meeting.read")
def sitting_item(request, item):
    member, meeting = request.user, item.meeting
    rows = reading.attendances_of(meeting)
    kept = drafts.kept(by=member, key=actions.draft_key(item))
    typed = {name: values[-1] for name, values in kept.fields.items() if values} if kept else {}
    form = DecisionForm.read(
        request,
        units=reading.chargeable_units(member, meeting),
        reports=reading.directable_of(member, item),
        axes=reading.axes_for(member, meeting).order_by("strategy", "rank"),
        initial=typed,
    )
    if form.carry_out(lambda **said: actions.decide(item, by=member, **said)):
        messages.success(request, "Décision enregistrée.")
        return redirect("sitting_item", key=item.key)
    if request.method == "POST":
        _keep(request, item)
    points = reading.points_of(member, meeting, projected=True)
    follows = item.kind == item.Kind.DECISIONS
    before, previous = (
        reading.previous_decisions(member, meeting, projected=True) if follows else (None, [])
    )
    unsaid = sum(not row.noted for row in rows)
    title = "Présences et observations"
    context = {
        "meeting": reading.shown_as(meeting),
        "points": points,
        "open": next(point for point in points if point.item.pk == item.pk),
        "before": before,
        "previous": previous,
        "presences_title": f"{title} ({unsaid} à noter)" if unsaid else title,
        "presence_form": PresenceForm(rows=rows, initial={"remarks": meeting.remarks}),
        "draft_url": reverse("keep_decision", args=[item.key]),
        "resumed": kept,
    }
    return render_form(request, "intel/meeting_sitting.html", form, **context)


@require_POST
@gate.hands(access.sitting_items, by="key")
def keep_decision(request, item):
    """204: kept. 413: too long to be kept, and the page says so."""
    return HttpResponse(status=204 if _keep(request, item) else 413)


def _keep(request, item):
    fields = {name: values for name, values in request.POST.lists() if name in TYPED}
    return drafts.keep(by=request.user, key=actions.draft_key(item), fields=fields)


@require_POST
@gate.hands(access.undoable_decisions, by="key")
def undo_decision(request, decision):
    with telling_refusals(request):
        actions.undo(decision, by=request.user)
        messages.success(request, "Décision annulée.")
    return redirect("sitting_item", key=decision.item.key)


@require_POST
@gate.hands(access.sitting_meetings, by="key")
def note_presence(request, meeting):
    form = PresenceForm.read(request, rows=reading.attendances_of(meeting))
    form.carry_out(
        lambda **said: meetings.note(
            meeting, by=request.user, noted=form.noted(), remarks=said["remarks"]
        )
    )
    if form.errors:
        messages.warning(request, "Présences non enregistrées : choisissez dans la liste.")
    else:
        messages.success(request, "Présences enregistrées.")
    return redirect("meeting_sitting", key=meeting.key)


@gate.hands(access.actionable_decisions, by="key")
def decision_action(request, decision):
    """What was decided becomes an action of the strategy, followed with the others."""
    meeting = decision.item.meeting
    form = AxisForm.read(
        request, axes=reading.axes_for(request.user, meeting).order_by("strategy", "rank")
    )
    made = []
    if form.carry_out(
        lambda axis: made.append(actions.make_action(decision, by=request.user, axis=axis))
    ):
        messages.success(request, "La décision est inscrite à la stratégie.")
        return redirect(made[0])
    context = {
        "meeting": meeting,
        "decision": decision,
        "submit_label": "Inscrire à la stratégie",
        "cancel_url": meeting.get_absolute_url(),
    }
    return render_form(request, "intel/meeting_action.html", form, **context)


@gate.hands(access.followable_decisions, by="key")
def follow_decision(request, decision):
    meeting = decision.item.meeting
    form = FollowForm.read(
        request, initial={"became": decision.became, "words": decision.became_words}
    )
    if form.carry_out(lambda **said: actions.follow(decision, by=request.user, **said)):
        messages.success(request, "Suite enregistrée.")
        return redirect("minutes_page", key=meeting.key)
    context = {
        "meeting": meeting,
        "decision": decision,
        "submit_label": "Enregistrer la suite",
        "cancel_url": reverse("minutes_page", args=[meeting.key]),
    }
    return render_form(request, "intel/meeting_follow.html", form, **context)
