"""One decision for many reports of the queue: what it would do of each, then do it, or undo it."""

from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions import bulk as actions
from intel.forms.bulk import BulkForm
from intel.reading import bulk as reading
from intel.reading import triage
from services.roles import Right, may

CHOOSE, PREVIEW, APPLY = "choisir", "apercu", "appliquer"


@gate.lets(may(Right.TRIAGE))
def decide_many(request):
    """Which decision, what it will do of each, then the decision itself: three posts."""
    if request.method != "POST":
        return redirect("triage_queue")
    references = _references(request)
    if not 0 < len(references) <= actions.MOST:
        most = f"On décide pour {actions.MOST} fiches au plus à la fois : décochez-en."
        messages.warning(request, most if references else "Cochez au moins une fiche.")
        return redirect("triage_queue")
    rows = reading.chosen(request.user, references)
    if rows is None:
        # Which one is not his is not told: hidden and absent are one answer.
        journal.record(request.user, "access.refused", "décision groupée")
        raise Http404
    gate.shown_beside(request, "report.listed", "décision groupée", rows)
    form = _form(request, rows, request.POST.get("etape", CHOOSE))
    if form.is_valid() and form.is_last:
        return _apply(request, form, rows)
    # Nothing is missing but the last word of who erases: the preview asks for it.
    if form.is_bound and not set(form.errors) - {"sure"}:
        return _preview(request, form, rows)
    return _page(request, "intel/triage_bulk.html", {"form": form, "rows": rows})


def _preview(request, form, rows):
    said, takes_over = form.said(), form.cleaned_data.get("takes_over", False)
    lines = reading.preview(
        request.user,
        rows,
        target=form.cleaned_data["target"],
        takes_over=takes_over,
        **said,
    )
    context = {
        "form": form,
        "lines": lines,
        "decided": sum(not line.left for line in lines),
        "batch": uuid4(),
        "sent": [(name, request.POST.get(name, "")) for name in form.fields if name != "sure"],
    }
    return _page(request, "intel/triage_bulk_preview.html", context)


def _page(request, template, context):
    return render(request, template, context, status=422 if context["form"].errors else 200)


def _references(request):
    """Those that were ticked, or those of the bundle whose first is named."""
    named = [text.replace("\0", "") for text in request.POST.getlist("fiche")]
    if first := request.POST.get("groupe", "").replace("\0", ""):
        named = reading.bundle(request.user, triage.asked_by(request.GET), first)
    return list(dict.fromkeys(named))


def _form(request, rows, stage):
    return BulkForm(
        request.POST if stage in {PREVIEW, APPLY} else None,
        find=partial(reading.found, request.user),
        are_held=reading.are_held(request.user, rows),
        is_last=stage == APPLY,
    )


def _apply(request, form, rows):
    outcome = actions.decide(
        rows,
        by=request.user,
        target=form.cleaned_data["target"],
        versions=_versions(request),
        batch=_batch(request),
        takes_over=form.cleaned_data.get("takes_over", False),
        **form.said(),
    )
    if outcome.left:
        told = " ; ".join(f"{report.reference} : {why}" for report, why in outcome.left[:5])
        left = counted(len(outcome.left), "fiche inchangée,fiches inchangées")
        messages.warning(request, f"{left}. {told}")
    return redirect(f"{reverse('triage_queue')}?lot={outcome.batch}")


def _versions(request):
    """{reference: the version that was on the screen}, as the preview wrote them."""
    pairs = (text.rpartition("~") for text in request.POST.getlist("vu"))
    return {
        reference: int(version)
        for reference, _, version in pairs
        if version.isascii() and version.isdigit() and len(version) < 10
    }


def _batch(request):
    """The key that the preview was drawn with: sent twice, it is decided once."""
    try:
        return UUID(request.POST.get("lot", ""))
    except ValueError:
        return uuid4()


@gate.hands(access.bulk_steps, by="batch")
def undo_many(request, step):
    if request.method == "POST":
        outcome = actions.undo(step.batch, by=request.user)
        if outcome.done:
            done = counted(len(outcome.done), "décision annulée,décisions annulées")
            messages.success(request, f"{done}.")
        for report, why in outcome.left[:5]:
            messages.warning(request, f"{report.reference} : {why}")
    return redirect("triage_queue")
