"""The reports behind a figure: as many as it says, in the reader's own list."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from intel import access, periods
from intel.actions import life, summaries
from intel.models import SummaryAudience
from intel.models.choices import Mode, Origin, Product
from intel.reading.behind import NAMES
from intel.reading.filters import asked_by
from intel.states import State
from tests import factories
from tests.house.conftest import examples

QUARTER = periods.read("2026-Q3")
TOLD = {NAMES[row] for row in NAMES} - {"quartier", "maille", "lieu", "heure"}


def at(day):
    return datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())


def a_world(cast, vosges, seed):
    """Reports over a year, some dated, some not, some late, some told twice."""
    chance = random.Random(seed)
    communes = list(vosges.communes.values()) if hasattr(vosges, "communes") else None
    communes = communes or [vosges["Épinal"], vosges["Golbey"]]
    told = []
    for _ in range(30):
        seen = date(2026, 9, 30) - timedelta(days=int(abs(chance.gauss(0, 90))))
        received = seen + timedelta(days=chance.randrange(40))
        entered = received + timedelta(days=chance.choice((0, 0, 1, 20, 50)))
        report = factories.report(
            cast[chance.choice(("diane", "louise"))],
            chance.choice(communes),
            occurred_on=chance.choice((seen, seen, seen, None)),
            received_at=at(received),
            entered_at=at(entered),
            origin=chance.choice(Origin.values[:4]),
            products=chance.sample(Product.values[:5], chance.randrange(3)),
            modes=chance.sample(Mode.values[:4], chance.randrange(3)),
        )
        if told and not chance.randrange(4):
            life.move(report, by=cast.anna, target=State.DUPLICATE, original=chance.choice(told))
        else:
            told.append(report)


def listed(member, summary, row, *, facts=False):
    """The references of the list that the figure leads to."""
    query = QueryDict(mutable=True)
    query["synthese"] = summary.pk
    query["territoire"] = f"{NAMES[row.dimension]}:{row.code}"
    if facts:
        query["faits"] = "1"
    asked = asked_by(member, query)
    assert not asked.form.errors
    return asked.of(access.listed_reports(member)).count()


@pytest.mark.parametrize("seed", examples(quick=range(2), whole=range(20)))
def test_a_figure_is_the_length_of_the_list_behind_it(cast, vosges, seed):
    a_world(cast, vosges, seed)
    summary = summaries.build_for(SummaryAudience.CELL, vosges.department, QUARTER)
    rows = list(summary.scores.all())
    assert {NAMES[row.dimension] for row in rows} >= TOLD
    assert sum(row.facts for row in rows if row.dimension == "commune") > 3
    for row in rows:
        if NAMES[row.dimension] in TOLD:
            shown = (row.reports, row.facts)
            behind = (
                listed(cast.louise, summary, row),
                listed(cast.louise, summary, row, facts=True),
            )
            assert shown == behind, (row.dimension, row.label)


def test_the_list_says_what_it_holds(cast, vosges, enter):
    day = date(2026, 8, 10)
    factories.report(
        cast.diane, vosges["Golbey"], occurred_on=day, received_at=at(day), entered_at=at(day)
    )
    factories.report(cast.diane, vosges["Épinal"], occurred_on=day, entered_at=at(day))
    summary = summaries.build_for(SummaryAudience.CELL, vosges.department, QUARTER)
    code = vosges["Golbey"].code
    page = enter(cast.anna).get(
        reverse("report_list"), {"synthese": summary.pk, "territoire": f"commune:{code}"}
    )
    assert page.context["count"] == 1
    said = page.content.decode()
    assert "comptés dans la synthèse du 3e trimestre 2026, Golbey" in said
    assert f'href="{reverse("summary_page", args=[summary.pk])}"' in said
    facts = enter(cast.anna).get(
        reverse("report_list"),
        {"synthese": summary.pk, "territoire": f"commune:{code}", "faits": "1"},
    )
    assert "1\u00a0fait (par son premier renseignement) dans la" in facts.content.decode()
    for answer in (page, facts):
        assert "<strong>1</strong> renseignement, 1\u00a0fait</p>" in answer.content.decode()


def test_the_head_of_the_list_says_reports_and_facts(cast, vosges, enter):
    day = date(2026, 8, 10)
    fields = {"occurred_on": day, "received_at": at(day), "entered_at": at(day)}
    first, again = (factories.report(cast.diane, vosges["Golbey"], **fields) for _ in range(2))
    again.fact = first.fact
    again.save(update_fields=["fact"])
    summary = summaries.build(vosges.department, QUARTER)[0]

    def said(**more):
        return enter(cast.anna).get(reverse("report_list"), more).content.decode()

    assert "<strong>2</strong> renseignements, 1\u00a0fait</p>" in said(synthese=summary.pk)
    # Beside another filter the summary does not say how many.
    assert "<strong>2</strong> renseignements</p>" in said(
        synthese=summary.pk, faits_du="2026-08-01"
    )
    assert "<strong>2</strong> renseignements</p>" in said()


def test_the_list_says_that_reports_were_corrected_since(cast, vosges, enter):
    day = date(2026, 8, 10)
    fields = {"occurred_on": day, "received_at": at(day), "entered_at": at(day)}
    _, aside = (factories.report(cast.diane, vosges["Golbey"], **fields) for _ in range(2))
    first = summaries.build(vosges.department, QUARTER)[0]
    client, address = enter(cast.anna), reverse("report_list")

    def said(**more):
        return client.get(address, {"synthese": first.pk} | more).content.decode()

    assert "La synthèse en comptait" not in said()
    life.move(aside, by=cast.anna, target=State.OUT_OF_SCOPE, why="conflit de voisinage")
    corrected = "La synthèse en comptait 2 : des renseignements ont été ajoutés ou corrigés"
    assert corrected in said()
    assert corrected in said(faits="1")
    assert "La synthèse en comptait" not in said(origine="citizen")  # a part of it proves nothing
    mine = access.revisable_summaries(cast.anna)
    assert list(mine.filter(period=first.period)) == [first]
    last = summaries.build(vosges.department, QUARTER, revised=True)[0]
    assert list(mine.filter(period=first.period)) == [last]  # what was replaced is left alone
    replaced = client.get(reverse("summary_page", args=[first.pk])).content.decode()
    assert "Une version plus récente existe" in replaced
    assert "Réviser les chiffres" not in replaced


@pytest.mark.parametrize("row", ["commune:99999", "n’importe quoi", "lieu:1", "mois:jamais"])
def test_a_figure_that_is_not_there_is_refused(cast, vosges, row):
    summary = summaries.build_for(SummaryAudience.CELL, vosges.department, QUARTER)
    asked = asked_by(cast.anna, QueryDict(f"synthese={summary.pk}&territoire={row}"))
    assert asked.form.errors.keys() == {"synthese"}
    assert not asked.of(access.listed_reports(cast.anna)).exists()


def test_a_summary_that_is_not_his_is_refused_as_one_that_is_not_there(cast, vosges):
    cell, prefecture = summaries.build(vosges.department, QUARTER)[:2]
    absent = asked_by(cast.paul, QueryDict("synthese=999999")).form.errors
    assert absent
    for member, summary in ((cast.paul, cell), (cast.anna, prefecture), (cast.paul, prefecture)):
        assert asked_by(member, QueryDict(f"synthese={summary.pk}")).form.errors == absent
