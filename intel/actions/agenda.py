"""The agenda of a meeting: built from the queue in one click, then written by people.

Building again adds what is new; it removes and moves nothing, and what somebody has taken away
does not come back. Titles name no report. What is open to the whole protocol goes under its own
title; what fewer people read goes under « Points réservés », which is always there, so that
neither a title nor its absence tells that there is something to hide.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions import guests, meetings
from intel.models import AgendaItem, Audience, ItemReport, Summary, SummaryAudience
from intel.references import NAMES_A_REPORT
from intel.states import AWAITING_FEEDBACK, AWAITING_TRIAGE, IN_EVALUATION, State
from protocols.meeting_states import OPEN, MeetingState
from protocols.models import Action, Participation
from protocols.states import StrategyState

Kind = AgendaItem.Kind
MOST = 20  # reports of one title: beyond, the list itself is opened in the meeting
RENEWALS = timedelta(days=90)
NO_REFERENCE = (
    "Cet intitulé est lu par tous, préfecture comprise : ôtez la référence et ajoutez la fiche "
    "au point."
)


def _overdue(member):
    taskings = access.directed_taskings(member).overdue().filter(answer__in=_UNFINISHED)
    return access.directable_reports(member).filter(pk__in=taskings.live().values("report"))


_UNFINISHED = ("", State.ACKNOWLEDGED)


def _in_states(*states):
    return lambda member: access.directable_reports(member).filter(state__in=states)


# The titles that gather reports, in their order: which ones, for the animator.
QUEUED = {
    Kind.NEW: _in_states(*AWAITING_TRIAGE),
    Kind.UNDIRECTED: _in_states(*IN_EVALUATION, State.DECLINED),
    Kind.OVERDUE: _overdue,
    Kind.RETURNS: _in_states(*AWAITING_FEEDBACK),
}


def previous_of(meeting):
    """The last one that was held before it, or None."""
    held = meeting.protocol.meetings.filter(
        state__in=[MeetingState.TO_SIGN, MeetingState.SIGNED], held_on__lt=meeting.held_on
    )
    return held.order_by("-held_on", "-pk").first()


def _has_summary(meeting):
    return Summary.objects.filter(
        department=meeting.protocol.department_id,
        audience=SummaryAudience.CELL,
        period__endswith="R12",  # foyers are told over twelve months
        stage=Summary.Stage.DONE,
    ).exists()


def _ends_soon(meeting):
    until = timezone.localdate() + RENEWALS
    protocol = meeting.protocol
    seats = Participation.objects.running().filter(content_object=protocol)
    return bool(protocol.ends_on and protocol.ends_on <= until) or (
        seats.filter(ends_on__lte=until).exists()
    )


def late_actions(department):
    """Of the strategy that it follows today: past their day, or silent for a quarter."""
    return (
        Action.objects.live()
        .late(timezone.localdate())
        .filter(axis__strategy__department=department, axis__strategy__state=StrategyState.ADOPTED)
    )


def _has_late_actions(meeting):
    return late_actions(meeting.protocol.department_id).exists()


def _always(meeting):
    return True


# The others: when they are there. That of the conflicts always is: that it came would tell one.
WITHOUT_REPORTS = {
    Kind.DECISIONS: previous_of,
    Kind.CONFLICTS: _always,
    Kind.FOYERS: _has_summary,
    Kind.RESTRICTIONS: _always,
    Kind.PROTOCOL: _ends_soon,
    Kind.ACTIONS: _has_late_actions,
    Kind.RESERVED: _always,
}


@transaction.atomic
def build(meeting, *, by):
    """Add what the queue has and the agenda has not; (items added, reports added)."""
    meeting = meetings.held(meeting)
    _check_open(meeting)
    items = {item.kind: item for item in meeting.items.exclude(kind=Kind.FREE)}
    before = len(items)
    for kind in Kind:
        if kind not in items and _is_wanted(meeting, kind, by):
            items[kind] = _added(meeting, kind, kind.label, by=by)
    named = 0
    for kind in QUEUED:
        if kind in items:
            named += _name(items[kind], _news(meeting, kind, by), by=by)
    hidden = access.directable_reports(by).filter(audience=Audience.RESTRICTED)
    waiting = [rows(by).values("pk") for rows in QUEUED.values()]
    keys = waiting[0].union(*waiting[1:])
    hidden = hidden.filter(pk__in=[row["pk"] for row in keys])
    named += _name(items[Kind.RESERVED], _not_named(meeting, hidden), by=by)
    journal.record(
        by, "agenda.built", meeting, why=counted(len(items) - before, "point") + " de plus"
    )
    return len(items) - before, named


def _is_wanted(meeting, kind, by):
    if kind in QUEUED:
        return _news(meeting, kind, by).exists()
    return kind in WITHOUT_REPORTS and WITHOUT_REPORTS[kind](meeting)


def _news(meeting, kind, by):
    """What is open to all, and not on the agenda."""
    found = QUEUED[kind](by).filter(audience=Audience.PROTOCOL)
    return _not_named(meeting, found)


def _not_named(meeting, reports):
    named = ItemReport.objects.filter(item__meeting=meeting)
    return reports.exclude(pk__in=named.values("report"))


def _name(item, reports, *, by):
    """Name the oldest of them, as far as there is room."""
    if item.removed_at:
        return 0
    there = ItemReport.objects.filter(item=item, removed_at=None)
    room = MOST - there.unguarded(because="how many fit, told to nobody").count()
    rows = [
        ItemReport(item=item, report=report, by=by)
        for report in reports.order_by("received_at", "pk")[: max(room, 0)]
    ]
    ItemReport.objects.bulk_create(rows)
    if rows:
        guests.opened(item, by=by)
    return len(rows)


def _added(meeting, kind, title, *, by, **said):
    last = meeting.items.aggregate(rank=Max("rank"))["rank"] or 0
    return AgendaItem.objects.create(
        meeting=meeting, kind=kind, title=title, rank=last + 1, by=by, **said
    )


def _check_open(meeting):
    if meeting.state not in OPEN:
        raise ValidationError("L’ordre du jour de cette réunion ne change plus.")


def _check_title(title):
    if NAMES_A_REPORT.search(title):
        raise ValidationError({"title": NO_REFERENCE})


@transaction.atomic
def add(meeting, *, by, title, minutes=None, rapporteur=None, reports=()):
    """A point written by hand, and the reports that it names."""
    meeting = meetings.held(meeting)
    _check_open(meeting)
    _check_title(title)
    item = _added(meeting, Kind.FREE, title, by=by, minutes=minutes, rapporteur=rapporteur)
    _add_reports(item, reports, by=by)
    journal.record(by, "agenda.changed", meeting, why="point ajouté")
    return item


@transaction.atomic
def change(item, *, by, title, minutes=None, rapporteur=None, reports=()):
    """Its words, its time, who presents it; and reports more."""
    meeting = meetings.held(item.meeting)
    _check_open(meeting)
    _check_title(title)
    item.title, item.minutes, item.rapporteur = title, minutes, rapporteur
    item.save(update_fields=["title", "minutes", "rapporteur"])
    _add_reports(item, reports, by=by)
    journal.record(by, "agenda.changed", meeting, why="point modifié")


def _add_reports(item, reports, *, by):
    for report in reports:
        if not access.addable_reports(by).filter(pk=report.pk).exists():
            raise ValidationError({"reports": "Choisissez des fiches transmises que vous lisez."})
        ItemReport.objects.of(report).update_or_create(
            item=item,
            report=report,
            defaults={"removed_at": None, "removed_by": None},
            create_defaults={"by": by},
        )
    if reports:
        gate.forget()
        guests.opened(item, by=by)


@transaction.atomic
def remove_report(named, *, by):
    """The item names it no more; its guests read it no more."""
    meeting = meetings.held(named.item.meeting)
    _check_open(meeting)
    named.removed_at, named.removed_by = timezone.now(), by
    named.save(update_fields=["removed_at", "removed_by"])
    guests.closed(named.item, by=by, reports=[named.report_id])
    journal.record(by, "agenda.changed", meeting, why="fiche retirée d’un point")


@transaction.atomic
def remove(item, *, by):
    """Take a point away; it may be put back where it stood."""
    meeting = meetings.held(item.meeting)
    _check_open(meeting)
    guests.closed(item, by=by)
    item.removed_at, item.removed_by = timezone.now(), by
    item.save(update_fields=["removed_at", "removed_by"])
    journal.record(by, "agenda.changed", meeting, why="point retiré")


@transaction.atomic
def put_back(item, *, by):
    meeting = meetings.held(item.meeting)
    _check_open(meeting)
    item.removed_at = item.removed_by = None
    item.save(update_fields=["removed_at", "removed_by"])
    guests.opened(item, by=by)
    journal.record(by, "agenda.changed", meeting, why="point remis")


@transaction.atomic
def reorder(item, *, by, up):
    """One place up or down, among those that stand."""
    meeting = meetings.held(item.meeting)
    _check_open(meeting)
    items = list(meeting.items.filter(removed_at=None).order_by("rank", "pk"))
    place = next(rank for rank, each in enumerate(items) if each.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    for rank, each in enumerate(items, start=1):
        each.rank = rank
    AgendaItem.objects.bulk_update(items, ["rank"])
    # Those taken away keep a place after all the others, should they come back.
    meeting.items.exclude(removed_at=None).filter(rank__lte=len(items)).update(
        rank=F("rank") + len(items)
    )
    journal.record(by, "agenda.changed", meeting, why="ordre des points")
