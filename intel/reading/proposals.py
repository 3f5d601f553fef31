"""What a text seems to say, for a person to confirm: nothing here is decided or kept."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from intel.extraction.communes import Gazetteer
from intel.extraction.dates import date_span
from intel.extraction.findings import Finding, Proposals
from intel.extraction.text import propose
from intel.models.choices import TOLD_BY_THE_PUBLIC, AmountKind, IdentifierKind
from intel.reading import communes

NOBODY = Gazetteer(())  # identifiers need no commune
CONTACTS = {IdentifierKind.PHONE, IdentifierKind.EMAIL}
AMOUNT_LEGENDS = {
    AmountKind.SUM: "Sommes",
    AmountKind.PRICE: "Prix",
    AmountKind.QUANTITY: "Quantités",
}
MOST_BESIDE = 3  # under a field, choosing must stay shorter than typing
MOST = 40  # beyond, a list is no help: a pasted directory stays a text


# What fills a field of the entry.
SPOTTED = {
    "neighbourhood": "Quartier",
    "place": "Lieu",
    "hours": "Jours et créneaux",
    "product": "Produit",
}
LABELS = dict([*IdentifierKind.choices, *AmountKind.choices, *SPOTTED.items()])


@dataclass(frozen=True)
class Tick:
    """One thing that may be ticked, and whether it is."""

    finding: Finding
    field: str  # "identifiers", "amounts" or "spotted"
    value: str  # what the box sends: « phone|06 39 98 12 34 »
    kind: str
    said: str  # the words of the text, when they are not those of the label
    is_ticked: bool


@dataclass(frozen=True)
class Proposed:
    """A value for an empty field, shown beside it; for a span « 01/09/2026|03/09/2026 »."""

    finding: Finding
    value: str
    said: str  # the words of the text, when they are not those of the label


def identifiers_in(text, *, today):
    """Each identifier of the text once, in reading order."""
    found = propose(text, gazetteer=NOBODY, today=today)
    first = {}
    for finding in found:
        if finding.kind in IdentifierKind.values:
            first.setdefault((finding.kind, finding.value), finding)
    return list(first.values())[:MOST]


def ticks(found, ticked, *, filled=(), products=()):
    """The boxes to draw under a text; those already ticked stay so.

    `filled` are the texts of the fields, `products` the codes chosen: what they already say is
    not proposed again.
    """
    first = {}
    for finding in found:
        field, value = sent(finding)
        is_said = field == "spotted" and (
            finding.value in products
            if finding.kind == "product"
            else any(finding.label in said for said in filled)
        )
        if field and (value in ticked or not is_said):
            kind, said = LABELS[finding.kind], as_written(finding)
            tick = Tick(finding, field, value, kind, said, value in ticked)
            first.setdefault((finding.kind, finding.value), tick)
    return list(first.values())[:MOST]


def beside(found, *, today):
    """{"commune", "date"}: what the text says for those fields, each shown beside its own.

    A day to come is left out: the form speaks of what has happened.
    """
    communes_named = [
        Proposed(finding, f"{finding.label} ({finding.value})", as_written(finding))
        for finding in found.of("commune")
    ]
    dates = [(finding, date_span(finding.value)) for finding in found.of("date")]
    return {
        "commune": communes_named[:MOST_BESIDE],
        "date": [
            Proposed(finding, _typed_span(first, last), as_written(finding))
            for finding, (first, last) in dates
            if last <= today
        ][:MOST_BESIDE],
    }


def _typed_span(first, last):
    days = [first] if first == last else [first, last]
    return "|".join(f"{each:%d/%m/%Y}" for each in days)


def as_written(finding):
    """The words of the text when they differ from the label, and a doubt when there is one."""
    doubt = "" if finding.certain else " ; à vérifier"
    is_the_same = " ".join(finding.raw.split()) == " ".join(finding.label.split())
    said = "" if is_the_same and not doubt else f"écrit « {finding.raw} »"
    return said + doubt


def sent(finding):
    """The field of the entry that takes a finding, or nothing, and what its box sends."""
    if finding.kind in IdentifierKind.values:
        return "identifiers", f"{finding.kind}|{finding.raw}"
    if finding.kind in AmountKind.values:
        return "amounts", f"{finding.kind}|{finding.value}|{' '.join(finding.raw.split())}"
    if finding.kind in {"neighbourhood", "product"}:
        return "spotted", f"{finding.kind}|{finding.value}"
    if finding.kind in SPOTTED:
        return "spotted", f"{finding.kind}|{finding.label}"
    return "", ""


def contacts_in(text, origin, *, today):
    """Numbers and addresses that may be those of the very person who told: to be taken out."""
    # Whoever told it is a person whose number stays at the portal, the desk, on the envelope.
    if origin not in TOLD_BY_THE_PUBLIC:
        return []
    return [found for found in identifiers_in(text, today=today) if found.kind in CONTACTS]


def read(text, *, department, today):
    """Everything that a text seems to say on the day it was written."""
    if not text:
        return Proposals("", ())
    return propose(
        text,
        gazetteer=communes.gazetteer(department),
        neighbourhoods=communes.neighbourhoods(department),
        today=today,
    )


def groups(proposals: Proposals):
    """The same by kind, in the order of the page: (kind, legend, findings, only one may hold)."""
    kinds = [
        ("commune", "Commune", True),
        ("neighbourhood", "Quartier", True),
        ("place", "Lieu", False),
        ("date", "Date des faits", True),
        ("hours", "Jours et créneaux", False),
        ("product", "Produits", False),
        *((kind.value, label, False) for kind, label in AMOUNT_LEGENDS.items()),
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
