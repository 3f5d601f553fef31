"""A meeting as calendars take it (RFC 5545, sent as RFC 5546 says): its day, and nothing else.

Neither its place nor what it speaks of: a file lands in calendars that are not ours. The link
leads to the page, which asks who reads it.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

PARIS = ZoneInfo("Europe/Paris")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def calendar_of(meeting, *, method, url, organiser, attendee="", now=None):
    """The bytes of the file. `attendee` is the address of the only person it names, if any:
    nobody learns from it who else is called. `now`: the instant it was made."""
    calendar = Calendar()
    calendar.add("prodid", "-//CROSS//Réunions//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now or datetime.now(UTC))
    event.add("dtstart", meeting.begins.astimezone(PARIS))
    event.add("dtend", meeting.ends.astimezone(PARIS))
    event.add("summary", "CROSS : réunion")
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("class", "CONFIDENTIAL")
    event.add("url", url)
    event["organizer"] = _address(organiser, "CROSS")
    if attendee:
        person = _address(attendee, "")
        person.params["partstat"] = vText("NEEDS-ACTION")
        person.params["rsvp"] = vText("FALSE")  # answered on the page
        event.add("attendee", person, encode=False)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _address(mail, name):
    address = vCalAddress(f"mailto:{mail}")
    if name:
        address.params["cn"] = vText(name)
    return address
