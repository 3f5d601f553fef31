"""The queue of the cell: one item open, one key a decision, the next one opens by itself."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cross import gate
from cross.ui import keyset
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import desk, life, malice, reports
from intel.actions import triage as actions
from intel.forms.triage import AsideForm, AssignForm, MaliceForm, grade_form
from intel.reading import triage as reading
from intel.reading import triage_item as item
from intel.reading.bulk import just_decided
from intel.states import WAITING, State
from services.roles import Right, may

KEPT = ("file", "voir", "urgent", "origine", "attente", "deplie")


@gate.lets(may(Right.TRIAGE))
def triage_queue(request):
    """Opens the first item, so that reading it passes by its own door and leaves its line."""
    asked = reading.asked_by(request.GET)
    first = reading.first(request.user, asked)
    if first is not None:
        said = {
            name: request.GET[name] for name in ("lot", "mise_de_cote") if request.GET.get(name)
        }
        return redirect(_address(request, first, **said))
    context = _context(request, asked) | {"queue_empty": True}
    if not asked.is_filtered:
        context["last_treated"] = reading.last_treated(request.user)
    return render(request, "intel/triage.html", context)


@gate.hands(item.openable, by="reference", reads="report.read")
def triage_item(request, report):
    """Opening what waits takes it softly: the others are told, and nobody is kept out."""
    if report.state in WAITING:
        desk.open_softly(report, reading.docket_of(report), by=request.user)
    return _item(request, report)


def _item(request, report, *, sent=None, taken_by=None, status=200):
    """`taken_by` is who else has it open, when a decision must say that it takes it over."""
    asked = reading.asked_by(request.GET, report.state)
    context = _context(request, asked, report)
    sheet = item.sheet_of(request.user, report, sent=sent)
    gate.shown_beside(request, "report.listed", report, sheet.nearby)
    context |= {"report": report, "sheet": sheet, "taken_by": taken_by}
    context["back"] = _address(request, report)  # from a comparison
    if taken_by:
        context["resent"] = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken"
        ]
    response = render(request, "intel/triage.html", context, status=status)
    if sent or taken_by:
        response["HX-Push-Url"] = "false"  # a refusal has no address of its own
    return response


def _context(request, asked, report=None):
    side = reading.left_of(request.user, asked, report)
    done, aside = (
        request.GET.get(name, "").replace("\0", "") for name in ("fait", "mise_de_cote")
    )
    return {
        "asked": asked,
        "side": side,
        "rows": side.page,
        "count": side.count.value,
        "count_capped": side.count.is_capped,
        "noun": "renseignement",
        "done": reading.just_done(request.user, done) if done else None,
        "put_aside": reading.just_put_aside(request.user, aside) if aside else None,
        "done_together": just_decided(request.user, request.GET.get("lot", "")),
        "delay": settings.TRIAGE_DAYS,
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


def _asks_over(view):
    """Of what somebody else has open, a decision is made by who says that he takes it over."""

    @wraps(view)
    def asking(request, report):
        holder = reading.holder_of(report, request.user)
        if holder and "main" not in request.POST:
            return _item(request, report, taken_by=holder, status=409)
        if holder:
            desk.take_over(report, by=request.user)
        return view(request, report)

    return asking


def _sent(view):
    """A decision is sent; its address, typed or reloaded after a refusal, shows the item."""

    @wraps(view)
    def only_sent(request, report):
        if request.method != "POST":
            return redirect(_address(request, report))
        return view(request, report)

    return only_sent


@gate.hands(item.openable, by="reference", reads="report.read")
@_sent
@_asks_over
def decide(request, report):
    """Make one move; `seen` is the state that was on the screen."""
    target, seen = request.POST.get("target", ""), request.POST.get("seen", "")
    if target not in State.values:
        raise SuspiciousOperation("no such state")
    if seen != report.state:
        return _told(request, report, life.overtaken(report))
    form = item.decision_form(request.user, report, target, request.POST)
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


@gate.hands(item.openable, by="reference", reads="report.read")
@_sent
@_asks_over
def grade_item(request, report):
    """Two letters; for a sorted report, the validation that goes with them."""
    seen, version = request.POST.get("seen", ""), request.POST.get("version", "")
    form = grade_form(report, request.POST)
    if form.is_valid():
        try:
            graded = actions.grade(
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
            if graded.state == seen:
                return _graded(request, graded)
            return _next(request, report, seen)
    target = State.GRADED if report.state == State.SORTED else item.GRADE
    return _item(request, report, sent=(target, form), status=422)


def _graded(request, report):
    """A grade that moves nothing: the item stays open, and there is no step to take back."""
    messages.success(request, f"{report.reference} : cotation {report.grade} enregistrée.")
    return redirect(_address(request, report))


@gate.hands(item.openable, by="reference")
@_sent
def undo_decision(request, report):
    """Take back the step that the member saw, and open the item again."""
    try:
        life.undo(report, by=request.user, seen=request.POST.get("step") or None)
    except ValidationError as fault:
        return _told(request, report, fault)
    messages.success(request, f"Décision annulée : {report.reference} est de nouveau ouverte.")
    return redirect("triage_item", reference=report.reference)


# --- Who has it, until when -------------------------------------------------------------------


@gate.hands(item.openable, by="reference")
@_sent
def take_over(request, report):
    desk.take_over(report, by=request.user)
    messages.success(request, "Vous avez la main sur cette fiche.")
    return redirect(_address(request, report))


@gate.hands(item.openable, by="reference", reads="report.read")
def assign(request, report):
    docket = reading.docket_of(report)
    initial = {"to": docket.assigned_to, "due_on": docket.due_on} if docket else {}
    form = AssignForm.read(
        request,
        members=access.assignable_members(report),
        today=timezone.localdate(),
        initial=initial,
    )
    if form.carry_out(lambda **said: desk.assign(report, by=request.user, **said)):
        messages.success(request, "Attribution enregistrée.")
        return redirect(_address(request, report))
    return render_form(request, "intel/triage_assign.html", form, report=report)


@gate.hands(item.openable, by="reference", reads="report.read")
def put_aside(request, report):
    form = AsideForm.read(request, today=timezone.localdate())
    if form.carry_out(lambda **said: desk.put_aside(report, by=request.user, **said)):
        asked = reading.asked_by(request.GET, report.state)
        following = reading.following(request.user, asked, report, state=report.state)
        if following is None:
            query = _kept(request)
            query["mise_de_cote"] = report.reference
            return redirect(f"{reverse('triage_queue')}?{query.urlencode()}")
        said = {"file": asked.queue.name, "mise_de_cote": report.reference}
        return redirect(_address(request, following, **said))
    context = {"report": report, "delay": settings.TRIAGE_DAYS}
    return render_form(request, "intel/triage_aside.html", form, **context)


@gate.hands(item.openable, by="reference")
@_sent
def bring_back(request, report):
    try:
        desk.bring_back(report, by=request.user, seen=request.POST.get("seen", ""))
    except ValidationError as fault:
        return _told(request, report, fault)
    messages.success(request, f"{report.reference} est de nouveau dans la file.")
    return redirect(_address(request, report))


# --- Malicious --------------------------------------------------------------------------------


@gate.hands(access.forgettable_reports, by="reference", reads="report.read")
def forget(request, report):
    """Says what is erased, then erases it: the one decision that nothing takes back."""
    form = MaliceForm.read(request)
    seen = request.POST.get("seen", "")
    with telling_refusals(request):
        if form.is_bound and form.is_valid():
            reason = form.cleaned_data["malice"]
            malice.forget(report, by=request.user, malice=reason, seen=seen or "?")
            messages.success(request, f"{report.reference} : hors champ, contenu effacé.")
            return redirect("triage_queue")
    return render_form(
        request, "intel/triage_forget.html", form, report=report, erased=malice.SAID
    )
