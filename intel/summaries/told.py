"""What is counted, said once: in SQL for whoever lists it, in arrays for whoever sums it.

A report counts on the day of the facts; without a date, on the day it was received when it was
entered within a month of it, otherwise on none. Drafts, what is out of scope and days to come
count for nothing. A fact counts once: on the day, in the commune and under the products of the
first counted report that told it. A duplicate counts as a report and adds no fact.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from intel.access import open_reports
from intel.independence import BROUGHT_BY, origins_of
from intel.models import PlaceObservation
from intel.models.choices import PROACTIVE, TOLD_BY_THE_PUBLIC
from intel.states import NOT_COUNTED
from intel.statistics import weigh
from intel.summaries.parameters import PARAMETERS

NO_DAY = -1
# "Not estimable", as the scale has it: what nobody has graded yet is not bad.
UNGRADED_SOURCE, UNGRADED_INFORMATION = "F", "6"
WORTHLESS = ("E", "5")

DAY = Case(
    When(occurred_on__isnull=False, then=F("occurred_on")),
    When(
        created_at__lt=F("received_at") + timedelta(days=PARAMETERS.dated_within_days),
        then=TruncDate("received_at"),
    ),
    default=None,
    output_field=DateField(),
)
WHY = "a summary counts the reports that its whole audience may open"


class Row(NamedTuple):
    """A counted report, as far as figures go."""

    pk: int
    version: int
    fact: int
    duplicate_of_id: int | None
    state: str
    brought_by: int
    origin: str
    source_code: str
    day: Any  # a date or None
    entered: Any  # a date
    commune: int
    neighbourhood: int | None
    source_grade: str
    information_grade: str
    products: tuple
    modes: tuple


COLUMNS = (
    "pk", "version", "fact_id", "duplicate_of_id", "state", "bringer", "origin", "source_code",
    "counted_on", "entered_on", "commune_id", "neighbourhood_id", "source_grade",
    "information_grade", "products", "modes",
)  # fmt: skip


def counted_reports(department, as_of, court=None):
    """The reports of a department, or of the area of a court in it, that count, among those known
    at the instant `as_of`.

    Annotated with `counted_on`, the day they count on, None where they count on none.
    """
    there = {} if court is None else {"commune__court": court}
    return (
        open_reports([department])
        .filter(**there)
        .exclude(state__in=NOT_COUNTED)
        .filter(created_at__lt=as_of)
        .annotate(counted_on=DAY)
    )


def first_tellings(department, as_of, court=None):
    """Those of them by which a fact counts: none that counts told it before."""
    counted = counted_reports(department, as_of, court).filter(
        counted_on__lt=timezone.localdate(as_of), fact=OuterRef("fact")
    )
    earlier = Q(received_at__lt=OuterRef("received_at")) | Q(
        received_at=OuterRef("received_at"), pk__lt=OuterRef("pk")
    )
    return counted_reports(department, as_of, court).filter(
        ~Exists(counted.filter(earlier).unguarded(because=WHY))
    )


@dataclass(frozen=True, eq=False)
class Told:
    """n reports in the order in which they were received, f facts numbered from 0.

    Days are ordinals of the calendar, `NO_DAY` where a report counts on none.
    """

    rows: tuple[Row, ...]
    as_of: Any
    fact: np.ndarray  # (n,) number of the fact
    day: np.ndarray  # (n,)
    entered: np.ndarray  # (n,)
    is_tip: np.ndarray  # (n,)
    is_proactive: np.ndarray  # (n,)
    is_to_come: np.ndarray  # (n,) dated after the figures are drawn
    first: np.ndarray  # (f,) the report by which a fact counts, -1 when none has a day

    def __len__(self):
        return len(self.rows)

    @property
    def facts(self):
        return self.first.size

    @cached_property
    def day_of_fact(self):
        """(f,)"""
        return np.where(self.first < 0, NO_DAY, self.day[self.first])

    @cached_property
    def entered_of_fact(self):
        """(f,)"""
        return np.where(self.first < 0, NO_DAY, self.entered[self.first])

    @cached_property
    def weighed(self):
        """Tier, origins and weight of each fact: see `intel.statistics.weigh`."""
        return weigh(
            fact=self.fact,
            origin=self._origins,
            service=self.services,
            reliability=[row.source_grade or UNGRADED_SOURCE for row in self.rows],
            credibility=np.array(
                [int(row.information_grade or UNGRADED_INFORMATION) for row in self.rows],
                dtype=np.int64,
            ),
            day=self.day,
            is_tip=self.is_tip,
            is_valid=np.array(
                [(row.source_grade, row.information_grade) != WORTHLESS for row in self.rows],
                dtype=bool,
            ),
            facts=self.facts,
        )

    @cached_property
    def services(self):
        """(n,) The service that brought each report."""
        return np.array([row.brought_by for row in self.rows], dtype=np.int64)

    @cached_property
    def sources(self):
        """(n,) Where it comes from: each tip from somebody else, a service from those it names.

        What a service brings by one channel without a code is taken for one source: the cautious
        side.
        """
        named: dict = {}
        return np.array(
            [
                -1 - root
                if is_tip
                else named.setdefault((row.brought_by, row.origin, row.source_code), len(named))
                for row, root, is_tip in zip(
                    self.rows, self._origins.tolist(), self.is_tip.tolist(), strict=True
                )
            ],
            dtype=np.int64,
        )

    @cached_property
    def persons(self):
        """(n,) Who told it, as far as one person may have: a coded source, or who sent a tip."""
        named: dict = {}
        return np.array(
            [
                named.setdefault((row.brought_by, row.source_code), -1 - len(named))
                if row.source_code
                else root
                for row, root in zip(self.rows, self._origins.tolist(), strict=True)
            ],
            dtype=np.int64,
        )

    @cached_property
    def _origins(self):
        """(n,) The report that stands for the origin of each one."""
        origins = np.arange(len(self))
        order = np.argsort(self.fact, kind="stable")
        each = np.bincount(self.fact, minlength=self.facts)
        ends = np.cumsum(each)
        for fact in np.flatnonzero(each > 1):  # few facts are told twice
            several = order[ends[fact] - each[fact] : ends[fact]]
            found = origins_of([self.rows[number] for number in several])
            origins[several] = several[found]
        return origins

    def places(self):
        """What these reports say of places: (report number, place key, day, state) tuples."""
        number = {row.pk: place for place, row in enumerate(self.rows)}
        said = (
            PlaceObservation.objects.live()
            .filter(report__in=list(number))
            .order_by("seen_on", "pk")
            .unguarded(because=WHY)
            .values_list("report_id", "place_id", "seen_on", "state")
        )
        return [(number[report], place, day, state) for report, place, day, state in said]

    def digest(self, since):
        """sha256 of the reports of each fact told since that day, in the order of the keys."""
        latest = np.full(self.facts, NO_DAY)
        np.maximum.at(latest, self.fact, np.where(self.day == NO_DAY, self.entered, self.day))
        recent = latest[self.fact] >= since.toordinal()
        summed = hashlib.sha256()
        kept = (
            row for row, is_recent in zip(self.rows, recent.tolist(), strict=True) if is_recent
        )
        for row in sorted(kept, key=attrgetter("pk")):
            summed.update(repr(tuple(row)).encode())
        return summed.hexdigest()


def read(department, as_of):
    """Everything that the whole cell of a department may open, as known at `as_of`. One query."""
    found = (
        counted_reports(department, as_of)
        .annotate(bringer=BROUGHT_BY, entered_on=TruncDate("created_at"))
        .order_by("received_at", "pk")
        .unguarded(because=WHY)
        .values_list(*COLUMNS)
    )
    return of_rows([_row(*values) for values in found], as_of)


def _row(*values):
    *others, products, modes = values
    return Row._make((*others, tuple(products), tuple(modes)))


def of_rows(rows, as_of):
    """The same rows as arrays; `rows` come in the order in which they were received."""
    limit = timezone.localdate(as_of).toordinal()
    dated = np.array([row.day.toordinal() if row.day else NO_DAY for row in rows], dtype=np.int64)
    day = np.where(dated < limit, dated, NO_DAY)
    keys, fact = np.unique(np.array([row.fact for row in rows], np.int64), return_inverse=True)
    first = np.full(keys.size, len(rows), dtype=np.int64)
    with_a_day = np.flatnonzero(day != NO_DAY)
    np.minimum.at(first, fact[with_a_day], with_a_day)
    return Told(
        rows=tuple(rows),
        as_of=as_of,
        fact=fact,
        day=day,
        entered=np.array([row.entered.toordinal() for row in rows], dtype=np.int64),
        is_tip=np.array([row.origin in TOLD_BY_THE_PUBLIC for row in rows], dtype=bool),
        is_proactive=np.array([row.origin in PROACTIVE for row in rows], dtype=bool),
        is_to_come=dated >= limit,
        first=np.where(first < len(rows), first, -1),
    )
