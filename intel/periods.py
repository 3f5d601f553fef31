"""Periods as people and commands write them: 2026-09, 2026-Q3, 2026-W38, 2026, 2026-Q3R12. Pure.

2026-Q3R12 are the twelve months that end with that quarter.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from cross.ui.templatetags.words import MONTHS, of

SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
ORDINALS = {1: "1er", 2: "2e", 3: "3e", 4: "4e"}
# What stands before the name of a period, by kind.
DURING = {
    "week": "pendant la", "month": "en", "quarter": "au", "year": "en", "rolling": "sur les",
}  # fmt: skip
OF = {"week": "de la", "quarter": "du", "rolling": "des"}
# A year of which the years around it are years too: what is read may be counted from.
PATTERN = re.compile(r"^([12]\d{3})(?:-(?:(\d{2})|Q([1-4])(R12)?|W(\d{2})))?$")


class UnreadablePeriod(ValueError):
    """The sentence says how to write a period."""


def day_in_words(day):
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True, order=True)
class Period:
    """Whole days from `start` to `end`, both included. `kind` is a key of `KINDS`."""

    start: date
    end: date
    kind: str
    code: str

    def __str__(self):
        return self.code

    @property
    def label(self):
        if self.kind == "month":
            return f"{MONTHS[self.start.month - 1]} {self.start.year}"
        if self.kind == "quarter":
            return f"{ORDINALS[self.start.month // 3 + 1]} trimestre {self.start.year}"
        if self.kind == "week":
            year, week, _ = self.start.isocalendar()
            return f"semaine {week} de {year}"
        if self.kind == "rolling":
            return f"douze mois jusqu’au {quarter_of(self.end).label}"
        return f"année {self.start.year}"

    @property
    def of_label(self):
        """ "du 3e trimestre 2026", "d’août 2026"."""
        begins = {"quarter": "du ", "week": "de la ", "rolling": "des ", "year": "de l’"}
        if self.kind == "month":
            return of(self.label)
        return f"{begins[self.kind]}{self.label}"

    @property
    def in_words(self):
        return f"du {day_in_words(self.start)} au {day_in_words(self.end)}"

    @property
    def during(self):
        """ "au 3e trimestre 2026", "en septembre 2026", "pendant la semaine 38 de 2026"."""
        return f"{DURING[self.kind]} {self._name}"

    @property
    def of(self):
        """ "du 3e trimestre 2026", "de septembre 2026", "d’octobre 2026", "des douze mois…"."""
        if self.kind in OF:
            return f"{OF[self.kind]} {self._name}"
        return f"d’{self._name}" if self._name[0] in "ao" else f"de {self._name}"

    @property
    def _name(self):
        return self.label.removeprefix("année ")

    def previous(self):
        """The period of the same kind that ends the day before this one begins."""
        return KINDS[self.kind](self.start - timedelta(days=1))

    def is_closed(self, today):
        return self.end < today

    def months(self):
        """The months that this period touches, in order."""
        month, found = month_of(self.start), []
        while month.start <= self.end:
            found.append(month)
            month = month_of(month.end + timedelta(days=1))
        return found


def month_of(day):
    last = calendar.monthrange(day.year, day.month)[1]
    return Period(day.replace(day=1), day.replace(day=last), "month", f"{day:%Y-%m}")


def quarter_of(day):
    rank = (day.month - 1) // 3
    start = date(day.year, 3 * rank + 1, 1)
    end = month_of(date(day.year, 3 * rank + 3, 1)).end
    return Period(start, end, "quarter", f"{day.year}-Q{rank + 1}")


def week_of(day):
    start = day - timedelta(days=day.weekday())
    year, week, _ = start.isocalendar()
    return Period(start, start + timedelta(days=6), "week", f"{year}-W{week:02}")


def year_of(day):
    return Period(date(day.year, 1, 1), date(day.year, 12, 31), "year", f"{day.year}")


def rolling_of(day):
    """The twelve months that end with the quarter of that day."""
    quarter = quarter_of(day)
    start = month_of(quarter.end.replace(day=1) - timedelta(days=330)).start
    return Period(start, quarter.end, "rolling", f"{quarter.code}R12")


KINDS = {
    "month": month_of,
    "quarter": quarter_of,
    "week": week_of,
    "year": year_of,
    "rolling": rolling_of,
}


def read(text):
    """The period that `text` names. Raises UnreadablePeriod with a French sentence."""
    match = PATTERN.match((text or "").strip().upper())
    try:
        if match:
            year, month, quarter, week = (int(match[part] or 0) for part in (1, 2, 3, 5))
            if month:
                return month_of(date(year, month, 1))
            if quarter:
                kind = rolling_of if match[4] else quarter_of
                return kind(date(year, 3 * quarter, 1))
            if week:
                return week_of(date.fromisocalendar(year, week, 1))
            return year_of(date(year, 1, 1))
    except ValueError:
        pass
    raise UnreadablePeriod(
        f"« {text} » n’est pas une période. Écrivez un mois (2026-09), un trimestre (2026-Q3), "
        "une semaine (2026-W38), une année (2026) ou douze mois (2026-Q3R12)."
    )


def last_months(end, count):
    """The `count` months up to the one of the day `end`, oldest first."""
    months = [month_of(end)]
    while len(months) < count:
        months.append(months[-1].previous())
    return months[::-1]
