"""What happened to a report: its steps and its former texts, latest first."""

import difflib
import re
from dataclasses import dataclass
from datetime import datetime

from cross.ui.templatetags.words import day, listed
from intel.models import Report, Revision, Step
from intel.models.choices import Mode, Product
from intel.states import State

# Fields that go without saying, or that only their own unit reads.
UNSPOKEN = frozenset({"comment_by"})
OWN = frozenset({"source_code"})
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

    @property
    def is_grading(self):
        return bool(self.changes) and all(change.name in GRADES for change in self.changes)


def steps_of(report):
    """The moves of a report, those undone included, latest first."""
    steps = Step.objects.of(report).select_related("by__unit", "undone_by__unit")
    return list(steps.order_by("-at", "-pk"))


def events_of(report, member, steps):
    """Everything that happened to `report`, as this member may read it; `steps` are its moves."""
    events = [_stepped(step) for step in steps]
    events += revisions_of(report, member)
    events.append(Event(report.created_at, "Enregistrée", report.author))
    return sorted(events, key=lambda event: event.at, reverse=True)


def revisions_of(report, member):
    """The changes of texts and choices, latest first, each with its before and its after."""
    hidden = UNSPOKEN if report.owner_id == member.unit_id else UNSPOKEN | OWN
    later, events = {}, []
    revisions = Revision.objects.of(report).select_related("by__unit").order_by("-version")
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
