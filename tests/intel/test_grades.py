"""Two letters, by the contributor and by the cell: each change kept, none made beforehand."""

import re

import pytest

from intel.actions import matching, reports
from intel.models import Report, Revision
from tests import factories
from tests.intel.test_entry import words


@pytest.fixture
def report(cast, vosges):
    return factories.report(cast.diane, vosges["Épinal"])


def grade(client, report, source, information, **said):
    version = Report.objects.unguarded(because="test").get(pk=report.pk).version
    sent = {"source_grade": source, "information_grade": information, "version": version}
    return client.post(f"{report.get_absolute_url()}cotation/", sent | said)


def letters(report):
    report.refresh_from_db()
    return report.grade


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        ("anna", True, True),
        ("marc", True, True),
        ("diane", True, False),  # the contributing unit, until the cell has spoken
        ("karim", True, False),
        ("louise", False, False),
        ("gilles", False, False),
        ("rose", False, False),
        ("paul", False, False),
    ],
)
def test_who_grades_before_and_after_the_cell_has(cast, enter, report, who, before, after):
    client, address = enter(cast[who]), f"{report.get_absolute_url()}cotation/"
    assert (client.get(address).status_code == 200) is before
    assert (grade(client, report, "C", "4").status_code == 302) is before
    assert (letters(report) == "C4") is before
    reports.grade(report, by=cast.anna, source="B", information="2", why="Recoupée")
    assert (client.get(address).status_code == 200) is after
    grade(client, report, "D", "5", why="Autre avis")
    assert (letters(report) == "D5") is after
    is_offered = "/cotation/" in client.get(report.get_absolute_url()).content.decode()
    assert is_offered is after


def test_each_change_is_kept_and_says_for_whom_it_speaks(cast, enter, report):
    grade(enter(cast.diane), report, "C", "4")
    grade(enter(cast.karim), report, "C", "3", why="Revu sur place")
    grade(enter(cast.anna), report, "B", "2", why="Recoupée")
    page = words(enter(cast.louise).get(report.get_absolute_url()))
    for told in ("B2 par la cellule", "C3 par le contributeur", "C4 par le contributeur",
                 "Recoupée", "Revu sur place"):  # fmt: skip
        assert told in page
    assert Revision.objects.of(report).count() == 3


def test_nothing_is_chosen_beforehand(cast, enter, report):
    for client, address in (
        (enter(cast.diane), f"{report.get_absolute_url()}cotation/"),
        (enter(cast.anna), f"/tri/{report.reference}/"),
    ):
        html = client.get(address).content.decode()
        inputs = re.findall(r'<input type="radio" name="(?:source|information)_grade"[^>]*>', html)
        assert inputs
        assert not any("checked" in each for each in inputs)


def test_grade_one_wants_a_second_independent_origin_from_either(cast, enter, report, vosges):
    for who in (cast.diane, cast.anna):
        refused = grade(enter(who), report, "B", "1")
        assert refused.status_code == 422
        assert "seconde origine indépendante" in words(refused)
    second = factories.report(cast.louise, vosges["Épinal"], origin="citizen")
    matching.decide(report, second, by=cast.anna, kind="corrobore", why="Même fait")
    assert grade(enter(cast.diane), report, "B", "1").status_code == 302
    assert letters(report) == "B1"


def test_the_contributor_grades_and_validates_nothing(cast, enter, report):
    from intel.actions import life

    life.move(report, by=cast.anna, target="trie")
    client = enter(cast.diane)
    assert "valider" not in client.get(f"{report.get_absolute_url()}cotation/").content.decode()
    grade(client, report, "B", "3", valider="on")
    report.refresh_from_db()
    assert (report.grade, report.state) == ("B3", "trie")
