"""How long a report is kept: one table, and one function of what became of it.

Pure: no query here. `intel.reading.retention` gathers the lives, `intel.actions.retention` erases,
the page of the DPO draws the table. Each line is of the widest reason to keep; the two below it
shorten. A legal hold is no rule: it stops all of them, see `intel.models.LegalHold`.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import models

HALF = 2
MOST_MONTHS_OF_MINORS = 36
MOST_MONTHS = 120
# What was added lately is read before it goes: so many days at least.
LEFT_TO_READ = timedelta(days=30)


class Rule(models.TextChoices):
    OPEN_PROCEDURE = "procedure", "Fiche liée à une procédure en cours"
    CLOSED_PROCEDURE = "procedure_close", "Fiche liée à une procédure close"
    UNUSED_TIP = "signalement", "Signalement citoyen non exploité"
    REPORT = "fiche", "Fiche"


@dataclass(frozen=True)
class Months:
    """So many months from a day of the life; no number: until the ceiling."""

    since: str
    many: int | None
    words: str


# What the protocol says replaces the months of REPORT, when it says some.
TERMS = {
    Rule.OPEN_PROCEDURE: Months(
        "received_on", None, "jusqu’à la fin de la procédure, et dix ans au plus"
    ),
    Rule.CLOSED_PROCEDURE: Months("closed_on", 24, "deux ans après la fin de la procédure"),
    Rule.UNUSED_TIP: Months("received_on", 12, "un an après sa réception"),
    Rule.REPORT: Months("last_on", 24, "deux ans après son dernier élément utile"),
}
SHORTENED = (
    "Une fiche qui cite une personne mineure est gardée la moitié de ce temps, et trois ans après "
    "sa réception au plus.",
    "Aucune fiche n’est gardée plus de dix ans après sa réception.",
    "Une fiche complétée moins de trente jours avant son échéance est gardée trente jours de "
    "plus, sans passer ces limites.",
)


@dataclass(frozen=True)
class Life:
    """What became of a report. Days are local; `last_on` is that of the last useful event."""

    received_on: date
    last_on: date
    is_tip: bool = False
    is_used: bool = False  # it was directed to a unit
    cites_minor: bool = False
    in_procedure: bool = False  # a court has it, and has not closed it
    closed_on: date | None = None  # a court had it
    months: int | None = None  # what the protocol says


@dataclass(frozen=True)
class Term:
    """By which rule it goes, and on which day at the earliest."""

    rule: Rule
    day: date
    is_shortened: bool = False


def rule_of(life):
    if life.in_procedure:
        return Rule.OPEN_PROCEDURE
    if life.closed_on:
        return Rule.CLOSED_PROCEDURE
    if life.is_tip and not life.is_used:
        return Rule.UNUSED_TIP
    return Rule.REPORT


def term_of(life):
    """The one answer: which rule, which day."""
    rule = rule_of(life)
    said = TERMS[rule]
    many = life.months if rule == Rule.REPORT and life.months else said.many
    ceiling = _end_of(life.received_on, MOST_MONTHS)
    if life.cites_minor:
        ceiling = _end_of(life.received_on, MOST_MONTHS_OF_MINORS)
        many = many and max(many // HALF, 1)
    if many is None:
        return Term(rule, ceiling, is_shortened=life.cites_minor)
    day = max(_end_of(getattr(life, said.since), many), life.last_on + LEFT_TO_READ)
    return Term(rule, min(day, ceiling), is_shortened=life.cites_minor)


def later(day, months):
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


# Of a department every report asks, and they were received on a few hundred days.
_end_of = lru_cache(maxsize=8192)(later)
