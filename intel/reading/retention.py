"""Which reports come to their term, and how many: counted and told to who reads none of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from intel.models import (
    Complement,
    Identifier,
    LegalHold,
    Match,
    PlaceObservation,
    Referral,
    Report,
    Revision,
    Step,
    Tasking,
)
from intel.models.choices import IdentifierKind, Origin
from intel.retention import SHORTENED, TERMS, Life, Rule, Term, later, term_of
from protocols.models import Protocol

AHEAD = timedelta(days=30)
OF_AGE_MONTHS = 18 * 12
IN_COURT = {Referral.Decision.OPENED, Referral.Decision.JOINED, Referral.Decision.WATCHED, ""}


@dataclass(frozen=True)
class Due:
    """One report and its term; `pk` is for the worker, nothing of it is for a page."""

    pk: int
    origin: str
    life: Life
    term: Term
    is_held: bool


def months_of(department, today):
    """What the last protocol says, ended or suspended too; None, and nothing goes by itself."""
    found = Protocol.objects.signed().filter(department=department, starts_on__lte=today)
    return found.order_by("-starts_on", "-pk").values_list("retention_months", flat=True).first()


def terms_of(department, today, among=None):
    """Every report of a department with its term; of these keys alone when some are given."""
    months = months_of(department, today)
    rows = _rows(department, among)
    keys = [row["pk"] for row in rows]
    births, courts, held = _births(keys), _courts(keys), _held(department)
    for row in rows:
        life = _life(row, births.get(row["pk"], ()), courts.get(row["pk"], ()), months)
        yield Due(row["pk"], row["origin"], life, term_of(life), held(row["pk"]))


def _latest(model, name, link="report", **said):
    """The latest day of what hangs on a report; rows taken back count for nothing."""
    rows = model.objects.filter(**{link: OuterRef("pk")}, **said).order_by()
    return Subquery(rows.values(link).annotate(last=Max(name)).values("last"))


def _rows(department, among):
    ours = Report.objects.filter(department=department)
    if among is not None:
        ours = ours.filter(pk__in=among)
    found = ours.annotate(
        last=Greatest(
            "received_at",
            "created_at",
            _latest(Step, "at", undone_at=None),
            _latest(Revision, "at"),
            _latest(Complement, "at"),
            _latest(Match, "at", undone_at=None),
            _latest(Match, "at", "other", undone_at=None),
            _latest(Tasking, "answered_at"),
        ),
        used=Exists(Tasking.objects.filter(report=OuterRef("pk"))),
    )
    found = found.unguarded(because="the terms of all, told as counts")
    return list(found.values("pk", "origin", "received_at", "last", "used"))


def _births(keys):
    """{report: days of birth of those it names}."""
    named = Identifier.objects.filter(
        report__in=keys, kind=IdentifierKind.NAME, value__contains="|"
    ).unguarded(because="is a minor named?")
    births: dict[int, list] = {}
    for report, value in named.values_list("report", "value"):
        if born := value.split("|")[1]:
            births.setdefault(report, []).append(date.fromisoformat(born))
    return births


def _courts(keys):
    """{report: (decision, day) of each court that was told of it}."""
    sent = Referral.objects.filter(report__in=keys).unguarded(because="is there a procedure?")
    courts: dict[int, list] = {}
    for report, *said in sent.values_list("report", "decision", "decided_on"):
        courts.setdefault(report, []).append(said)
    return courts


def _held(department):
    live = LegalHold.objects.live().filter(department=department)
    if live.filter(report=None, place=None).exists():
        return lambda report: True
    named = set(live.exclude(report=None).values_list("report", flat=True))
    places = live.exclude(place=None).values("place")
    citing = PlaceObservation.objects.filter(Q(place__in=places))
    citing = citing.unguarded(because="what a place under hold keeps")
    kept = named | set(citing.values_list("report", flat=True))
    return kept.__contains__


def _life(row, births, courts, months):
    received = timezone.localdate(row["received_at"])
    closed = [on for decision, on in courts if decision not in IN_COURT]
    return Life(
        received_on=received,
        last_on=timezone.localdate(row["last"]),
        is_tip=row["origin"] == Origin.CITIZEN,
        is_used=row["used"],
        cites_minor=any(later(born, OF_AGE_MONTHS) > received for born in births),
        in_procedure=len(closed) < len(courts),
        closed_on=max(closed, default=None),
        months=months,
    )


# --- For a page ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """Of one rule: how long, how many there are, how many go soon, are late, are held."""

    rule: Rule
    words: str
    kept: int
    minors: int
    late: int
    soon: int
    held: int


@dataclass(frozen=True)
class Board:
    months: int | None
    lines: list
    origins: list  # (origin, how many go within thirty days)
    quarters: list  # (« T1 2027 », how many come to their term)
    shortened: tuple = SHORTENED

    @property
    def total(self):
        return sum(line.kept for line in self.lines)

    @property
    def soon(self):
        return sum(line.soon + line.late for line in self.lines)


def board(department, today=None):
    """Counts alone, of everything that the department holds."""
    today = today or timezone.localdate()
    found = list(terms_of(department, today))
    going = [due for due in found if due.term.day <= today + AHEAD and not due.is_held]
    origins = Counter(due.origin for due in going)
    to_come = [due.term.day for due in found if due.term.day > today]
    quarters = Counter((day.year, (day.month + 2) // 3) for day in to_come)
    months = months_of(department, today)
    return Board(
        months=months,
        lines=[_line(rule, found, today, months) for rule in Rule],
        origins=[(Origin(code).label, count) for code, count in origins.most_common()],
        quarters=[
            (f"T{quarter} {year}", count) for (year, quarter), count in sorted(quarters.items())
        ],
    )


def _line(rule, found, today, months):
    ours = [due for due in found if due.term.rule == rule]
    free = [due for due in ours if not due.is_held]
    says = f"{months} mois après son dernier élément utile (protocole)"
    return Line(
        rule=rule,
        words=says if rule == Rule.REPORT and months else TERMS[rule].words,
        kept=len(ours),
        minors=sum(due.life.cites_minor for due in ours),
        late=sum(due.term.day <= today for due in free),
        soon=sum(today < due.term.day <= today + AHEAD for due in free),
        held=len(ours) - len(free),
    )
