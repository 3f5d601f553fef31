"""What the pages of meetings gather, for one reader each time; changes nothing."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from cross.ui.templatetags.words import counted
from intel import access
from intel.actions import agenda
from intel.models import AgendaItem, Audience, TerritoryScore
from intel.reading import restrictions
from intel.reading.capped import count_each
from intel.states import BY_PAIR, State
from protocols import cadence
from protocols.access import readable_actions, writable_axes
from protocols.meeting_states import AHEAD, OPEN, MeetingState
from protocols.models import Attendance
from services.models import Unit
from services.roles import Right, Role, may

Kind = AgendaItem.Kind
TONES = {
    MeetingState.PREPARED: "waiting",
    MeetingState.CALLED: "new",
    MeetingState.SITTING: "progress",
    MeetingState.TO_SIGN: "waiting",
    MeetingState.SIGNED: "done",
    MeetingState.CANCELLED: "alert",
}
SHOWN = 30
UNFOLDED = 4  # reports of a point
FOR_EACH = frozenset({Kind.CONFLICTS, Kind.FOYERS, Kind.RESTRICTIONS, Kind.RESERVED})
COMING, PAST = "a-venir", "passees"


def _is_ahead():
    sits = Q(state=MeetingState.SITTING)
    return sits | Q(held_on__gte=timezone.localdate(), state__in=AHEAD)


def tabs_of(member, query):
    """(the tab that is open, its meetings, how many in each): two queries."""
    readable = access.readable_meetings(member)
    counts = readable.aggregate(
        coming=Count("pk", filter=_is_ahead()), past=Count("pk", filter=~_is_ahead())
    )
    shown = PAST if query.get("voir") == PAST else COMING
    rows = readable.filter(_is_ahead()) if shown == COMING else readable.exclude(_is_ahead())
    order = ("held_on", "starts_at") if shown == COMING else ("-held_on", "-starts_at")
    found = [shown_as(row) for row in rows.order_by(*order)[:SHOWN]]
    tabs = [
        (COMING, "À venir", counts["coming"], shown == COMING),
        (PAST, "Passées", counts["past"], shown == PAST),
    ]
    return shown, found, tabs


def shown_as(meeting):
    meeting.tone = TONES[meeting.state]
    return meeting


def next_of(member):
    """The next meeting of this member's cell, for his home page, or None: one query."""
    own = Attendance.objects.filter(meeting=OuterRef("pk"), unit=member.unit_id)
    rows = access.readable_meetings(member).filter(_is_ahead())
    found = rows.annotate(our_answer=Subquery(own.values("answer")[:1])).order_by(
        "held_on", "starts_at"
    )
    meeting = found.first()
    if meeting is not None:
        shown_as(meeting)
        meeting.our_words = dict(Attendance.Answer.choices).get(meeting.our_answer, "")
        meeting.waits = meeting.our_answer == "" and meeting.state == MeetingState.CALLED
    return meeting


def proposed_day(protocol):
    """The day that the protocol's rhythm gives after the last meeting that stands, or None."""
    last = (
        protocol.meetings.exclude(state=MeetingState.CANCELLED)
        .order_by("-held_on")
        .values_list("held_on", flat=True)
        .first()
    )
    return cadence.next_meeting_after(protocol, max(filter(None, [last, timezone.localdate()])))


def is_early(meeting):
    """Its day has not come."""
    return meeting.state == MeetingState.CALLED and meeting.held_on > timezone.localdate()


def like_the_last(protocol):
    """What a new meeting takes from the last one: its hour, its length, its place, its chair."""
    last = protocol.meetings.exclude(state=MeetingState.CANCELLED).order_by("-held_on").first()
    if last is None:
        return {}
    return {
        "starts_at": f"{last.starts_at:%H:%M}",
        "lasts": last.lasts,
        "place": last.place,
        "chair": last.chair_id,
    }


# --- The agenda, as one reader sees it ---------------------------------------------------------


@dataclass
class Point:
    """An item: what its reader may read of it, and no trace of the rest."""

    item: Any
    number: int
    reports: list = field(default_factory=list)
    decisions: list = field(default_factory=list)
    guests: list = field(default_factory=list)
    said: list = field(default_factory=list)  # (sentence, address): the reader's own
    queue: str = ""  # of the cell: how many its queue holds, when the point could not take all
    is_first: bool = False
    is_last: bool = False

    @property
    def count(self):
        return counted(len(self.reports), "fiche")

    @property
    def is_for_each(self):
        """What it gathers is its reader's alone: no wall shows it."""
        return self.item.kind in FOR_EACH

    @property
    def shown(self):
        """Those that are seen at once."""
        return self.reports[:UNFOLDED]

    @property
    def folded(self):
        return self.reports[UNFOLDED:]


def points_of(member, meeting, *, projected=False):
    """The agenda. `projected`: what a wall may show, and nothing that is its reader's alone."""
    items = list(
        access.readable_items(member)
        .filter(meeting=meeting)
        .select_related("rapporteur__service")
        .order_by("rank", "pk")
    )
    points = {item.pk: Point(item, number) for number, item in enumerate(items, start=1)}
    if not points:
        return []
    shown = list(points.values())
    shown[0].is_first = shown[-1].is_last = True
    _add_reports(points, member, meeting, projected)
    if meeting.state not in AHEAD:
        _add_decisions(points, member, meeting, projected)
    if meeting.state in OPEN:
        _add_late_actions(points, member, meeting)
    if meeting.state in AHEAD:
        _add_own(points, member, meeting)
    return shown


def add_queues(points, member):
    """Where a point names as many as it can, how many its queue holds: for the cell alone, which
    reads the queue itself; one query."""
    full = [
        point
        for point in points
        if point.item.kind in agenda.QUEUED and len(point.reports) >= agenda.MOST
    ]
    rows = [
        agenda.QUEUED[point.item.kind](member).filter(audience=Audience.PROTOCOL) for point in full
    ]
    for point, count in zip(full, count_each(rows) if rows else [], strict=True):
        if count.value > len(point.reports):
            point.queue = f"{count} fiches"


def _add_reports(points, member, meeting, projected):
    rows = access.projected_reports(member) if projected else access.named_reports(member)
    named = (
        rows.filter(item__meeting=meeting)
        .select_related("report__commune", "report__owner")
        .defer("report__search", "report__commune__outline")
        .order_by("pk")
    )
    for row in named:
        if row.item_id in points:
            points[row.item_id].reports.append(row)


def _add_decisions(points, member, meeting, projected):
    rows = access.projected_decisions(member) if projected else access.readable_decisions(member)
    for decision in _with_words(rows.filter(item__meeting=meeting)):
        if decision.item_id in points:
            points[decision.item_id].decisions.append(decision)


def _with_words(decisions):
    rows = decisions.select_related("unit__service", "report", "item", "action").defer(
        "report__search"
    )
    return list(rows.order_by("item__rank", "at", "pk"))


def _add_late_actions(points, member, meeting):
    """Read by everybody who is called, and so shown on the wall too."""
    point = next((each for each in points.values() if each.item.kind == Kind.ACTIONS), None)
    if point is None:
        return
    late = agenda.late_actions(meeting.protocol.department_id)
    rows = readable_actions(member).filter(pk__in=late.values("pk")).order_by("due_on", "pk")
    point.said = [
        (f"{each.title} ({each.unit})", each.get_absolute_url()) for each in rows[:SHOWN]
    ]


def _add_own(points, member, meeting):
    """Under the titles of the queue that name no report: what concerns this reader himself."""
    by_kind = {point.item.kind: point for point in points.values()}
    if point := by_kind.get(Kind.FOYERS):
        point.said = _foyers(member, meeting)
    if member.role == Role.GUEST or not may(Right.WRITE)(member):
        return
    asked = {}
    if Kind.CONFLICTS in by_kind:
        asked[Kind.CONFLICTS] = access.units_to_call(member)
        if may(Right.ADMIT)(member):
            asked["together"] = access.coordinated_hits(member)
    if Kind.RESTRICTIONS in by_kind:
        asked[Kind.RESTRICTIONS] = restrictions.to_review(member)
    counts = dict(zip(asked, count_each(asked.values()), strict=True)) if asked else {}
    if counts.get(Kind.CONFLICTS):
        number = counts[Kind.CONFLICTS].value
        by_kind[Kind.CONFLICTS].said.append(
            (f"Pour votre unité : {counted(number, 'unité')} à appeler", reverse("deconfliction"))
        )
    if counts.get("together"):
        number = counts["together"].value
        by_kind[Kind.CONFLICTS].said.append(
            (
                f"Pour l’animateur : {counted(number, 'conflit')} entre deux unités",
                reverse("deconfliction"),
            )
        )
    if counts.get(Kind.RESTRICTIONS):
        number = counts[Kind.RESTRICTIONS].value
        by_kind[Kind.RESTRICTIONS].said.append(
            (
                f"De votre unité : {counted(number, 'restriction')} à revoir",
                reverse("restriction_list"),
            )
        )


def _foyers(member, meeting):
    """The foyers of the last twelve months that his own audience was told: one query."""
    told = access.readable_summaries(member).filter(
        department=meeting.protocol.department_id, period__endswith="R12"
    )
    latest = told.order_by("-ends_on", "-version")
    rows = TerritoryScore.objects.filter(
        summary=Subquery(latest.values("pk")[:1]),
        dimension=TerritoryScore.Dimension.COMMUNE,
        hot="foyer",
    ).order_by("rank")
    return [(row.label, reverse("summary_page", args=[row.summary_id])) for row in rows[:SHOWN]]


def previous_decisions(member, meeting, *, projected=False):
    """Those of the meeting before, with what became of each, as far as this reader follows it;
    `projected`: as far as a wall may show it."""
    before = agenda.previous_of(meeting)
    if before is None:
        return None, []
    rows = access.projected_decisions(member) if projected else access.readable_decisions(member)
    decisions = _with_words(rows.filter(item__meeting=before))
    for decision in decisions:
        decision.state_in_words, decision.tone = _became(decision)
    return before, decisions


def axes_for(member, meeting):
    """Where a decision of this meeting may be written in the strategy."""
    return writable_axes(member).filter(strategy__department=meeting.protocol.department_id)


def _became(decision):
    """In two words: of a report or of an action, its own state; of the rest, what was said."""
    if decision.action_id and decision.action.undone_at is None:
        return decision.action.get_state_display(), "progress"
    if decision.report_id:
        return decision.report.get_state_display(), "progress"
    if decision.became:
        return decision.get_became_display(), "quiet" if decision.became == "dropped" else "done"
    return ("En retard", "alert") if decision.is_late else ("En cours", "progress")


def followed(decisions):
    for decision in decisions:
        decision.state_in_words, decision.tone = _became(decision)
    return decisions


def guests_by_item(member, meeting):
    """{item: its guests}, for the cell that called them."""
    found = defaultdict(list)
    for called in access.live_item_guests(member).filter(item__meeting=meeting):
        found[called.item_id].append(called)
    return found


def attendances_of(meeting):
    rows = meeting.attendances.select_related("unit__service")  # each knows its meeting
    return list(rows.order_by("-unit__is_cell", "unit__sort_key", "unit"))


def steps_of(meeting):
    return list(meeting.steps.select_related("by").order_by("-at", "-pk"))


# --- Sitting ----------------------------------------------------------------------------------

DIRECTABLE = [origin for origin, target in BY_PAIR if target == State.DIRECTED]


def directable_of(member, item):
    """Reports of this item that the sitting may direct: graded, and open to all."""
    named = access.projected_reports(member).filter(item=item)
    return (
        access.directable_reports(member)
        .filter(pk__in=named.values("report"), state__in=DIRECTABLE)
        .exclude(Q(source_grade="") | Q(information_grade=""))
        .order_by("reference")
    )


def chargeable_units(member, meeting):
    """Those called, and those that read reports of the department."""
    called = meeting.attendances.values("unit")
    return (
        Unit.objects.filter(
            Q(pk__in=called) | Q(pk__in=access.nameable_units(member).values("pk"))
        )
        .select_related("service")
        .order_by("-is_cell", "sort_key", "pk")
    )


def decisions_of(member, meeting):
    """What was decided there and this reader is told, with what became of each: one query."""
    rows = access.readable_decisions(member).filter(item__meeting=meeting)
    return followed(_with_words(rows))
