"""Notes to the antenna of the national office: prepare, choose, freeze, take away, say sent."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cross import gate
from cross.audit import journal
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import counted, day
from intel import access
from intel.actions import antenna as actions
from intel.actions import antenna_exports as exports
from intel.actions.looks import record as record_looks
from intel.forms.antenna import AntennaNoteForm, SentForm
from intel.reading import antenna as reading
from intel.reading.looking import looks_of
from services.roles import Right, may


@gate.lets(may(Right.DIRECT))
def antenna_list(request):
    context = {"notes": reading.notes_of(request.user)}
    return render(request, "intel/antenna_list.html", context)


@gate.lets(may(Right.DIRECT))
def new_antenna_note(request):
    form, made = AntennaNoteForm.read(request), []
    if form.carry_out(lambda **said: made.append(actions.prepare(by=request.user, **said))):
        return redirect("choose_for_antenna", made[0].key)
    return render_form(request, "intel/antenna_new.html", form)


@gate.hands(access.antenna_notes, by="key", reads="antenna.read")
def antenna_note(request, note):
    page = reading.page_of(note, request.user)
    gate.shown_beside(
        request, "report.listed", "note à l’antenne", [row.report for row in page.rows]
    )
    context = {"note": note, "shown": page}
    return render(request, "intel/antenna_note.html", context)


@gate.hands(access.writable_antenna_notes, by="key")
def choose_for_antenna(request, note):
    """The list of reports with its filters, each with a box."""
    if request.method == "POST":
        return _chosen(request, note)
    choice = reading.choice_for(note, request.user, request.GET)
    record_looks(looks_of(choice.asked), by=request.user)
    journal.record(request.user, "report.listed", "choix pour une note à l’antenne")
    context = {
        "note": note,
        "choice": choice,
        "page": choice.page,
        "filter_form": choice.asked.form,
        "chosen": choice.chosen,
        "address": request.GET.urlencode(),
    }
    return render(request, "intel/antenna_choose.html", context)


def _chosen(request, note):
    here = f"{request.path}?{request.GET.urlencode()}".rstrip("?")
    references = [text.replace("\0", "") for text in request.POST.getlist("fiche")]
    try:
        added = actions.add(note, references, by=request.user)
    except PermissionDenied:
        # Which one is not his is not told: hidden and absent are one answer.
        journal.record(request.user, "access.refused", "choix pour une note à l’antenne")
        raise Http404 from None
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(here)
    messages.success(request, f"{counted(added, 'fiche ajoutée,fiches ajoutées')} à la note.")
    return redirect(here)


@require_POST
@gate.hands(access.writable_antenna_notes, by="key")
def leave_out_of_antenna(request, note):
    if "fermees" in request.POST:
        with telling_refusals(request):
            actions.leave_out_closed(note, by=request.user)
            messages.success(request, "Elles ne font plus partie de la note.")
        return redirect("antenna_note", note.key)
    if "fiche" not in request.POST:
        return redirect("antenna_note", note.key)
    report = _named(request, access.readable_reports(request.user))
    with telling_refusals(request):
        actions.leave_out(note, report, by=request.user)
        messages.success(request, f"{report.reference} ne fait plus partie de la note.")
    return redirect("antenna_note", note.key)


@require_POST
@gate.hands(access.writable_antenna_notes, by="key")
def ask_accord_for_antenna(request, note):
    if "fiche" not in request.POST:
        return redirect("antenna_note", note.key)
    report = _named(request, access.told_with_accord(request.user))
    with telling_refusals(request):
        actions.ask_accord(note, report, by=request.user)
        messages.success(
            request, f"Accord demandé à l’unité {report.owner} pour {report.reference}."
        )
    return redirect("antenna_note", note.key)


def _named(request, reports):
    reference = request.POST.get("fiche", "").replace("\0", "")
    report = reports.filter(reference=reference).first()
    if report is None:
        journal.record(request.user, "access.refused", "note à l’antenne")
        raise Http404
    return report


@require_POST
@gate.hands(access.writable_antenna_notes, by="key")
def freeze_antenna_note(request, note):
    with telling_refusals(request):
        frozen = actions.freeze(note, by=request.user)
        messages.success(request, f"Note arrêtée sous le numéro {frozen.number}.")
    return redirect("antenna_note", note.key)


@require_POST
@gate.hands(access.writable_antenna_notes, by="key")
def drop_antenna_note(request, note):
    with telling_refusals(request):
        actions.drop(note, by=request.user)
        messages.success(request, "Note abandonnée. Aucune fiche n’a changé.")
        return redirect("antenna_list")
    return redirect("antenna_note", note.key)


@gate.hands(access.frozen_antenna_notes, by="key")
def send_antenna_note(request, note):
    initial = {"sent_on": note.sent_on, "sent_how": note.sent_how} if note.sent_on else None
    form = SentForm.read(request, initial=initial)
    if form.carry_out(lambda **said: actions.record_sent(note, by=request.user, **said)):
        on = day(form.cleaned_data["sent_on"])
        messages.success(request, f"{note.number} : transmission du {on} notée.")
        return redirect("antenna_note", note.key)
    return render_form(request, "intel/antenna_sent.html", form, note=note)


@require_safe
@gate.hands(access.frozen_antenna_notes, by="key", fresh=True)
def export_antenna_note(request, note):
    kind = request.GET.get("format", "")
    try:
        made = exports.export(note, kind, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(reverse("antenna_note", args=[note.key]))
    return FileResponse(
        io.BytesIO(made),
        as_attachment=True,
        filename=exports.file_name(note, kind),
        content_type=exports.TYPES[kind],
    )
