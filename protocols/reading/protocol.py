"""What the pages of protocols gather; changes nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from cross.ui.templatetags.words import day
from protocols import cadence, clauses
from protocols.models import ProtocolStep


def signed(protocol):
    """In one query and in the order of each original: {None: the signatures of the protocol
    itself, the key of an amendment: those of that amendment}."""
    found = defaultdict(list)
    for each in protocol.signatures.select_related("service").order_by("rank"):
        found[each.amendment_id].append(each)
    return found


def bound(protocol):
    """Who has signed the protocol or one of its amendments, each capacity of a service once, as it
    was signed last: who would sign the next amendment."""
    found = {}
    signed = protocol.signatures.select_related("service")
    for each in signed.order_by(F("amendment__rank").asc(nulls_first=True), "rank"):
        found[each.service_id, each.capacity] = each
    return list(found.values())


def amendments(protocol, signatures):
    """The latest first, each with the clauses that it moved and, out of `signed`, its
    `signatories`."""
    found = list(protocol.amendments.order_by("-rank"))
    for amendment in found:
        amendment.changes_in_words = changes_of(amendment)
        amendment.signatories = signatures[amendment.pk]
    return found


@dataclass(frozen=True)
class Event:
    title: str
    at: datetime
    by: str
    why: str


def events(protocol):
    """Signed, suspended, resumed, ended: what happened to the protocol itself, latest first."""
    return [
        Event(f"{STEPS[step.kind]} {day(step.day)}", step.at, _name(step.by), step.why)
        for step in protocol.steps.select_related("by").order_by("-at", "-pk")
    ]


def _name(member):
    return member.get_full_name() if member else "système"


STEPS = {
    ProtocolStep.Kind.SIGNED: "Signature le",
    ProtocolStep.Kind.SUSPENDED: "Suspension au",
    ProtocolStep.Kind.RESUMED: "Reprise au",
    ProtocolStep.Kind.ENDED: "Fin décidée au",
}


@dataclass(frozen=True)
class Said:
    """One clause as it stands, in words."""

    label: str
    words: str


def next_meeting(protocol):
    return cadence.next_meeting_after(protocol, timezone.localdate())


def clauses_of(protocol):
    return [Said(clause.label, clause.says(protocol)) for clause in clauses.CLAUSES.values()]


@dataclass(frozen=True)
class Change:
    """One clause that an amendment moved: what it said, what it says."""

    label: str
    before: str
    after: str


def changes_of(amendment):
    """The clauses that it moved, in words; the end is told apart."""
    if not amendment.moved:
        return []
    after = clauses.rebuilt(amendment.terms)
    was = {name: before for name, (before, _) in amendment.moved.items()}
    before = clauses.rebuilt(amendment.terms | was)
    return [
        Change(clause.label, clause.says(before), clause.says(after))
        for clause in clauses.CLAUSES.values()
        if amendment.moved.keys() & set(clause.columns)
    ]


STATES = {
    "force": ("En vigueur", "done"),
    "draft": ("Projet", "waiting"),
    "suspended": ("Suspendu", "alert"),
    "ended": ("Terminé", "quiet"),
    "future": ("À venir", "new"),
}


def state_of(protocol, on=None):
    """The word and the tone of a protocol's state on that day."""
    return STATES[_state_of(protocol, on or timezone.localdate())]


def _state_of(protocol, on):
    if protocol.signed_on is None:
        return "draft"
    if protocol.ends_on and protocol.ends_on < on:
        return "ended"
    if protocol.suspended_from and protocol.suspended_from <= on:
        return "suspended"
    return "force" if protocol.starts_on <= on else "future"


def doable(protocol):
    """The names of the acts that the state of a protocol allows its keeper."""
    state = _state_of(protocol, timezone.localdate())
    acts = {"amend": state != "draft", "admit": state != "draft"}
    acts["resume"] = protocol.suspended_from is not None
    acts["suspend"] = state in {"force", "future"} and protocol.suspended_from is None
    acts["end"] = state not in {"ended", "draft"}
    return {name for name, allowed in acts.items() if allowed}
