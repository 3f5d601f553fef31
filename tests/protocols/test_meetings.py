"""Meetings without their reports: the table of moves, and the file for calendars."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from icalendar import Calendar

from protocols import ics
from protocols.meeting_states import (
    AHEAD,
    MOVES,
    OPEN,
    OVER,
    MeetingState,
    move_between,
    targets_from,
)
from protocols.models import Meeting

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


def a_meeting(**said):
    said = {
        "key": UUID(int=7), "held_on": date(2026, 12, 14), "starts_at": time(14, 0),
        "lasts": 90, "place": "Salle des Acacias",
    } | said  # fmt: skip
    return Meeting(**said)


def file_of(meeting, method=ics.REQUEST, **said):
    content = ics.calendar_of(
        meeting, method=method, url="https://cross.test/reunions/7/",
        organiser="cross@exemple.invalid", now=NOW, **said,
    )  # fmt: skip
    return content.decode(), Calendar.from_ical(content)


def test_every_state_is_reached_and_left_but_the_last():
    reached = {move.target for move in MOVES}
    assert reached == set(MeetingState)
    assert {state for state in MeetingState if not targets_from(state)} == {MeetingState.SIGNED}
    assert AHEAD < OPEN
    assert not OPEN & OVER
    assert move_between("signee", "en_seance") is None


def test_a_file_that_calendars_read():
    """RFC 5545: CRLF, no line over 75 octets, a stable UID, a zone; RFC 5546: one attendee."""
    text, calendar = file_of(a_meeting(), attendee="diane.essai.au.nom.tres.long@exemple.invalid")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert calendar["method"] == "REQUEST"
    [event] = calendar.walk("VEVENT")
    assert event["uid"].startswith(str(UUID(int=7)))
    assert event["sequence"] == 0
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert event.decoded("dtstart").isoformat() == "2026-12-14T14:00:00+01:00"
    assert event.decoded("dtend").isoformat() == "2026-12-14T15:30:00+01:00"
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Paris"
    assert "mailto:diane" in str(event["attendee"])
    assert "Acacias" not in text


@pytest.mark.parametrize(("month", "offset"), [(1, "+01:00"), (7, "+02:00")])
def test_the_hour_is_that_of_the_clock_on_the_wall(month, offset):
    _, calendar = file_of(a_meeting(held_on=date(2026, month, 12)))
    [event] = calendar.walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == f"2026-{month:02}-12T14:00:00{offset}"


def test_a_move_is_the_same_event_one_sequence_later():
    _, first = file_of(a_meeting())
    _, second = file_of(a_meeting(held_on=date(2026, 12, 21), sequence=1))
    [before], [after] = first.walk("VEVENT"), second.walk("VEVENT")
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)


def test_a_cancellation_says_so():
    text, calendar = file_of(a_meeting(sequence=2), ics.CANCEL)
    [event] = calendar.walk("VEVENT")
    assert calendar["method"] == "CANCEL"
    assert event["status"] == "CANCELLED"
    assert "ATTENDEE" not in text
