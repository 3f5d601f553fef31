"""Count reports and facts of a department over a period: the one definition of these figures.

A report counts on the day it was received. A fact counts once, on the day its first counted
report was received, with that report's commune, products and origin. Drafts and what is out of
scope count for nothing; a duplicate counts as a report and adds no fact. A product row counts
every report that names it, so product rows may sum to more than the total.
"""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from intel.access import open_reports
from intel.models import TerritoryScore
from intel.models.choices import Product
from intel.states import NOT_COUNTED
from services.models import Commune

Dimension = TerritoryScore.Dimension
COLUMNS = ("id", "version", "fact_id", "received_at", "commune_id", "products", "origin", "state")


@dataclass(frozen=True)
class Row:
    """A counted report, as far as figures go."""

    id: int
    version: int
    fact: int
    day: date
    commune: int
    products: tuple
    origin: str
    state: str

    def codes(self, dimension):
        """Which rows of that dimension this report counts in."""
        return CODES[dimension](self)


CODES = {
    Dimension.COMMUNE: lambda row: (row.commune,),
    Dimension.PRODUCT: lambda row: row.products or (Product.UNKNOWN.value,),
    Dimension.ORIGIN: lambda row: (row.origin,),
    Dimension.MONTH: lambda row: (f"{row.day:%Y-%m}",),
}


@dataclass
class Counted:
    """Totals and, per dimension, a count per code, of reports and of facts."""

    reports: int = 0
    facts: int = 0
    reports_by: dict = field(default_factory=lambda: defaultdict(Counter))
    facts_by: dict = field(default_factory=lambda: defaultdict(Counter))


def midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


def rows_between(department, start, end):
    """Counted reports received from `start` to `end`, both included, by order of reception."""
    found = (
        open_reports([department])
        .exclude(state__in=NOT_COUNTED)
        .filter(
            received_at__gte=midnight(start),
            received_at__lt=midnight(end + timedelta(days=1)),
        )
        .order_by("received_at", "id")
        .unguarded(because="a summary counts the reports that its whole audience may open")
        .values_list(*COLUMNS)
    )
    parents = parents_of_parts(department)
    return [
        Row(
            pk,
            version,
            fact,
            timezone.localdate(at),
            parents.get(commune, commune),
            tuple(products),
            origin,
            state,
        )
        for pk, version, fact, at, commune, products, origin, state in found
    ]


def parents_of_parts(department):
    """Delegated and associated communes to the one that they are part of: figures follow it."""
    parts = Commune.objects.filter(
        department=department, kind__in=[Commune.Kind.DELEGATED, Commune.Kind.ASSOCIATED]
    )
    return dict(parts.values_list("pk", "parent"))


def facts_known_before(department, facts, start):
    """Those of `facts` whose first counted report was received before `start`."""
    return set(
        open_reports([department])
        .exclude(state__in=NOT_COUNTED)
        .filter(fact__in=facts, received_at__lt=midnight(start))
        .unguarded(because="a fact counts once, when it first came in")
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
    counted = Counted()
    for row in rows:
        if not period.start <= row.day <= period.end:
            continue
        is_first = row.id in firsts
        counted.reports += 1
        counted.facts += is_first
        for dimension in Dimension:
            for code in row.codes(dimension):
                counted.reports_by[dimension][code] += 1
                counted.facts_by[dimension][code] += is_first
    return counted


def digest(rows):
    """sha256 of what the figures rest on, row by row, in the order of the keys."""
    summed = hashlib.sha256()
    for row in sorted(rows, key=lambda row: row.id):
        line = (row.id, row.version, row.fact, row.day, row.commune, row.products, row.origin)
        summed.update(repr((*line, row.state)).encode())
    return summed.hexdigest()
