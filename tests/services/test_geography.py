"""The units that figures are told by and which of them touch, as read from the database.

The counts of neighbours are those of an independent run of a geometry library on the published
list.
"""

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intel.statistics.neighbours import Neighbours
from intel.statistics.rates import raw_rates
from services.geography import numbers_by_commune, units_of
from services.models import Commune, Department, NeighbourLink
from services.territory import geometry, official, outlines
from services.territory.movements import Place
from services.territory.units import unit_codes

pytestmark = pytest.mark.django_db

EPINAL = "88011 88012 88026 88028 88087 88132 88134 88136 88157 88209 88253 88273 88388 88481"


@pytest.fixture
def load(load):
    """The same, returns the units of the last department."""

    def run(*codes):
        load(*codes)
        return units_of(Department.objects.get(code=codes[-1]))

    return run


def neighbours(units):
    return Neighbours.from_pairs(units.i, units.j, len(units))


def codes_around(units, code):
    return [units.codes[one] for one in neighbours(units).of(units.codes.index(code))]


def pairs():
    return set(NeighbourLink.objects.values_list("first__code", "second__code"))


# --- who touches whom ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("department", "units", "links", "most", "parts"),
    [("88", 506, 1397, 14, 1), ("2A", 124, 321, 15, 1), ("976", 17, 29, 6, 2)],
)
def test_as_many_neighbours_as_published_outlines_have(
    load, department, units, links, most, parts
):
    found = load(department)
    touching = neighbours(found)
    assert (len(found), found.i.size) == (units, links)
    assert touching.counts.max() == most
    assert len(set(touching.parts().tolist())) == parts
    assert list(found.codes) == sorted(found.codes)
    assert (found.i < found.j).all()


def test_epinal_and_longchamp_touch_without_a_common_vertex(load):
    vosges = load("88")
    assert " ".join(codes_around(vosges, "88160")) == EPINAL
    assert "88160" in codes_around(vosges, "88273")


def test_everything_comes_in_one_query_and_in_the_same_order(load):
    vosges = load("88")
    department = Department.objects.get(code="88")
    with CaptureQueriesContext(connection) as asked:
        again = units_of(department)
    assert len(asked) == 1
    assert asked[0]["sql"].count('"outline"') == asked[0]["sql"].count('"outline" IS NULL') == 1
    for name in ("keys", "codes", "i", "j", "population"):
        assert np.array_equal(
            getattr(again, name), getattr(vosges, name), equal_nan=name[0] == "p"
        )
    assert again.version == vosges.version


def test_a_department_without_units_is_no_error(load):
    load("88")
    Commune.objects.update(retired_in=2027)
    empty = units_of(Department.objects.get())
    assert (len(empty), empty.i.size, empty.beyond.size) == (0, 0, 0)
    assert len(neighbours(empty)) == 0


def test_both_departments_find_the_same_links_across_their_border(draw):
    ours = {pair for pair in draw("88").links_across if pair[1].startswith("54")}
    theirs = {pair[::-1] for pair in draw("54").links_across if pair[0].startswith("54")}
    assert len(ours) == 88
    assert ours == {pair for pair in theirs if pair[0].startswith("88")}


def test_links_across_a_border_come_with_the_second_department(load):
    vosges = load("88")
    assert vosges.beyond.size == 0
    assert vosges.on_border.sum() == 118  # told by the national list, nothing else being loaded

    load("54")
    vosges = units_of(Department.objects.get(code="88"))
    assert vosges.i.size == 1397
    assert vosges.beyond.size == 88
    assert vosges.on_border[vosges.border_units].all()
    beyond = Commune.objects.filter(pk__in=vosges.beyond.tolist())
    assert set(beyond.values_list("department__code", flat=True)) == {"54"}
    meurthe = units_of(Department.objects.get(code="54"))
    there = zip(meurthe.keys[meurthe.border_units], meurthe.beyond, strict=True)
    here = zip(vosges.beyond, vosges.keys[vosges.border_units], strict=True)
    assert set(there) == set(here)

    both = pairs()
    load("88")
    assert pairs() == both


def test_the_border_is_told_whole_even_where_the_outline_is_rebuilt(france, draw):
    """Conques-en-Rouergue (12218) is published without outline, at the border of the Cantal."""
    found = {pair for pair in draw("15").links_across if pair[1] == "12218"}
    assert found
    assert {pair[::-1] for pair in found} <= draw("12").links_across
    # What it leaves empty is given to nobody on the other side.
    published = {
        line.code: geometry.projected(geometry.parsed([line.outline]), 2154)[0]
        for line in france.of("15")
        if (line.code, "12218") in found and line.kind == "COM"
    }
    for code, before in published.items():
        drawn = geometry.from_json(draw("15").outlines[code])
        assert drawn.area == pytest.approx(before.area, rel=0.001)


def test_links_are_replaced_with_the_year(load, france, draw, monkeypatch):
    """Golbey (88209) merges into Épinal: next year's list and outlines say so."""
    before = load("88")
    drawing = draw("88")
    moved = {
        tuple(sorted("88160" if code == "88209" else code for code in pair))
        for pair in drawing.links
    } - {("88160", "88160")}
    later = outlines.Drawing(
        srid=drawing.srid,
        outlines=drawing.outlines,
        centres=drawing.centres,
        links=moved,
        links_across=drawing.links_across,
        department=drawing.department,
    )
    merged = official.France(
        france.departments,
        france.arrondissements,
        tuple(line for line in france.communes if line.code != "88209"),
    )
    monkeypatch.setattr(official, "GEOGRAPHY_YEAR", 2027)
    monkeypatch.setattr(official, "read_france", lambda: merged)
    monkeypatch.setattr(outlines, "draw", lambda *_: later)
    call_command("load_territory", department=["88"], verbosity=0)

    after = units_of(Department.objects.get(code="88"))
    assert (before.year, after.year) == (2026, 2027)
    assert (len(after), "88209" in after.codes) == (505, False)
    assert after.i.size == len(moved) == NeighbourLink.objects.count()
    assert not {"88209"} & {code for pair in pairs() for code in pair}
    assert after.version != before.version


@pytest.mark.parametrize(
    "change", [{"population": 1}, {"is_on_border": True}, {"outline": None}, {"epci": None}]
)
def test_whatever_figures_rest_on_is_in_the_version(load, change):
    before = load("976")
    Commune.objects.filter(code="97608").update(**change)
    after = units_of(Department.objects.get(code="976"))
    assert before.version != after.version


# --- cities, islands, overseas ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("department", "city", "pieces", "units"),
    [("75", "75056", 20, 20), ("69", "69123", 9, 274), ("13", "13055", 16, 134)],
)
def test_a_city_is_counted_by_its_arrondissements_and_never_beside_them(
    load, department, city, pieces, units
):
    found = load(department)
    whole = Commune.objects.get(code=city)
    parts = sorted(set(found.keys.tolist()) & set(whole.parts.values_list("pk", flat=True)))
    assert (len(parts), len(found)) == (pieces, units)
    assert city not in found.codes
    lines = Commune.objects.select_related("parent").defer("outline")
    listed = [Place(line.code, line.kind, line.parent and line.parent.code) for line in lines]
    assert set(found.codes) == unit_codes(listed)
    assert list(Commune.objects.cut_up()) == [whole]
    # A link to the whole city is a link of neither table.
    assert found.beyond.size == 0
    assert not neighbours(found).islands.size
    inhabitants = dict(zip(found.keys.tolist(), found.population, strict=True))
    assert sum(inhabitants[key] for key in parts) == whole.population
    assert found.population.sum() == sum(
        Commune.objects.municipalities().values_list("population", flat=True)
    )


def test_a_neighbour_of_paris_touches_its_arrondissements(load):
    load("75")
    boulogne = load("92")
    here = boulogne.border_units == boulogne.codes.index("92012")
    beyond = Commune.objects.filter(pk__in=boulogne.beyond[here].tolist())
    assert set(beyond.values_list("code", flat=True)) == {"75115", "75116"}


@pytest.mark.parametrize(
    ("department", "islands"),
    [
        ("29", ["29082", "29083", "29084", "29155"]),
        ("85", ["85113"]),
        ("971", ["97110", "97130", "97131"]),
    ],
)
def test_an_island_is_a_unit_without_neighbours(load, department, islands):
    found = load(department)
    assert [found.codes[one] for one in neighbours(found).islands] == islands
    assert not found.without_outline.any()
    alone = Commune.objects.filter(epci=None, code__in=found.codes).values_list("code", flat=True)
    assert sorted(alone) == {"29": ["29083", "29155"], "85": ["85113"], "971": []}[department]


def test_overseas_and_corsica_stand_alone_and_their_codes_are_text(load):
    for department in ("974", "2B"):
        found = load(department)
        assert all(code.startswith(department) for code in found.codes)
        assert found.on_border.any() == (department == "2B")
        assert found.version.startswith("2026-")


# --- the levels above ------------------------------------------------------------------------


def test_an_epci_over_two_departments_is_its_part_here_and_named_so(load):
    vosges = load("88")
    assert (len(vosges.epci), len(vosges.arrondissements)) == (13, 3)
    parts = [name for name in vosges.epci.names if name.endswith(" (partie Vosges)")]
    assert len(parts) == 3
    sizes = dict(
        zip(vosges.epci.names, np.bincount(vosges.epci.of, minlength=13).tolist(), strict=True)
    )
    assert sum(sizes.values()) == 506
    # Colombey-les-Belles, in the next department, has one commune of this one.
    assert sorted(sizes[name] for name in parts)[0] == 1

    meurthe = load("54")
    shared = set(vosges.epci.codes) & set(meurthe.epci.codes)
    assert len(shared) == 2
    named = dict(zip(meurthe.epci.codes, meurthe.epci.names, strict=True))
    assert all(named[code].endswith(" (partie Meurthe-et-Moselle)") for code in shared)


def test_an_island_without_epci_is_skipped_at_that_level(load):
    finistere = load("29")
    alone = [
        code for code, group in zip(finistere.codes, finistere.epci.of, strict=True) if group < 0
    ]
    assert alone == ["29083", "29155"]
    assert (finistere.arrondissements.of >= 0).all()


# --- without outline, without inhabitants ----------------------------------------------------


def test_a_commune_without_outline_is_flagged_and_drawn_nowhere(load):
    cantal = load("15")
    flagged = [code for code, out in zip(cantal.codes, cantal.without_outline, strict=True) if out]
    assert flagged == ["15031", "15035", "15047", "15171"]
    assert all(codes_around(cantal, code) == [] for code in flagged)
    assert not np.isnan(cantal.population[cantal.without_outline]).any()  # in tables they are
    outlines_of = Commune.objects.filter(code__in=cantal.codes).values_list("outline", flat=True)
    shapes = np.array([geometry.from_json(one) for one in outlines_of if one], dtype=object)
    assert not [hole for hole in geometry.holes(shapes) if hole.area > 1000]


@pytest.mark.parametrize(
    ("department", "code"), [("12", "12218"), ("14", "14581"), ("49", "49126"), ("69", "69114")]
)
def test_an_outline_rebuilt_from_its_parts_is_one(france, draw, department, code):
    line = next(line for line in france.communes if line.code == code and line.kind == "COM")
    assert line.outline is None
    shape = geometry.from_json(draw(department).outlines[code])
    assert shape.is_valid
    assert shape.area > 1e7
    assert any(code in pair for pair in draw(department).links)


def test_a_rate_is_null_without_inhabitants_and_the_count_is_kept(load):
    meuse = load("55")
    empty = [code for code, n in zip(meuse.codes, meuse.population, strict=True) if not n]
    assert empty == ["55039", "55050", "55139", "55189", "55239", "55307"]
    counts = np.ones(len(meuse), dtype=int)
    rates = raw_rates(counts, meuse.population)
    assert np.isnan(rates[meuse.population == 0]).all()
    assert np.isfinite(rates[meuse.population > 0]).all()
    assert counts.sum() == len(meuse)


def test_an_unknown_population_is_no_zero(load):
    load("976")
    Commune.objects.filter(code="97608").update(population=None)
    mayotte = units_of(Department.objects.get(code="976"))
    assert np.isnan(mayotte.population).sum() == 1
    assert np.isnan(raw_rates(np.ones(17), mayotte.population)).sum() == 1


def test_the_package_lacks_no_population_that_our_own_file_has_not(france):
    """Mayotte and Les Hauts-Talican have none in the package: our file gives it."""
    lacking = [
        line.code
        for line in france.communes
        if line.kind in ("COM", "ARM") and line.population is None
    ]
    assert lacking == []
    talican = next(line for line in france.communes if (line.code, line.kind) == ("60694", "COM"))
    assert talican.population == 542


# --- what a report named when it was written -------------------------------------------------


def unit_of(code, units, department):
    key = Commune.objects.get(code=code).pk
    number = numbers_by_commune(units, department).get(key)
    return None if number is None else units.codes[number]


def test_a_report_counts_in_the_unit_that_holds_its_commune_today(load):
    units = load("88")
    vosges = Department.objects.get(code="88")
    with CaptureQueriesContext(connection) as asked:
        numbers = numbers_by_commune(units, vosges)
    assert len(asked) == 1
    assert len(numbers) == 512  # and six delegated communes
    assert unit_of("88393", units, vosges) == "88321"
    assert unit_of("88160", units, vosges) == "88160"


def test_a_commune_merged_since_counts_in_its_heir(load):
    units = load("88")
    vosges = Department.objects.get(code="88")
    Commune.objects.filter(code="88209").update(retired_in=2027)
    assert unit_of("88209", units_of(vosges), vosges) is None  # nobody says it absorbed it
    Commune.objects.filter(code="88160").update(former_codes="88422 88209")
    after = units_of(vosges)
    assert (len(after), len(units)) == (505, 506)
    assert unit_of("88209", after, vosges) == "88160"


def test_a_city_as_a_whole_counts_in_no_arrondissement(load):
    paris = load("75")
    department = Department.objects.get(code="75")
    assert unit_of("75056", paris, department) is None
    assert unit_of("75101", paris, department) == "75101"
