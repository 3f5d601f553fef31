"""Days and instants as the cells of an export write them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from intel.extraction.dates import date_span, find_dates, spell_day

PARIS = ZoneInfo("Europe/Paris")
OLDEST = date(2000, 1, 1)

DAY = (
    r"(?:(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"|(?P<day_fr>\d{1,2})[-/.](?P<month_fr>\d{1,2})[-/.](?P<year_fr>\d{4}|\d{2}))"
)
HOUR = (
    r"(?:(?:\s*[T,]\s*|\s+(?:à\s+|a\s+)?)(?P<hour>\d{1,2})\s*(?:[:h]\s*(?P<minute>\d{2})?)"
    r"(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
MOMENT = re.compile(rf"\s*{DAY}{HOUR}\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """When the facts took place, and the words of the cell that a span does not say."""

    first: date | None = None
    last: date | None = None
    words: str = ""


def _impossible(text: str) -> ValueError:
    return ValueError(f"La date «\u00a0{text}\u00a0» n’existe pas.")


def _day_of(match: re.Match[str], text: str) -> date:
    year, month, day = (match["year"], match["month"], match["day"])
    if not year:
        year, month, day = match["year_fr"], match["month_fr"], match["day_fr"]
    try:
        found = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        raise _impossible(text) from None
    if found < OLDEST:
        raise ValueError(f"La date «\u00a0{text}\u00a0» est trop ancienne pour être vraie.")
    return found


def read_moment(text: str) -> datetime:
    """An instant, in Paris unless the cell names a zone. Raises ``ValueError`` in French."""
    match = MOMENT.fullmatch(text)
    if not match:
        raise ValueError(
            f"La date «\u00a0{text[:40]}\u00a0» n’est pas lisible\u00a0: écrivez-la 2026-09-02 "
            "18:42 ou 02/09/2026 18:42."
        )
    day = _day_of(match, text)
    try:
        hour = time(int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        raise _impossible(text) from None
    zone = match["zone"]
    if zone:
        return datetime.fromisoformat(f"{day}T{hour}{zone.upper()}").astimezone(PARIS)
    return datetime.combine(day, hour, PARIS)


def read_occurrence(text: str, *, written_on: date, today: date) -> Occurrence:
    """When the facts took place: a day, a span in words, or words kept as they are.

    ``written_on`` is the day of the tip ("hier" counts from it). Raises ``ValueError`` for a
    day that does not exist or has not come.
    """
    text = text.strip()
    if not text:
        return Occurrence()
    match = MOMENT.fullmatch(text)
    if match:
        found = Occurrence(read_moment(text).date(), words=text if match["hour"] else "")
    else:
        found = _in_words(text, written_on)
    if found.first and found.first > today:
        raise ValueError(f"Les faits seraient du {spell_day(found.first)}, dans le futur.")
    return found


def _in_words(text: str, written_on: date) -> Occurrence:
    found = find_dates(text, written_on)
    if not found:
        if re.search(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}", text):
            raise _impossible(text[:40])
        return Occurrence(words=text)
    first, last = date_span(found[0].value)
    is_said = found[0].raw.strip() == text
    return Occurrence(first, None if last == first else last, "" if is_said else text)
