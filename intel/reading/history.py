"""What happened to a report: its steps and its former texts, latest first."""

import difflib
import re
from dataclasses import dataclass
from datetime import datetime

from cross.ui.templatetags.words import day, listed
from intel import access
from intel.actions.reports import ENTRY_FIELDS, OWN_FIELDS
from intel.models import (
    Handover,
    ReleaseRequest,
    Report,
    Restriction,
    RestrictionChange,
    Revision,
    Step,
)
from intel.models.choices import Mode, Origin, Product
from intel.reading.silence import NOBODY, silence_of
from intel.states import State

# Fields that go without saying, or that only their own unit reads.
UNSPOKEN = frozenset({"comment_by"})
# Of a report from a human source, what a former version said may be what the source said.
SOURCED = frozenset(ENTRY_FIELDS)
GRADES = frozenset({"source_grade", "information_grade"})
LABELS_OF = {"products": Product, "modes": Mode}
COMPARED = (
    4000  # words of both texts beyond which they are shown whole, for comparing is quadratic
)


@dataclass(frozen=True)
class Change:
    """One field: what it said, what was put in its place, in words."""

    name: str
    label: str
    before: str
    after: str

    def pieces(self):
        """(kind, text) pairs: kept, removed or added; None when the texts are too long."""
        return difference(self.before, self.after)


@dataclass(frozen=True)
class Event:
    """One line of the history. `undone` says who took the step back and when, or is empty."""

    at: datetime
    title: str
    by: object
    why: str = ""
    changes: tuple = ()
    undone_by: object = None
    undone_at: datetime | None = None
    detail: str = ""  # before → after, of who reads the report

    @property
    def is_grading(self):
        return bool(self.changes) and all(change.name in GRADES for change in self.changes)


@dataclass(frozen=True)
class Grading:
    """One state of the grade: who gave it, and for whom he spoke."""

    grade: str
    by: object
    at: datetime
    why: str

    @property
    def speaks_for(self):
        return "la cellule" if self.by.unit.is_cell else "le contributeur"


def steps_of(report):
    """The moves of a report, those undone included, latest first."""
    steps = Step.objects.of(report).select_related("by__unit", "undone_by__unit")
    return list(steps.order_by("-at", "-pk"))


def events_of(report, member, steps, *, silence, handovers=(), narrowings=()):
    """Everything that happened to `report`, as this member may read it.

    `steps` are its moves, `handovers` and `narrowings` those that concern it, `silence` what the
    member is not told; the author of the report has already been silenced.
    """
    events = [_stepped(step) for step in steps]
    events += narrowings
    events += revisions_of(report, member, silence=silence)
    events += [
        _handed_over(handover, member, silence)
        for handover in handovers
        if handover.decision == Handover.Decision.ACCEPTED
    ]
    events.append(Event(report.created_at, "Enregistrée", report.author))
    return sorted(events, key=lambda event: event.at, reverse=True)


def narrowings_of(report, member, silence):
    """Who read it before and after each narrowing, renewal and release, as events.

    Its own unit is also told the releases that were refused.
    """
    changes = RestrictionChange.objects.of(report).select_related("by__unit", "asked_by")
    events = [_narrowed(change, silence) for change in changes]
    if report.owner_id == member.unit_id:
        refused = ReleaseRequest.objects.of(report).filter(
            decision=ReleaseRequest.Decision.DECLINED
        )
        events += [
            Event(each.decided_at, "Levée refusée", each.decided_by, each.answer)
            for each in refused.select_related("decided_by__unit")
        ]
    return events


def _narrowed(change, silence):
    """A unit that is not told is not told by its list of readers either."""
    is_told = not silence.covers(change.at)
    [change] = silence.over([change], who=("by", "asked_by"))
    said = [change.why]
    if change.kind == RestrictionChange.Kind.RELEASED:
        said = [f"Demandée par {change.asked_by.get_full_name()}.", *said]
    elif change.kind != RestrictionChange.Kind.RENEWED:
        said = [f"{Restriction.Reason(change.reason).label}.", *said]
    units = [each for each in (change.before, change.after) if each] if is_told else []
    if len(units) == 2 and change.before == change.after:
        units = [f"Mêmes unités : {change.after}"]
    title = RestrictionChange.Kind(change.kind).label
    why = " ".join(each for each in said if each)
    return Event(change.at, title, change.by, why, detail=" → ".join(units))


def silence_kept(silent_mode):
    """That whoever looks for its identifiers is told nothing: for its own unit alone."""
    return Event(
        silent_mode.at,
        "Mode silencieux choisi",
        silent_mode.by,
        silent_mode.reason,
        detail=f"À revoir le {day(silent_mode.review_on)}",
    )


def _handed_over(handover, member, silence):
    """From whom to whom for those who may know; why, for the two units alone."""
    ends = {"de": handover.origin, "à": handover.target}
    told = [f"{way} {unit}" for way, unit in ends.items() if not silence.is_of(unit.pk)]
    title = " ".join(["Transférée", *told])
    by = NOBODY if silence.is_of(handover.target_id) else handover.decided_by
    concerns = member.unit_id in {handover.origin_id, handover.target_id}
    why = handover.why if concerns else ""
    return Event(handover.decided_at, title, by, why)


def revisions_of(report, member, *, silence=None):
    """The changes of texts and choices, latest first, each with its before and its after.

    Of a report that comes, or came, from a human source, the former texts are read by its unit.
    """
    silence = silence_of(report, member) if silence is None else silence
    revisions = list(Revision.objects.of(report).select_related("by__unit").order_by("-version"))
    # Asked before anybody is silenced, while each row still says who wrote it.
    hidden = UNSPOKEN | _unread(report, revisions, member)
    _over_texts(silence, revisions)
    later, events = {}, []
    for revision in revisions:
        changes = tuple(
            Change(
                name,
                str(Report._meta.get_field(name).verbose_name),
                in_words(name, before),
                in_words(name, later.get(name, getattr(report, name))),
            )
            for name, before in revision.before.items()
            if name not in hidden
        )
        later |= revision.before
        if changes:
            title = _title_of(changes)
            events.append(Event(revision.at, title, revision.by, revision.why, changes))
    return events


def gradings_of(report, events):
    """Every grade that `report` was given, the latest first; `events` are all of its history.

    One given at entry left no revision: it is what the first change replaced.
    """
    changed = [
        (event, {each.name: each for each in event.changes if each.name in GRADES})
        for event in events
    ]
    changed = [(event, changes) for event, changes in changed if changes]
    letters = {name: getattr(report, name) for name in ("source_grade", "information_grade")}
    gradings = []
    for event, changes in changed:
        gradings.append(Grading("".join(letters.values()), event.by, event.at, event.why))
        letters |= {name: change.before[:1] for name, change in changes.items()}
    if any(letters.values()):
        given = "".join(letters.values())
        gradings.append(Grading(given, report.author, report.created_at, ""))
    return gradings


def former_unread(report, member):
    """The same, asked of a report whose versions are not at hand: one query, or none."""
    if access.reads_source(member, report):
        return frozenset()
    return _unread(report, Revision.objects.of(report), member)


def _unread(report, revisions, member):
    """The fields whose former values this member does not read."""
    if access.reads_source(member, report):
        return frozenset()
    origins = {report.origin, *(revision.before.get("origin") for revision in revisions)}
    return SOURCED if Origin.HUMAN_SOURCE in origins else OWN_FIELDS


def _over_texts(silence, revisions):
    """What the cell graded and commented keeps its name: it is not the unit's own."""
    silence.over([
        each for each in revisions if each.before.keys() & SOURCED or not each.by.unit.is_cell
    ])  # fmt: skip


def _stepped(step):
    return Event(
        step.at,
        State(step.target).label,
        step.by,
        step.why,
        undone_by=step.undone_by,
        undone_at=step.undone_at,
    )


def _title_of(changes):
    names = {change.name for change in changes}
    is_first = not any(change.before for change in changes)
    if names <= GRADES:
        return "Cotation donnée" if is_first else "Cotation modifiée"
    if names == {"comment"}:
        return "Commentaire écrit" if is_first else "Commentaire modifié"
    return f"Modifié : {listed(change.label for change in changes)}"


def in_words(name, value):
    """A value of a field, as the row or a revision holds it, for people; "" for nothing."""
    if value in (None, "", []):
        return ""
    if isinstance(value, dict):
        return value["text"]
    if name in LABELS_OF:
        return listed(LABELS_OF[name](code).label for code in value)
    field = Report._meta.get_field(name)
    if field.choices:
        return dict(field.flatchoices)[value]
    if field.get_internal_type() in {"DateField", "DateTimeField"}:
        # What a revision holds of an instant is in UTC: `day` tells it where we are.
        return day(datetime.fromisoformat(value) if isinstance(value, str) else value)
    return str(value)


def difference(before, after):
    """(kind, text) pairs that turn `before` into `after`: "=", "-" or "+"; None when too long."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    if len(old) + len(new) > COMPARED:
        return None
    pieces = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("=", "".join(old[a:b])))
            continue
        pieces += [("-", "".join(old[a:b]))] if b > a else []
        pieces += [("+", "".join(new[c:d]))] if d > c else []
    return pieces
