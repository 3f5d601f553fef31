"""Typing a report and changing one: the page of four compulsory inputs, and what helps it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cross import gate
from cross.ui.templatetags.words import counted, day, weekday
from intel import access
from intel.actions import drafts, entry, reports
from intel.forms.days import DayField
from intel.forms.entry import EntryForm
from intel.forms.entry_start import fields_of, initial_of, take_proposed
from intel.reading import audience, communes, nearby, proposals
from intel.reading import entry as reading
from intel.states import State
from services.roles import Right, may

writes = may(Right.WRITE)
# Buttons that send the form to ask something of what is typed, where there is no script.
ASKED = {"reperer", "apercu", "rapprocher"}
NEAR_SHOWN = 5  # the nearest: whoever types is not to read a list
TICKED = ("identifiers", "amounts", "spotted")
FILLED = ("place", "days_and_hours")


# --- A new report -----------------------------------------------------------------------------

ENOUGH = (
    "Ces quatre réponses suffisent (une source humaine demande aussi un second texte) ; tout le "
    "reste est facultatif."
)


@gate.lets(writes)
def new_report(request):
    """The blank form, or what a former visit left; sent, it becomes a report or comes back."""
    key = _key_of(request)
    if request.method == "POST":
        return _receive(request, key)
    kept = drafts.kept(by=request.user, key=key)
    form = _form(request, key, initial=initial_of(kept.fields) if kept else None)
    return _page(request, form, key, resumed=kept)


def _key_of(request):
    """The key of this entry; one that is not of a new report is no key of this page."""
    asked = request.POST.get("saisie") or request.GET.get("saisie") or ""
    return asked if drafts.NEW_KEY.fullmatch(asked) else drafts.new_key()


def _receive(request, key):
    data, refused = _with_files(request, key)
    if ASKED & set(data):
        form = _form(request, key, initial=initial_of(_typed_in(data)))
        return _page(request, form, key, **_asked_near(request, form))
    entered = entry.entry_key(key, _typed_in(data))
    if first := entry.sent_before(entered, by=request.user):
        return _sent_again(request, first, key)
    form = _form(request, key, data)
    if _is_right(form, refused):
        try:
            as_draft = "brouillon" in data
            report = entry.record(
                form.typed(), by=request.user, key=key, entered=entered, draft=as_draft
            )
        except ValidationError as fault:
            form.tell(fault)
        else:
            return _recorded(request, form, report)
    return _refuse(request, form, key, data)


def _sent_again(request, first, key):
    drafts.drop(by=request.user, key=key)
    messages.info(request, f"Cette saisie était déjà enregistrée : voici {first.reference}.")
    return redirect(first)


def _with_files(request, key):
    """What was sent, the files it brought kept and ticked; and a sentence for each one refused."""
    data, refused = request.POST.copy(), []
    take_proposed(data)
    for upload in request.FILES.getlist("files"):
        try:
            file = drafts.keep_file(by=request.user, key=key, upload=upload)
            data.appendlist("kept_files", str(file.pk))
        except ValidationError as fault:
            refused += fault.messages
    return data, refused


def _is_right(form, refused):
    is_valid = form.is_valid()
    for sentence in refused:
        form.add_error("files", sentence)
    return is_valid and not refused


def _refuse(request, form, key, data, **more):
    """The same page with what was typed and what to correct; it is also kept on the server."""
    form.is_valid()  # cleans it, when nobody has yet
    said = form.cleaned_data
    for name, field in form.fields.items():
        if getattr(field, "notes", ()) and name in said:
            data[name] = said[name]  # what was removed does not come back on screen
        if isinstance(field, DayField) and said.get(name):
            # « hier » is another day tomorrow, when what was kept is taken up again.
            data[name] = field.prepare_value(said[name])
    drafts.keep(by=request.user, key=key, fields=_typed_in(data))
    return _page(request, form, key, status=422, **more)


def _typed_in(data):
    """The fields of a form as lists of texts, without what belongs to the request."""
    return {
        name: values
        for name, values in data.lists()
        if name not in {"csrfmiddlewaretoken", "brouillon", "envoyer", *ASKED}
    }


def _recorded(request, form, report):
    if report.state == State.DRAFT:
        messages.success(
            request, f"Brouillon {report.reference} enregistré : votre unité seule le voit."
        )
    else:
        readers = list(access.audience_of(report))
        messages.success(
            request,
            f"Renseignement {report.reference} transmis{_told_of(report)}. "
            f"{counted(len(readers), 'unité')} "
            f"{'peuvent' if len(readers) > 1 else 'peut'} le lire.",
        )
        if not any(unit.is_cell for unit in readers):
            messages.warning(
                request,
                "La cellule ne verra pas cette fiche : elle ne pourra ni la coter ni l’orienter.",
            )
    return _told(request, form, report)


def _told_of(report):
    """The day of the facts as it was understood: « hier » was typed, a date is kept."""
    if report.occurred_until:
        return f", faits du {day(report.occurred_on)} au {day(report.occurred_until)}"
    return f", faits du {weekday(report.occurred_on)}" if report.occurred_on else ""


def _told(request, form, report):
    for note in form.notes():
        messages.warning(request, note)
    found = proposals.contacts_in(report.facts, report.origin, today=timezone.localdate())
    if found:
        named = ", ".join(finding.label for finding in found)
        messages.warning(
            request,
            f"Le texte contient peut-être les coordonnées de son auteur ({named}). Si c’est le "
            "cas, retirez-les : elles n’ont pas leur place dans la fiche.",
        )
    return redirect(report)


def _form(request, key, data=None, *, report=None, **options):
    choices = reading.form_choices(request.user, key, report=report)
    return EntryForm(data, **choices, **options)


def _initial(request, report):
    original = reading.original_of(request.user, report)
    return fields_of(report, original=original)


def _page(request, form, key, *, resumed=None, report=None, status=200, **more):
    text = form["facts"].value() or ""
    origin = form["origin"].value()
    context = {
        **_read_in(request, text, origin, lambda name: form[name].value()),
        "form": form,
        "key": key,
        "report": report,
        "resumed": resumed,
        "open": form.open_folds(),
        "hint": "" if report else ENOUGH,
        "multipart": True,
        "draft_url": reverse("keep_draft", args=[key]),
        **more,
    }
    if form.is_bound:
        context["notes"] = form.notes()
    if report is None:
        context["preview"] = audience.of_entry(form, request.user)
        if not form.is_bound:
            others = drafts.unfinished(request.user)
            context["others"] = [draft for draft in others if draft.key != key]
    else:
        context["readers"] = audience.present_sentence(report)
    return render(request, "intel/entry_form.html", context, status=status)


# --- A report that exists ---------------------------------------------------------------------


@gate.hands(access.editable_reports, by="reference", reads="report.read")
def change_report(request, report):
    """The same form, filled; two agents at once never write over one another."""
    if request.method == "POST":
        return _change(request, report)
    kept = drafts.kept(by=request.user, key=report.reference)
    is_resumed = kept is not None and "reprendre" in request.GET
    initial = initial_of(kept.fields) if is_resumed else _initial(request, report)
    form = _form(request, report.reference, initial=initial, report=report)
    if kept and not is_resumed:
        # Nothing is kept over what waits, until the member has said what to do with it.
        return _page(request, form, report.reference, report=report, waiting=kept, draft_url="")
    return _page(request, form, report.reference, report=report, resumed=kept)


def _change(request, report):
    data, refused = _with_files(request, report.reference)
    initial = _initial(request, report)
    if ASKED & set(data):
        form = _form(request, report.reference, initial=initial_of(_typed_in(data)), report=report)
        near = _asked_near(request, form, report)
        return _page(request, form, report.reference, report=report, **near)
    form = _form(request, report.reference, data, initial=initial, report=report)
    if _is_right(form, refused):
        version = form.cleaned_data["version"] or 0
        try:
            changed = entry.correct(
                report, form.typed(), by=request.user, version=version, send="envoyer" in data
            )
        except reports.Overtaken:
            return _overtaken(request, report, form, data)
        except ValidationError as fault:
            form.tell(fault)
        else:
            messages.success(
                request, f"{changed.reference} : vos modifications sont enregistrées."
            )
            return _told(request, form, changed)
    return _refuse(request, form, report.reference, data, report=report)


def _overtaken(request, report, form, data):
    """Both versions side by side; what the other agent alone changed is taken into the form."""
    differences = reading.differences(
        report,
        form.typed(),
        seen=form.cleaned_data["version"] or 0,
        original=reading.original_of(request.user, report),
    )
    initial = _initial(request, report)
    stored = _form(request, report.reference, initial=initial, report=report)
    for difference in differences:
        if not difference.is_yours:
            _take_over(data, stored, difference.name)
    data["version"] = str(report.version)
    form = _form(request, report.reference, data, initial=initial, report=report)
    return _refuse(
        request,
        form,
        report.reference,
        data,
        report=report,
        differences=differences,
        last_change=reading.last_change(report),
    )


def _take_over(data, stored, name):
    name = {"received_at": "received_on"}.get(name, name)
    value = stored[name].value()
    data.setlist(name, [str(each) for each in value] if isinstance(value, list) else [value or ""])


# --- What is being typed ----------------------------------------------------------------------


@require_POST
@gate.lets(writes)
def keep_draft(request, key):
    """204: kept. 413: too long to be kept, and the page says so."""
    draft = drafts.keep(by=request.user, key=key, fields=_typed_in(request.POST))
    return HttpResponse(status=204 if draft else 413)


@require_POST
@gate.lets(writes)
def drop_draft(request, key):
    """Start again from nothing, or from what is recorded."""
    drafts.set_aside(by=request.user, key=key)
    if key.startswith(drafts.NEW):
        messages.success(
            request,
            f"La saisie a été effacée : « Brouillons supprimés » la garde "
            f"{settings.DISCARDED_DAYS} jours.",
        )
        return redirect("new_report")
    messages.success(request, "La saisie a été effacée.")
    return redirect("change_report", reference=key)


def _read_in(request, text, origin, value_of):
    """What the text holds, to be drawn; `value_of` gives what the form holds under a name."""
    today = timezone.localdate()
    found = proposals.read(text, department=request.user.unit.department, today=today)
    ticked = {each for name in TICKED for each in value_of(name) or ()}
    return {
        "ticks": proposals.ticks(
            found,
            ticked,
            filled=["".join(value_of(name) or ()) for name in FILLED],
            products=value_of("products") or (),
        ),
        "proposed": proposals.beside(found, today=today),
        "contacts": proposals.contacts_in(text, origin, today=today),
    }


@require_POST
@gate.lets(writes)
def spot_identifiers(request):
    """The boxes to tick for what the text holds, for the page being typed."""
    sent = request.POST
    context = _read_in(request, sent.get("facts", ""), sent.get("origin"), sent.getlist)
    return render(request, "intel/_entry_read.html", context)


@require_POST
@gate.lets(writes)
def entry_matches(request):
    """What the member already reads that is near the report being typed."""
    named = request.POST.get("saisie", "").replace("\0", "")
    report = access.editable_reports(request.user).filter(reference=named).first()
    form = _form(request, _key_of(request), initial=initial_of(_typed_in(request.POST)))
    return render(request, "intel/_entry_matches.html", _near(request, form, report))


def _asked_near(request, form, report=None):
    return _near(request, form, report) if "rapprocher" in request.POST else {}


def _near(request, form, report):
    """The reports near what is typed, shown and noted."""
    found = nearby.near_to(reading.clues_of(form, request.user, report), request.user)
    found = found[:NEAR_SHOWN]
    target = report or "saisie d’un renseignement"
    gate.shown_beside(request, "matches.sought", target, found)
    return {"near": found, "sought": True}


@require_POST
@gate.lets(writes)
def preview_audience(request):
    """Who will see the report being typed, for the page that types it."""
    form = _form(request, _key_of(request), initial=initial_of(_typed_in(request.POST)))
    context = {"preview": audience.of_entry(form, request.user)}
    return render(request, "intel/_report_readers.html", context)


@require_safe
@gate.members
def commune_suggestions(request):
    """Communes of the member's department whose name holds `q`."""
    found = communes.suggest(request.user.unit.department, request.GET.get("q", "")[:80])
    return JsonResponse(
        {
            "communes": [
                {"label": communes.label(each), "detail": communes.detail(each)} for each in found
            ]
        }
    )


@require_safe
@gate.members
def understood_day(request):
    """The date that `q` (« hier », 17/09) means today; nothing when it means none."""
    field = DayField(required=False, coming="a_venir" in request.GET)
    field.today = timezone.localdate()
    try:
        found = field.clean(request.GET.get("q", "")[:80])
    except ValidationError:
        found = None
    said = {"value": field.prepare_value(found), "words": weekday(found)} if found else {}
    return JsonResponse(said)
