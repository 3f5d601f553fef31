"""The answer of a check, as its unit reads it: pointers once and for all, links as of today."""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from intel import access
from intel.actions.targets import MOST, Wanted, is_like, those_like
from intel.extraction.identifiers import BIRTH, show
from intel.extraction.plates import find_plates
from intel.models import CheckedTarget
from intel.models.choices import IdentifierKind
from intel.reading.contacts import Contact, contacts_of
from intel.reading.proposals import identifiers_in

REPORTS_SHOWN = 5
VIN = re.compile(r"(?=.*\d)[A-HJ-NPR-Z0-9]{17}")
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
SHOWN_ALIKE = {IdentifierKind.PHONE, IdentifierKind.PLATE}
STREET = re.compile(
    r"\d{1,4}\s*(?:bis|ter|quater)?,?\s+(?:rue|r\.|avenue|av\.?|boulevard|bd|place|pl\.?|route|rte"
    r"|chemin|impasse|allée|quai|cours|square|lotissement)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Link:
    """A report that the reader reads already."""

    report: object
    is_possible: bool


@dataclass(frozen=True)
class Pointer:
    """That a unit holds something, and whom to call there."""

    contact: Contact
    is_possible: bool
    outcome: str  # what was decided with it, "" as long as it waits


@dataclass(frozen=True)
class Answer:
    """What is told of one target."""

    target: CheckedTarget
    written: str  # "" once it was forgotten
    pointers: tuple
    links: tuple
    more_links: bool


def answers_of(check, member):
    """One `Answer` a target, in the order they were given."""
    targets = list(access.targets_of(access.readable_checks(member).filter(pk=check.pk)))
    hits = list(
        access.told_hits(member)
        .filter(target__in=[each.pk for each in targets], asker=member.unit_id)
        .order_by("holder__sort_key", "holder")
    )
    contacts = contacts_of({hit.holder_id for hit in hits})
    pointers = defaultdict(list)
    for hit in hits:
        outcome = hit.get_outcome_display()
        pointers[hit.target_id].append(Pointer(contacts[hit.holder_id], hit.is_possible, outcome))
    cited = _cited(targets, member)
    return [_answer(target, pointers[target.pk], cited) for target in targets]


def _cited(targets, member):
    """The identifiers of readable reports that may answer, the latest report first."""
    known = [target for target in targets if target.value]
    if not known:
        return []
    found = access.cited_identifiers(member).filter(those_like(known))
    rows = found.select_related("report__commune", "report__owner").defer(
        "report__comment", "report__search", "report__commune__outline"
    )
    return list(rows.order_by("-report__received_at", "report")[: MOST * 4 * REPORTS_SHOWN])


def _answer(target, pointers, cited):
    links = {}
    for each in cited:
        if target.value and each.kind == target.kind and is_like(target, each.value):
            link = Link(each.report, each.value != target.value)
            if each.report_id not in links or not link.is_possible:
                links[each.report_id] = link
    shown = list(links.values())
    return Answer(
        target=target,
        written=written(target),
        pointers=tuple(pointers),
        links=tuple(shown[:REPORTS_SHOWN]),
        more_links=len(shown) > REPORTS_SHOWN,
    )


def written(target):
    """Of a target, or of an identifier: as people read it, or "" once it was forgotten."""
    if target.kind in SHOWN_ALIKE and target.value:
        return show(target.kind, target.value)
    return target.raw


# --- What was pasted --------------------------------------------------------------------------


def read_targets(text, most=MOST):
    """[(kind, as written)] proposed for a pasted text, `most` at most; the kind may be "".

    Whatever is recognised anywhere; then, of a line where nothing is, the line itself: a name with
    its birth, a serial number, or something whose kind is left to be said.
    """
    today = timezone.localdate()
    proposed = []
    for line in text.splitlines():
        written = line.strip(" \t;,•-*").strip()
        if not written:
            continue
        found = identifiers_in(written, today=today)
        if found and not BIRTH.search(written):
            proposed += [(each.kind, each.raw) for each in found]
        elif len(written) <= 120:
            proposed.append((kind_of(written), written))
    return list(dict.fromkeys(proposed))[:most]


def kind_of(written):
    """The kind that a lone line seems to be, or "" when nothing tells."""
    return next((kind for kind, seems in SEEMS if seems(written)), "")


def _compact(written):
    return "".join(written.split()).upper()


def _is_plate(written):
    """Alone on its line, a plate needs no word about a vehicle."""
    return [each.raw for each in find_plates(f"plaque {written}")] == [written]


def _is_imei(written):
    try:
        return bool(Wanted.read(IdentifierKind.IMEI, written))
    except ValueError:
        return False


# The first that holds.
SEEMS = (
    (IdentifierKind.NAME, BIRTH.search),
    (IdentifierKind.PLATE, _is_plate),
    (IdentifierKind.ADDRESS, STREET.match),
    (IdentifierKind.VIN, lambda written: VIN.fullmatch(_compact(written))),
    (IdentifierKind.BANK, lambda written: IBAN.fullmatch(_compact(written))),
    (IdentifierKind.IMEI, _is_imei),
)
