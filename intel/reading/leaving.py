"""What of a list stays in its unit for want of an accord, before the rest is exported."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.db.models.functions import Left

from intel import access
from intel.models.report import title_of
from intel.reading.list import COLUMNS, OPENING

SHOWN = 50


@dataclass(frozen=True)
class Held:
    rows: list  # the first of them, each with its `heading` and whether our unit `has_asked`
    count: int
    leaving: int


def held_back(reports, member):
    """The held ones of `reports`, an answered queryset, or None when all may leave."""
    held = access.stays_in_unit(reports, member)
    count = held.count()
    if not count:
        return None
    waiting = access.own_accords(member).filter(report=OuterRef("pk"), decision="")
    rows = list(
        held.select_related("owner", "commune")
        .only(*COLUMNS)
        .annotate(opening=Left("facts", OPENING), has_asked=Exists(waiting))
        .order_by("-received_at", "-pk")[:SHOWN]
    )
    for row in rows:
        row.heading = title_of(row.subject, row.opening)
    return Held(rows, count, access.leaves_unit_freely(reports, member).count())
