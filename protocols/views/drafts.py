"""A protocol before it is signed: written, given its signatories, signed, or thrown away."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import day
from protocols import access, actions
from protocols.forms.protocol import DraftForm, SignatoryForm, SignForm
from protocols.reading import drafts as reading
from protocols.views.answers import done, form_page


@gate.hands(access.draftable_departments, by="code")
def draft_protocol(request, department):
    if draft := access.writable_drafts(request.user).first():
        messages.info(request, "Un projet est déjà en cours d’écriture : le voici.")
        return redirect(draft)
    before = access.last_signed(department.pk)
    form = DraftForm.read(
        request,
        protocol=before,
        services=access.signing_services(department.pk),
        initial=reading.first_words(department, before),
    )
    made = []
    if form.carry_out(
        lambda **said: made.append(actions.draft(department, by=request.user, **said))
    ):
        return done(request, made[0], "Projet enregistré. Indiquez maintenant qui le signe.")
    return render_form(
        request, "protocols/protocol_draft.html", form, department=department, before=before
    )


@gate.hands(access.writable_drafts, by="key")
def rewrite_protocol(request, protocol):
    form = DraftForm.read(
        request,
        protocol=protocol,
        services=access.signing_services(protocol.department_id),
        initial=reading.texts_of(protocol),
    )
    if form.carry_out(lambda **said: actions.rewrite(protocol, by=request.user, **said)):
        return done(request, protocol, "Projet enregistré.")
    return form_page(request, protocol, form, "protocols/protocol_draft.html")


@require_POST
@gate.hands(access.writable_drafts, by="key")
def discard_protocol(request, protocol):
    with telling_refusals(request):
        actions.discard(protocol, by=request.user)
        messages.success(request, "Projet supprimé.")
        return redirect("protocol_list")
    return redirect(protocol)


@gate.hands(access.writable_drafts, by="key")
def sign_protocol(request, protocol):
    before = access.last_signed(protocol.department_id)
    form = SignForm.read(request, continued=reading.continued(protocol, before, request.user))
    if form.carry_out(lambda **said: actions.sign(protocol, by=request.user, **said)):
        first = day(protocol.starts_on)
        return done(request, protocol, f"Signature enregistrée. En vigueur à partir du {first}.")
    return form_page(
        request,
        protocol,
        form,
        "protocols/protocol_sign.html",
        wanting=reading.wanting(protocol),
    )


# --- Signatories ------------------------------------------------------------------------------


@gate.hands(access.writable_drafts, by="key")
def add_signature(request, protocol):
    services = access.signing_services(protocol.department_id)
    form = SignatoryForm.read(request, services=services)
    if form.carry_out(lambda **said: actions.add_signature(protocol, by=request.user, **said)):
        return done(request, protocol, f"Signataire ajouté : {form.cleaned_data['capacity']}.")
    return form_page(request, protocol, form, "protocols/signature_form.html")


@gate.hands(access.writable_signatures, by="key")
def change_signature(request, signature):
    protocol = signature.protocol
    form = SignatoryForm.read(
        request,
        services=access.signing_services(protocol.department_id),
        initial=reading.signatory(signature),
    )
    if form.carry_out(lambda **said: actions.change_signature(signature, by=request.user, **said)):
        return done(request, protocol, f"Signataire modifié : {form.cleaned_data['capacity']}.")
    return form_page(request, protocol, form, "protocols/signature_form.html", signature=signature)


@require_POST
@gate.hands(access.writable_signatures, by="key")
def move_signature(request, signature):
    with telling_refusals(request):
        actions.move_signature(signature, by=request.user, up=request.POST.get("vers") == "haut")
    return redirect(f"{signature.protocol.get_absolute_url()}#signataires")


@require_POST
@gate.hands(access.writable_signatures, by="key")
def remove_signature(request, signature):
    with telling_refusals(request):
        actions.remove_signature(signature, by=request.user)
        messages.success(request, f"Signataire retiré : {signature.capacity}.")
    return redirect(f"{signature.protocol.get_absolute_url()}#signataires")
