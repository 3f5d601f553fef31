"""Days and spans in running French text, against the day they were written.

A value is an ISO day ("2026-09-17") or two ("2026-08-31/2026-09-06"). Habits ("le vendredi
soir", "tous les jours") are not dates and are left alone.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from intel.extraction.findings import Finding, without_overlaps
from intel.extraction.letters import fold

MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
)  # fmt: skip
SHORT_MONTHS = {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
MONTH_NAMES = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "dix": 10, "quinze": 15,
}  # fmt: skip

MONTH = rf"(?:{'|'.join([*MONTHS, *SHORT_MONTHS])})\.?"
WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
DAY = r"(?:1er|[0-3]?\d)"
YEAR = r"(?:20\d{2})"
COUNT = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
# A date further ahead than this was meant for last year.
AHEAD = timedelta(days=31)

Span = tuple[date, date]
Reading = Callable[[re.Match[str], date], Span | None]


def _month(name: str) -> int:
    name = name.rstrip(".")
    return MONTHS.index(name) + 1 if name in MONTHS else SHORT_MONTHS[name]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_year(month: int, day: int, today: date, weekday: str | None = None) -> date | None:
    """The day nearest to ``today``, rather past than future, of that weekday when it is said."""
    candidates = [
        candidate
        for year in (today.year, today.year - 1, today.year + 1)
        if (candidate := _day(year, month, day)) and candidate <= today + AHEAD
    ]
    if weekday:
        right = [found for found in candidates if found.weekday() == WEEKDAYS.index(weekday)]
        candidates = right or candidates
    return max(candidates, default=None)


def _one(day: date | None) -> Span | None:
    return (day, day) if day else None


def _week_of(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _week_end_before(today: date) -> Span:
    saturday = today - timedelta(days=(today.weekday() - 5) % 7 or 7)
    return saturday, saturday + timedelta(days=1)


def _whole_month(year: int, month: int) -> Span:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _last_of(weekday: str, today: date) -> date:
    return today - timedelta(days=(today.weekday() - WEEKDAYS.index(weekday)) % 7 or 7)


def _back(today: date, count: int, unit: str) -> Span | None:
    if unit.startswith("jour"):
        return _one(today - timedelta(days=count))
    if unit.startswith("semaine"):
        return _week_of(today - timedelta(weeks=count))
    months = today.year * 12 + today.month - 1 - count
    return _whole_month(months // 12, months % 12 + 1)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _number(word: str) -> int:
    return int(word.removesuffix("er"))


def _read_iso(match: re.Match[str], _today: date) -> Span | None:
    return _one(_day(int(match[1]), int(match[2]), int(match[3])))


def _read_figures(match: re.Match[str], today: date) -> Span | None:
    day, month = int(match[1]), int(match[2])
    if not match[3]:
        return _one(_in_year(month, day, today))
    year = int(match[3])
    return _one(_day(year + 2000 if year < 100 else year, month, day))


def _read_words(match: re.Match[str], today: date) -> Span | None:
    day, month = _number(match["day"]), _month(match["month"])
    if match["year"]:
        return _one(_day(int(match["year"]), month, day))
    return _one(_in_year(month, day, today, match["weekday"]))


def _read_span(match: re.Match[str], today: date) -> Span | None:
    last_month = _month(match["month2"])
    first_month = _month(match["month1"]) if match["month1"] else last_month
    last_day, first_day = _number(match["day2"]), _number(match["day1"])
    if match["year"]:
        last = _day(int(match["year"]), last_month, last_day)
    else:
        last = _in_year(last_month, last_day, today)
    if last is None:
        return None
    first = _day(last.year - (first_month > last_month), first_month, first_day)
    return (first, last) if first and first <= last else None


def _read_week_of(match: re.Match[str], today: date) -> Span | None:
    month = _month(match["month"]) if match["month"] else int(match["figure"])
    day = _number(match["day"])
    year = match["year"]
    found = _day(int(year), month, day) if year else _in_year(month, day, today)
    return _week_of(found) if found else None


def _read_part_of_month(match: re.Match[str], today: date) -> Span | None:
    month = _month(match["month"])
    found = _day(int(match["year"]), month, 1) if match["year"] else _in_year(month, 1, today)
    if found is None:
        return None
    first, last = _whole_month(found.year, month)
    part = match["part"]
    if part.startswith("debut"):
        return first, first.replace(day=10)
    if part.startswith("mi"):
        return first.replace(day=11), first.replace(day=20)
    return (first.replace(day=21), last) if part.startswith("fin") else (first, last)


def _read_back(match: re.Match[str], today: date) -> Span | None:
    return _back(today, _count(match[1]), match[2])


def _read_last_weekday(match: re.Match[str], today: date) -> Span | None:
    return _one(_last_of(match["weekday"], today))


def _read_next_week_end(_match: re.Match[str], today: date) -> Span:
    """The coming week-end, or the one that runs."""
    saturday = today + timedelta(days=5 - today.weekday())
    return saturday, saturday + timedelta(days=1)


def _days_ago(days: int) -> Reading:
    return lambda _match, today: _one(today - timedelta(days=days))


# The most precise form first: it wins where two overlap.
FORMS: tuple[tuple[str, Reading], ...] = (
    (rf"({YEAR})-(\d{{2}})-(\d{{2}})(?!\d)", _read_iso),
    (
        rf"(?:(?:de |dans )?(?:la )?nuit )?(?:du|entre le) (?:{WEEKDAY} )?(?P<day1>{DAY})"
        rf"(?: (?P<month1>{MONTH}))? (?:au|et le) (?:{WEEKDAY} )?(?P<day2>{DAY})"
        rf" (?P<month2>{MONTH})(?: (?P<year>{YEAR}))?",
        _read_span,
    ),
    (
        rf"semaine du (?:{WEEKDAY} )?(?P<day>{DAY})(?: (?P<month>{MONTH})|/(?P<figure>\d{{1,2}}))"
        rf"(?:[ /](?P<year>{YEAR}))?",
        _read_week_of,
    ),
    (
        rf"(?:(?P<weekday>{WEEKDAY}) )?(?P<day>{DAY}) (?P<month>{MONTH})(?: (?P<year>{YEAR}))?",
        _read_words,
    ),
    (r"([0-3]?\d)[/.-]([01]?\d)[/.-]((?:20)?\d{2})(?![\d/.]\d)", _read_figures),
    (r"(?<=le )([0-3]?\d)/([01]?\d)()(?![\d/])", _read_figures),
    (r"(?<=du )([0-3]?\d)/([01]?\d)()(?![\d/])", _read_figures),
    (
        rf"(?P<part>debut|mi-?|mi|fin|courant|en|au mois de|mois de|au cours du mois de)[ -]?"
        rf"(?P<month>{MONTH})(?: (?P<year>{YEAR}))?",
        _read_part_of_month,
    ),
    (rf"il y a (?:environ |a peu pres )?({COUNT}) (jours?|semaines?|mois)", _read_back),
    (rf"(?P<weekday>{WEEKDAY}) (?:dernier|passe)", _read_last_weekday),
    (r"(?:la )?semaine (?:derniere|passee)", lambda _match, today: _back(today, 1, "semaine")),
    (r"cette semaine", lambda _match, today: _week_of(today)),
    (r"(?:le )?mois (?:dernier|passe)", lambda _match, today: _back(today, 1, "mois")),
    (r"(?:le )?week-?end (?:dernier|passe)", lambda _match, today: _week_end_before(today)),
    (r"(?:le week-?end (?:prochain|qui vient|a venir)|ce week-?end)", _read_next_week_end),
    (r"avant[ -]hier(?: (?:soir|matin|midi|apres-midi))?", _days_ago(2)),
    (r"hier(?: (?:soir|matin|midi|apres[ -]midi|dans la nuit))?", _days_ago(1)),
    (r"(?:la )?nuit derniere", _days_ago(1)),
    (r"aujourd'hui|ce (?:matin|midi|soir|jour)|cet apres[ -]midi|cette nuit", _days_ago(0)),
)  # fmt: skip
PATTERNS = tuple(
    (re.compile(rf"(?<![\w/])(?:{pattern})(?!\w)"), reading) for pattern, reading in FORMS
)


def date_span(value: str) -> Span:
    """The first and the last day of a finding's ``value``."""
    first, _, last = value.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def spell_day(day: date) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def spell_span(first: date, last: date) -> str:
    """ "17 septembre 2026", or "du 31 août 2026 au 6 septembre 2026"."""
    return spell_day(first) if first == last else f"du {spell_day(first)} au {spell_day(last)}"


def _candidates(text: str, today: date) -> Iterator[Finding]:
    folded = fold(text)
    for pattern, reading in PATTERNS:
        for match in pattern.finditer(folded):
            span = reading(match, today)
            if span:
                first, last = span
                value = first.isoformat() if first == last else f"{first}/{last}"
                start, end = match.span()
                yield Finding(start, end, "date", value, text[start:end], spell_span(first, last))


def find_dates(text: str, today: date) -> list[Finding]:
    """Days and spans said in ``text``, which was written on ``today``."""
    return without_overlaps(_candidates(text, today))
