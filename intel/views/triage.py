"""The queue of the cell: one item open, one key a decision, the next one opens by itself."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from cross import gate
from cross.ui import keyset
from intel.actions import life, reports
from intel.actions import triage as actions
from intel.forms.triage import grade_form
from intel.reading import triage as reading
from intel.states import State
from services.roles import Right, may

KEPT = ("file", "urgent", "origine", "attente")


@gate.lets(may(Right.TRIAGE))
def triage_queue(request):
    """Opens the first item, so that reading it passes by its own door and leaves its line."""
    asked = reading.asked_by(request.GET)
    first = reading.first(request.user, asked)
    if first is not None:
        return redirect(_address(request, first))
    context = _context(request, asked) | {"queue_empty": True}
    if not asked.is_filtered:
        context["last_treated"] = reading.last_treated(request.user)
    return render(request, "intel/triage.html", context)


@gate.hands(reading.openable, by="reference", reads="report.read")
def triage_item(request, report):
    return _item(request, report)


def _item(request, report, *, sent=None, status=200):
    asked = reading.asked_by(request.GET, report.state)
    context = _context(request, asked)
    sheet = reading.sheet_of(request.user, report, sent=sent)
    gate.shown_beside(request, "report.listed", report, sheet.nearby)
    context |= {"report": report, "sheet": sheet}
    response = render(request, "intel/triage.html", context, status=status)
    if sent:
        response["HX-Push-Url"] = "false"  # a refusal has no address of its own
    return response


def _context(request, asked):
    side = reading.left_of(request.user, asked)
    done = request.GET.get("fait", "").replace("\0", "")
    return {
        "asked": asked,
        "side": side,
        "rows": side.page,
        "count": side.count.value,
        "count_capped": side.count.is_capped,
        "noun": "renseignement",
        "done": reading.just_done(request.user, done) if done else None,
        "kept": _kept(request, keyset.AFTER, keyset.BEFORE).urlencode(),
        "filters": _kept(request).urlencode(),
    }


def _kept(request, *more):
    """The part of the address that goes from one item to the next."""
    query = request.GET.copy()
    for name in request.GET:
        if name not in (*KEPT, *more) or not request.GET[name]:
            del query[name]
    return query


def _address(request, report, **more):
    query = _kept(request, keyset.AFTER, keyset.BEFORE)
    for name, value in more.items():
        query[name] = value
    return f"{reverse('triage_item', args=[report.reference])}?{query.urlencode()}".rstrip("?")


# --- Decisions --------------------------------------------------------------------------------


def _sent(view):
    """A decision is sent; its address, typed or reloaded after a refusal, shows the item."""

    @wraps(view)
    def only_sent(request, report):
        if request.method != "POST":
            return redirect(_address(request, report))
        return view(request, report)

    return only_sent


@gate.hands(reading.openable, by="reference", reads="report.read")
@_sent
def decide(request, report):
    """Make one move; `seen` is the state that was on the screen."""
    target, seen = request.POST.get("target", ""), request.POST.get("seen", "")
    if target not in State.values:
        raise SuspiciousOperation("no such state")
    if seen != report.state:
        return _told(request, report, life.overtaken(report))
    form = reading.decision_form(request.user, report, target, request.POST)
    if form.is_valid():
        try:
            life.move(report, by=request.user, target=target, seen=seen, **form.said())
        except reports.Overtaken as fault:
            return _told(request, report, fault)
        except ValidationError as fault:
            if not form.fields:
                return _told(request, report, fault)
            form.tell(fault)
        else:
            return _next(request, report, seen)
    return _item(request, report, sent=(target, form), status=422)


def _told(request, report, fault):
    for sentence in fault.messages:
        messages.warning(request, sentence)
    return redirect(_address(request, report))


def _next(request, report, seen):
    """The one after it, once it has left this queue; itself as long as it stays."""
    asked = reading.asked_by(request.GET, seen)
    if reading.is_waiting(request.user, asked, report):
        return redirect(_address(request, report, file=asked.queue.name, fait=report.reference))
    following = reading.following(request.user, asked, report, state=seen)
    if following is None:
        query = _kept(request)
        query["fait"] = report.reference
        query["file"] = asked.queue.name
        return redirect(f"{reverse('triage_queue')}?{query.urlencode()}")
    return redirect(_address(request, following, file=asked.queue.name, fait=report.reference))


@gate.hands(reading.openable, by="reference", reads="report.read")
@_sent
def grade_item(request, report):
    """Two letters; for a sorted report, the validation that goes with them."""
    seen, version = request.POST.get("seen", ""), request.POST.get("version", "")
    form = grade_form(report, request.POST)
    if form.is_valid():
        try:
            actions.grade(
                report,
                by=request.user,
                version=int(version) if version.isdecimal() else 0,
                seen=seen,
                **form.said(),
            )
        except reports.Overtaken as fault:
            return _told(request, report, fault)
        except ValidationError as fault:
            form.tell(fault)
        else:
            return _next(request, report, seen)
    target = State.GRADED if report.state == State.SORTED else reading.GRADE
    return _item(request, report, sent=(target, form), status=422)


@gate.hands(reading.openable, by="reference")
@_sent
def undo_decision(request, report):
    """Take back the step that the member saw, and open the item again."""
    try:
        life.undo(report, by=request.user, seen=request.POST.get("step") or None)
    except ValidationError as fault:
        return _told(request, report, fault)
    messages.success(request, f"Décision annulée : {report.reference} est de nouveau ouverte.")
    return redirect("triage_item", reference=report.reference)
