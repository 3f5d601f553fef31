"""French, as it is printed."""

import datetime

import pytest
from django.utils import timezone

from cross.ui.templatetags import words

NOON = datetime.datetime(2026, 11, 22, 11, 0, tzinfo=datetime.UTC)  # noon in Paris, a Sunday


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (1234, "1\u202f234"),
        (1234567, "1\u202f234\u202f567"),
        (-12, "−12"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_number(value, said):
    assert words.number(value) == said


def test_decimals_have_a_comma_and_round_half_up():
    assert words.number(1234.25, 1) == "1\u202f234,3"
    assert words.number(0.125, 2) == "0,13"
    assert words.percent(0.125) == "13\u00a0%"
    assert words.percent(None) == ""


@pytest.mark.parametrize(("value", "said"), [(12, "+12"), (-3, "−3"), (0, "0")])
def test_a_change_has_its_sign(value, said):
    assert words.signed(value) == said


@pytest.mark.parametrize(
    ("number", "word", "said"),
    [
        (0, "renseignement", "0\u00a0renseignement"),
        (1, "renseignement", "1\u00a0renseignement"),
        (2, "renseignement", "2\u00a0renseignements"),
        (3, "cheval,chevaux", "3\u00a0chevaux"),
        (2, "mois", "2\u00a0mois"),
        (None, "fiche", "0\u00a0fiche"),
    ],
)
def test_a_word_agrees_with_its_number(number, word, said):
    assert words.counted(number, word) == said


def test_one_and_a_half_is_singular():
    assert words.plural(1.5, "jour") == "jour"


def test_days_and_instants():
    first = datetime.date(2026, 3, 1)
    assert words.day(first) == "1er\u00a0mars 2026"
    assert words.weekday(first) == "dimanche 1er\u00a0mars 2026"
    assert words.short_day(first) == "01/03/2026"
    assert words.moment(NOON) == "22\u00a0novembre 2026 à 12\u00a0h\u00a000"
    assert words.short_moment(NOON) == "22/11/2026 12:00"


@pytest.mark.parametrize("shown", [words.day, words.weekday, words.moment, words.ago])
def test_nothing_says_nothing(shown):
    assert shown(None) == ""


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ({"seconds": 20}, "à l’instant"),
        ({"minutes": 1}, "il y a 1\u00a0minute"),
        ({"minutes": 59}, "il y a 59\u00a0minutes"),
        ({"hours": 3}, "il y a 3\u00a0heures"),
        ({"hours": 20}, "hier à 16\u00a0h\u00a000"),
        ({"days": 3}, "il y a 3\u00a0jours"),
        ({"days": 45}, "il y a 45\u00a0jours"),
        ({"days": 90}, "il y a 3\u00a0mois"),
        ({"days": 800}, "il y a 2\u00a0ans"),
        ({"minutes": -5}, "dans 5\u00a0minutes"),
        ({"hours": -20}, "demain à 8\u00a0h\u00a000"),
        ({"days": -3}, "dans 3\u00a0jours"),
    ],
)
def test_how_long_ago(back, said):
    assert words.ago(NOON - datetime.timedelta(**back), NOON) == said


def test_days_count_by_the_calendar_of_paris():
    # 23:30 UTC on the 21st is already the 22nd in Paris.
    late = datetime.datetime(2026, 11, 21, 23, 30, tzinfo=datetime.UTC)
    assert words.ago(late, NOON) == "il y a 11\u00a0heures"
    assert words.ago(datetime.date(2026, 11, 21), NOON) == "hier"
    assert words.ago(datetime.date(2026, 11, 22), NOON) == "aujourd’hui"


def test_a_time_keeps_its_exact_instant_for_machines():
    html = words.when(NOON, "ago")
    assert f'datetime="{NOON.isoformat()}"' in html
    assert 'title="22\u00a0novembre 2026 à 12\u00a0h\u00a000"' in html
    assert words.when(datetime.date(2026, 3, 1)).endswith(">01/03/2026</time>")
    assert words.when(None) == ""


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Épinal", "d’Épinal", "à Épinal"),
        ("Le Thillot", "du Thillot", "au Thillot"),
        ("La Bresse", "de La Bresse", "à La Bresse"),
        ("Les Forges", "des Forges", "aux Forges"),
        ("L’Étang", "de L’Étang", "à L’Étang"),
        ("Nancy", "de Nancy", "à Nancy"),
    ],
)
def test_a_name_with_its_preposition(name, of, at):
    assert (words.of(name), words.at(name)) == (of, at)


def test_lists_sizes_initials():
    assert words.listed(["a", "b", "c"]) == "a, b et c"
    assert words.listed(["a"]) == "a"
    assert words.listed([]) == ""
    assert words.file_size(812) == "812\u00a0octets"
    assert words.file_size(1) == "1\u00a0octet"
    assert words.file_size(1_400_000) == "1,4\u00a0Mo"
    assert words.file_size(60_000_000_000) == "60\u00a0Go"
    assert words.initials("Jean-Marc Le Goff") == "JMLG"


def test_the_zone_is_that_of_the_house():
    assert str(timezone.get_current_timezone()) == "Europe/Paris"


def test_a_plate_in_a_text_stays_on_one_line():
    text = "Clio <bleue>, XS-096-GF puis AB-123-CD"
    assert words.unbroken(text) == (
        'Clio &lt;bleue&gt;, <span class="cx-plate">XS-096-GF</span> puis '
        '<span class="cx-plate">AB-123-CD</span>'
    )
    assert words.unbroken("") == words.unbroken(None) == ""
