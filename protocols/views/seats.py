"""The seats under a protocol: a unit is admitted, its seat changes, its seat ends."""

from cross import gate
from cross.ui.templatetags.words import day
from protocols import access, actions
from protocols.forms.seats import AdmitForm, ChangeSeatForm, EndSeatForm
from protocols.views.answers import done, form_page


@gate.hands(access.keepable_protocols, by="key")
def admit_unit(request, protocol):
    form = AdmitForm.read(
        request,
        units=access.admissible_units(protocol),
        communes=access.seatable_communes(protocol),
    )
    if form.carry_out(lambda **_: _admit(form, protocol, by=request.user)):
        return done(request, protocol, f"{form.cleaned_data['unit']} participe au protocole.")
    return form_page(request, protocol, form, "protocols/seat_admit.html")


def _admit(form, protocol, *, by):
    actions.admit(form.cleaned_data["unit"], protocol, by=by, **vars(form.seat()))


@gate.hands(access.keepable_seats, by="key")
def change_seat(request, seat):
    communes = access.seatable_communes(seat.content_object)
    form = ChangeSeatForm.read(request, participation=seat, communes=communes)
    if form.carry_out(
        lambda why, **_: actions.change_seat(seat, form.seat(), by=request.user, why=why)
    ):
        return done(request, seat.content_object, f"Siège modifié : {seat.group.unit}.")
    return form_page(request, seat.content_object, form, "protocols/seat_change.html", seat=seat)


@gate.hands(access.keepable_seats, by="key")
def end_seat(request, seat):
    form = EndSeatForm.read(request)
    if form.carry_out(lambda **said: actions.end_seat(seat, by=request.user, **said)):
        last = day(form.cleaned_data["last_day"])
        until = f"prendra fin le {last}, ce jour compris" if last else "a pris fin"
        return done(request, seat.content_object, f"{seat.group.unit} : le siège {until}.")
    return form_page(request, seat.content_object, form, "protocols/seat_end.html", seat=seat)
