"""What a text seems to say, for a person to confirm: nothing here is decided or kept."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from intel.extraction.communes import Gazetteer
from intel.extraction.findings import Finding, Proposals
from intel.extraction.text import propose
from intel.models.choices import IdentifierKind, Origin
from intel.reading import communes

NOBODY = Gazetteer(())  # identifiers need no commune
# Whoever told these is a person whose number stays at the portal, at the desk, on the envelope.
TOLD_BY_PEOPLE = {Origin.CITIZEN, Origin.LETTER, Origin.CALL}
CONTACTS = {IdentifierKind.PHONE, IdentifierKind.EMAIL}
MOST = 40  # beyond, a list is no help: a pasted directory stays a text


@dataclass(frozen=True)
class Tick:
    """One identifier that may be ticked, and whether it is."""

    finding: Finding
    value: str  # what the box sends: « phone|06 39 98 12 34 »
    kind: str
    is_ticked: bool


def identifiers_in(text, *, today):
    """Each identifier of the text once, in reading order."""
    found = propose(text, gazetteer=NOBODY, today=today)
    first = {}
    for finding in found:
        if finding.kind in IdentifierKind.values:
            first.setdefault((finding.kind, finding.value), finding)
    return list(first.values())[:MOST]


def ticks(text, ticked, *, today):
    """The boxes to draw under a text; those already ticked stay so."""
    return [
        Tick(finding, value, IdentifierKind(finding.kind).label, value in ticked)
        for finding in identifiers_in(text, today=today)
        for value in [f"{finding.kind}|{finding.raw}"]
    ]


def contacts_in(text, origin, *, today):
    """Numbers and addresses that may be those of the very person who told: to be taken out."""
    if origin not in TOLD_BY_PEOPLE:
        return []
    return [found for found in identifiers_in(text, today=today) if found.kind in CONTACTS]


def read(text, *, department, today):
    """Everything that a pasted text seems to say on the day it was written."""
    return propose(text, gazetteer=communes.gazetteer(department), today=today)


def groups(proposals: Proposals):
    """The same by kind, in the order of the page: (kind, legend, findings, only one may hold)."""
    kinds = [
        ("commune", "Commune", True),
        ("date", "Date des faits", True),
        ("product", "Produits", False),
    ]
    listed = [(kind, legend, proposals.of(kind), one) for kind, legend, one in kinds]
    identifiers = {
        kind.value: (kind.value, kind.label, proposals.of(kind), False) for kind in IdentifierKind
    }
    return [group for group in [*listed, *identifiers.values()] if group[2]]


def written_on(kept):
    """The day that « hier » counts from: that of the message, or today."""
    received = kept.get("received_on", [""])[-1]
    try:
        return datetime.strptime(received, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return timezone.localdate()
