"""Corrections proposed of a report, as its owner and the unit that proposes read them."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from intel import access
from intel.actions.reports import as_json
from intel.models import Correction
from intel.reading.entry import LABELS
from intel.reading.history import difference, former_unread, in_words

NAMES = frozenset(Correction.FIELDS)
EMPTY = "(non renseigné)"


@dataclass(frozen=True)
class Proposed:
    """One of them, in words; "" stands for the words of a former text that are not told."""

    row: Correction
    label: str
    before: str
    after: str
    is_ours: bool  # to be decided by the member's unit

    @property
    def pieces(self):
        """(kind, text) pairs when two texts are worth comparing word by word."""
        is_compared = self.row.field == "facts" and self.before and self.after
        return difference(self.before, self.after) if is_compared else None


def told(correction, report, member):
    """`correction` of `report`, as a member who reads both may read it."""
    return _told(correction, report, member, former_unread(report, member))


def _told(correction, report, member, unread):
    """Whoever reads no former text of a field is left with what it says today.

    What was proposed repeats what it would correct: the two are withheld alike.
    """
    name = correction.field
    now = as_json(getattr(report, name))
    is_former = name in unread and correction.before != now
    before, after = (
        "" if is_former and value != now else in_words(name, value) or EMPTY
        for value in (correction.before, correction.value)
    )
    return Proposed(
        row=correction,
        label=LABELS[name],
        before=before,
        after=after,
        is_ours=correction.is_waiting and report.owner_id == member.unit_id,
    )


def of_report(report, member):
    """Those that this member reads: all of them for the owner, its own for another unit."""
    read = access.readable_corrections(member).filter(report=report)
    rows = list(read.select_related("unit", "asked_by", "decided_by").order_by("-asked_at", "-pk"))
    unread = former_unread(report, member) if rows else frozenset()
    return [_told(row, report, member, unread) for row in rows]


@dataclass(frozen=True)
class Field:
    """A field that a unit may propose to correct."""

    name: str
    label: str
    said: str


def fields_of(report):
    return [
        Field(name, LABELS[name], in_words(name, getattr(report, name)) or EMPTY)
        for name in Correction.FIELDS
    ]


def label_of(name):
    return LABELS[name]


# Annotates a row of the sheet, for its own unit: how many wait for an answer.
WAITING = Coalesce(
    Subquery(
        Correction.objects.filter(report=OuterRef("pk"), decision="")
        .order_by()
        .values("report")
        .annotate(number=Count("pk"))
        .values("number"),
        output_field=IntegerField(),
    ),
    0,
)
