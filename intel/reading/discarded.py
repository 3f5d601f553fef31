"""What was thrown away and may still be brought back: one's own entries, one's unit's drafts."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from intel import access
from intel.actions import drafts


@dataclass(frozen=True)
class Line:
    """One of them, until which day."""

    what: object
    title: str
    until: object


@dataclass(frozen=True)
class Discarded:
    entries: list[Line]
    reports: list[Line]


def discarded_by(member):
    """Two queries."""
    kept = timedelta(days=settings.DISCARDED_DAYS)
    entries = [
        Line(each, _first_words(each.fields), each.updated_at + kept)
        for each in drafts.set_aside_by(member)
    ]
    rows = access.discarded_reports(member).select_related("by").order_by("-at", "-pk")
    return Discarded(entries, [Line(row, row.title, row.at + kept) for row in rows])


def _first_words(fields):
    return next(iter(fields.get("subject") or fields.get("facts") or []), "") or "Sans texte"
