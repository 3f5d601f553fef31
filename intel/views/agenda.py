"""The agenda of a meeting: built, written, reordered; the guests of its points."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions import agenda as actions
from intel.actions import guests
from intel.forms.meetings import GuestForm, ItemForm
from intel.reading import meetings as reading
from intel.reading import requests


def _back(meeting):
    return redirect(f"{reverse('meeting_page', args=[meeting.key])}#ordre-du-jour")


@require_POST
@gate.hands(access.open_meetings, by="key")
def build_agenda(request, meeting):
    with telling_refusals(request):
        items, reports = actions.build(meeting, by=request.user)
        if items or reports:
            told = f"{counted(items, 'point ajouté,points ajoutés')}, {counted(reports, 'fiche')}"
        else:
            told = "Rien de nouveau dans la file : l’ordre du jour est à jour"
        messages.success(request, f"{told}.")
    return _back(meeting)


def _finder(member):
    def find(words):
        reference = requests.reference_in(words, member)
        return access.addable_reports(member).filter(reference=reference).first()

    return find


@gate.hands(access.open_meetings, by="key")
def new_item(request, meeting):
    form = ItemForm.read(
        request, find=_finder(request.user), units=reading.chargeable_units(request.user, meeting)
    )
    if form.carry_out(lambda **said: actions.add(meeting, by=request.user, **said)):
        messages.success(request, "Point ajouté à la fin de l’ordre du jour.")
        return _back(meeting)
    context = {
        "meeting": meeting,
        "submit_label": "Ajouter le point",
        "cancel_url": reverse("meeting_page", args=[meeting.key]),
    }
    return render_form(request, "intel/meeting_item.html", form, **context)


@gate.hands(access.editable_items, by="key")
def change_item(request, item):
    form = ItemForm.read(
        request,
        find=_finder(request.user),
        units=reading.chargeable_units(request.user, item.meeting),
        initial={
            "title": item.title,
            "minutes": item.minutes,
            "rapporteur": item.rapporteur_id,
        },
    )
    if form.carry_out(lambda **said: actions.change(item, by=request.user, **said)):
        messages.success(request, "Point enregistré.")
        return _back(item.meeting)
    context = {
        "meeting": item.meeting,
        "item": item,
        "submit_label": "Enregistrer",
        "cancel_url": reverse("meeting_page", args=[item.meeting.key]),
    }
    return render_form(request, "intel/meeting_item.html", form, **context)


@require_POST
@gate.hands(access.editable_items, by="key")
def move_item(request, item):
    with telling_refusals(request):
        actions.reorder(item, by=request.user, up=request.POST.get("sens") == "haut")
    return redirect(f"{reverse('meeting_page', args=[item.meeting.key])}#point-{item.key}")


@require_POST
@gate.hands(access.editable_items, by="key")
def remove_item(request, item):
    with telling_refusals(request):
        actions.remove(item, by=request.user)
        messages.success(
            request, "Point retiré ; il reste plus bas, d’où vous pouvez le remettre."
        )
    return _back(item.meeting)


@require_POST
@gate.hands(access.removed_items, by="key")
def restore_item(request, item):
    with telling_refusals(request):
        actions.put_back(item, by=request.user)
        messages.success(request, "Point remis à l’ordre du jour.")
    return _back(item.meeting)


@require_POST
@gate.hands(access.removable_named, by="key")
def remove_named(request, named):
    with telling_refusals(request):
        actions.remove_report(named, by=request.user)
        messages.success(request, "Fiche retirée du point.")
    return _back(named.item.meeting)


# --- Guests -----------------------------------------------------------------------------------


@gate.hands(access.editable_items, by="key")
def invite_to_item(request, item):
    meeting = item.meeting
    form = GuestForm.read(
        request,
        guests=access.invitable_members(request.user).order_by("last_name", "first_name", "pk"),
        initial={
            "starts_on": timezone.localdate(),
            "ends_on": meeting.held_on + guests.USUAL_AFTER,
        },
    )
    made = []
    if form.carry_out(lambda **said: made.append(guests.invite(item, by=request.user, **said))):
        messages.success(request, _told(*made[0]))
        return _back(meeting)
    context = {
        "meeting": meeting,
        "item": item,
        "submit_label": "Inviter à ce point",
        "cancel_url": reverse("meeting_page", args=[meeting.key]),
    }
    return render_form(request, "intel/meeting_guest.html", form, **context)


def _told(called, done):
    opened, asked = done
    told = [f"{called.member.get_full_name()} est invité à ce point"]
    if opened:
        told.append(f"{counted(opened, 'fiche ouverte,fiches ouvertes')} pour ce temps")
    if asked:
        told.append(f"{counted(asked, 'fiche demandée,fiches demandées')} à son unité")
    return f"{' ; '.join(told)}."


@require_POST
@gate.hands(access.endable_item_guests, by="key")
def end_item_guest(request, called):
    with telling_refusals(request):
        guests.end(called, by=request.user)
        messages.success(request, "Invitation terminée : ce qu’elle ouvrait est fermé.")
    return _back(called.item.meeting)
