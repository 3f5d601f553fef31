"""Confirmed sums, prices and quantities, as people read them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from intel.extraction import amounts as extraction
from intel.models import Amount
from intel.models.choices import AmountKind
from services.models import Member, Unit

# With the row of the report: as many queries, whatever hangs on it.
TOLD = ArraySubquery(
    Amount.objects.filter(report=OuterRef("pk"))
    .order_by("kind", "unit", "number", "pk")
    .values(
        told=JSONObject(
            key="key", kind="kind", number="number", unit="unit", product="product", raw="raw",
            at="at", first_name="by__first_name", last_name="by__last_name",
            of_name="by__unit__name", of_short="by__unit__short_name",
        )
    )
)  # fmt: skip


@dataclass
class Confirmed:
    """One amount of a sheet; `silence` may leave `by` unsaid."""

    key: UUID
    kind: str
    shown: str
    raw: str
    by: Member
    at: datetime


def confirmed(rows):
    """What TOLD annotated, each with `shown`: the value as people read it."""
    return [
        Confirmed(
            UUID(row["key"]),
            AmountKind(row["kind"]).label,
            _shown(row),
            row["raw"],
            Member(
                first_name=row["first_name"],
                last_name=row["last_name"],
                unit=Unit(name=row["of_name"], short_name=row["of_short"]),
            ),
            datetime.fromisoformat(row["at"]),
        )
        for row in rows
    ]


def in_words(rows):
    """The same on one line, for a row of a list that leaves."""
    return " ; ".join(map(_shown, rows))


def _shown(row):
    number = Decimal(str(row["number"]))
    return extraction.spell(extraction.Amount(row["kind"], number, row["unit"], row["product"]))
