"""The answer of a check, as its unit reads it: pointers once and for all, links as of today."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from intel import access
from intel.actions.targets import MOST, Wanted, is_like, those_like
from intel.extraction.identifiers import BIRTH, show
from intel.models import CheckedTarget
from intel.models.choices import IdentifierKind
from intel.reading.contacts import Contact, contacts_of
from intel.reading.proposals import identifiers_in

REPORTS_SHOWN = 5


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
    hit: int


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
        pointers[hit.target_id].append(Pointer(contacts[hit.holder_id], hit.is_possible, hit.pk))
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
    written = show(target.kind, target.value) if target.value else ""
    return Answer(
        target=target,
        written=written,
        pointers=tuple(pointers),
        links=tuple(shown[:REPORTS_SHOWN]),
        more_links=len(shown) > REPORTS_SHOWN,
    )


# --- What was pasted --------------------------------------------------------------------------


def read_targets(text):
    """[(kind, as written)] proposed for a pasted text, `MOST` at most; the kind may be "".

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
    return list(dict.fromkeys(proposed))[:MOST]


def kind_of(written):
    """The kind that a lone line seems to be, or "" when nothing tells."""
    compact = "".join(written.split()).upper()
    if BIRTH.search(written):
        return IdentifierKind.NAME
    if len(compact) == 17 and compact.isalnum() and any(c.isdigit() for c in compact):
        return IdentifierKind.VIN
    if compact[:2].isalpha() and compact[2:4].isdigit() and 15 <= len(compact) <= 34:
        return IdentifierKind.BANK
    for kind in (IdentifierKind.EMAIL, IdentifierKind.IMEI):
        try:
            Wanted.read(kind, written)
        except ValueError:
            continue
        return kind
    return ""
