"""The arithmetic of the indicators: spans of days, ratios, what may be told. Pure.

Counts come in as integers and go out as integers: no share is written before its denominator.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cross.ui.templatetags.words import number, percent, plural
from intel import periods
from intel.statistics import masking

# A share of fewer cases than this is said as « 3 sur 7 »: one case more moves it by over 3 points.
PERCENT_FROM = 30
# A cohort is read once its unit has had the time to answer: 90 days after its last day.
MATURE_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class Span:
    """Whole days, both included."""

    start: date
    end: date

    def __post_init__(self):
        if self.end < self.start:
            raise ValueError(f"{self.start} to {self.end} is no span")

    @property
    def in_words(self):
        if self.start == self.end:
            return f"le {periods.day_in_words(self.start)}"
        start, end = periods.day_in_words(self.start), periods.day_in_words(self.end)
        return f"du {start} au {end}"


@dataclass(frozen=True)
class Compared:
    """The days that are counted, the same days of the year before, and what to know of them.

    `before` is None where there is nothing to compare with: `note` says why.
    """

    now: Span
    before: Span | None
    note: str = ""


def year_before(day):
    """The same day of the year before; 28 February for the 29th."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def compared(period, *, today, began):
    """What a period covers so far, against the same days of the year before.

    `began` is the day of the first protocol of the department, None without any. Raises ValueError
    for a period to come.
    """
    if period.start > today:
        raise ValueError(f"{period} is to come")
    now = Span(period.start, min(period.end, today))
    before = Span(year_before(now.start), year_before(now.end))
    # A whole year, or a whole February, ends on the 29th where there is one.
    if now.end == period.end and (now.end + timedelta(days=1)).day == 1:
        before = Span(before.start, periods.month_of(before.end).end)
    if began is None or before.end < began:
        return Compared(now, None, "Pas d’année précédente : la cellule n’existait pas encore.")
    if before.start < began:
        return Compared(
            now,
            None,
            "Pas de comparaison : un an plus tôt, la cellule ne travaillait que depuis le "
            f"{periods.day_in_words(began)}.",
        )
    return Compared(now, before, _leap_note(now, before))


def _leap_note(now, before):
    if _leap_days(now) == _leap_days(before):
        return ""
    leap = now if _leap_days(now) else before
    return f"L’année {leap.end.year} compte un jour de plus, le 29 février."


def _leap_days(span):
    years = range(span.start.year, span.end.year + 1)
    days = (date(year, 2, 29) for year in years if calendar.isleap(year))
    return sum(span.start <= day <= span.end for day in days)


def quarters_of(period, span):
    """The cohorts of a period: the quarters of a year that have begun, or the period itself."""
    if period.kind != "year":
        return [span]
    found, day = [], span.start
    while day <= span.end:
        quarter = periods.quarter_of(day)
        found.append(Span(quarter.start, min(quarter.end, span.end)))
        day = quarter.end + timedelta(days=1)
    return found


def is_mature(span, today):
    """Have the last reports of this cohort had the time to be answered?"""
    return today >= span.end + MATURE_AFTER


@dataclass(frozen=True)
class Ratio:
    """So many out of so many; `part` is None where it may not be told."""

    part: int | None
    whole: int | None

    def __str__(self):
        if self.whole is None or (self.part is None and self.whole):
            return "n.c."
        if not self.whole:
            return "aucun cas"
        said = f"{number(self.part)} sur {number(self.whole)}"
        return f"{said} ({percent(self.share)})" if self.share is not None else said

    @property
    def share(self):
        """Between 0 and 1, or None below the denominator from which a share says something."""
        if self.part is None or self.whole is None or self.whole < PERCENT_FROM:
            return None
        return self.part / self.whole


@dataclass(frozen=True)
class Median:
    """The middle of so many delays, in days; None of none, or where it may not be told."""

    days: float | None
    cases: int | None

    def __str__(self):
        if self.cases is None:
            return "n.c."
        if self.days is None:
            return "aucun cas"
        if self.days < 1:
            return "moins d’un jour"
        days = number(self.days, 1 if self.days < 9.95 else 0).removesuffix(",0")
        return f"{days}\u00a0{plural(self.days, 'jour')}"


def told(counts: Mapping[str, int]):
    """The counts of a table that a reader of no report may be told, and their total or None.

    What is masked is None; zeros are masked like any small count.
    """
    if not counts:
        return {}, None
    decision = masking.mask(counts)
    shown = {
        code: count if decision.status[code] == masking.EXACT else None
        for code, count in counts.items()
    }
    return shown, sum(counts.values()) if decision.total_shown else None


def told_ratio(part, whole, *, whole_is_told):
    """The same of a part and what is left of its whole: neither gives the other away."""
    if not whole_is_told:
        return Ratio(None, None)
    shown, _ = told({"part": part, "rest": whole - part})
    return Ratio(shown["part"], whole)


def told_median(median):
    return median if median.cases >= masking.THRESHOLD else Median(None, None)
