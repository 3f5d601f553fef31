"""On which days and at which hours of the week a text says that things happen.

Pure. What is said together is read together: "le vendredi et le samedi de 18 h à 20 h" is two
hours of two days. Hours said without a day are of any day; a day without an hour says no hour.
"""

import re

from intel.extraction.dates import WEEKDAYS as DAYS
from intel.extraction.hours import CLOCK, DAY
from intel.extraction.letters import fold

EVERY_DAY, WORKING, WEEKEND = frozenset(range(7)), frozenset(range(5)), frozenset({5, 6})
MIDNIGHT = 24

SPAN_OF_DAYS = re.compile(rf"\bdu ({DAY}) au ({DAY})\b")
EXCEPT = re.compile(rf"\b(?:sauf|jamais|pas)(?: (?:le|les|en))? ({DAY}|week-?ends?)\b")
ONE_DAY = re.compile(rf"\b({DAY})\b")
IS_WEEKEND = re.compile(r"\bweek-?ends?\b")
IS_WORKING = re.compile(r"\ben semaine\b")

# In one word, so that its noon is no hour; "2 h de l'apres-midi" is one already.
AFTERNOON = re.compile(r"(?<!\bde l')\bapres[- ]?midis?\b")
BETWEEN = re.compile(rf"(?:\b(?:de|entre) )?({CLOCK}) ?(?:a|et|jusqu'a|-|/) ?({CLOCK})")
FROM = re.compile(rf"\b(?:a partir de|apres|des|depuis|jamais avant|pas avant) ({CLOCK})")
UNTIL = re.compile(rf"\b(?:avant|jusqu'a) ({CLOCK})")
AT = re.compile(CLOCK)
FIGURES = re.compile(r"(\d+)(?:[^\d]+([0-5]\d))?")
# First and last hours, the last one left out; beyond 24, of the next day. The longest words first.
PARTS = (
    (r"jour et nuit|nuit et jour|24 ?h?(?:eures)? ?(?:/|sur) ?24(?: ?h)?", (0, 24)),
    (r"entre midi et deux", (12, 14)),
    (r"aprem", (14, 18)),
    (r"midis?", (12, 14)),
    (r"petit matin", (4, 7)),
    (r"matins?|matinees?", (6, 12)),
    (r"soirs?|soirees?", (18, 23)),
    (r"nuits?", (22, 30)),
    (r"journees?|(?:de|le) jour\b(?! (?:du|des))", (8, 20)),
)


def hours_of_week(text):
    """{(day, hour)}: days from 0, Monday, hours from 0; empty when no hour is said."""
    folded = AFTERNOON.sub("aprem", " ".join(fold(text).split()))
    spans = _spans(folded)
    days = _days(folded) if spans else ()
    return frozenset(
        ((day + hour // 24) % 7, hour % 24)
        for day in days
        for start, end in spans
        for hour in range(start, end)
    )


def _days(folded):
    without = set()
    for match in EXCEPT.finditer(folded):
        without |= _named(match[1])
    said, rest = set(), EXCEPT.sub(" ", folded)
    for first, last in SPAN_OF_DAYS.findall(rest):
        start, end = min(_named(first)), min(_named(last))
        said |= {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}
    for word in ONE_DAY.findall(SPAN_OF_DAYS.sub(" ", rest)):
        said |= _named(word)
    said |= WEEKEND if IS_WEEKEND.search(rest) else set()
    said |= WORKING if IS_WORKING.search(rest) else set()
    return (said or EVERY_DAY) - without


def _named(word):
    return WEEKEND if word.startswith("week") else {DAYS.index(word.removesuffix("s"))}


def _spans(folded):
    """(first hour, hour after the last) pairs; what is read leaves the text to the next form."""
    spans = []

    def read(form, span_of):
        def take(match):
            spans.append(span_of(*(match.groups() or (match[0],))))
            return " "

        return form.sub(take, left)

    left = folded
    # Around the clock first: its figures are no hours.
    left = read(re.compile(rf"\b(?:{PARTS[0][0]})"), lambda *_: PARTS[0][1])
    left = read(BETWEEN, _between)
    left = read(FROM, lambda clock: (_hour(clock), max(MIDNIGHT, _hour(clock) + 1)))
    left = read(UNTIL, lambda clock: (_end(clock) - 1, _end(clock)))
    left = read(AT, lambda clock: (_hour(clock), _hour(clock) + 1))
    if not spans:  # "le soir vers 22 h" is 22 h
        for words, span in PARTS[1:]:
            left = read(re.compile(rf"\b(?:{words})\b"), lambda *_, span=span: span)
    return spans


def _between(first, last):
    start, end = _hour(first), _end(last)
    return (start, end if end > start else end + MIDNIGHT)


def _hour(clock):
    """The whole hour that a clock time is in."""
    if clock.startswith("minuit"):
        return MIDNIGHT
    if clock.startswith("midi"):
        return 12
    [(figure, _), *_] = FIGURES.findall(clock)
    hour = int(figure)
    return hour + 12 if hour < 12 and clock.endswith(("soir", "midi")) else hour


def _end(clock):
    """The hour after the last one of what ends then: 20 h leaves out the hour of 20 h."""
    figures = FIGURES.match(clock)
    return _hour(clock) + (1 if figures and int(figures[2] or 0) else 0)
