"""What moved: since the note or the period before, in a revision, and by what is entered late."""

from datetime import date, timedelta

import pytest

from intel import periods
from intel.actions import summaries
from intel.models import SummaryAudience, TerritoryScore
from intel.place_states import PlaceState
from intel.reading.summary_words import known_after, late_of, moved_in
from intel.statistics import ChangeLabel, HotSpotLabel
from intel.summaries.since import MOST_NAMES, moved_since
from tests import factories
from tests.summaries.invented import JULY, QUARTER, TWELVE_MONTHS, Reports, figures
from tests.summaries.test_behind import at
from tests.summaries.test_words import row, summary

Dimension = TerritoryScore.Dimension


def communes(*names, **fields):
    return [row(name, code=name, **fields) for name in names]


def test_foyers_that_came_and_went():
    now = communes("Golbey", "Vittel", hot=HotSpotLabel.FOYER)
    then = communes("Vittel", "Charmes", hot=HotSpotLabel.FOYER)
    found = moved_since([], [], foyers_now=now, foyers_then=then)
    assert found.foyers == (
        "Entrées dans un foyer : Golbey.",
        "Sorties de tout foyer : Charmes.",
    )
    # Its heart is elsewhere, and it is on the edge: the zone is still there.
    moved = communes("Vittel", hot_zone="Golbey") + communes("Charmes", hot_zone="X", facts=0)
    assert not moved_since([], [], foyers_now=moved, foyers_then=communes("Vittel", hot_zone="Y"))
    assert not moved_since([], [], foyers_now=now, foyers_then=now)
    # Nothing is said of foyers when one of the two was not looked for.
    assert not moved_since([], [], foyers_now=now, foyers_then=None)


def test_changes_that_are_told_otherwise():
    now = communes("Golbey", change=ChangeLabel.CLEAR_RISE)
    now += communes("Vittel", change=ChangeLabel.TOO_FEW)
    then = communes("Golbey", change=ChangeLabel.POSSIBLE_RISE)
    then += communes("Vittel", change=ChangeLabel.STEADY)  # neither is clear: no line
    then += communes("Charmes", is_emerging=True)  # of which nothing is told any more
    assert moved_since(now, then).changes == (
        "Hausse nette, après hausse à confirmer : Golbey.",
        "Rien de net, après territoire émergent : Charmes.",
    )
    many = communes(*(f"C{n}" for n in range(MOST_NAMES + 3)), change=ChangeLabel.CLEAR_FALL)
    (line,) = moved_since(many, []).changes
    assert line.startswith("Baisse nette, rien de net auparavant : C0, C1,")
    assert line.endswith(" C19 et 3\N{NO-BREAK SPACE}autres.")


def test_places_whose_state_both_say():
    def place(state, name="Hall"):
        return row(name, Dimension.PLACE, code=name, state=state)

    then = [place(PlaceState.ACTIVE), place("", "Gare"), place(PlaceState.ACTIVE, "Cour")]
    now = [place(PlaceState.DISMANTLED), place(PlaceState.ACTIVE, "Gare")]
    now.append(place(PlaceState.ACTIVE, "Cour"))
    assert moved_since(now, then).places == ("Hall : démantelé, après actif.",)


# --- What is entered late -----------------------------------------------------------------------


def test_what_was_known_of_each_period_when_it_ended_and_later():
    reports = Reports()
    for entered in (date(2026, 5, 31), date(2026, 6, 10), date(2026, 8, 1), date(2026, 9, 20)):
        reports.tell(1, date(2026, 5, 20), entered=entered)
    reports.tell(1, date(2026, 7, 3))
    told = {code: counts for code, *counts in figures(reports, JULY).known_after}
    assert list(told)[-3:] == ["2026-05", "2026-06", "2026-07"]
    # Drawn up on 16 August: the ninety days of May are not over, nor those of July.
    assert told["2026-05"] == [1, 2, None]
    assert told["2026-07"] == [1, 1, None]
    later = figures(reports, JULY, as_of=at(date(2026, 10, 1)))
    assert {code: counts for code, *counts in later.known_after}["2026-05"] == [1, 2, 3]
    assert figures(reports, TWELVE_MONTHS).known_after is None


def test_what_comes_late_in_words():
    told = summary(known_after=[["2026-Q1", 80, 90, 100], ["2026-Q2", 40, None, None]])
    assert [period for period, _ in known_after(told)] == [
        "2e trimestre 2026",
        "1er trimestre 2026",
    ]
    assert "20 % des faits ont été saisis après la fin" in late_of(told).replace("\u00a0", " ")
    assert "dont 10 % plus de 15 jours après" in late_of(told).replace("\u00a0", " ")
    assert late_of(summary(known_after=[["2026-Q2", 40, None, None]])) == ""
    assert late_of(summary(known_after=None)) == ""


# --- On the page --------------------------------------------------------------------------------


@pytest.fixture
def two_quarters(cast, vosges):
    for day in (date(2026, 5, 4), date(2026, 8, 10), date(2026, 8, 11)):
        fields = {"occurred_on": day, "received_at": at(day), "entered_at": at(day)}
        factories.report(cast.diane, vosges["Golbey"], **fields)
    before = summaries.build(vosges.department, periods.read("2026-Q2"))
    return before, summaries.build(vosges.department, QUARTER)


def test_the_page_says_what_it_is_held_to_and_what_comes_late(cast, two_quarters, enter):
    before, now = two_quarters
    said = enter(cast.anna).get(f"/syntheses/{now[0].pk}/").content.decode()
    assert "Ce qui a bougé" in said
    assert f'href="/syntheses/{before[0].pk}/">la synthèse précédente (2e trimestre 2026)' in said
    assert "Faits connus à la fin de chaque période" in said
    masked = enter(cast.claire).get(f"/syntheses/{now[1].pk}/").content.decode()
    assert "Ce qui a bougé" not in masked
    assert "Faits connus à la fin de chaque période" not in masked
    assert now[1].known_after is None


@pytest.mark.parametrize(("who", "place"), [("anna", 0), ("claire", 1), ("gilles", 3)])
def test_the_page_asks_few_queries(
    cast, two_quarters, enter, who, place, django_assert_max_num_queries
):
    client, address = enter(cast[who]), f"/syntheses/{two_quarters[1][place].pk}/"
    client.get(address)  # what is read once a process
    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200


def test_a_revision_says_where_it_moved(cast, vosges, two_quarters, enter):
    day = date(2026, 8, 20)
    late = at(date(2026, 11, 2))
    for commune in ("Golbey", "Épinal"):
        factories.report(
            cast.diane, vosges[commune], occurred_on=day, received_at=late, entered_at=late
        )
    revised, prefecture, *_ = summaries.build(vosges.department, QUARTER, revised=True)
    assert revised.audience == SummaryAudience.CELL
    assert moved_in(revised) == [
        "Épinal : 1\u00a0fait, au lieu de 0",
        "Golbey : 3\u00a0faits, au lieu de 2",
    ]
    assert "Golbey : 3" in enter(cast.anna).get(f"/syntheses/{revised.pk}/").content.decode()
    assert prefecture.moved == {}
    assert late - at(day) > timedelta(days=15)
