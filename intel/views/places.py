"""Places: the list and its map, one of them, what reports say and what units did there."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cross import gate
from cross.audit import journal
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import place_exports
from intel.actions import places as actions
from intel.exporting.sheets import TYPES
from intel.forms.places import OperationForm, PlaceFilterForm, PlaceForm, SaidForm
from intel.reading import communes
from intel.reading import places as reading
from services.roles import Right, may

writes = may(Right.WRITE)


@gate.lets(may(Right.READ), reads="place.listed")
def place_list(request):
    listing = reading.listing_for(request.user, request.GET, PlaceFilterForm)
    context = {
        "listing": listing,
        "filter_form": listing.form,
        "page": listing.page,
        "rows": listing.page,
        "chosen": listing.chosen,
        "count": listing.count,
        "count_capped": listing.count_capped,
        "noun": "lieu,lieux",
        "may_create": writes(request.user) and _department_of(request.user) is not None,
        "may_export": may(Right.EXPORT)(request.user),
        "address": f"{request.GET.urlencode()}&" if request.GET else "",
        "more_open": bool(request.GET.keys() & {"type", "etat", "produit"}),
    }
    return render(request, "intel/place_list.html", context)


@require_safe
@gate.lets(may(Right.EXPORT), fresh=True)
def export_places(request):
    query = request.GET.copy()
    kind = (query.pop("format", None) or [""])[-1]
    form = reading.asked_of(request.user, query, PlaceFilterForm)
    places = reading.chosen_places(request.user, form, leaving=True)
    with telling_refusals(request, messages.ERROR):
        file = place_exports.export_places(places, kind, by=request.user)
        name = f"lieux-{request.user.unit.department.code}-{timezone.localdate()}.{kind}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])
    return redirect(f"{reverse('place_list')}?{query.urlencode()}".rstrip("?"))


@gate.hands(reading.rows, by="key", reads="place.read")
def place_page(request, place):
    prints = "imprimer" in request.GET
    sheet = reading.sheet_of(place, request.user, leaving=prints)
    gate.shown_beside(request, "report.listed", place, {line.said.report for line in sheet.lines})
    context = {"place": place, "sheet": sheet, "prints": prints, "now": timezone.now()}
    return render(request, "intel/place_page.html", context)


@require_POST
@gate.hands(access.readable_places, by="key", fresh=True)
def print_place(request, place):
    """Write the line of the journal, then let the browser print what may leave."""
    if not access.leaving_places(request.user).filter(pk=place.pk).exists():
        messages.warning(
            request,
            "Les fiches qui citent ce lieu ne s’impriment pas sans l’accord de leur unité.",
        )
        return redirect(place)
    journal.record(request.user, "place.printed", place, recipients=request.user.get_full_name())
    return redirect(f"{place.get_absolute_url()}?imprimer")


# --- The place itself -------------------------------------------------------------------------


def _department_of(member):
    """Where a member makes places: his own department first."""
    departments = list(reading.departments_where_made(member))
    own = [each for each in departments if each.pk == member.unit.department_id]
    return next(iter([*own, *departments]), None)


def _form(request, department, **kwargs):
    return PlaceForm.read(
        request,
        resolve=lambda text, chosen: communes.resolve(department, text, chosen),
        srid=department.srid,
        **kwargs,
    )


@gate.lets(writes)
def new_place(request):
    """A place; asked from a report, it is then cited by it."""
    department = _department_of(request.user)
    if department is None:
        messages.warning(request, "Votre unité ne contribue à aucun protocole.")
        return redirect("place_list")
    reference = request.GET.get("fiche", "").replace("\0", "")
    report = access.enrichable_reports(request.user).filter(reference=reference).first()
    form = _form(request, department, initial=_from_report(report))
    made = []
    if form.carry_out(lambda **said: made.append(_create(form, request.user))):
        place = made[0]
        messages.success(request, f"Lieu « {place.name} » enregistré.")
        if report is None:
            return redirect(place)
        return redirect(f"{reverse('cite_place', args=[report.reference])}?lieu={place.key}")
    return render_form(request, "intel/place_form.html", form, report=report)


def _from_report(report):
    return {"commune": communes.label(report.commune)} if report else {}


def _create(form, member):
    return actions.create(form.described(), by=member)


@gate.hands(access.editable_places, by="key", reads="place.read")
def change_place(request, place):
    form = _form(request, place.department, initial=reading.present(place))
    if form.carry_out(lambda **said: actions.change(place, form.described(), by=request.user)):
        messages.success(request, "Lieu modifié.")
        return redirect(place)
    return render_form(request, "intel/place_form.html", form, place=place)


@require_POST
@gate.hands(access.own_places, by="key")
def withdraw_place(request, place):
    with telling_refusals(request):
        actions.withdraw(place, by=request.user)
        messages.success(
            request, "Lieu retiré. Une fiche d’une autre unité qui le cite le montre encore."
        )
    return redirect("place_list")


# --- What reports say of it -------------------------------------------------------------------


@gate.hands(access.enrichable_reports, by="reference", reads="report.read")
def cite_place(request, report):
    """« Citer un lieu »: one of those of its commune, or of those that a name finds."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())
    wanted = request.GET.get("lieu", "")
    places = reading.candidates(report, request.user, words, wanted)
    form = SaidForm.read(
        request,
        places=places,
        destinations=reading.destinations(report.department_id, report.commune_id, request.user),
        initial={"seen_on": report.occurred_on or timezone.localdate(), "place": wanted},
    )
    if form.carry_out(lambda **told: _cite(form, report, request.user)):
        messages.success(request, f"{report.reference} cite ce lieu.")
        return redirect(f"{report.get_absolute_url()}#lieux")
    context = {"report": report, "words": words, "has_places": bool(places)}
    return render_form(request, "intel/report_cite_place.html", form, **context)


def _cite(form, report, member):
    place, _, said = form.said()
    return actions.cite(place, report, said, by=member)


@gate.hands(access.workable_places, by="key", reads="place.read")
def observe_place(request, place):
    """The same from the page of a place: which report says it is asked."""
    reports = reading.reports_that_may_say(place, request.user)
    form = SaidForm.read(
        request,
        reports=reports,
        destinations=reading.destinations(
            place.department_id, place.commune_id, request.user, but=place
        ),
        initial={"seen_on": timezone.localdate()},
    )
    if form.carry_out(lambda **told: _observe(form, place, request.user)):
        messages.success(request, "Observation enregistrée.")
        return redirect(place)
    context = {"place": place, "has_reports": bool(reports)}
    return render_form(request, "intel/place_observe.html", form, **context)


def _observe(form, place, member):
    _, report, said = form.said()
    return actions.cite(place, report, said, by=member)


@require_POST
@gate.hands(access.removable_observations, by="key")
def remove_observation(request, observation):
    report = observation.report
    with telling_refusals(request):
        actions.take_back_observation(observation, by=request.user)
        messages.success(request, f"Retiré : {report.reference} ne le dit plus.")
    return redirect(f"{report.get_absolute_url()}#lieux")


# --- What units did there ---------------------------------------------------------------------


@gate.hands(access.workable_places, by="key")
def note_operation(request, place):
    form = OperationForm.read(request)
    if form.carry_out(lambda **said: actions.note_operation(place, by=request.user, **said)):
        messages.success(request, "Opération notée.")
        return redirect(f"{place.get_absolute_url()}#operations")
    return render_form(request, "intel/place_operation.html", form, place=place)


@require_POST
@gate.hands(access.removable_operations, by="key")
def remove_operation(request, operation):
    place = operation.place
    with telling_refusals(request):
        actions.take_back_operation(operation, by=request.user)
        messages.success(request, "Opération retirée.")
    return redirect(place)
