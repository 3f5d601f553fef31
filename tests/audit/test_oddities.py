"""What is put on the list to look at again, and what is not; who sees it, and what he says."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from cross.audit import oddities
from cross.audit.models import Entry, Oddity

# A Monday, ten in the morning: hours of work are behind, and the night before them.
NOW = timezone.datetime(2026, 9, 21, 10, 30, tzinfo=timezone.get_default_timezone())


def line(number, at, *, verb="report.read", target="", **said):
    said = {"who": f"Agent {number}", "unit": "Brigade", "department": "88"} | said
    operation = oddities.VERBS[verb].operation
    return Entry(
        member_id=number, at=at, verb=verb, operation=operation, target=target or str(at), **said
    )


def sheets(number, begin, count, *, minutes=50):
    step = timedelta(minutes=minutes) / count
    return [
        line(number, begin + rank * step, target=f"CROSS-88-2026-{rank:04}")
        for rank in range(count)
    ]


def kept(*lines):
    Entry.objects.bulk_create([each for many in lines for each in many])
    oddities.scan(NOW)
    return set(Oddity.objects.values_list("pattern", "member_id"))


HOUR = NOW.replace(hour=8, minute=0)


@pytest.mark.parametrize(
    ("lines", "pattern"),
    [
        (sheets(1, HOUR, 40), "sheets_an_hour"),
        (sheets(1, HOUR, 39), None),
        (sheets(1, NOW.replace(hour=10, minute=0), 60, minutes=20), None),  # the hour runs
        (sheets(1, HOUR - timedelta(days=1), 150, minutes=600), "sheets_a_day"),
        (sheets(1, HOUR - timedelta(days=1), 140, minutes=600), None),
        ([line(1, NOW.replace(hour=2) - timedelta(days=1), verb="report.exported")],
         "leaving_at_night"),
        ([line(1, HOUR - timedelta(days=1), verb="report.exported")], None),
        ([line(1, HOUR + timedelta(minutes=n), verb="access.refused") for n in range(10)],
         "refusals_an_hour"),
        ([line(1, HOUR + timedelta(minutes=n), verb="access.refused") for n in range(9)], None),
    ],
)  # fmt: skip
def test_what_is_noted(db, lines, pattern):
    assert kept(lines) == ({(pattern, 1)} if pattern else set())


def test_the_same_sheet_read_forty_times_is_one_sheet(db):
    assert kept([line(1, HOUR + timedelta(minutes=n), target="X") for n in range(50)]) == set()


def test_a_span_is_noted_once_and_its_lines_are_those(db):
    kept(sheets(1, HOUR, 41), sheets(2, HOUR, 3))
    assert oddities.scan(NOW) == 0
    oddity = Oddity.objects.get()
    assert (oddity.count, oddity.threshold) == (41, 40)
    assert oddities.lines_of(oddity).count() == 41


def test_twenty_who_look_out_of_curiosity_among_two_hundred(db, figure):
    """One working day: agents read 2 to 20 sheets in some hours, who works at night prints at
    times; twenty others read for an hour on end, take lists away at night, or try doors."""
    chance = Random(20160680)
    day = HOUR - timedelta(days=1)
    lines = []
    for number in range(1, 181):
        for hour in range(0, 9, 3):
            at = day + timedelta(hours=hour)
            lines += sheets(number, at, chance.randrange(2, 21))
        if number % 30 == 0:
            lines.append(line(number, day.replace(hour=23), verb="report.printed"))
        lines += [line(number, day, verb="access.refused") for _ in range(chance.randrange(3))]
    for number in range(181, 201):
        manner = number % 3
        if manner == 0:
            lines += sheets(number, day, chance.randrange(45, 90))
        elif manner == 1:
            lines.append(line(number, day.replace(hour=3), verb="report.exported"))
        else:
            lines += [line(number, day, verb="access.refused") for _ in range(15)]
    named = {number for _, number in kept(lines)}
    curious, others = {n for n in named if n > 180}, {n for n in named if n <= 180}
    assert len(curious) >= 18
    assert len(others) <= 10
    figure("B58", f"{len(curious)} of 20 in the list, {len(others)} others of 180")


def test_who_keeps_the_journal_looks_and_says_what_it_was(cast, enter):
    kept(sheets(cast.diane.pk, HOUR, 44))
    oddity = Oddity.objects.get()
    client = enter(cast.ines)
    page = client.get("/journal/a-relire/").content.decode()
    assert "Beaucoup de fiches en une heure" in page
    assert "44\u00a0fiches différentes" in page
    address = f"/journal/a-relire/{oddity.pk}/"
    page = client.get(address).content.decode()
    assert "CROSS-88-2026-0043" in page
    assert "au moins 40 fiches différentes" in page
    refused = client.post(address, {"words": ""})
    assert refused.status_code == 422
    client.post(address, {"words": "Réunion du 22 à préparer"})
    oddity.refresh_from_db()
    assert (oddity.seen_by, oddity.words) == ("Inès Essai", "Réunion du 22 à préparer")
    assert oddity.seen_at is not None
    assert "Rien à relire" in client.get("/journal/a-relire/").content.decode()
    assert "Réunion du 22" in client.get("/journal/a-relire/?voir=vues").content.decode()
    assert Entry.objects.filter(verb="oddity.seen", why="Réunion du 22 à préparer").exists()
    client.post(f"{address}rouvrir/")
    oddity.refresh_from_db()
    assert oddity.seen_at is None
    for who in ("diane", "marc", "tom", "paul"):
        assert enter(cast[who]).get(address).status_code == 404


def test_nothing_is_told_of_another_department(cast, enter):
    kept([line(7, each.at, target=each.target, department="54") for each in sheets(7, HOUR, 44)])
    assert Oddity.objects.count() == 1
    client = enter(cast.ines)
    assert "Rien à relire" in client.get("/journal/a-relire/").content.decode()
    assert client.get(f"/journal/a-relire/{Oddity.objects.get().pk}/").status_code == 404
