"""What the page of the journal gathers; changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.utils import timezone

from cross.audit.access import readable_oddities
from cross.audit.models import Check, Entry, Operation, Seal
from cross.audit.oddities import DAY, PATTERNS, explained
from cross.audit.verifier import SEALED_WITHIN, Finding
from cross.audit.wording import VERBS
from cross.ui.templatetags.words import counted


def narrowed(entries, wanted):
    """`entries` that fit the cleaned filters; the end of the period is included."""
    conditions = {
        "reference": lambda text: Q(target__icontains=text),
        "agent": lambda text: Q(who__icontains=text) | Q(unit__icontains=text),
        "operation": lambda value: Q(operation=value),
        "action": lambda value: Q(verb=value),
        "du": lambda day: Q(at__date__gte=day),
        "au": lambda day: Q(at__date__lte=day),
    }
    for name, condition in conditions.items():
        if wanted.get(name):
            entries = entries.filter(condition(wanted[name]))
    return entries


def chosen(wanted, labels):
    """The filters in force, in words, for the chips."""
    words = {
        "operation": lambda value: Operation(value).label,
        "action": lambda value: VERBS[value].sentence,
        "du": lambda day: f"{day:%d/%m/%Y}",
        "au": lambda day: f"{day:%d/%m/%Y}",
    }
    return [
        {
            "name": name,
            "value": value.isoformat() if hasattr(value, "isoformat") else value,
            "label": labels[name],
            "text": words.get(name, str)(value),
        }
        for name, value in wanted.items()
        if value
    ]


def last_done(verb, target, *, by):
    """When this member last did it to `target`, or None."""
    done = Entry.objects.filter(verb=verb, target=target, member_id=by.pk)
    return done.aggregate(at=Max("at"))["at"]


def who_did(verbs, target):
    """The keys of the members who did one of these to `target`, to be put in a query."""
    return Entry.objects.filter(verb__in=verbs, target=target).values("member_id")


# --- The seals ----------------------------------------------------------------------------------

SEALS_SHOWN, CHECKS_SHOWN = 20, 10


@dataclass(frozen=True)
class SealState:
    """How far the journal is sealed, and what its last verification said."""

    seal: Seal | None
    sealed_until: datetime | None
    is_late: bool  # lines have waited longer than they should
    check: Check | None

    @property
    def is_well(self):
        return not self.is_late and (self.check is None or self.check.is_sound)


def seal_state():
    seal = Seal.objects.defer("links").order_by("-number").first()
    record = seal.record if seal else {"next_after_id": 0, "next_from_tx": 0}
    waiting = Entry.objects.filter(
        id__gt=record["next_after_id"],
        tx__gte=record["next_from_tx"],
        at__lt=timezone.now() - SEALED_WITHIN,
    )
    return SealState(
        seal=seal,
        sealed_until=datetime.fromisoformat(record["sealed_at"]) if seal else None,
        is_late=waiting.exists(),
        check=Check.objects.order_by("-at").first(),
    )


def latest_seals():
    """The records of the last batches: no count, which would tell of other departments."""
    seals = Seal.objects.defer("links").order_by("-number")[:SEALS_SHOWN]
    return [
        {
            "number": seal.number,
            "sealed_at": datetime.fromisoformat(seal.record["sealed_at"]),
            "head": seal.signed.head,
            "is_removed": bool(seal.removal),
        }
        for seal in seals
    ]


def key_in_use():
    """The fingerprint of the key of the last seal, to be kept elsewhere; nothing without one."""
    seal = Seal.objects.defer("links").order_by("-number").first()
    return seal.record["key"] if seal else ""


def latest_checks():
    return list(Check.objects.order_by("-at")[:CHECKS_SHOWN])


def findings_of(check):
    """In words; of a row of another department, no more than its number."""
    return [str(Finding(*found)) for found in check.findings]


def every_seal():
    """The signed records, one a line, as their anchors are written."""
    for seal in Seal.objects.defer("links").order_by("number").iterator(chunk_size=500):
        yield seal.anchor + "\n"


# --- To look at again ---------------------------------------------------------------------------

ODDITIES_SHOWN = 50


def oddities_of(rows, wanted):
    """Those of the filters: still to be looked at unless asked otherwise."""
    shown = wanted.get("voir") or "a-relire"
    if shown == "a-relire":
        rows = rows.filter(seen_at=None)
    elif shown == "vues":
        rows = rows.filter(seen_at__isnull=False)
    if wanted.get("motif"):
        rows = rows.filter(pattern=wanted["motif"])
    return rows


def told(oddity):
    """The same row, with its words: title, what was counted, what the threshold is."""
    pattern = PATTERNS[oddity.pattern]
    oddity.title = pattern.title
    oddity.sentence = explained(oddity.pattern, oddity.threshold)
    oddity.counted = counted(oddity.count, pattern.noun)
    oddity.is_of_a_day = pattern.span == DAY
    return oddity


def for_home(member):
    """What the home page of whoever keeps the journal says first."""
    return {
        "seal_state": seal_state(),
        "to_review": readable_oddities(member).filter(seen_at=None).count(),
    }
