"""When beat works, chosen by who keeps the installation and nobody else."""

import pytest
from django_celery_beat.models import PeriodicTask

from cross.audit.models import Entry
from cross.outbox import schedule
from cross.outbox.schedule import in_text, in_words

WORK = "nightly_openness"
ADDRESS = f"/exploitation/horaires/{WORK}/"


def test_a_time_is_changed_and_the_journal_says_by_whom(cast, enter):
    client = enter(cast.tom)
    client.post(ADDRESS, {"when": "15 5 * * 1-5", "is_on": "on"})
    row = PeriodicTask.objects.get(name=WORK)
    assert (in_text(row.schedule), row.task, row.args) == (
        "15 5 * * 1-5", "outbox.ask", f'["{WORK}"]',
    )  # fmt: skip
    line = Entry.objects.get(verb="schedule.changed")
    assert (line.who, line.target) == ("Tom Essai", "Taux de partage du mois écoulé")
    assert line.why == "chaque jour à 3\u00a0h\u00a040 → 15 5 * * 1-5"
    client.post(ADDRESS, {"when": "15 5 * * 1-5"})
    assert not PeriodicTask.objects.get(name=WORK).enabled
    page = client.get("/exploitation/horaires/").content.decode()
    assert "Arrêté" in page
    assert "chaque jour à 3\u00a0h\u00a040" in page
    # Saved as it was: nothing changed, nothing is said.
    client.post(ADDRESS, {"when": "15 5 * * 1-5"})
    assert Entry.objects.filter(verb="schedule.changed").count() == 2


@pytest.mark.parametrize("typed", ["", "3 h", "61 3 * * *", "0 3 * *", "a b c d e"])
def test_what_is_no_time_is_refused_in_words(cast, enter, typed):
    answer = enter(cast.tom).post(ADDRESS, {"when": typed, "is_on": "on"})
    assert answer.status_code == 422
    assert "30 2 * * *" in answer.content.decode()
    assert not PeriodicTask.objects.exists()


@pytest.mark.parametrize("who", ["anna", "marc", "claire", "ines", "paul"])
def test_nobody_else_changes_it(cast, enter, who):
    assert enter(cast[who]).post(ADDRESS, {"when": "0 0 * * *"}).status_code == 403
    assert not PeriodicTask.objects.exists()


@pytest.mark.django_db
def test_each_work_with_a_time_has_a_title():
    assert [each.name for each in schedule.planned() if each.title == each.name] in (
        [], ["tests.nightly"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 3 * * *", "chaque jour à 3 h 00"),
        ("5 4 17 * *", "le 17 de chaque mois à 4 h 05"),
        ("*/5 * * * *", "toutes les 5 minutes"),
        ("20 * * * *", "chaque heure, à la minute 20"),
        ("300 s", "toutes les 5 minutes"),
        ("90 s", "toutes les 90 secondes"),
        ("0 3 * * 1", "0 3 * * 1"),
        ("0 3,15 * * *", "0 3,15 * * *"),
    ],
)
def test_a_schedule_in_words(text, words):
    assert in_words(text).replace("\u00a0", " ") == words
