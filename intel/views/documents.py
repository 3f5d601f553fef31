"""Sheets to hand to somebody: for whom and why, then the file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import handing
from intel.forms.documents import HandForm
from intel.reading import places, sheet
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
        row=report,
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
        row=place,
    )


@gate.hands(readable_protocols, fresh=True)
def protocol_pdf(request, protocol):
    return _hand(
        request,
        lambda said: handing.hand_protocol(protocol, by=request.user, **said),
        name=f"protocole-{protocol.department.code}-{protocol.pk}",
        heading="Imprimer le protocole",
        row=protocol,
        back="Retour au protocole",
    )


@gate.hands(access.minuted_meetings, by="key", fresh=True)
def minutes_pdf(request, meeting):
    return _hand(
        request,
        lambda said: handing.hand_minutes(meeting, by=request.user, **said),
        name=f"compte-rendu-{meeting.held_on:%Y-%m-%d}",
        heading="Imprimer le compte rendu",
        row=meeting,
        back="Retour à la réunion",
    )


def _hand(request, make, *, name, heading, row, back="Retour à la fiche"):
    form = HandForm(request.POST or None)
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
        cancel_url=row.get_absolute_url(),
        back=back,
        downloads=True,
    )
