"""The page of one territory: over time, from the summaries that its reader may open."""

import re

import pytest
import time_machine
from django.urls import reverse

from intel import periods
from intel.actions import summaries
from intel.models import TerritoryScore
from services.models import Arrondissement, Epci
from tests.summaries.test_pages import MOST, QUARTER, at, told, words_of


@pytest.fixture
def built(cast, vosges):
    """Seven facts in Golbey in August; the quarter, its months, twelve months."""
    for day in range(1, 8):
        told(cast, vosges, "Golbey", 2026, 8, day)
    told(cast, vosges, "Épinal", 2026, 5, 3, by="louise")
    return [
        summaries.build(vosges.department, periods.read(code))
        for code in ("2026-Q2", "2026-Q3", "2026-08", "2026-Q3R12")
    ]


def page_of(enter, member, code):
    return enter(member).get(reverse("territory_page", args=[code]))


def test_a_commune_over_time_and_the_list_behind_each_figure(cast, vosges, built, enter):
    page = page_of(enter, cast.anna, vosges["Golbey"].code).content.decode()
    said = words_of(page)
    for words in ("Golbey", "Par trimestre", "Par mois", "3e trimestre 2026", "août 2026"):
        assert words.lower() in said.lower()
    link = re.search(r'href="([^"]*synthese=[^"]*faits=1)">(\d+)', page)
    listed = enter(cast.anna).get(link[1].replace("&amp;", "&"))
    assert listed.context["count"] == int(link[2]) == 7


def test_a_territory_without_a_fact_says_that_nothing_was_recorded(cast, vosges, built, enter):
    said = words_of(page_of(enter, cast.anna, vosges["Le Thillot"].code).content.decode())
    assert "Une période sans fait n’est pas une période sans trafic" in said


def test_before_the_first_summary(cast, vosges, enter):
    answer = page_of(enter, cast.anna, vosges["Golbey"].code)
    assert "Aucune synthèse pour l’instant" in answer.content.decode()


def test_a_masked_reader_sees_what_his_own_summaries_hold(cast, vosges, built, enter):
    prefecture = next(each for each in built[1] if each.audience == "prefecture")
    TerritoryScore.objects.filter(summary=prefecture, dimension="commune").delete()
    page = page_of(enter, cast.claire, vosges["Golbey"].code).content.decode()
    assert "n.c." in page
    assert "synthese=" not in page
    assert not re.search(r">\s*7\s*<", page)


def test_what_is_provisional_is_hatched(cast, vosges, enter):
    for day in range(1, 6):
        told(cast, vosges, "Golbey", 2026, 9, day)
    with time_machine.travel(at(2026, 10, 3)):
        summaries.build(vosges.department, QUARTER)
        page = page_of(enter, cast.anna, vosges["Golbey"].code).content.decode()
    assert "chart-hatch" in page
    assert "chiffres provisoires" in page


@pytest.mark.parametrize("code", ["99999", "999999999", "999", "QN99999M"])
def test_a_code_that_is_nowhere_is_not_found(cast, vosges, built, enter, code):
    assert page_of(enter, cast.anna, code).status_code == 404


def test_another_department_finds_none_of_it(cast, vosges, built, enter):
    for code in ("88", vosges["Golbey"].code):
        assert page_of(enter, cast.paul, code).status_code == 404


def test_each_level_has_its_address(cast, vosges, built, enter, django_assert_max_num_queries):
    commune = vosges["Golbey"]
    commune.epci = Epci.objects.create(siren="200068757", name="CA d’Épinal")
    commune.arrondissement = Arrondissement.objects.get(code="881")
    commune.save()
    client = enter(cast.anna)
    for code, level in (
        ("88", "Département"),
        ("881", "Arrondissement"),
        ("200068757", "Intercommunalité"),
        (commune.code, "Commune"),
    ):
        address = reverse("territory_page", args=[code])
        client.get(address)
        with django_assert_max_num_queries(MOST):
            answer = client.get(address)
        assert answer.status_code == 200
        assert level in answer.content.decode()
    Epci.objects.update(is_across_departments=True)
    page = words_of(client.get(reverse("territory_page", args=["200068757"])).content.decode())
    assert "CA d’Épinal (partie Vosges)" in page


def test_two_periods_and_two_territories_stand_side_by_side(cast, vosges, built, enter):
    golbey, epinal = vosges["Golbey"].code, vosges["Épinal"].code
    address = reverse("territory_page", args=[golbey])
    asked = {"periode": "2026-Q3", "et": "2026-Q2", "avec": epinal}
    answer = enter(cast.anna).get(address, asked)
    rows = [(words, each.facts) for words, each, _ in answer.context["compared"]]
    assert rows == [
        ("Golbey, 3e trimestre 2026", 7),
        ("Golbey, 2e trimestre 2026", 0),
        ("Épinal, 3e trimestre 2026", 0),
    ]
    assert not enter(cast.anna).get(address, {"avec": "nulle part"}).context["compared"]


def test_a_masked_reader_compares_what_he_was_told(cast, vosges, built, enter):
    answer = enter(cast.claire).get(
        reverse("territory_page", args=[vosges["Golbey"].code]),
        {"periode": "2026-Q3", "et": "2026-Q2"},
    )
    _, (_, before, tiers) = answer.context["compared"]
    assert (before.facts, tiers) == (None, [])


def test_the_rest_of_a_commune_has_its_page(cast, vosges, built, enter):
    """Beside its neighbourhoods; the row of the summary leads there."""
    code = f"{vosges['Golbey'].code}-reste"
    TerritoryScore.objects.create(
        summary=built[1][0], dimension="quarter", code=code, label="Golbey, reste de la commune",
        rank=1, facts=6, reports=6, previous_facts=0, previous_reports=0,
    )  # fmt: skip
    page = enter(cast.anna).get(
        reverse("summary_page", args=[built[1][0].pk]) + "?niveau=quartier"
    )
    [address] = re.findall(r'href="(/territoires/[^"]*-reste/)"', page.content.decode())
    shown = enter(cast.anna).get(address)
    assert "Golbey, reste de la commune" in shown.content.decode()
    assert shown.context["shown"].last.facts == 6
    assert enter(cast.paul).get(address).status_code == 404
    assert page_of(enter, cast.anna, "99999-reste").status_code == 404
