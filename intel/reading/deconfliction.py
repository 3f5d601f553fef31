"""The page of deconfliction: units to call, what one's own unit plans, what it has asked.

A hit tells the other unit and whom to call. Which of our own reports it is about is read from the
identifiers that they hold today: the hit itself names none.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cross.ui.circle_maps import Circle, circle_map
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions.targets import is_like, those_like
from intel.models import REVIEW_SOON, DeconflictionCheck, DeconflictionHit, PlannedEvent
from intel.reading.contacts import Contact, contacts_of
from intel.reading.targets import written
from services.models import Department

SHOWN = 50
CHECKS_SHOWN = 20
DECIDED_DAYS = 30
REPORTS_SHOWN = 5
SMALL_MAP = 360  # wide, in the pixels of a telephone: words stay legible


@dataclass(frozen=True)
class HitLine:
    """One hit as one of its two units is told of it."""

    hit: DeconflictionHit
    what: str  # the kind of identifier, or that operations meet
    asked_by_us: bool
    other: Contact
    other_is_told: bool
    about: PlannedEvent | DeconflictionCheck | None  # what is ours in it
    reports: tuple = ()  # ours, that hold what was looked for
    written: tuple = ()  # what is ours in words: what we asked, or which operation and where

    @property
    def is_waiting(self):
        return not self.hit.outcome and self.hit.lapsed_at is None

    @property
    def other_unit(self):
        return self.hit.holder_id if self.asked_by_us else self.hit.asker_id

    @property
    def ours(self):
        """What is ours in it, in one line."""
        numbers = [self.about.number] if self.about else [each.reference for each in self.reports]
        is_held = bool(self.hit.target_id) and not self.asked_by_us
        return ", ".join([*([self.what] if is_held else self.written), *numbers])


@dataclass(frozen=True)
class Called:
    """A unit to call once, and all the hits with it."""

    contact: Contact
    lines: list

    @property
    def is_said(self):
        """Is somebody named in each hit?"""
        return all(line.other.said for line in self.lines)


def by_unit(lines):
    """In the order of the first hit of each."""
    lines_of = defaultdict(list)
    for line in lines:
        lines_of[line.other_unit].append(line)
    return [Called(replace(held[0].other, said=""), held) for held in lines_of.values()]


@dataclass(frozen=True)
class Board:
    waiting: list
    decided: list
    events: list  # to come and running, each with `rank`, `has_conflict` and `has_answer`
    past: list
    checks: list
    silences: list  # of reports, to look at again
    silent_events: list
    coordinated: list
    map: str
    small_map: str

    @property
    def to_call(self):
        return by_unit(self.waiting)

    @property
    def called(self):
        return by_unit(self.decided)


def board_of(member):
    hits, coordinated = list(_shown_hits(member)), _coordinated(member)
    contacts = contacts_of(_units_of([*hits, *coordinated]))
    lines = _lines(member, hits, contacts)
    events = events_of(member)
    ahead = [event for event in events if not (event.is_over or event.is_cancelled)]
    for rank, event in enumerate(sorted(ahead, key=_begins), start=1):
        event.rank = rank
    soon = timezone.localdate() + REVIEW_SOON
    return Board(
        waiting=[line for line in lines if line.is_waiting],
        decided=[line for line in lines if not line.is_waiting],
        events=sorted(ahead, key=_begins),
        past=[event for event in events if event.is_over or event.is_cancelled],
        checks=_latest_checks(member),
        silences=list(
            access.own_silences(member)
            .filter(review_on__lte=soon)
            .select_related("report")
            .order_by("review_on", "pk")[:SHOWN]
        ),
        silent_events=[
            each for each in ahead if each.is_silent and each.silence_review_on <= soon
        ],
        coordinated=[
            (hit.at, contacts[hit.asker_id], contacts[hit.holder_id]) for hit in coordinated
        ],
        map=_map_of(ahead),
        small_map=_map_of(ahead, width=SMALL_MAP),
    )


def _begins(event):
    return event.starts_at, event.pk


def waiting_of(member):
    """What the menu counts: hits without an outcome, and silences whose day has passed."""
    today = timezone.localdate()
    return [
        access.waiting_hits(member),
        access.own_silences(member).filter(review_on__lte=today),
        access.editable_events(member).filter(is_silent=True, silence_review_on__lte=today),
    ]


# --- Hits -------------------------------------------------------------------------------------


def _shown_hits(member):
    """Those that wait, and what was lately decided."""
    since = timezone.now() - timedelta(days=DECIDED_DAYS)
    recent = Q(outcome="", lapsed_at=None) | Q(outcome_at__gte=since)
    hits = access.told_hits(member).filter(recent)
    return with_all(hits).order_by("outcome", "-at", "-pk")[:SHOWN]


def with_all(hits):
    events = "asked_event__commune", "held_event__commune"
    rows = hits.select_related("target__check_made__by", *events, "outcome_by__unit")
    return rows.defer(*(f"{commune}__outline" for commune in events))


def hit_lines(member, hits):
    """Three queries, whatever the number of hits."""
    hits = list(hits)
    return _lines(member, hits, contacts_of(_units_of(hits)))


def _units_of(hits):
    return {key for hit in hits for key in (hit.asker_id, hit.holder_id)}


def _lines(member, hits, contacts):
    cited = _own_identifiers_about(member, hits)
    return [_line(hit, member.unit_id, contacts, cited.get(hit.pk, ())) for hit in hits]


def _line(hit, mine, contacts, cited):
    asked_by_us = hit.asker_id == mine
    other = contacts[hit.holder_id if asked_by_us else hit.asker_id]
    return HitLine(
        hit=hit,
        what="Opérations proches" if hit.is_of_events else hit.target.get_kind_display(),
        asked_by_us=asked_by_us,
        other=_with_words(other, hit, asked_by_us),
        other_is_told=hit.tells_holder if asked_by_us else hit.tells_asker,
        about=_ours_in(hit, asked_by_us),
        reports=_each(each.report for each in cited),
        written=_written(hit, asked_by_us),
    )


def _written(hit, asked_by_us):
    """Of an event of ours, what and where; of a target, what we asked. Of what another unit looked
    for, nothing: which of the values of our reports it is, is for that unit to say."""
    if hit.is_of_events:
        event = _ours_in(hit, asked_by_us)
        return (f"{event.get_kind_display()}, {event.commune.name}",) if event else ()
    words = written(hit.target) if asked_by_us else ""
    return (words,) if words else ()


def _each(found):
    return tuple(dict.fromkeys(found))[:REPORTS_SHOWN]


def _ours_in(hit, asked_by_us):
    if hit.is_of_events:
        return hit.asked_event if asked_by_us else hit.held_event
    return hit.target.check_made if asked_by_us else None


def _with_words(contact, hit, asked_by_us):
    """With whom to ask for on this occasion: who made the check, who was named for the event."""
    if hit.is_of_events:
        other = hit.held_event if asked_by_us else hit.asked_event
        said = other.contact if other else ""
    elif asked_by_us:
        said = ""
    else:
        by = hit.target.check_made.by
        said = ", ".join(part for part in (by.get_full_name(), by.phone) if part)
    return Contact(contact.unit, contact.service, contact.phone, contact.people, said)


def _own_identifiers_about(member, hits):
    """{key of a hit: those of our reports that are what was looked for}; none once it is
    forgotten."""
    held = [hit for hit in hits if hit.target_id and hit.holder_id == member.unit_id]
    targets = {hit.target_id: hit.target for hit in held if hit.target.value}
    if not targets:
        return {}
    found = list(
        access.own_identifiers(member)
        .filter(those_like(targets.values()))
        .select_related("report")
        .order_by("-report__received_at", "report")[: SHOWN * REPORTS_SHOWN]
    )
    return {
        hit.pk: [each for each in found if each.kind == hit.target.kind and _is_it(hit, each)]
        for hit in held
    }


def _is_it(hit, identifier):
    return bool(hit.target.value) and is_like(hit.target, identifier.value)


def _coordinated(member):
    """Of operations that meet, the latest first: their units alone will be told."""
    return list(access.coordinated_hits(member).order_by("-at", "-pk")[:SHOWN])


# --- Checks -----------------------------------------------------------------------------------


def _latest_checks(member):
    hits = access.told_hits(member).filter(target__check_made=OuterRef("pk"))
    waiting = access.waiting_hits(member).filter(target__check_made=OuterRef("pk"))
    checks = access.readable_checks(member).annotate(
        has_hit=Exists(waiting), has_answer=Exists(hits)
    )
    return list(checks.select_related("by").order_by("-at", "-pk")[:CHECKS_SHOWN])


# --- Events -----------------------------------------------------------------------------------


def events_of(member):
    """Those of the unit that are not forgotten, the last to end first."""
    told = access.told_hits(member).filter(lapsed_at=None)
    meets = told.filter(Q(asked_event=OuterRef("pk")) | Q(held_event=OuterRef("pk")))
    events = access.readable_events(member).annotate(
        has_conflict=Exists(meets.filter(outcome="")), has_answer=Exists(meets)
    )
    rows = events.select_related("commune", "by").defer("commune__outline")
    return list(rows.order_by("-ends_at", "-pk")[: 2 * SHOWN])


def _map_of(events, **options):
    """Our own events over the outline of the department, and nobody else's."""
    if not events:
        return ""
    outlines = Department.objects.filter(pk__in={event.department_id for event in events})
    circles = [
        Circle(each.x, each.y, each.radius, str(each.rank), each.has_conflict) for each in events
    ]
    conflicts = sum(each.has_conflict for each in events)
    return circle_map(
        [outline for outline in outlines.values_list("outline", flat=True) if outline],
        circles,
        title="Les opérations de mon unité",
        description=f"{counted(len(events), 'opération')}, dont {conflicts} avec un conflit.",
        **options,
    )
