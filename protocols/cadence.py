"""On which day a cell meets: computed from its protocol, never typed again.

    next_meeting_after(protocol, day) -> date | None     the first one after that day
    in_words(protocol) -> str                             « chaque mois, le 15 »

A day of the month that falls on a Saturday or a Sunday moves to the Monday after it; public
holidays are left to whoever convenes.
"""

from datetime import date, timedelta

from cross.ui.templatetags.words import NBSP, WEEKDAYS
from protocols.models import Rhythm

SATURDAY = 5


def next_meeting_after(protocol, day):
    """The first day of meeting strictly after `day` on which the protocol is in force; None when
    its rhythm is not fixed, or no meeting comes before it ends or is suspended."""
    if protocol.signed_on is None:
        return None
    # The day of its entry into force is a day like another.
    after = max(day, protocol.starts_on - timedelta(days=1))
    found = RHYTHMS[protocol.rhythm](protocol, after)
    if found is None or (protocol.ends_on and found > protocol.ends_on):
        return None
    if protocol.suspended_from and found >= protocol.suspended_from:
        return None
    return found


def _unknown(protocol, after):
    return None


def _by_the_month(protocol, after):
    """The month before may reach into this one: the 28th of a Saturday moves to the 2nd."""
    year, month = after.year, after.month - 2
    while True:
        found = _working(date(year + month // 12, month % 12 + 1, protocol.meets_on_day))
        if found > after:
            return found
        month += 1


def _working(day):
    late = day.weekday() - SATURDAY
    return day + timedelta(days=2 - late) if late >= 0 else day


def _by_the_week(protocol, after):
    """Counted from the first meeting, and never before it."""
    first, step = protocol.meets_from, protocol.meets_every_weeks * 7
    if first > after:
        return first
    return first + timedelta(days=((after - first).days // step + 1) * step)


RHYTHMS = {
    "": _unknown,
    Rhythm.MONTH: _by_the_month,
    Rhythm.WEEKS: _by_the_week,
}


def in_words(protocol):
    """The rhythm alone, as a sentence goes on; nothing when the protocol says nothing."""
    if protocol.rhythm == Rhythm.MONTH:
        number = "1er" if protocol.meets_on_day == 1 else protocol.meets_on_day
        return f"chaque mois, le{NBSP}{number}"
    if protocol.rhythm == Rhythm.WEEKS:
        weekday, weeks = WEEKDAYS[protocol.meets_from.weekday()], protocol.meets_every_weeks
        every = "toutes les semaines" if weeks == 1 else f"toutes les {weeks}{NBSP}semaines"
        return f"{every}, le {weekday}"
    return protocol.meets_every
