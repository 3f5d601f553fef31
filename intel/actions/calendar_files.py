"""One's own calendar as calendars elsewhere take it: a kind, a reference, a day, nothing else.

The file lands in calendars that are not ours: neither a title, nor a place, nor who is concerned.
"""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from cross.audit import journal
from cross.ui.templatetags.words import counted
from intel.reading.calendar import AHEAD, PAST, SOURCES, items_of


def file_of(member):
    """The bytes of the file, from a month ago to a year ahead."""
    today = timezone.localdate()
    items = items_of(member, today - PAST, today + AHEAD)
    made = Calendar()
    made.add("prodid", "-//CROSS//Calendrier//FR")
    made.add("version", "2.0")
    for item in items:
        made.add_component(_event(item))
    journal.record(
        member,
        "calendar.exported",
        "calendrier",
        why=counted(len(items), "date"),
        recipients=member.get_full_name(),
    )
    return made.to_ical()


def _event(item):
    event = Event()
    said = " ".join(filter(None, [f"CROSS : {SOURCES[item.kind].title}", item.reference]))
    # The same thing keeps its name in calendars as long as its day stays.
    name = f"{settings.ADDRESS} {item.kind} {item.day} {item.url} {item.words}"
    event.add("uid", str(uuid5(NAMESPACE_URL, name)))
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", item.day)
    event.add("dtend", item.day + timedelta(days=1))
    event.add("summary", said)
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "TRANSPARENT")
    if item.url:
        event.add("url", f"{settings.ADDRESS}{item.url}")
    return event
