"""Which reports come to their term, and how many: counted and told to who reads none of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import DateField, F, Func, Max, Q, Value
from django.db.models.functions import Cast, Greatest
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
    begun = Protocol.objects.begun(today).filter(department=department)
    return begun.values_list("retention_months", flat=True).first()


def terms_of(department, today, among=None):
    """Every report of a department with its term; of these keys alone when some are given."""
    return _terms(department, months_of(department, today), among)


def _terms(department, months, among=None):
    births, courts = _births(department, among), _courts(department, among)
    events, used, held = *_events(department, among), _held(department)
    for pk, origin, received_on, known_on in _rows(department, among):
        life = _life(
            births.get(pk, ()),
            courts.get(pk, ()),
            received_on=received_on,
            last_on=max(known_on, events.get(pk, known_on)),
            is_tip=origin == Origin.CITIZEN,
            is_used=pk in used,
            months=months,
        )
        yield Due(pk, origin, life, term_of(life), held(pk))


def _rows(department, among):
    """(key, origin, day of reception, day since which it is known here)."""
    found = _of(Report.objects.filter(department=department), "pk", among)
    found = found.unguarded(because="the terms of all, told as counts")
    known = Greatest("received_at", "created_at")
    return found.values_list("pk", "origin", _day(F("received_at")), _day(known))


def _day(instant):
    """The day of an instant where we are. As TruncDate says it, but for what that one does again
    in Python to each of a few hundred thousand values."""
    there = Func(Value(settings.TIME_ZONE), instant, function="timezone", output_field=DateField())
    return Cast(there, DateField())


def _of(rows, link, among):
    return rows if among is None else rows.filter(**{f"{link}__in": among})


def _events(department, among):
    """({report: day of the last event that hangs on it}, reports that were directed); what was
    taken back counts for nothing. One query, each table read once for all reports."""

    def latest(model, name, link="report", **said):
        rows = model.objects.filter(**{f"{link}__department": department}, **said).order_by()
        return (
            _of(rows, link, among)
            .values(link)
            .annotate(last=_day(Max(name)), is_tasking=Value(model is Tasking))
            .unguarded(because="the terms of all, told as counts")
            .values_list(link, "last", "is_tasking")
        )

    found = latest(Step, "at", undone_at=None).union(
        latest(Revision, "at"),
        latest(Complement, "at"),
        latest(Match, "at", undone_at=None),
        latest(Match, "at", "other", undone_at=None),
        latest(Tasking, "answered_at"),
        all=True,
    )
    events: dict[int, date] = {}
    used = set()
    for report, day, is_tasking in found:
        if is_tasking:
            used.add(report)
        if day and (report not in events or day > events[report]):
            events[report] = day
    return events, used


def _births(department, among):
    """{report: days of birth of those it names}."""
    named = Identifier.objects.filter(
        report__department=department, kind=IdentifierKind.NAME, value__contains="|"
    )
    named = _of(named, "report", among).unguarded(because="is a minor named?")
    births: dict[int, list] = {}
    for report, value in named.values_list("report", "value"):
        if born := value.split("|")[1]:
            births.setdefault(report, []).append(date.fromisoformat(born))
    return births


def _courts(department, among):
    """{report: (decision, day) of each court that was told of it}."""
    sent = _of(Referral.objects.filter(report__department=department), "report", among)
    sent = sent.unguarded(because="is there a procedure?")
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


def _life(births, courts, *, received_on, **said):
    closed = [on for decision, on in courts if decision not in IN_COURT]
    return Life(
        received_on=received_on,
        cites_minor=bool(births)
        and any(later(born, OF_AGE_MONTHS) > received_on for born in births),
        in_procedure=len(closed) < len(courts),
        closed_on=max(closed, default=None),
        **said,
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
    def late(self):
        return sum(line.late for line in self.lines)

    @property
    def soon(self):
        return sum(line.soon + line.late for line in self.lines)


def board(department, today=None):
    """Counts alone, of everything that the department holds."""
    today = today or timezone.localdate()
    months = months_of(department, today)
    found = list(_terms(department, months))
    going = [due for due in found if due.term.day <= today + AHEAD and not due.is_held]
    origins = Counter(due.origin for due in going)
    to_come = [due.term.day for due in found if due.term.day > today]
    quarters = Counter((day.year, (day.month + 2) // 3) for day in to_come)
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
