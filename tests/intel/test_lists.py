"""Distribution lists: units named by one tick, known to the unit that keeps them alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cross.audit.models import Entry
from intel import access
from intel.actions import lists
from intel.models import DistributionList, Report

PAGE = "/services/listes/"
NAME = "Frontière est"


@pytest.fixture
def border(cast):
    """Of Diane's unit: Louise's, and through an inner list Bruno's."""
    inner = lists.save(None, by=cast.diane, name="Vallée", units=[cast.bruno.unit], lists=[])
    return lists.save(None, by=cast.karim, name=NAME, units=[cast.louise.unit], lists=[inner])


def body(answer):
    return answer.content.decode()


def test_the_page_says_whom_each_list_names(cast, enter, border):
    html = body(enter(cast.karim).get(PAGE))
    assert NAME in html
    assert "Brigade de recherches, Commissariat" in html
    changed = enter(cast.diane).post(
        f"{PAGE}{border.pk}/", {"name": NAME, "units": [cast.anna.unit.pk], "lists": []}
    )
    assert changed.status_code == 302
    assert [unit.pk for unit in border.units.all()] == [cast.anna.unit.pk]


def test_nobody_else_knows_of_a_list(cast, enter, border):
    for who in ("louise", "bruno", "anna", "gilles", "rose", "claire", "tom", "ines", "paul"):
        client = enter(cast[who])
        for path in (PAGE, f"{PAGE}{border.pk}/", "/renseignements/nouveau/"):
            assert NAME not in body(client.get(path))
        for path in ("", "supprimer/"):
            answer = client.post(f"{PAGE}{border.pk}/{path}", {"name": "Prise"})
            assert answer.status_code in {403, 404}
    assert DistributionList.objects.get(pk=border.pk).name == NAME


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_list_never_holds_itself(cast, border, depth):
    """Itself, through the list it holds, or through one more."""
    chain = [border]
    for rank in range(depth):
        outer = lists.save(None, by=cast.diane, name=f"Niveau {rank}", units=[], lists=[chain[-1]])
        chain.append(outer)
    with pytest.raises(ValidationError) as refused:
        lists.save(border, by=cast.diane, name=NAME, units=[], lists=[chain[-1]])
    [sentence] = refused.value.message_dict["lists"]
    assert f"« {NAME} » se contiendrait elle-même" in sentence
    assert f"Décochez « {chain[-1].name} »" in sentence


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "Donnez un nom"),
        ({"units": []}, "Cochez au moins une unité ou une liste"),
        ({"name": "Vallée"}, "déjà une liste de ce nom"),
    ],
)
def test_what_is_wrong_is_said(cast, enter, border, change, told):
    typed = {"name": "Autre", "units": [cast.anna.unit.pk]} | change
    answer = enter(cast.diane).post(f"{PAGE}nouvelle/", typed)
    assert answer.status_code == 422
    assert told in body(answer)


def test_another_unit_may_have_a_list_of_the_same_name(cast, enter, border):
    typed = {"name": NAME, "units": [cast.anna.unit.pk]}
    assert enter(cast.louise).post(f"{PAGE}nouvelle/", typed).status_code == 302


def test_lists_and_units_of_others_are_no_choice(cast, enter, border):
    client = enter(cast.louise)
    for forged in ({"lists": [border.pk]}, {"units": [cast.paul.unit.pk]}):
        assert client.post(f"{PAGE}nouvelle/", {"name": "Forgée"} | forged).status_code == 422


def entry(**fields):
    return {
        "facts": "Vente le soir.",
        "commune": "Épinal",
        "undated": "on",
        "origin": "service",
        "audience": "nommees",
        "reason": "source",
        "review_on": (timezone.localdate() + timedelta(days=30)).strftime("%d/%m/%Y"),
    } | fields


def test_one_tick_names_the_units_of_the_day(cast, enter, border):
    client = enter(cast.diane)
    assert "Brigade de recherches · Commissariat" in body(client.get("/renseignements/nouveau/"))
    assert client.post("/renseignements/nouveau/", entry(lists=[border.pk])).status_code == 302
    report = Report.objects.unguarded(because="test").get()
    named = {"diane", "karim", "louise", "bruno"}
    assert {who for who in cast if access.readable_reports(cast[who]).exists()} == named
    # Changing or deleting the list afterwards changes no report.
    lists.save(border, by=cast.diane, name=NAME, units=[cast.anna.unit], lists=[])
    assert client.post(f"{PAGE}{border.pk}/supprimer/").status_code == 302
    assert {who for who in cast if access.readable_reports(cast[who]).exists()} == named
    assert not DistributionList.objects.filter(pk=border.pk).exists()
    assert enter(cast.paul).get(report.get_absolute_url()).status_code == 404


def test_a_list_of_another_unit_names_nobody(cast, enter, border):
    answer = enter(cast.louise).post("/renseignements/nouveau/", entry(lists=[border.pk]))
    assert answer.status_code == 422
    assert not Report.objects.unguarded(because="test").exists()


def test_each_change_of_a_list_is_a_line_without_its_name(cast, border):
    lists.remove(border, by=cast.diane)
    lines = Entry.objects.filter(verb__startswith="list.").order_by("pk")
    assert [line.verb for line in lines] == ["list.created", "list.created", "list.removed"]
    assert all(NAME not in line.target for line in lines)


def test_as_many_queries_for_one_list_as_for_ten(cast, enter, border):

    client = enter(cast.diane)
    client.get(PAGE)
    counts = []
    for rank in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        counts.append(len(captured))
        for more in range(8):
            lists.save(
                None, by=cast.diane, name=f"{rank} {more}", units=[cast.anna.unit], lists=[border]
            )
    assert counts[0] == counts[1] <= 15
