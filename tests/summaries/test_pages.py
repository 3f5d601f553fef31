"""The page of a summary: what it says, draws and leads to, for each who may open it."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cross.outbox.models import Job
from intel import periods
from intel.actions import summaries
from intel.models import Summary, TerritoryScore
from intel.models.choices import Product
from intel.reading import summaries as drawing
from intel.summaries.days import midnight
from tests import factories

QUARTER = periods.read("2026-Q3")
MOST = 15


def at(*day):
    return datetime(*day, 12, tzinfo=timezone.get_current_timezone())


def told(cast, vosges, commune, *day, by="diane", **fields):
    """Seen, received and entered on that day."""
    moment = {"received_at": at(*day), "entered_at": at(*day), "occurred_on": date(*day)}
    return factories.report(cast[by], vosges[commune], **moment | fields)


@pytest.fixture
def quarter(cast, vosges):
    """Seven facts in Golbey, one in Épinal; the cell's summary and the prefecture's."""
    for day in range(1, 8):
        told(cast, vosges, "Golbey", 2026, 8, day)
    told(cast, vosges, "Épinal", 2026, 9, 1, by="louise")
    return summaries.build(vosges.department, QUARTER)[:2]


def page_of(enter, member, summary, **query):
    answer = enter(member).get(reverse("summary_page", args=[summary.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_figure_opens_the_list_that_it_counts(cast, vosges, quarter, enter):
    page = page_of(enter, cast.anna, quarter[0])
    code = vosges["Golbey"].code
    address = f"?synthese={quarter[0].pk}&amp;territoire=commune%3A{code}"
    link = re.search(rf'href="([^"]*{re.escape(address)}[^"]*faits=1)">(\d+)', page)
    assert link[2] == "7"
    assert "Au 2e trimestre</th>" in page
    listed = enter(cast.anna).get(link[1].replace("&amp;", "&"))
    assert listed.context["count"] == 7


def test_who_opens_no_report_is_given_no_list(cast, vosges, quarter, enter):
    page = page_of(enter, cast.claire, quarter[1])
    assert "territoire=" not in page
    assert "n.c." in page


@pytest.mark.parametrize("layer", ["faits", "foyers", "evolution"])
def test_each_layer_says_what_it_is_of_and_what_was_not_seen(cast, quarter, enter, layer):
    page = page_of(enter, cast.anna, quarter[0], couche=layer)
    [svg] = re.findall(r'<div class="cx-map cx-map--large">(.*?)</div>', page, re.DOTALL)
    said = words_of(svg)
    for words in ("Pour : cellule", "3e trimestre 2026", "chiffres consolidés", "arrêtée au"):
        assert words in said
    assert "n’est pas une commune sans trafic" in said
    assert ("map-circle-fact" in svg) == (layer == "faits")
    assert ("map-sign" in svg or "map-few" in svg) == (layer == "evolution")


def test_the_map_of_a_masked_summary_hatches_what_it_does_not_tell(cast, quarter, enter):
    page = page_of(enter, cast.claire, quarter[1])
    assert "map-hatch" in page
    assert "map-none" not in page


def test_products_that_are_not_told_are_one_sentence_with_few_facts_or_none(cast, vosges, enter):
    for month in (7, 8, 9):
        for day in range(1, 7):
            told(cast, vosges, "Golbey", 2026, month, day, products=["cocaine"])
    for day in range(1, 5):
        told(cast, vosges, "Golbey", 2026, 8, day, products=["heroine", "crack"])
    page = page_of(enter, cast.claire, summaries.build(vosges.department, QUARTER)[1])
    assert f"n.c. pour {len(Product) - 1}\u00a0autres produits." in page
    assert ">Cocaïne</th>" in page
    told_of = page[page.index("Par produit") :]
    assert not [each for each in Product if each.label in told_of and each != Product.COCAINE]


def test_provisional_figures_say_what_is_still_to_come_and_no_arrow(cast, vosges, enter):
    for month in (1, 3, 5, 7):
        told(cast, vosges, "Golbey", 2026, month, 2, entered_at=at(2026, month, 22))
    told(cast, vosges, "Golbey", 2026, 9, 28)
    with time_machine.travel(at(2026, 10, 3)):
        summary = summaries.build(vosges.department, QUARTER)[0]
        page = page_of(enter, cast.anna, summary, couche="evolution")
    said = words_of(page)
    assert "Chiffres provisoires, arrêtés au 3 octobre 2026 : environ" in said
    assert "des faits survenus jusqu’au 30 septembre 2026 sont déjà enregistrés" in said
    assert "cx-sign" not in page
    assert "non calculé" in said
    assert "Au 2e trimestre" not in said
    assert "période précédente" not in said
    assert "(provisoire)" in said


def test_a_revision_is_asked_made_and_said(cast, vosges, quarter, enter):
    told(cast, vosges, "Golbey", 2026, 8, 9, entered_at=at(2026, 11, 20))
    client = enter(cast.anna)
    client.post(reverse("revise_summary", args=[quarter[0].pk]))
    job = Job.objects.get(kind="build_summaries")
    assert job.args["revised"] is True
    latest = summaries.build(vosges.department, QUARTER, revised=True)[0]
    assert "écart +1 fait" in words_of(page_of(enter, cast.anna, latest))
    old = words_of(page_of(enter, cast.anna, quarter[0]))
    assert "Une version plus récente existe" in old


def test_who_may_not_build_revises_nothing(cast, quarter, enter):
    assert "Réviser" not in page_of(enter, cast.louise, quarter[0])
    answer = enter(cast.louise).post(reverse("revise_summary", args=[quarter[0].pk]))
    assert answer.status_code in {403, 404}


def test_a_page_asks_as_much_whatever_it_shows(
    cast, vosges, quarter, enter, django_assert_max_num_queries
):
    client = enter(cast.anna)
    for query in ({}, {"couche": "foyers"}, {"couche": "evolution", "niveau": "epci"}):
        client.get(reverse("summary_page", args=[quarter[0].pk]), query)
        with django_assert_max_num_queries(MOST):
            client.get(reverse("summary_page", args=[quarter[0].pk]), query)


def test_an_empty_period_says_so(cast, vosges, enter):
    summary = summaries.build(vosges.department, periods.read("2025-Q1"))[0]
    said = words_of(page_of(enter, cast.anna, summary))
    assert "aucun fait n’a été enregistré" in said
    assert "commune sans trafic" in said


def test_a_month_to_come_is_not_a_month_without_a_fact():
    months = [TerritoryScore(code=code) for code in ("2026-10", "2026-11", "2026-12")]
    assert drawing.begun(months, at(2026, 11, 23)) == months[:2]
    assert drawing.begun(months, midnight(date(2026, 12, 1))) == months[:2]
    assert drawing.begun(months, at(2026, 12, 1)) == months


def test_foyers_are_told_of_the_twelve_months_that_end_there(cast, vosges, quarter, enter):
    """Outlined and named, with those on its edge; the row and the map say the same."""
    rolling = summaries.build(vosges.department, periods.read("2026-Q3R12"))[0]
    Summary.objects.filter(pk=rolling.pk).update(hot_status="faite")
    golbey, epinal = (
        TerritoryScore.objects.get(summary=rolling, dimension="commune", label=name)
        for name in ("Golbey", "Épinal")
    )
    rows = TerritoryScore.objects.filter(pk__in=[golbey.pk, epinal.pk])
    rows.update(hot="foyer", hot_zone=golbey.code, history="nouveau", hot_count=8, hot_expected=2)
    rows.filter(pk=epinal.pk).update(hot="", facts=0, history="aucun")
    page = page_of(enter, cast.anna, quarter[0], couche="foyers")
    assert "map-zone" in page
    assert "en bordure du foyer, sans fait enregistré" in page
    said = words_of(page)
    assert "Foyer : Golbey ainsi que les communes voisines" in said
    assert "douze mois jusqu’au 3e trimestre 2026" in said
    assert "Foyer nouveau" in words_of(page_of(enter, cast.anna, rolling))


def test_points_of_deal_are_told_of_the_department(cast, quarter, enter):
    assert "Points de deal" not in page_of(enter, cast.anna, quarter[0])
    whole = TerritoryScore.objects.filter(summary=quarter[0], dimension="department")
    whole.update(active_points=3, points_opened=1, points_rebuilt=2)
    said = words_of(page_of(enter, cast.anna, quarter[0]))
    assert "3 actifs à la fin de la période, 1 ouvert et 2 reconstitués." in said.replace(
        "\u00a0", " "
    )


def test_the_hours_that_are_said_make_a_grid(cast, quarter, enter):
    assert "Jours et heures" not in page_of(enter, cast.anna, quarter[0])
    TerritoryScore.objects.bulk_create(
        TerritoryScore(
            summary=quarter[0], dimension="hours", code=code, label=code, rank=1,
            facts=facts, reports=facts,
        )
        for code, facts in (("mon-18", 3), ("dite", 4))
    )  # fmt: skip
    page = page_of(enter, cast.anna, quarter[0])
    assert "4 faits sur 8 disent une heure" in words_of(page).replace("\u00a0", " ")
    assert "territoire=heure%3Amon-18&amp;faits=1" in page


def test_the_largest_fall_is_read_at_once(cast, quarter, enter):
    """After three rises and the first commune that rises, and not folded among the others."""
    TerritoryScore.objects.filter(summary=quarter[0], dimension="commune").delete()
    rising = {"change": "hausse_nette", "reference_facts": 4, "ratio": 12.0}
    falling = {"change": "baisse_nette", "reference_facts": 80}
    rows = [(f"Hausse {n}", 12, rising) for n in range(4)]
    rows += [
        ("Petite baisse", 15, falling | {"ratio": 0.75}),
        ("Chute", 2, falling | {"ratio": 0.1}),
    ]
    TerritoryScore.objects.bulk_create(
        TerritoryScore(
            summary=quarter[0], dimension="commune", code=name, label=name, rank=rank,
            facts=facts, reports=facts, **more,
        )
        for rank, (name, facts, more) in enumerate(rows, start=1)
    )  # fmt: skip
    page = enter(cast.anna).get(reverse("summary_page", args=[quarter[0].pk]))
    shown = page.context["shown"]
    assert "Chute" in shown.moves[-1].text
    assert [each.territory for each in shown.moves[-2:]] == ["Hausse 0", "Chute"]
    assert len(shown.moves) == 5
    assert "Petite baisse" in {each.territory for each in shown.more_moves}


def test_a_commune_that_rises_is_read_at_once_after_wider_territories(cast, quarter, enter):
    TerritoryScore.objects.filter(summary=quarter[0]).delete()
    rising = {"change": "hausse_nette", "reference_facts": 4, "ratio": 12.0}
    TerritoryScore.objects.bulk_create(
        TerritoryScore(
            summary=quarter[0], dimension=dimension, code=name, label=name, rank=1,
            facts=12, reports=12, **rising,
        )
        for dimension, name in [("epci", f"CC {n}") for n in range(4)] + [("commune", "Golbey")]
    )  # fmt: skip
    page = enter(cast.anna).get(reverse("summary_page", args=[quarter[0].pk]))
    shown = page.context["shown"]
    assert [each.territory for each in shown.moves] == ["CC 0", "CC 1", "CC 2", "Golbey"]
    assert [each.territory for each in shown.more_moves] == ["CC 3"]
