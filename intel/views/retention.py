"""Terms of keeping, legal holds, erasures: for whoever reads no report."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cross import gate
from cross.ui import keyset
from cross.ui.forms import render_form
from intel import access
from intel.actions import erasing, handing, keeping, persons
from intel.forms.persons import AnswerForm, PersonForm
from intel.forms.retention import HoldForm, LiftHoldForm, RenewHoldForm
from intel.reading import citations, retention
from services.roles import Right, may

ROWS = 50
FROZEN = "Le gel est posé : rien de ce qu’il garde n’est effacé."


@require_safe
@gate.lets(may(Right.RETENTION), reads="retention.read")
def retention_page(request):
    holds = access.readable_holds(request.user).live().order_by("review_on", "pk")
    context = {
        "department": request.user.unit.department,
        "board": retention.board(request.user.unit.department),
        "holds": holds[:ROWS],
        "protocol": access.registered_protocols(request.user).order_by("-starts_on").first(),
    }
    return render(request, "intel/retention_page.html", context)


@gate.lets(may(Right.RETENTION))
def new_hold(request):
    form = HoldForm.read(request)
    if form.carry_out(lambda **said: keeping.place_hold(by=request.user, **said)):
        messages.success(request, FROZEN)
        return redirect("retention_page")
    return render_form(request, "intel/hold_form.html", form)


@gate.hands(access.liftable_holds, by="key")
def renew_hold(request, hold):
    form = RenewHoldForm.read(request)
    if form.carry_out(lambda **said: keeping.renew(hold, by=request.user, **said)):
        messages.success(request, "Le gel est prolongé.")
        return redirect("retention_page")
    return render_form(request, "intel/hold_renew.html", form, hold=hold)


@gate.hands(access.liftable_holds, by="key")
def lift_hold(request, hold):
    form = LiftHoldForm.read(request)
    if form.carry_out(lambda **said: keeping.lift(hold, by=request.user, **said)):
        messages.success(request, "Le gel est levé. Il peut être posé de nouveau.")
        return redirect("retention_page")
    return render_form(request, "intel/hold_lift.html", form, hold=hold)


@require_safe
@gate.lets(may(Right.RETENTION), reads="erasures.listed")
def tombstone_list(request):
    rows = access.readable_tombstones(request.user)
    page = keyset.page_of(rows, request.GET, keys=("erased_at", "id"), size=ROWS)
    context = {"page": page, "count": rows.count(), "noun": "effacement"}
    return render(request, "intel/tombstone_list.html", context)


@require_safe
@gate.hands(access.readable_tombstones, by="key", reads="erasure.read")
def erasure_page(request, tombstone):
    context = {"tombstone": tombstone, "sought": citations.sought(tombstone)}
    return render(request, "intel/erasure_page.html", context)


@require_POST
@gate.hands(access.readable_tombstones, by="key")
def find_citations(request, tombstone):
    erasing.look_again(tombstone, by=request.user)
    messages.success(request, "Recherche demandée : le résultat paraît ici dans un instant.")
    return redirect("erasure_page", key=tombstone.key)


@require_POST
@gate.hands(access.readable_tombstones, by="key")
def erasure_certificate(request, tombstone):
    made = handing.hand_certificate(tombstone, by=request.user)
    name = f"effacement-{tombstone.reference}.pdf"
    return _file(made, name)


@require_POST
@gate.hands(access.registered_protocols, by="key")
def processing_register(request, protocol):
    made = handing.hand_register(protocol, by=request.user)
    return _file(made, f"registre-{protocol.department.code}.pdf")


# --- What a person asks about herself -----------------------------------------------------------


@gate.lets(may(Right.RETENTION), fresh=True)
def person_request(request):
    """Two steps at one address: who asks, then what may be told of each report that was found."""
    is_answer = request.method == "POST" and "document" in request.POST
    form, found = PersonForm.read(request), []

    def look(**_said):
        found.extend(persons.look_for(form.asked, by=request.user))

    if not form.carry_out(look):
        return render_form(request, "intel/person_request.html", form)
    answers = AnswerForm(request.POST if is_answer else None, found=found, way=form.asked.way)
    made = []

    def answer(document, **_said):
        made.append(
            persons.answer(form.asked, answers.answers, by=request.user, document=document)
        )

    if answers.carry_out(answer):
        return _file(made[0], f"{answers.cleaned_data['document']}-demande-d-acces.pdf")
    persons.note_search(form.asked, by=request.user)
    return render_form(
        request, "intel/person_answer.html", answers, asked=form.asked, kept=form, downloads=True
    )


def _file(made, name):
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
