"""What findings propose for the local strategy: each row of the table from what fits it alone."""

import json
from dataclasses import asdict

import pytest

from intel.models import SummaryAudience, TerritoryScore
from intel.statistics import ChangeLabel, EffortStatus, History, HotSpotLabel
from intel.summaries import proposals
from intel.summaries.proposals import Kind
from tests.summaries.test_words import NEVER, plain, rising, row, summary

Dimension = TerritoryScore.Dimension


def foyer(history, **fields):
    fields = {"hot": HotSpotLabel.FOYER, "hot_zone": "Golbey", "hot_count": 9, "hot_expected": 2.0}
    return fields | {"history": history}


# Kind to a row that fits it, and the nearest ones that do not.
FITS = {
    Kind.LASTING_FOYER: (
        row(active_points=2, **foyer(History.LASTING)),
        [
            row(active_points=0, **foyer(History.LASTING)),
            row(active_points=2, **foyer(History.SPORADIC)),
            row(active_points=2, history=History.LASTING),
        ],
    ),
    Kind.FOYER_WITHOUT_POINT: (
        row(active_points=0, **foyer(History.LASTING)),
        [
            row(active_points=1, **foyer(History.LASTING)),
            row(**foyer(History.LASTING)),  # this reader is told of no point
            row(active_points=0, **foyer(History.SPORADIC)),
        ],
    ),
    Kind.NEW_FOYER: (
        row(**foyer(History.NEW)),
        [row(**foyer(History.CONSECUTIVE)), row(history=History.NEW)],
    ),
    Kind.RISE: (
        rising(),
        [
            rising(change=ChangeLabel.POSSIBLE_RISE),
            rising(effort=EffortStatus.UNKNOWN),
            rising(change=ChangeLabel.STEADY, effort=""),
        ],
    ),
    Kind.RISE_WITH_EFFORT: (
        rising(effort=EffortStatus.CONCOMITANT, effort_ratio=1.6),
        [rising(), rising(effort=EffortStatus.UNKNOWN)],
    ),
    Kind.TO_CONFIRM: (
        row(facts=8, facts_to_confirm=5),
        [
            row(facts=8, facts_to_confirm=4),
            row(facts=4, facts_to_confirm=4),
            row(facts=8),
            # Nobody sends a second service to corroborate an hour of the week, nor a product.
            row("samedi, de 19 h à 20 h", Dimension.HOURS, facts=8, facts_to_confirm=8),
            row("Cannabis", Dimension.PRODUCT, facts=8, facts_to_confirm=8),
        ],
    ),
    Kind.NEW_FORMS: (
        row("Livraison", Dimension.MODE, code="delivery", facts=14, previous_facts=3),
        [
            row("Livraison", Dimension.MODE, code="delivery", facts=14, previous_facts=12),
            row("Livraison", Dimension.MODE, code="delivery", facts=4, previous_facts=0),
            row("Livraison", Dimension.MODE, code="delivery", facts=14),
            row("Point de deal", Dimension.MODE, code="dealing_point", facts=14, previous_facts=3),
        ],
    ),
    Kind.FALL: (
        rising(change=ChangeLabel.CLEAR_FALL, effort="", ratio=0.3, ratio_low=0.1, ratio_high=0.8),
        [
            rising(change=ChangeLabel.POSSIBLE_FALL, effort=""),
            rising(dimension=Dimension.PRODUCT, change=ChangeLabel.CLEAR_FALL, effort=""),
        ],
    ),
}


def kinds(rows, **fields):
    return [each.kind for each in proposals.made_of(summary(**fields), rows)]


@pytest.mark.parametrize("kind", FITS)
def test_a_line_is_proposed_from_what_fits_and_from_nothing_else(kind):
    fitting, others = FITS[kind]
    assert kinds([fitting]) == [kind]
    for other in others:
        assert kind not in kinds([other])


def test_every_row_of_the_table_is_held_to():
    assert set(FITS) == set(proposals.FITS) == set(Kind) - {Kind.SILENT_BORDER}
    assert set(proposals.DRAFTS) == set(Kind)


def test_a_new_territory_is_looked_into_before_anything_is_said():
    (one,) = proposals.made_of(summary(), [row("Bruyères", facts=3, is_emerging=True)])
    assert one.kind == Kind.NEW_FOYER
    assert one.title == "À Bruyères : recueil ciblé"
    assert "Aucune communication à ce stade." in one.actions


def test_a_line_carries_its_facts_its_label_and_its_doubt():
    (one,) = proposals.made_of(summary(), [rising("Le Thillot", code="88468")])
    assert one.title == "Hausse au Thillot : réorienter des moyens pendant trois mois"
    assert one.key == "hausse_independante:commune:88468"
    assert plain(one.axis["objective"]) == (
        "Répondre à une hausse qui ne tient pas à la seule activité des services. Constat : "
        "Hausse nette au Thillot : 12 faits contre 3 par trimestre en moyenne sur un an "
        "(multiplié par 4 ; fourchette 1,6 à 9,7). La hausse se voit aussi dans les appels et "
        "signalements. Un tel écart est très peu probable par hasard."
    )
    assert one.finding.facts == 12
    assert one.period == "2026-Q3"
    assert proposals.read(json.loads(json.dumps(asdict(one)))) == one


def test_points_that_a_reader_is_not_told_of_are_no_reason_and_no_obstacle():
    fields = {"audience": SummaryAudience.PREFECTURE, "period": "2026-Q3R12"}
    hidden = row(facts=None, hot=HotSpotLabel.FOYER, hot_zone="Golbey", history=History.LASTING)
    (one,) = proposals.made_of(summary(**fields), [hidden])
    assert one.kind == Kind.LASTING_FOYER
    assert one.finding.text == "Foyer : Golbey ainsi que les communes voisines."
    assert one.finding.doubt.endswith("n’est pas dans cette synthèse.")


def test_a_silent_border_is_asked_about_where_reports_may_be_opened():
    found = proposals.made_of(summary(), [], silent=[f"Commune {n}" for n in range(7)])
    assert [each.kind for each in found] == [Kind.SILENT_BORDER]
    assert "dans 7 communes" in plain(found[0].finding)
    assert "Commune 4 et 2 autres" in plain(found[0].finding)


@pytest.mark.django_db
def test_none_and_few_are_alike_for_who_opens_no_report(vosges):
    border = vosges["Golbey"]
    border.is_on_border = True
    border.save()
    for audience, asked in ((SummaryAudience.CELL, 1), (SummaryAudience.PREFECTURE, 0)):
        stored = summary("2026-Q3R12", audience)
        stored.department = vosges.department
        stored.save()
        found = [each.kind for each in proposals.proposed(stored)]
        assert found.count(Kind.SILENT_BORDER) == asked
    stored.delete()


def test_no_line_says_what_is_never_said():
    rows = [fitting for fitting, _ in FITS.values()]
    for one in proposals.made_of(summary(), rows, silent=["Golbey"]):
        for text in (*one.axis.values(), str(one.finding)):
            assert not NEVER.search(text), text
            assert "{" not in text
