"""The figures of the indicators as addresses name them: which reports, or places, one counts.

« exploitation,2026-01-01,2026-03-31,part,service:3 »: the code, the first and the last day, then
what narrows it.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q

from intel import access
from intel.indicators import places
from intel.indicators.arithmetic import Span
from intel.indicators.conditions import BECAUSE, DELAYS, RATES, behind
from intel.indicators.definitions import BY_CODE, Code
from intel.place_states import PlaceState

UNREADABLE = "Ce chiffre n’existe pas, ou ne vous est pas ouvert : retirez ce filtre."
PART = "part"
# Beyond, no instant begins a day, and no key is that long.
FIRST_YEAR, LAST_YEAR, MOST_DIGITS = 2000, 2099, 10
OF_REPORTS = frozenset({Code.RECEIVED, *DELAYS, *RATES})
# What narrows a count of reports, and what it becomes of them.
NARROWED = {"origine": "origin", "commune": "commune__code"}


@dataclass(frozen=True)
class Named:
    """One figure: its code, its days, whether it is the part of a rate, the key of a service, and
    one more value as (name, value)."""

    code: Code
    span: Span
    part: bool = False
    service: int | None = None
    where: tuple = field(default=())

    def __str__(self):
        said = [self.code.value, self.span.start.isoformat(), self.span.end.isoformat()]
        said += [PART] if self.part else []
        said += [f"service:{self.service}"] if self.service is not None else []
        said += [":".join(self.where)] if self.where else []
        return ",".join(said)

    @property
    def words(self):
        label = BY_CODE[self.code].label
        which = "" if self.code not in RATES else " (comptées)" if self.part else " (sur)"
        return f"{label}{which}, {self.span.in_words}"


def read(text):
    """Raises ValidationError with a French sentence."""
    try:
        code, start, end, *more = text.split(",")
        named = Named(Code(code), Span(_day(start), _day(end)))
        for each in more:
            name, _, value = each.partition(":")
            if name == PART:
                named = replace(named, part=True)
            elif name == "service":
                named = replace(named, service=_key(value))
            elif name in {*NARROWED, "etat"}:
                named = replace(named, where=(name, value))
            else:
                raise ValueError(name)
    except ValueError as error:
        raise ValidationError(UNREADABLE) from error
    return named


def _day(text):
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(text)
    return day


def _key(text):
    if not (text.isascii() and text.isdigit() and len(text) < MOST_DIGITS):
        raise ValueError(text)
    return int(text)


def reports_named(member, text):
    """(words, condition on reports) of the figure that an address names, as `member` counts it."""
    named, department = read(text), access.indicator_department(member)
    if (
        department is None
        or named.code not in OF_REPORTS
        or (named.part and named.code not in RATES)
    ):
        raise ValidationError(UNREADABLE)
    found = behind(named.code, department, named.span, service=named.service, part=named.part)
    if named.where:
        name, value = named.where
        if name not in NARROWED:
            raise ValidationError(UNREADABLE)
        found = found.filter(**{NARROWED[name]: value})
    return named.words, Q(pk__in=found.unguarded(because=BECAUSE).values("pk"))


def places_named(member, text):
    """(words, condition on places), the same of a state of places at the end of the days."""
    named, department = read(text), access.indicator_department(member)
    name, state = named.where or ("", "")
    if department is None or named.code != Code.PLACES or name != "etat":
        raise ValidationError(UNREADABLE)
    if state not in PlaceState.values:
        raise ValidationError(UNREADABLE)
    keys = places.in_state(places.histories(department), named.span.end, state)
    return f"{PlaceState(state).label}, {named.words}", Q(pk__in=keys)
