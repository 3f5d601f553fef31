"""The next meeting, from the clause of the protocol."""

from datetime import date, timedelta

import pytest

from protocols.cadence import in_words, next_meeting_after
from protocols.models import Protocol

SIGNED = {"signed_on": date(2020, 9, 24), "starts_on": date(2020, 9, 24)}
THE_15TH = {"rhythm": "month", "meets_on_day": 15}
THE_28TH = {"rhythm": "month", "meets_on_day": 28}
# A Tuesday.
FORTNIGHT = {"rhythm": "weeks", "meets_every_weeks": 2, "meets_from": date(2026, 11, 3)}


@pytest.mark.parametrize(
    ("clause", "after", "expected"),
    [
        (THE_15TH, date(2026, 9, 14), date(2026, 9, 15)),
        (THE_15TH, date(2026, 9, 15), date(2026, 10, 15)),  # strictly after
        (THE_15TH, date(2026, 12, 20), date(2027, 1, 15)),
        (THE_15TH, date(2026, 11, 10), date(2026, 11, 16)),  # a Sunday moves to the Monday
        (THE_15TH, date(2026, 11, 15), date(2026, 11, 16)),
        (THE_28TH, date(2026, 3, 1), date(2026, 3, 2)),  # that of February moved into March
        (THE_28TH, date(2027, 1, 1), date(2027, 1, 28)),
        (FORTNIGHT, date(2026, 11, 2), date(2026, 11, 3)),
        (FORTNIGHT, date(2026, 11, 3), date(2026, 11, 17)),
        (FORTNIGHT, date(2026, 11, 16), date(2026, 11, 17)),
        (FORTNIGHT, date(2026, 1, 1), date(2026, 11, 3)),
        ({}, date(2026, 1, 1), None),
        (THE_15TH, date(2020, 1, 1), date(2020, 10, 15)),  # never before it is in force
        (THE_15TH | {"starts_on": date(2020, 10, 15)}, date(2020, 1, 1), date(2020, 10, 15)),
        (THE_15TH | {"ends_on": date(2026, 9, 30)}, date(2026, 9, 15), None),
        (THE_15TH | {"suspended_from": date(2026, 9, 16)}, date(2026, 9, 14), date(2026, 9, 15)),
        (THE_15TH | {"suspended_from": date(2026, 9, 15)}, date(2026, 9, 14), None),
        (THE_15TH | {"signed_on": None}, date(2026, 9, 14), None),
    ],
)
def test_the_next_meeting(clause, after, expected):
    assert next_meeting_after(Protocol(**(SIGNED | clause)), after) == expected


@pytest.mark.parametrize("clause", [THE_15TH, THE_28TH, FORTNIGHT])
def test_meetings_follow_each_other_on_working_days(clause):
    """Whatever the day one asks from, the answer is the same until that day."""
    protocol, day = Protocol(**(SIGNED | clause)), date(2026, 1, 1)
    while day < date(2028, 1, 1):
        found = next_meeting_after(protocol, day)
        assert found > day
        assert found.weekday() < 5
        if found > day + timedelta(days=1):
            assert next_meeting_after(protocol, found - timedelta(days=1)) == found
        day = found


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (THE_15TH, "chaque mois, le 15"),
        ({"rhythm": "month", "meets_on_day": 1}, "chaque mois, le 1er"),
        (FORTNIGHT, "toutes les 2 semaines, le mardi"),
        (FORTNIGHT | {"meets_every_weeks": 1}, "toutes les semaines, le mardi"),
        ({"meets_every": "une fois par trimestre"}, "une fois par trimestre"),
        ({}, ""),
    ],
)
def test_a_rhythm_is_said_in_words(clause, words):
    assert in_words(Protocol(**(SIGNED | clause))).replace("\u00a0", " ") == words
