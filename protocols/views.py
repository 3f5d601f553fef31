"""The protocols of a department, and the seats under them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from protocols import access, actions, reading
from protocols.forms import AdmitForm, WithdrawForm


@gate.lists(access.readable_protocols)
def protocol_list(request, protocols):
    found = list(protocols.select_related("department", "lead_service").order_by("-starts_on"))
    for protocol in found:
        protocol.word, protocol.tone = reading.state_of(protocol)
    return render(request, "protocols/protocol_list.html", {"protocols": found})


@gate.hands(access.readable_protocols, reads="protocol.read")
def protocol_page(request, protocol):
    units = access.admissible_units(request.user).order_by("sort_key", "pk")
    return _sheet(request, protocol, AdmitForm(units=units))


def _sheet(request, protocol, form, status=200):
    word, tone = reading.state_of(protocol)
    may_keep = access.keepable_protocols(request.user).filter(pk=protocol.pk).exists()
    context = {
        "protocol": protocol,
        "word": word,
        "tone": tone,
        "signatures": reading.signatures(protocol),
        "seats": reading.seats(protocol),
        "form": form if may_keep else None,
    }
    return render(request, "protocols/protocol_page.html", context, status=status)


@require_POST
@gate.hands(access.keepable_protocols)
def admit_unit(request, protocol):
    units = access.admissible_units(request.user).order_by("sort_key", "pk")
    form = AdmitForm(request.POST, units=units)
    if not form.is_valid():
        return _sheet(request, protocol, form, status=422)
    seat = form.cleaned_data
    unit = seat.pop("unit")
    reads = seat.pop("reads_reports") == "oui"
    actions.admit(unit, protocol, by=request.user, reads_reports=reads, **seat)
    messages.success(request, f"{unit} participe au protocole.")
    return redirect("protocol_page", protocol.pk)


@require_POST
@gate.hands(access.keepable_protocols)
def withdraw_unit(request, protocol):
    form = WithdrawForm(request.POST, units=access.admissible_units(request.user))
    if form.is_valid():
        unit, why = form.cleaned_data["unit"], form.cleaned_data["why"]
        try:
            actions.withdraw(unit, protocol, by=request.user, why=why)
            messages.success(request, f"{unit} ne participe plus au protocole.")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        messages.error(request, "Indiquez le motif du retrait.")
    return redirect("protocol_page", protocol.pk)
