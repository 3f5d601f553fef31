"""Count reports and facts of a department over a period: the one definition of these figures.

A report counts on the day it was received. A fact counts once, on the day its first counted
report was received, with that report's commune, products and origin. Drafts and what is out of
scope count for nothing; a duplicate counts as a report and adds no fact. A product row counts
every report that names it, so product rows may sum to more than the total.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from django.db.models.functions import TruncDate
from django.utils import timezone

from intel.access import open_reports
from intel.models import TerritoryScore
from intel.models.choices import Product
from intel.states import NOT_COUNTED
from services.models import Commune

Dimension = TerritoryScore.Dimension
COLUMNS = ("id", "version", "fact_id", "day", "commune_id", "products", "origin", "state")


class Row(NamedTuple):
    """A counted report, as far as figures go."""

    id: int
    version: int
    fact: int
    day: date
    commune: int
    products: tuple
    origin: str
    state: str


# Which rows of a dimension a report counts in.
CODES = {
    Dimension.COMMUNE: lambda row: (row.commune,),
    Dimension.PRODUCT: lambda row: row.products or (Product.UNKNOWN.value,),
    Dimension.ORIGIN: lambda row: (row.origin,),
}


@dataclass(frozen=True)
class Counted:
    """Totals and, per dimension, a count per code, of reports and of facts."""

    reports: int
    facts: int
    reports_by: dict
    facts_by: dict


def midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def rows_between(department, start, end):
    """Counted reports received from `start` to `end`, both included, by order of reception."""
    found = (
        _counted_reports(department)
        .filter(**_received(start, end))
        .annotate(day=TruncDate("received_at"))
        .order_by("received_at", "id")
        .unguarded(because="a summary counts the reports that its whole audience may open")
        .values_list(*COLUMNS)
    )
    parents = parents_of_parts(department)
    return [
        Row(pk, version, fact, day, parents.get(commune, commune), tuple(products), origin, state)
        for pk, version, fact, day, commune, products, origin, state in found
    ]


def _counted_reports(department):
    return open_reports([department]).exclude(state__in=NOT_COUNTED)


def _received(start, end):
    return {
        "received_at__gte": midnight(start), "received_at__lt": midnight(end + timedelta(days=1))
    }  # fmt: skip


def parents_of_parts(department):
    """Delegated and associated communes to the one that they are part of: figures follow it."""
    parts = Commune.objects.filter(
        department=department, kind__in=[Commune.Kind.DELEGATED, Commune.Kind.ASSOCIATED]
    )
    return dict(parts.values_list("pk", "parent"))


def facts_known_before(department, start, end):
    """Facts told from `start` to `end` whose first counted report came in before `start`."""
    told = _counted_reports(department).filter(**_received(start, end))
    why = "a fact counts once, when it first came in"
    return set(
        _counted_reports(department)
        .filter(received_at__lt=midnight(start))
        .filter(fact__in=told.unguarded(because=why).values("fact"))
        .unguarded(because=why)
        .values_list("fact_id", flat=True)
    )


def firsts_of(rows, known):
    """The rows that bring a fact for the first time. `rows` come in order of reception."""
    seen, firsts = set(known), set()
    for row in rows:
        if row.fact not in seen:
            seen.add(row.fact)
            firsts.add(row.id)
    return firsts


def count(rows, firsts, period):
    """Reports and facts of `rows` within `period`."""
    inside = [row for row in rows if period.start <= row.day <= period.end]
    telling = [row for row in inside if row.id in firsts]
    return Counted(len(inside), len(telling), _by_code(inside), _by_code(telling))


def _by_code(rows):
    return {
        dimension: Counter(chain.from_iterable(map(codes, rows)))
        for dimension, codes in CODES.items()
    }


def digest(rows):
    """sha256 of what the figures rest on, row by row, in the order of the keys."""
    summed = hashlib.sha256()
    for row in sorted(rows, key=attrgetter("id")):
        summed.update(repr(tuple(row)).encode())
    return summed.hexdigest()
