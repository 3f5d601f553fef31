"""What figures are told by besides communes and what holds them: places, neighbourhoods, hours."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
import time_machine
from django.http import QueryDict

from intel import access
from intel.actions import places, summaries
from intel.actions.places import Described, Said
from intel.extraction.week import hours_of_week
from intel.models import SummaryAudience, TerritoryScore
from intel.place_states import PlaceState
from intel.reading.filters import asked_by
from intel.summaries import told
from intel.summaries.figures import Figures
from intel.summaries.places import Cited, Known
from intel.summaries.spans import consolidated_on
from intel.summaries.territories import Dimension, Ground
from services.geography import Neighbourhoods
from services.models import Department
from tests import factories
from tests.summaries.invented import QUARTER, Reports, units
from tests.summaries.test_behind import at, listed

SAMPLES = Path(__file__).parents[1] / "intel" / "samples" / "extraction.json"
LABELLED = json.loads(SAMPLES.read_text("utf-8"))
S = PlaceState
HALL = Known("aa", "Hall des Iris", True, 1, 500, 500)
YARD = Known("bb", "Cour du lavoir", False, 2, 1_500, 500)
STATION = Known("cc", "Gare", True, 1, None, None)


def figures(reports, observations=(), neighbourhoods=None, *, schedules=None):
    """Of twelve communes; `observations`: number of the report from 1, place, day, state."""
    ground, as_of = units(), consolidated_on(QUARTER)
    read = told.of_rows(reports.rows, as_of)
    return Figures(
        read,
        Department(code="88", name="Vosges"),
        QUARTER,
        ground=Ground.of(
            read,
            Department(code="88", name="Vosges"),
            ground,
            {key: place for place, key in enumerate(ground.keys.tolist())},
            cited=Cited.of(read, observations),
            neighbourhoods=neighbourhoods,
            schedules=schedules or {},
        ),
    )


def rows(found, dimension):
    return {line.label: line for line in found.territories[dimension]}


# --- Places -----------------------------------------------------------------------------------


def test_a_place_counts_the_facts_of_the_reports_that_cite_it():
    reports = Reports()
    reports.tell(1, fact=7)  # does not cite it: another report of the same fact does
    reports.tell(1, fact=7)
    reports.tell(1)
    reports.tell(1, date(2026, 3, 1))  # before the period
    cites = [(number, HALL, date(2026, 7, 10), "") for number in (2, 3, 4)]
    cites += [(3, YARD, date(2026, 7, 10), ""), (3, YARD, date(2026, 7, 11), "")]
    found = rows(figures(reports, cites), Dimension.PLACE)
    assert {name: (line.facts, line.reports) for name, line in found.items()} == {
        "Hall des Iris": (2, 2),
        "Cour du lavoir": (1, 1),
    }


HISTORIES = {
    "still at work": (((6, 1), S.ACTIVE),),
    "opened": (((7, 10), S.SIGNALLED), ((8, 1), S.ACTIVE)),
    "said again": (((6, 1), S.ACTIVE), ((8, 1), S.ACTIVE)),
    "dismantled": (((6, 1), S.ACTIVE), ((8, 1), S.DISMANTLED), ((8, 9), S.DISMANTLED)),
    "rebuilt soon": (((6, 1), S.DISMANTLED), ((8, 30), S.REBUILT)),
    "rebuilt late": (((4, 1), S.DISMANTLED), ((8, 30), S.REBUILT)),
    "moved": (((6, 1), S.ACTIVE), ((8, 30), S.MOVED)),
    "after the period": (((10, 2), S.ACTIVE),),
}
EXPECTED = {
    "still at work": {"active_points"},
    "opened": {"active_points", "points_opened"},
    "said again": {"active_points"},
    "dismantled": {"points_dismantled"},
    "rebuilt soon": {"active_points", "points_opened", "points_rebuilt"},
    "rebuilt late": {"active_points", "points_opened"},
    "moved": {"points_moved"},
    "after the period": set(),
}


@pytest.mark.parametrize("case", HISTORIES)
def test_what_becomes_of_a_point(case):
    reports = Reports()
    reports.tell(1)
    said = [(1, HALL, date(2026, *day), state) for day, state in HISTORIES[case]]
    commune = figures(reports, said).territories[Dimension.COMMUNE][0]
    columns = {name for name in commune.more if "points" in name and commune.more[name]}
    assert columns == EXPECTED[case]


def test_only_points_de_deal_are_points_and_a_state_said_too_late_is_left_to_a_revision():
    reports = Reports()
    reports.tell(2)
    reports.tell(1, entered=date(2026, 11, 30))
    said = [(1, YARD, date(2026, 8, 1), S.ACTIVE), (2, HALL, date(2026, 8, 1), S.ACTIVE)]
    [department] = figures(reports, said).territories[Dimension.DEPARTMENT]
    assert department.more["active_points"] == 0
    assert rows(figures(reports, said), Dimension.PLACE)["Cour du lavoir"].more["state"] == "actif"


def test_without_a_place_nothing_is_said_of_points():
    reports = Reports()
    reports.tell(1)
    [department] = figures(reports).territories[Dimension.DEPARTMENT]
    assert "active_points" not in department.more


@pytest.fixture
def cited(cast, vosges):
    """Two places of Épinal: one that an open report cites, one that only a restricted one does."""
    day, made = date(2026, 8, 10), {}
    with time_machine.travel(at(date(2026, 8, 20)), tick=False):
        for name, restricted in (("CANARI ouvert", None), ("CANARI cache", [])):
            report = factories.report(
                cast.diane,
                vosges["Épinal"],
                units=restricted,
                occurred_on=day,
                received_at=at(day),
                entered_at=at(day),
            )
            place = places.create(
                Described(
                    name=name,
                    kind="point",
                    commune=vosges["Épinal"],
                    on_public_way=True,
                    is_daily=True,
                    point=(500, 500),
                ),
                by=cast.diane,
            )
            places.cite(place, report, Said(seen_on=day, state=S.ACTIVE), by=cast.diane)
            made[name] = place
    return made


def test_a_place_is_told_of_by_open_reports_alone_and_never_to_who_opens_none(cast, vosges, cited):
    cell, *others = summaries.build(vosges.department, QUARTER)
    masked = [each for each in others if each.is_masked]
    assert cell.audience == SummaryAudience.CELL
    assert masked
    labels = cell.scores.filter(dimension=Dimension.PLACE).values_list("label", flat=True)
    assert list(labels) == ["CANARI ouvert"]
    [commune] = cell.scores.filter(dimension=Dimension.COMMUNE, label="Épinal")
    assert (commune.active_points, commune.points_opened) == (1, 1)
    for summary in masked:
        stored = str(list(TerritoryScore.objects.filter(summary=summary).values()))
        assert "CANARI" not in stored
        assert not summary.scores.exclude(active_points=None).exists()
        assert not summary.scores.filter(
            dimension__in=[Dimension.PLACE, Dimension.HEXAGON, Dimension.NEIGHBOURHOOD]
        ).exists()


def test_the_list_behind_a_place_holds_what_it_counts(cast, vosges, cited):
    summary = summaries.build_for(SummaryAudience.CELL, vosges.department, QUARTER)
    [row] = summary.scores.filter(dimension=Dimension.PLACE)
    assert row.reports == listed(cast.louise, summary, row) == 1
    assert row.facts == listed(cast.louise, summary, row, facts=True) == 1
    hidden = cited["CANARI cache"].key.hex[:20]
    for code in (hidden, "0" * 20):  # hidden and absent are one answer
        asked = asked_by(cast.louise, QueryDict(f"synthese={summary.pk}&territoire=lieu:{code}"))
        assert asked.form.errors.keys() == {"synthese"}
        assert not asked.of(access.listed_reports(cast.louise)).exists()


def test_a_place_cited_since_is_left_to_a_revision(cast, vosges, cited):
    [first] = summaries.build(vosges.department, QUARTER)[:1]
    day = date(2026, 8, 1)
    report = factories.report(
        cast.diane,
        vosges["Golbey"],
        occurred_on=day,
        received_at=at(day),
        entered_at=at(day),
    )
    with time_machine.travel(at(date(2026, 10, 20)), tick=False):
        places.cite(cited["CANARI cache"], report, Said(seen_on=day), by=cast.diane)
    [same] = summaries.build(vosges.department, QUARTER)[:1]
    assert same == first
    [revised] = summaries.build(vosges.department, QUARTER, revised=True)[:1]
    assert revised.scores.filter(dimension=Dimension.PLACE).count() == 2


# --- Neighbourhoods ---------------------------------------------------------------------------

LEFT, RIGHT = shapely.box(0, 0, 1_000, 1_000), shapely.box(800, 0, 2_000, 1_000)


def priority(*parts, outlines=(LEFT, RIGHT)):
    return Neighbourhoods(
        kind="qpv",
        keys=np.array([71, 72]),
        codes=("QN1", "QN2"),
        names=("Bitola", "La Vierge"),
        years=(2024, 2024),
        population=np.array([300.0, 200.0]),
        outlines=np.array(outlines, dtype=object),
        parts=np.array(parts, dtype=np.int64).reshape(-1, 2),
        size=12,
    )


def test_a_neighbourhood_and_the_rest_of_its_commune_make_the_commune():
    reports = Reports()
    reports.tell(1, neighbourhood=71)  # said
    reports.tell(1)  # by the point of the place that it cites
    reports.tell(1)  # nobody knows on which side
    reports.tell(2, neighbourhood=71)  # said of another commune, which wins
    reports.tell(5)  # a commune without neighbourhood
    found = figures(reports, [(2, HALL, date(2026, 7, 10), S.ACTIVE)], priority((0, 0), (1, 1)))
    told_of = {name: line.facts for name, line in rows(found, Dimension.NEIGHBOURHOOD).items()}
    assert told_of == {
        "Bitola": 2,
        "La Vierge": 0,
        "Commune 0, reste de la commune": 1,
        "Commune 1, reste de la commune": 1,
    }
    communes = rows(found, Dimension.COMMUNE)
    assert (
        told_of["Bitola"] + told_of["Commune 0, reste de la commune"]
        == communes["Commune 0"].facts
    )
    more = rows(found, Dimension.NEIGHBOURHOOD)
    assert more["Bitola"].more["population"] == 300
    assert more["Commune 0, reste de la commune"].more["population"] == 700
    assert more["Bitola"].more["active_points"] == 1


def test_who_lives_in_the_rest_is_not_known_when_a_neighbourhood_lies_in_two_communes():
    reports = Reports()
    reports.tell(1)
    found = rows(figures(reports, (), priority((0, 0), (0, 1))), Dimension.NEIGHBOURHOOD)
    assert found["Commune 0, reste de la commune"].more["population"] is None


# --- Hours ------------------------------------------------------------------------------------

WEEK = {
    "le vendredi de 22 h à 1 h": {(4, 22), (4, 23), (5, 0)},
    "du lundi au mardi à partir de 22h30": {(0, 22), (0, 23), (1, 22), (1, 23)},
    "le week-end vers 2 h du matin": {(5, 2), (6, 2)},
    "le dimanche soir de 20 h à 21h30": {(6, 20), (6, 21)},
    "les mercredis après-midi": {(2, hour) for hour in range(14, 18)},
    "tous les jours sauf le dimanche, à minuit": {(day, 0) for day in range(7) if day != 0},
    "le jeudi à 3 h de l'après-midi": {(3, 15)},
    "tous les samedis": set(),  # no hour is said
    "de temps en temps": set(),
    "24h/24 le mardi": {(1, hour) for hour in range(24)},
}


@pytest.mark.parametrize("text", WEEK)
def test_the_hours_of_the_week_that_a_text_says(text):
    assert hours_of_week(text) == WEEK[text]


def test_every_labelled_schedule_is_read_and_those_with_an_hour_say_one():
    said = [text for each in LABELLED for text in each.get("hours", ())]
    assert len(said) > 50
    silent = {text.lower() for text in said if not hours_of_week(text)}
    assert silent == {
        "le vendredi", "7j/7", "tout les jeudi", "après la sortie des classes",
        "tous les jours sauf le dimanche", "à la récréation et à la sortie du lycée",
    }  # fmt: skip


def test_the_grid_counts_facts_and_how_many_say_an_hour():
    reports = Reports()
    reports.tell(1, fact=7)
    reports.tell(1, fact=7)
    reports.tell(1)
    reports.tell(1)
    schedules = {0: "le lundi vers 18 h", 1: "le lundi de 18 h à 20 h", 2: "le mardi"}
    told_of = {
        line.code: (line.facts, line.reports)
        for line in figures(reports, schedules=schedules).territories[Dimension.HOURS]
        if not line.is_empty
    }
    assert told_of == {"mon-18": (1, 2), "mon-19": (1, 1), "dite": (1, 2)}


def test_the_hours_of_a_summary_lead_to_their_reports_and_are_told_to_nobody_else(cast, vosges):
    day = date(2026, 8, 10)
    factories.report(
        cast.diane,
        vosges["Épinal"],
        occurred_on=day,
        received_at=at(day),
        entered_at=at(day),
        days_and_hours="le lundi vers 18 h",
    )
    cell, *others = summaries.build(vosges.department, QUARTER)
    masked = [each for each in others if each.is_masked]
    hour = cell.scores.get(dimension=Dimension.HOURS, code="mon-18")
    assert hour.facts == listed(cast.louise, cell, hour, facts=True) == 1
    assert hour.reports == listed(cast.louise, cell, hour) == 1
    assert masked
    assert not any(each.scores.filter(dimension=Dimension.HOURS).exists() for each in masked)
