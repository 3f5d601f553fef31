"""Periods: how they are written, where they begin and end, what came before."""

from datetime import date

import pytest

from intel import periods


@pytest.mark.parametrize(
    ("text", "start", "end", "before", "label"),
    [
        ("2026-09", (2026, 9, 1), (2026, 9, 30), "2026-08", "septembre 2026"),
        ("2026-01", (2026, 1, 1), (2026, 1, 31), "2025-12", "janvier 2026"),
        ("2028-02", (2028, 2, 1), (2028, 2, 29), "2028-01", "février 2028"),
        ("2026-Q3", (2026, 7, 1), (2026, 9, 30), "2026-Q2", "3e trimestre 2026"),
        ("2026-q1", (2026, 1, 1), (2026, 3, 31), "2025-Q4", "1er trimestre 2026"),
        ("2026-W53", (2026, 12, 28), (2027, 1, 3), "2026-W52", "semaine 53 de 2026"),
        ("2027-W01", (2027, 1, 4), (2027, 1, 10), "2026-W53", "semaine 1 de 2027"),
        ("2026", (2026, 1, 1), (2026, 12, 31), "2025", "année 2026"),
    ],
)
def test_reading_a_period(text, start, end, before, label):
    period = periods.read(text)
    assert (period.start, period.end) == (date(*start), date(*end))
    assert period.previous().code == before
    assert period.label == label
    assert periods.read(period.code) == period


@pytest.mark.parametrize(
    "text",
    ["", None, "9999-W52", "0001-Q1R12", "2026-13", "2026-Q5", "2025-W53", "hier", "2026-9"],
)
def test_what_is_no_period_is_told(text):
    with pytest.raises(periods.UnreadablePeriod, match="Écrivez un mois"):
        periods.read(text)


def test_the_months_of_a_quarter_and_the_last_twelve():
    assert [m.code for m in periods.read("2026-Q3").months()] == ["2026-07", "2026-08", "2026-09"]
    twelve = periods.last_months(date(2026, 2, 10), 12)
    assert (twelve[0].code, twelve[-1].code, len(twelve)) == ("2025-03", "2026-02", 12)
