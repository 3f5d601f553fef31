"""Sheets to hand to somebody: for whom and why, then the file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import handing
from intel.forms.documents import HandForm, MapForm
from intel.reading import places, sheet
from intel.reading.summary_maps import LAYERS
from intel.reading.summary_page import page_of as summary_page_of
from protocols.access import readable_protocols


@gate.hands(sheet.rows, by="reference", fresh=True)
def report_pdf(request, report):
    """Of a report that stays in its unit, the page that asks for its accord."""
    if not report.may_leave:
        messages.warning(
            request,
            f"{report.reference} ne s’imprime hors de l’unité {report.owner} qu’avec son accord.",
        )
        return redirect("ask_accord", report.reference)
    return _hand(
        request,
        lambda said: handing.hand_report(report, by=request.user, **said),
        name=report.reference,
        heading=f"Remettre {report.reference} sur papier",
        cancel_url=report.get_absolute_url(),
    )


@gate.hands(places.rows, by="key", fresh=True)
def place_pdf(request, place):
    if not access.leaving_places(request.user).filter(pk=place.pk).exists():
        messages.warning(request, handing.PLACE_STAYS)
        return redirect(place)
    return _hand(
        request,
        lambda said: handing.hand_place(place, by=request.user, **said),
        name=f"lieu-{slugify(place.name)}",
        heading=f"Remettre la fiche de {place.name}",
        cancel_url=place.get_absolute_url(),
    )


@gate.hands(access.exportable_summaries, fresh=True)
def map_pdf(request, summary):
    """Of the layer that the address asks for, as the reader's own page of the summary draws it."""
    readable = access.readable_summaries(request.user)
    shown = summary_page_of(summary, readable, request.GET)
    if not shown.is_drawn:
        messages.warning(request, handing.NO_MAP)
        return redirect("summary_page", summary.pk)
    layer = LAYERS[shown.layer]
    return _hand(
        request,
        lambda said: handing.hand_map(shown, by=request.user, **said),
        name=slugify(f"carte {summary.department.code} {shown.mapped.label} {layer}"),
        heading=f"Imprimer la carte « {layer} »",
        cancel_url=f"{reverse('summary_page', args=[summary.pk])}?couche={shown.layer}#carte",
        back="Retour à la synthèse",
        form_class=MapForm,
        subject=f"{layer}, {shown.mapped.label}",
    )


@gate.hands(readable_protocols, by="key", fresh=True)
def protocol_pdf(request, protocol):
    return _hand(
        request,
        lambda said: handing.hand_protocol(protocol, by=request.user, **said),
        name=f"protocole-{protocol.department.code}-{protocol.starts_on:%Y-%m-%d}",
        heading="Imprimer le protocole",
        cancel_url=protocol.get_absolute_url(),
        back="Retour au protocole",
    )


@gate.hands(access.minuted_meetings, by="key", fresh=True)
def minutes_pdf(request, meeting):
    return _hand(
        request,
        lambda said: handing.hand_minutes(meeting, by=request.user, **said),
        name=f"compte-rendu-{meeting.held_on:%Y-%m-%d}",
        heading="Imprimer le compte rendu",
        cancel_url=meeting.get_absolute_url(),
        back="Retour à la réunion",
    )


def _hand(
    request,
    make,
    *,
    name,
    heading,
    cancel_url,
    back="Retour à la fiche",
    form_class=HandForm,
    subject="",
):
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = make(form.cleaned_data)
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            return HttpResponse(
                content,
                content_type="application/pdf",
                headers={
                    "Content-Disposition": f'attachment; filename="{name}.pdf"',
                    "X-Content-Type-Options": "nosniff",
                },
            )
    return render_form(
        request,
        "intel/document_print.html",
        form,
        heading=heading,
        subject=subject,
        cancel_url=cancel_url,
        back=back,
        downloads=True,
    )
