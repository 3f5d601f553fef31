"""What of a list stays in its unit for want of an accord, before the rest is exported."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from intel import access
from intel.reading.list import COLUMNS

SHOWN = 50


@dataclass(frozen=True)
class Held:
    rows: list  # the first of them, each with its `title` and whether our unit `has_asked`
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
        .with_opening()
        .annotate(has_asked=Exists(waiting))
        .order_by("-received_at", "-pk")[:SHOWN]
    )
    return Held(rows, count, access.leaves_unit_freely(reports, member).count())
