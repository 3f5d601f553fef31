"""The rules of retention against a table written apart, in other words and another arithmetic."""

import random
from datetime import date, timedelta

import pytest

from intel.retention import Life, Rule, Term, rule_of, term_of

D = date

# (the life, the rule, the day): written by hand from the rules as they are told, not from the code
TABLE = [
    (Life(D(2026, 1, 15), D(2026, 1, 15)), Rule.REPORT, D(2028, 1, 15)),
    (Life(D(2026, 1, 15), D(2027, 3, 31)), Rule.REPORT, D(2029, 3, 31)),
    (Life(D(2026, 1, 15), D(2026, 1, 15), months=6), Rule.REPORT, D(2026, 7, 15)),
    (Life(D(2024, 2, 29), D(2024, 2, 29), months=12), Rule.REPORT, D(2025, 2, 28)),
    (Life(D(2026, 1, 15), D(2026, 1, 15), is_tip=True), Rule.UNUSED_TIP, D(2027, 1, 15)),
    # Completed the day before: thirty days more.
    (Life(D(2026, 1, 15), D(2027, 1, 14), is_tip=True), Rule.UNUSED_TIP, D(2027, 2, 13)),
    (Life(D(2026, 1, 15), D(2026, 3, 1), is_tip=True, is_used=True), Rule.REPORT, D(2028, 3, 1)),
    # What the protocol says is of reports, not of unused tips.
    (Life(D(2026, 1, 15), D(2026, 1, 15), is_tip=True, months=36), Rule.UNUSED_TIP,
     D(2027, 1, 15)),
    (Life(D(2026, 1, 15), D(2030, 1, 1), in_procedure=True), Rule.OPEN_PROCEDURE,
     D(2036, 1, 15)),
    (Life(D(2026, 1, 15), D(2026, 5, 2), closed_on=D(2028, 6, 30)), Rule.CLOSED_PROCEDURE,
     D(2030, 6, 30)),
    # A minor: half, three years at most.
    (Life(D(2026, 1, 15), D(2026, 1, 15), cites_minor=True), Rule.REPORT, D(2027, 1, 15)),
    (Life(D(2026, 1, 15), D(2026, 1, 15), is_tip=True, cites_minor=True), Rule.UNUSED_TIP,
     D(2026, 7, 15)),
    (Life(D(2026, 1, 15), D(2028, 12, 1), cites_minor=True), Rule.REPORT, D(2029, 1, 15)),
    (Life(D(2026, 1, 15), D(2027, 1, 1), in_procedure=True, cites_minor=True),
     Rule.OPEN_PROCEDURE, D(2029, 1, 15)),
    # Ten years, whatever is added.
    (Life(D(2026, 1, 15), D(2035, 12, 31)), Rule.REPORT, D(2036, 1, 15)),
    (Life(D(2026, 1, 15), D(2036, 1, 14), months=1), Rule.REPORT, D(2036, 1, 15)),
]  # fmt: skip


@pytest.mark.parametrize(("life", "rule", "day"), TABLE)
def test_each_line_of_the_table(life, rule, day):
    assert term_of(life) == Term(rule, day, is_shortened=life.cites_minor)


def add(day, months):
    """By counting: month after month, then back from a day that is not there."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for back in range(4):
        try:
            return date(year, month, day.day - back)
        except ValueError:
            continue
    raise AssertionError(day)


KINDS = {
    # (in a procedure, closed, tip, used): (counted from, months)
    (True, False): ("received", 120),
    (True, True): ("received", 120),
    (False, True): ("closed", 24),
}


def told_by_the_table(life):
    """The same from scratch: the widest reason, then what shortens it."""
    kind = KINDS.get((life.in_procedure, life.closed_on is not None))
    if kind is None:
        unused = life.is_tip and not life.is_used
        kind = ("received", 12) if unused else ("last", life.months or 24)
    start = {"received": life.received_on, "closed": life.closed_on, "last": life.last_on}[kind[0]]
    limit = add(life.received_on, 36 if life.cites_minor else 120)
    if life.in_procedure:
        return limit
    months = kind[1] if not life.cites_minor else max(kind[1] // 2, 1)
    return min(limit, max(add(start, months), life.last_on + timedelta(days=30)))


def test_five_thousand_lives_end_as_the_table_says(figure):
    draw = random.Random(2016_680)
    seen = set()
    for _ in range(5_000):
        received = date(2015, 1, 1) + timedelta(days=draw.randrange(4_000))
        last = received + timedelta(
            days=draw.choice([0, draw.randrange(60), draw.randrange(4_000)])
        )
        closed = draw.random() < 0.2
        life = Life(
            received_on=received,
            last_on=last,
            is_tip=draw.random() < 0.5,
            is_used=draw.random() < 0.4,
            cites_minor=draw.random() < 0.3,
            in_procedure=draw.random() < 0.2,
            closed_on=received + timedelta(days=draw.randrange(2_000)) if closed else None,
            months=draw.choice([None, None, 1, 6, 18, 35, 120]),
        )
        found = term_of(life)
        assert found.day == told_by_the_table(life), life
        assert found.day <= add(received, 36 if life.cites_minor else 120)
        seen.add((rule_of(life), life.cites_minor))
    assert len(seen) == 2 * len(Rule)
    figure("B103", "5,000 lives of 5,000 as the table says")


def test_what_is_added_never_shortens_and_a_minor_never_lengthens():
    draw = random.Random(7)
    for _ in range(1_000):
        received = date(2020, 1, 1) + timedelta(days=draw.randrange(2_000))
        last = received + timedelta(days=draw.randrange(2_000))
        tip = draw.random() < 0.5
        day = term_of(Life(received, last, is_tip=tip)).day
        assert term_of(Life(received, last + timedelta(days=9), is_tip=tip)).day >= day
        assert term_of(Life(received, last, is_tip=tip, cites_minor=True)).day <= day
