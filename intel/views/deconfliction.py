"""Deconfliction: units that should speak before they meet."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions import fnos, operations, outcomes, targets
from intel.forms.deconfliction import (
    EventForm,
    OutcomeForm,
    OutsideForm,
    RowsForm,
    TargetsForm,
)
from intel.reading import communes
from intel.reading import deconfliction as reading
from intel.reading import operations as events
from intel.reading import targets as answers
from services.roles import Right, may

writes = may(Right.WRITE)


@gate.lets(writes, reads="deconfliction.listed")
def deconfliction(request):
    context = {
        "board": reading.board_of(request.user),
        "may_ask": bool(access.checked_departments(request.user)),
        "form": TargetsForm(),
        "most": targets.MOST,
    }
    return render(request, "intel/deconfliction_board.html", context)


# --- Targets ----------------------------------------------------------------------------------


@gate.lets(writes)
def check_targets(request):
    """Three steps at one address: what is pasted, what was read in it, then the answer."""
    if not access.checked_departments(request.user):
        return redirect("deconfliction")  # which says who checks
    if request.method == "POST" and "raw_1" in request.POST:
        return _check(request)
    form = TargetsForm.read(request)
    if form.is_bound and form.is_valid():
        rows = answers.read_targets(form.cleaned_data["text"])
        if rows:
            return _rows(request, RowsForm(rows=rows))
        form.add_error("text", "Rien n’y a été reconnu : écrivez un identifiant par ligne.")
    return render_form(request, "intel/deconfliction_check.html", form, most=targets.MOST)


def _check(request):
    form = RowsForm.sent(request.POST)
    made = []
    if form.carry_out(lambda **said: made.append(targets.check(form.wanted, by=request.user))):
        return redirect(made[0])
    return _rows(request, form)


def _rows(request, form):
    return render_form(request, "intel/deconfliction_rows.html", form)


@gate.hands(access.readable_checks, by="number", reads="deconfliction.read")
def check_page(request, check):
    told = answers.answers_of(check, request.user)
    context = {
        "check": check,
        "answers": told,
        "is_pointed": any(answer.pointers for answer in told),
        "kept_days": settings.CHECKED_VALUE_DAYS,
    }
    return render(request, "intel/deconfliction_answer.html", context)


@gate.hands(access.readable_checks, by="number", reads="deconfliction.read")
def check_outside(request, check):
    return _outside(request, check, access.readable_checks)


def _outside(request, row, rows):
    """The same form for a check and an event."""
    initial = {name: getattr(row, name) for name in OutsideForm.base_fields}
    form = OutsideForm.read(request, initial=initial)
    by = request.user
    if form.carry_out(lambda **said: fnos.note_outside_check(row, by=by, rows=rows, **said)):
        messages.success(request, f"Vérification FNOS notée pour {row.number}.")
        return redirect(row)
    return render_form(request, "intel/deconfliction_outside.html", form, row=row)


# --- Events -----------------------------------------------------------------------------------


@gate.lets(writes)
def declare_event(request):
    if not access.checked_departments(request.user):
        return redirect("deconfliction")
    form = _event_form(request, request.user.unit.department, initial=_usual(request.user))
    made = []
    if form.carry_out(lambda **said: made.append(_declare(request.user, said))):
        return _told(request, made[0], "déclarée")
    return _render_event_form(request, form)


KNOWN = "lieux-connus"  # the part of the form that follows its commune


def _render_event_form(request, form, **context):
    if request.htmx.target == KNOWN:
        return render(request, "intel/_event_known_places.html", {"form": form})
    bounds = {"silent_metres": operations.SILENT_METRES, "silent_a_day": operations.SILENT_A_DAY}
    return render_form(request, "intel/deconfliction_event_form.html", form, **bounds, **context)


def _event_form(request, department, *, initial, commune=None):
    """As it was sent; as it stands, not judged, when only the places of a commune are asked for:
    by its script, or by its button without script. `commune` is the one it begins with."""

    def resolve(text, chosen):
        return communes.resolve(department, text, chosen)

    typed = request.POST or request.GET
    if text := typed.get("commune", ""):
        commune = resolve(text, typed.get("commune_code", "")).commune
    wanted = request.POST.get("known_place", "")
    options = {
        "resolve": resolve,
        "srid": department.srid,
        "places": events.places_to_choose(request.user, department, commune, wanted),
    }
    if KNOWN in request.POST:
        return EventForm(initial=initial | request.POST.dict(), **options)
    return EventForm.read(request, initial=initial, **options)


def _usual(member):
    """Who declares is whom to call, unless he says otherwise."""
    phone = member.phone or member.unit.phone
    return {"contact": ", ".join(part for part in (member.get_full_name(), phone) if part)}


def _declare(member, said):
    return operations.declare(operations.Plan(**said), by=member)


def _told(request, event, done):
    sheet = events.sheet_of(event, request.user)
    if sheet.waiting:
        words = f"{counted(len(sheet.waiting), 'conflit')} : appelez avant d’agir."
        messages.warning(request, f"Opération {event.number} {done}. {words}")
    elif sheet.conflicts:
        words = "Ce qui a été décidé avec les autres unités reste noté."
        messages.success(request, f"Opération {event.number} {done}. {words}")
    else:
        messages.success(request, f"Opération {event.number} {done}. Aucun conflit connu.")
    return redirect(event)


@gate.hands(access.readable_events, by="number", reads="event.read")
def event_page(request, event):
    context = {"event": event, "sheet": events.sheet_of(event, request.user)}
    return render(request, "intel/deconfliction_event.html", context)


@gate.hands(access.editable_events, by="number", reads="event.read")
def change_event(request, event):
    form = _event_form(
        request, event.department, initial=events.present(event), commune=event.commune
    )
    made = []
    if form.carry_out(lambda **said: made.append(_change(event, request.user, said))):
        return _told(request, made[0], "modifiée")
    return _render_event_form(request, form, event=event)


def _change(event, member, said):
    return operations.change(event, operations.Plan(**said), by=member)


@require_POST
@gate.hands(access.editable_events, by="number")
def cancel_event(request, event):
    operations.cancel(event, by=request.user)
    messages.success(request, f"Opération {event.number} annulée : plus personne n’en est averti.")
    return redirect("deconfliction")


@gate.hands(access.readable_events, by="number", reads="event.read")
def event_outside(request, event):
    return _outside(request, event, access.readable_events)


# --- What was decided -------------------------------------------------------------------------


@gate.hands(access.told_hits, by="key", reads="deconfliction.read")
def decide_hit(request, hit):
    form = OutcomeForm.read(request, initial={"outcome": hit.outcome})
    if form.carry_out(lambda outcome: outcomes.decide(hit, by=request.user, outcome=outcome)):
        messages.success(request, "Issue enregistrée.")
        return redirect("deconfliction")
    [line] = reading.hit_lines(request.user, [hit])
    return render_form(request, "intel/deconfliction_outcome.html", form, line=line)
