"""Reports that may speak of the same thing: what is near, what is said of two, what is too common.

One pair open, one key a decision, the next one opens by itself; what was said can be taken back.
A pair that was opened from a sheet carries the way back in its address, and returns there instead.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cross import gate
from cross.audit import journal
from cross.ui.back import BACK, back_of
from cross.ui.forms import render_form
from intel import access
from intel.actions import matching as actions
from intel.forms.matching import KEYS_OF, FrequentForm, OtherForm, decide_form
from intel.reading import matching as reading
from intel.reading import sheet
from intel.reading.nearby import nearby
from services.roles import Right, may

triages = may(Right.TRIAGE)


# --- Pairs to decide --------------------------------------------------------------------------


@gate.lets(triages)
def match_queue(request):
    """Opens the nearest pair, so that reading it passes by its own door and leaves its line."""
    pair = reading.first(request.user)
    if pair is not None:
        return redirect(_address(pair, request.GET.get("fait", "")))
    return render(request, "intel/match_queue.html", _context(request) | {"queue_empty": True})


def _address(pair, said):
    if pair is None:
        return f"{reverse('match_queue')}?{urlencode({'fait': said})}"
    return f"{pair.url}&{urlencode({'fait': said})}" if said else pair.url


@gate.hands(reading.openable, by="reference", reads="report.read")
def match_pair(request, report):
    """Two reports side by side; which other one is asked when the address does not say."""
    asked = _plain(request.GET.get("avec", ""))
    other = reading.other_of(request.user, report, asked) if asked else None
    if other is None or request.method == "POST":
        return _ask_other(request, report, request.GET if asked else None)
    return _compare(request, report, other)


def _ask_other(request, report, typed):
    form = OtherForm(
        request.POST if request.method == "POST" else typed,
        find=lambda reference: reading.other_of(request.user, report, reference),
    )
    back = back_of(request)
    if request.method == "POST" and form.is_valid():
        asked = {"avec": form.cleaned_data["avec"]} | ({BACK: back} if back else {})
        return redirect(f"{request.path}?{urlencode(asked)}")
    near = nearby(report, request.user, sheet.identifiers_of(report))
    gate.shown_beside(request, "report.listed", report, near)
    context = {"report": report, "near": near, "back": back}
    return render_form(request, "intel/match_other.html", form, **context)


def _compare(request, report, other, *, sent=None, status=200):
    comparison = reading.compared(request.user, report, other, sent=sent)
    journal.record(request.user, "report.read", other)
    context = _context(request) | {
        "report": report,
        "comparison": comparison,
        "back": back_of(request),
    }
    response = render(request, "intel/match_queue.html", context, status=status)
    if sent:
        response["HX-Push-Url"] = "false"  # a refusal has no address of its own
    return response


def _context(request):
    queue, said = reading.queue_of(request.user, request.GET), request.GET.get("fait", "")
    return {
        "rows": queue.page,
        "page": queue.page,
        "count": queue.count.value,
        "count_capped": queue.count.is_capped,
        "noun": "paire",
        "done": reading.just_said(request.user, said) if said else None,
        "tab": "pairs",
    }


@gate.hands(reading.openable, by="reference", reads="report.read")
def decide_match(request, report):
    """Say what two reports are to one another; one goes back to where one came from, and in the
    queue the next pair opens by itself."""
    asked, kind = _plain(request.POST.get("avec", "")), request.POST.get("kind", "")
    other = reading.other_of(request.user, report, asked)
    if request.method != "POST" or other is None:
        return redirect("match_pair", report.reference)
    if kind not in KEYS_OF:
        raise SuspiciousOperation("no such kind")
    form = decide_form(kind, request.POST)
    if form.is_valid():
        place = reading.place_of(request.user, report, other)
        why = form.cleaned_data["why"]
        try:
            said = actions.decide(report, other, by=request.user, kind=kind, why=why)
        except ValidationError as fault:
            form.tell(fault)
        else:
            if back := back_of(request):
                both = f"{report.reference} et {other.reference}"
                messages.success(request, f"{said.get_kind_display()} : {both}.")
                return redirect(back)
            return redirect(_address(reading.following(request.user, place), str(said.key)))
    return _compare(request, report, other, sent=(kind, form), status=422)


def _plain(text):
    """PostgreSQL has no text with a NUL: a reference that holds one is nobody's."""
    return text.replace("\0", "")


# --- What was said ----------------------------------------------------------------------------


@gate.lets(triages)
def match_list(request):
    """What the cell has said of pairs that the member reads whole."""
    page = reading.decided(request.user, request.GET)
    sides = [side for match in page for side in (match.report, match.other)]
    gate.shown_beside(request, "matches.listed", "liste des rapprochements", sides)
    return render(request, "intel/match_list.html", {"page": page, "tab": "said"})


@require_POST
@gate.hands(access.undoable_matches, by="key")
def undo_match(request, match):
    """Take it back: the pair is open again."""
    try:
        actions.undo(match, by=request.user)
    except ValidationError as fault:
        for sentence in fault.messages:
            messages.warning(request, sentence)
        return redirect("match_list")
    messages.success(
        request,
        f"Annulé : {match.report.reference} et {match.other.reference} peuvent de nouveau être "
        "rapprochées.",
    )
    return redirect(back_of(request) or reading.address_of(match.report, match.other))


# --- Near one report --------------------------------------------------------------------------


@gate.hands(access.followed_reports, by="reference", reads="matches.listed")
def near_reports(request, report):
    """What is near a report and what was said of it: a part of its sheet, or a page."""
    near = nearby(report, request.user, sheet.identifiers_of(report))
    said = reading.said_of(report, request.user)
    gate.shown_beside(request, "report.listed", report, [*near, *(each.beside for each in said)])
    context = {
        "report": report,
        "near": near,
        "said": said,
        "may_match": reading.may_match(request.user, report),
    }
    if request.htmx.target == "proches":
        context["back"] = f"{report.get_absolute_url()}#rapprochements"
        return render(request, "intel/_match_near.html", context)
    return render(request, "intel/match_near.html", context | {"back": request.path})


# --- Values of too many reports ---------------------------------------------------------------


@gate.lets(triages)
def frequent_values(request):
    listed, proposed = reading.frequent(request.user)
    context = {"listed": listed, "proposed": proposed, "tab": "values"}
    return render(request, "intel/frequent_values.html", context)


@gate.lets(triages)
def list_value(request):
    form = FrequentForm.read(
        request, initial={"kind": request.GET.get("type"), "raw": request.GET.get("valeur")}
    )
    if form.carry_out(lambda **said: actions.list_value(by=request.user, **said)):
        messages.success(request, "Cette valeur ne rapproche plus de fiches.")
        return redirect("frequent_values")
    return render_form(request, "intel/frequent_value.html", form)


@require_POST
@gate.hands(access.endable_values)
def end_value(request, listed):
    try:
        actions.end_value(listed, by=request.user)
    except ValidationError as fault:
        messages.warning(request, " ".join(fault.messages))
    else:
        messages.success(request, "Cette valeur rapproche de nouveau les fiches qui la citent.")
    return redirect("frequent_values")
