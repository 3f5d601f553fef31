"""Cells of equal size: what is pointed at lies in one, and nothing else does."""

from datetime import date

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from intel import access
from intel.actions import places, summaries
from intel.actions.places import Described, Said
from intel.models import SummaryAudience, TerritoryScore
from intel.reading.filters import asked_by
from intel.summaries import hexagons, told
from intel.summaries.figures import Figures
from intel.summaries.places import Cited, Known
from intel.summaries.spans import consolidated_on
from intel.summaries.territories import Ground
from services.models import Department
from services.territory.points import metres_of
from tests import factories
from tests.summaries.invented import QUARTER, TWELVE_MONTHS, Reports, units
from tests.summaries.test_behind import at, listed

Dimension = TerritoryScore.Dimension
LAMBERT = 2154
STATION, MARKET, FAR = (48.1780, 6.4420), (48.1781, 6.4421), (48.2836, 6.9490)


def place(code, degrees, commune=1):
    at = metres_of(*degrees, LAMBERT) if degrees else (None, None)
    return Known(code, f"Lieu {code}", False, commune, *at)


def figures(reports, cites, period=TWELVE_MONTHS, population=1_000.0):
    """`cites`: (number of a report from 1, place)."""
    ground, as_of = units(population=population), consolidated_on(period)
    read = told.of_rows(reports.rows, as_of)
    vosges = Department(code="88", name="Vosges", srid=LAMBERT)
    number = {key: unit for unit, key in enumerate(ground.keys.tolist())}
    cited = Cited.of(read, [(report, known, date(2026, 7, 10), "") for report, known in cites])
    return Figures(
        read, vosges, period, ground=Ground.of(read, vosges, ground, number, cited=cited)
    )


def counted(found):
    """{name of a cell: facts, reports}."""
    lines = found.territories[Dimension.HEXAGON]
    return {line.label: (line.facts, line.reports) for line in lines}


def test_a_fact_lies_where_a_place_is_pointed_at_and_in_each_of_its_places():
    reports = Reports()
    reports.tell(1, fact=7)
    reports.tell(1, fact=7)
    reports.tell(1)
    reports.tell(1)  # of a place without a point
    reports.tell(1)  # of none
    cites = [(1, place("aa", STATION)), (2, place("bb", MARKET)), (3, place("bb", MARKET))]
    cites += [(3, place("cc", FAR, 2)), (4, place("dd", None))]
    found = counted(figures(reports, cites))
    assert found.pop(hexagons.POINTED_NAME) == (2, 3)
    near, far = sorted(found)
    assert near.startswith("Commune 0, autour de 48,1")
    assert far.startswith("Commune 1, autour de 48,2")
    assert (found[near], found[far]) == ((2, 3), (1, 1))


def test_towns_are_told_by_finer_cells_too():
    reports = Reports()
    reports.tell(1)
    found = figures(reports, [(1, place("aa", STATION))], population=5_000.0)
    lines = [line for line in found.territories[Dimension.HEXAGON] if line.facts]
    assert [hexagons.is_wide(line.code) for line in lines] == [True, False, False]
    assert [line.label.endswith("(maille fine)") for line in lines] == [False, True, False]
    [village] = [
        line.label
        for line in figures(reports, [(1, place("aa", STATION))]).territories[Dimension.HEXAGON]
        if line.code != hexagons.POINTED
    ]
    assert "fine" not in village


def test_cells_are_of_twelve_months_and_of_places_alone():
    reports = Reports()
    reports.tell(1)
    cites = [(1, place("aa", STATION))]
    assert Dimension.HEXAGON not in figures(reports, cites, QUARTER).territories
    assert Dimension.HEXAGON not in figures(reports, []).territories
    assert Dimension.HEXAGON not in figures(reports, [(1, place("dd", None))]).territories


@pytest.fixture
def pointed(cast, vosges):
    """An open report cites a place of Épinal, a restricted one another place, far from it; a third
    one cites none. The twelve months of the cell, then of the others."""
    day = date(2026, 8, 10)
    with time_machine.travel(at(date(2026, 8, 20)), tick=False):
        for point, restricted in (((500, 500), None), ((20_000, 500), []), (None, None)):
            report = factories.report(
                cast.diane,
                vosges["Épinal"],
                units=restricted,
                occurred_on=day,
                received_at=at(day),
                entered_at=at(day),
            )
            if point:
                described = Described(
                    name=f"Lieu {point[0]}",
                    kind="lieu",
                    commune=vosges["Épinal"],
                    point=point,
                )
                made = places.create(described, by=cast.diane)
                places.cite(made, report, Said(seen_on=day), by=cast.diane)
    return summaries.build(vosges.department, TWELVE_MONTHS)


def test_a_cell_is_told_to_the_cell_alone_and_by_open_reports_alone(cast, pointed):
    cell, *others = pointed
    masked = [each for each in others if each.is_masked]
    assert cell.audience == SummaryAudience.CELL
    rows = cell.scores.filter(dimension=Dimension.HEXAGON)
    wide = [row for row in rows if hexagons.is_wide(row.code)]
    assert [(row.label[:17], row.facts) for row in wide] == [("Épinal, autour de", 1)]
    assert rows.get(code=hexagons.POINTED).facts == 1
    assert sorted(hexagons.size_of(row.code) for row in rows) == [
        "Ensemble des mailles", "Maille de 5 km² environ", "Maille de moins de 1 km²",
    ]  # fmt: skip
    assert {summary.audience for summary in masked} == {"prefecture", "national"}
    assert not TerritoryScore.objects.filter(
        summary__in=masked, dimension=Dimension.HEXAGON
    ).exists()
    assert summaries.replay(cell) == summaries.Replay(same_input=True, same_figures=True)


def test_the_list_behind_a_cell_holds_what_it_counts(cast, pointed, vosges):
    cell = pointed[0]
    for row in cell.scores.filter(dimension=Dimension.HEXAGON):
        assert row.reports == listed(cast.louise, cell, row) == 1
        assert row.facts == listed(cast.louise, cell, row, facts=True) == 1
    quarter = summaries.build_for(SummaryAudience.CELL, vosges.department, QUARTER)
    asked = asked_by(cast.louise, QueryDict(f"synthese={quarter.pk}&territoire=maille:{row.code}"))
    assert asked.form.errors.keys() == {"synthese"}


def test_the_map_of_cells_says_what_is_in_none(cast, enter, pointed):
    cell, prefecture, *_ = pointed
    address = reverse("summary_page", args=[cell.pk])
    page = enter(cast.anna).get(address, {"couche": "mailles", "niveau": "maille"})
    said = page.content.decode().replace("\u00a0", " ")
    assert "1 fait sur 2 n’a aucun lieu pointé : il n’est dans" in said
    assert "map-cell" in said
    sheet = enter(cast.anna).get(reverse("export_summary", args=[cell.pk]), {"format": "csv"})
    assert b"".join(sheet).decode("utf-8-sig").count("\nMaille de 5 km² environ;") == 1
    assert "territoire=maille%3A" in said
    others = enter(cast.claire).get(reverse("summary_page", args=[prefecture.pk]))
    assert "ailles" not in others.content.decode()
    assert not access.readable_summaries(cast.claire).filter(audience="cellule").exists()
