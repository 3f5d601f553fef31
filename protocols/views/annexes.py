"""The scanned papers of a protocol: put beside it, opened by whoever reads it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from cross import gate, serving
from cross.ui.forms import telling_refusals
from protocols import access
from protocols.actions import annexes as actions
from protocols.forms.annexes import AnnexForm
from protocols.views.answers import form_page


def _back(protocol):
    return redirect(f"{protocol.get_absolute_url()}#annexes")


@gate.hands(access.annexable_protocols, by="key")
def add_annex(request, protocol):
    form = AnnexForm.read(request, amendments=protocol.amendments.order_by("rank"))
    if form.carry_out(lambda **said: actions.annex(protocol, by=request.user, **said)):
        messages.success(request, "Fichier joint au protocole.")
        return _back(protocol)
    return form_page(request, protocol, form, "protocols/annex_form.html", multipart=True)


@require_safe
@gate.hands(access.readable_annexes, by="key", reads="protocol.annex_read")
def annex_page(request, annex):
    """The file itself, to be saved and never shown by the browser in our own name."""
    if annex.is_held:
        messages.warning(
            request, f"« {annex.name} » est en quarantaine : {annex.get_scan_display()}."
        )
        return _back(annex.protocol)
    return serving.original(annex)


@require_POST
@gate.hands(access.releasable_annexes, by="key", fresh=True)
def release_annex(request, annex):
    with telling_refusals(request):
        actions.release(annex, by=request.user)
        messages.success(request, f"« {annex.name} » sort de quarantaine, à votre nom.")
    return _back(annex.protocol)


@require_POST
@gate.hands(access.removable_annexes, by="key")
def remove_annex(request, annex):
    with telling_refusals(request):
        actions.remove(annex, by=request.user)
        messages.success(request, f"« {annex.name} » est retirée.")
    return _back(annex.protocol)
