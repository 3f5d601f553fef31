"""The protocols of a department and their life."""

from django.shortcuts import render

from cross import gate
from cross.ui.templatetags.words import day
from protocols import access, actions
from protocols.forms.protocol import AmendmentForm, EndForm, SuspendForm, WhyForm
from protocols.forms.versions import CompareForm
from protocols.reading import annexes
from protocols.reading import protocol as reading
from protocols.reading.drafts import wanting
from protocols.reading.renewals import days_left
from protocols.reading.seats import seats
from protocols.reading.versions import compare, versions
from protocols.views.answers import done, form_page
from services.roles import Right, may


@gate.lists(access.readable_protocols)
def protocol_list(request, protocols):
    found = list(protocols.order_by("-starts_on"))
    for protocol in found:
        protocol.word, protocol.tone = reading.state_of(protocol)
    context = {
        "protocols": found,
        "hands_in": may(Right.CONTRIBUTE)(request.user),
        "draftable": _draftable(request.user, found),
    }
    return render(request, "protocols/protocol_list.html", context)


def _draftable(member, protocols):
    """The department whose next protocol may be begun: one at a time."""
    if any(protocol.is_draft for protocol in protocols):
        return None
    return access.draftable_departments(member).first()


@gate.hands(access.readable_protocols, by="key", reads="protocol.read")
def protocol_page(request, protocol):
    word, tone = reading.state_of(protocol)
    signed = reading.signed(protocol)
    context = {
        "protocol": protocol,
        "word": word,
        "tone": tone,
        "signatures": signed[None],
        "clauses": reading.clauses_of(protocol),
        "annexes": annexes.of(protocol),
    }
    if protocol.is_draft:
        # It is handed to who writes it alone.
        mine = {"wanting": wanting(protocol), "may_annex": True, "may_remove_annexes": True}
        return render(request, "protocols/protocol_project.html", context | mine)
    may_keep = access.keepable_protocols(request.user).filter(pk=protocol.pk).exists()
    context |= {
        "amendments": reading.amendments(protocol, signed),
        "next_meeting": reading.next_meeting(protocol),
        "days_left": days_left(protocol),
        "events": reading.events(protocol),
        "seats": seats(protocol),
        "may_keep": may_keep,
        "may_annex": may_keep,
        "doable": reading.doable(protocol) if may_keep else set(),
        "own_group": request.user.unit.group_id,
    }
    return render(request, "protocols/protocol_page.html", context)


@gate.hands(access.signed_protocols, by="key", reads="protocol.compared")
def compare_versions(request, protocol):
    found = versions(protocol)
    context = {"protocol": protocol}
    if len(found) > 1:
        form = CompareForm(request.GET, versions=found)
        context |= {"form": form, "comparison": compare(protocol, *form.pair(), among=found)}
    return render(request, "protocols/protocol_compare.html", context)


# --- Its life ---------------------------------------------------------------------------------


@gate.hands(access.keepable_protocols, by="key")
def suspend_protocol(request, protocol):
    form = SuspendForm.read(request)
    if form.carry_out(lambda **said: actions.suspend(protocol, by=request.user, **said)):
        first = day(form.cleaned_data["from_day"])
        return done(request, protocol, f"Suspension enregistrée, à partir du {first}.")
    return form_page(request, protocol, form, "protocols/protocol_suspend.html")


@gate.hands(access.keepable_protocols, by="key")
def resume_protocol(request, protocol):
    form = WhyForm.read(request)
    if form.carry_out(lambda why: actions.resume(protocol, by=request.user, why=why)):
        return done(request, protocol, "Le protocole reprend : l’accès est rouvert à l’instant.")
    word, _ = reading.state_of(protocol)
    return form_page(request, protocol, form, "protocols/protocol_resume.html", word=word)


@gate.hands(access.keepable_protocols, by="key")
def end_protocol(request, protocol):
    form = EndForm.read(request)
    if form.carry_out(lambda **said: actions.end(protocol, by=request.user, **said)):
        last = day(form.cleaned_data["last_day"])
        return done(request, protocol, f"Fin du protocole enregistrée, le {last} compris.")
    return form_page(request, protocol, form, "protocols/protocol_end.html")


@gate.hands(access.keepable_protocols, by="key")
def amend_protocol(request, protocol):
    services = access.signing_services(protocol.department_id)
    known = reading.bound(protocol)
    form = AmendmentForm.read(request, protocol=protocol, services=services, known=known)
    if form.carry_out(lambda **_: actions.amend(protocol, by=request.user, **form.said())):
        return done(request, protocol, "Avenant enregistré.")
    return form_page(request, protocol, form, "protocols/protocol_amend.html")
