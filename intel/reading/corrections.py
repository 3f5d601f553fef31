"""Corrections proposed of a report, as its owner and the unit that proposes read them."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from intel import access
from intel.models import Correction
from intel.reading.entry import LABELS
from intel.reading.history import difference, in_words

NAMES = frozenset(Correction.FIELDS)
EMPTY = "(non renseigné)"


@dataclass(frozen=True)
class Proposed:
    """One of them, in words."""

    row: Correction
    label: str
    before: str
    after: str
    is_ours: bool  # to be decided by the member's unit

    @property
    def pieces(self):
        """(kind, text) pairs when two texts are worth comparing word by word."""
        return difference(self.before, self.after) if self.row.field == "facts" else None


def told(correction, member):
    return Proposed(
        row=correction,
        label=LABELS[correction.field],
        before=in_words(correction.field, correction.before) or EMPTY,
        after=in_words(correction.field, correction.value) or EMPTY,
        is_ours=correction.is_waiting and correction.report.owner_id == member.unit_id,
    )


def of_report(report, member):
    """Those that this member reads: all of them for the owner, its own for another unit."""
    read = access.readable_corrections(member).filter(report=report)
    rows = read.select_related("report", "unit", "asked_by", "decided_by")
    return [told(row, member) for row in rows.order_by("-asked_at", "-pk")]


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
