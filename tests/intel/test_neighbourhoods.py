"""Neighbourhoods of a file where a report is typed or imported: which are offered."""

import pytest
from django.urls import reverse

from intel.importing.setting import places_of
from intel.models import Report
from services.models import Neighbourhood
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def bridge(vosges):
    """Lies in two communes, and stands in the list of 2024."""
    made = Neighbourhood.objects.create(
        commune=vosges["Épinal"], name="Le Pont-Neuf", kind="QPV", code="QN08803N", year=2024
    )
    made.other_communes.add(vosges["Golbey"])
    return made


def ended(neighbourhood):
    neighbourhood.retired_in = 2030
    neighbourhood.save()
    return neighbourhood


def typed(**fields):
    return {
        "facts": "Deux vendeurs devant la gare.", "undated": "on", "origin": "service"
    } | fields  # fmt: skip


@pytest.mark.parametrize(
    ("commune", "is_taken"), [("Épinal", True), ("Golbey", True), ("Le Thillot", False)]
)
def test_one_that_lies_in_two_communes_is_chosen_with_either(
    cast, enter, bridge, commune, is_taken
):
    answer = enter(cast.diane).post(
        reverse("new_report"), typed(commune=commune, neighbourhood=str(bridge.pk))
    )
    kept = Report.objects.unguarded(because="the test").filter(neighbourhood=bridge)
    assert kept.exists() == is_taken
    assert ("Ce quartier n’est pas" in answer.text) != is_taken


def test_one_that_has_ended_is_offered_no_more_but_where_it_is_named(cast, vosges, enter, bridge):
    report = factories.report(cast.diane, vosges["Épinal"], neighbourhood=bridge)
    ended(bridge)
    diane = enter(cast.diane)
    option = f'<option value="{bridge.pk}"'
    assert option not in diane.get(reverse("new_report")).text
    assert f"{option} selected>" in diane.get(f"{report.get_absolute_url()}modifier/").text


def test_an_import_knows_it_in_both_communes_until_it_ends(vosges, bridge):
    by_hand = Neighbourhood.objects.create(commune=vosges["Épinal"], name="Le Pont-neuf")
    places = places_of(vosges.department)
    assert {key for _, key in _known(places)} == {bridge.pk}  # the one with a code
    assert {commune for (commune, _), _ in _known(places)} == {
        vosges["Épinal"].pk, vosges["Golbey"].pk
    }  # fmt: skip
    ended(bridge)
    assert [key for _, key in _known(places_of(vosges.department))] == [by_hand.pk]


def _known(places):
    return sorted(places.neighbourhoods.items())
