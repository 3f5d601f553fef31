"""The protocols of a department, their life, and the seats under them."""

from django.contrib import messages
from django.shortcuts import redirect, render

from cross import gate
from cross.ui.forms import render_form
from cross.ui.templatetags.words import day
from protocols import access, actions, reading
from protocols.forms import (
    AdmitForm,
    AmendmentForm,
    ChangeSeatForm,
    EndForm,
    EndSeatForm,
    SuspendForm,
    WhyForm,
)
from services.roles import Right, may


@gate.lists(access.readable_protocols)
def protocol_list(request, protocols):
    found = list(protocols.order_by("-starts_on"))
    for protocol in found:
        protocol.word, protocol.tone = reading.state_of(protocol)
    context = {"protocols": found, "hands_in": may(Right.CONTRIBUTE)(request.user)}
    return render(request, "protocols/protocol_list.html", context)


@gate.hands(access.readable_protocols, reads="protocol.read")
def protocol_page(request, protocol):
    word, tone = reading.state_of(protocol)
    may_keep = access.keepable_protocols(request.user).filter(pk=protocol.pk).exists()
    context = {
        "protocol": protocol,
        "word": word,
        "tone": tone,
        "signatures": reading.signatures(protocol),
        "amendments": reading.amendments(protocol),
        "events": reading.events(protocol),
        "seats": reading.seats(protocol),
        "may_keep": may_keep,
        "doable": reading.doable(protocol) if may_keep else set(),
        "own_group": request.user.unit.group_id,
    }
    return render(request, "protocols/protocol_page.html", context)


# --- Its life ---------------------------------------------------------------------------------


@gate.hands(access.keepable_protocols)
def suspend_protocol(request, protocol):
    form = SuspendForm.read(request)
    if form.carry_out(lambda **said: actions.suspend(protocol, by=request.user, **said)):
        first = day(form.cleaned_data["from_day"])
        return _done(request, protocol, f"Suspension enregistrée, à partir du {first}.")
    return _form(request, protocol, form, "protocols/protocol_suspend.html")


@gate.hands(access.keepable_protocols)
def resume_protocol(request, protocol):
    form = WhyForm.read(request)
    if form.carry_out(lambda why: actions.resume(protocol, by=request.user, why=why)):
        return _done(request, protocol, "Le protocole reprend : l’accès est rouvert à l’instant.")
    word, _ = reading.state_of(protocol)
    return _form(request, protocol, form, "protocols/protocol_resume.html", word=word)


@gate.hands(access.keepable_protocols)
def end_protocol(request, protocol):
    form = EndForm.read(request)
    if form.carry_out(lambda **said: actions.end(protocol, by=request.user, **said)):
        last = day(form.cleaned_data["last_day"])
        return _done(request, protocol, f"Fin du protocole enregistrée, le {last} compris.")
    return _form(request, protocol, form, "protocols/protocol_end.html")


@gate.hands(access.keepable_protocols)
def amend_protocol(request, protocol):
    form = AmendmentForm.read(request)
    if form.carry_out(lambda **said: actions.amend(protocol, by=request.user, **said)):
        return _done(request, protocol, "Avenant enregistré.")
    return _form(request, protocol, form, "protocols/protocol_amend.html")


# --- Its seats --------------------------------------------------------------------------------


@gate.hands(access.keepable_protocols)
def admit_unit(request, protocol):
    form = AdmitForm.read(
        request,
        units=access.admissible_units(protocol),
        communes=access.seatable_communes(protocol),
    )
    if form.carry_out(lambda **_: _admit(form, protocol, by=request.user)):
        return _done(request, protocol, f"{form.cleaned_data['unit']} participe au protocole.")
    return _form(request, protocol, form, "protocols/seat_admit.html")


def _admit(form, protocol, *, by):
    actions.admit(form.cleaned_data["unit"], protocol, by=by, **vars(form.seat()))


@gate.hands(access.keepable_seats)
def change_seat(request, seat):
    communes = access.seatable_communes(seat.content_object)
    form = ChangeSeatForm.read(request, participation=seat, communes=communes)
    if form.carry_out(
        lambda why, **_: actions.change_seat(seat, form.seat(), by=request.user, why=why)
    ):
        return _done(request, seat.content_object, f"Siège modifié : {seat.group.unit}.")
    return _form(request, seat.content_object, form, "protocols/seat_change.html", seat=seat)


@gate.hands(access.keepable_seats)
def end_seat(request, seat):
    form = EndSeatForm.read(request)
    if form.carry_out(lambda **said: actions.end_seat(seat, by=request.user, **said)):
        last = day(form.cleaned_data["last_day"])
        until = f"prendra fin le {last}, ce jour compris" if last else "a pris fin"
        return _done(request, seat.content_object, f"{seat.group.unit} : le siège {until}.")
    return _form(request, seat.content_object, form, "protocols/seat_end.html", seat=seat)


def _done(request, protocol, sentence):
    messages.success(request, sentence)
    return redirect("protocol_page", protocol.pk)


def _form(request, protocol, form, template, **more):
    return render_form(request, template, form, protocol=protocol, **more)
