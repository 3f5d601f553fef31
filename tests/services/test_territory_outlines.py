"""Outlines: cleaned until they tile a department, holes of merged communes given back, links.

The neighbours expected come from an independent run of a geometry library on the published list
(506 communes, 1,397 links in the Vosges); the small shapes are drawn by hand.
"""

import numpy as np
import pyproj
import pytest
import shapely
from shapely import Point, Polygon, box

from services.territory import geometry, outlines

NEIGHBOURS = {
    "88160": "88011 88012 88026 88028 88087 88132 88134 88136 88157 88209 88253 88273 88388 88481",
    "88196": "88014 88035 88075 88198 88218 88269 88391 88442 88470 88531",
    "88413": "88033 88128 88245 88315 88320 88419 88424 88428 88445 88463 88519",
    "2A004": "2A001 2A006 2A032 2A130 2A271 2A351",
    "97608": "97615",
    "97611": "97607 97610 97614 97617",
}


def municipalities(france, drawing, department):
    codes = [line.code for line in france.of(department) if line.kind == "COM"]
    shapes = [geometry.from_json(drawing.outlines[code]) for code in codes]
    return codes, np.array(shapes, dtype=object)


# --- the Vosges, and others ------------------------------------------------------------------


@pytest.mark.parametrize("department", ["88", "54", "13", "2A", "974", "976"])
def test_communes_tile_their_department(france, draw, department):
    _, shapes = municipalities(france, draw(department), department)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert all(hole.area <= 1000 for hole in geometry.holes(shapes))


@pytest.mark.parametrize("department", ["88", "976"])
def test_every_coordinate_is_a_whole_metre(draw, department):
    drawing = draw(department)
    numbers = [
        number
        for outline in [*drawing.outlines.values(), drawing.department]
        for polygon in outline
        for ring in polygon
        for number in ring
    ]
    assert all(type(number) is int for number in numbers)
    assert all(type(number) is int for centre in drawing.centres.values() for number in centre)


def test_the_area_is_true(france, draw):
    _, shapes = municipalities(france, draw("88"), "88")
    outline = geometry.from_json(draw("88").department)
    degrees = pyproj.Transformer.from_crs(2154, 4326, always_xy=True)
    ring = degrees.transform(*outline.geoms[0].exterior.xy)
    on_the_ellipsoid = abs(pyproj.Geod(ellps="GRS80").polygon_area_perimeter(*ring)[0])
    # Lambert-93 keeps lengths within 0.1 % at this latitude, so areas within 0.2 %.
    assert outline.area == pytest.approx(on_the_ellipsoid, rel=0.002)
    assert outline.area == pytest.approx(shapely.area(shapes).sum())
    assert len(outline.geoms) == 1


def test_a_merged_commune_gets_its_hole_back(france, draw):
    published = geometry.projected(
        geometry.parsed([line.outline for line in france.of("88") if line.code == "88321"]), 2154
    )[0]
    drawn = geometry.from_json(draw("88").outlines["88321"])
    # Rollainville, 8.3 km², merged into Neufchâteau and has no outline of its own.
    assert (drawn.area - published.area) / 1e6 == pytest.approx(8.33, abs=0.01)
    assert "88393" not in draw("88").outlines


@pytest.mark.parametrize("department", ["93", "95"])
def test_a_hole_on_the_border_goes_to_the_right_side(france, draw, department):
    """Pierrefitte (93) merged into Saint-Denis (93); its hole also touches Montmagny (95)."""
    for line in france.of(department):
        if line.code in ("93066", "95427") and line.kind == "COM":
            published = geometry.projected(geometry.parsed([line.outline]), 2154)[0]
            drawn = geometry.from_json(draw(department).outlines[line.code])
            gained = (drawn.area - published.area) / 1e6
            expected = 3.43 if line.code == "93066" else 0
            assert gained == pytest.approx(expected, abs=0.02)


def test_what_is_not_france_stays_a_hole(france, draw):
    _, shapes = municipalities(france, draw("66"), "66")
    llivia = geometry.projected(geometry.LLIVIA, 2154)
    holes = [hole for hole in geometry.holes(shapes) if hole.area > 1000]
    assert [hole.contains(llivia) for hole in holes] == [True]


@pytest.mark.parametrize(
    ("department", "communes", "links"), [("88", 506, 1397), ("2A", 124, 321), ("976", 17, 29)]
)
def test_as_many_links_as_published_outlines_touch(france, draw, department, communes, links):
    codes = {line.code for line in france.of(department) if line.kind == "COM"}
    assert len(codes) == communes
    assert len(draw(department).links) == links
    assert {code for pair in draw(department).links for code in pair} <= codes
    assert all(one < other for one, other in draw(department).links)


@pytest.mark.parametrize("code", NEIGHBOURS)
def test_neighbours_of_a_commune(draw, code):
    links = draw("88" if code.startswith("88") else code[: 2 if code[1] == "A" else 3]).links
    found = {other for pair in links if code in pair for other in pair} - {code}
    assert " ".join(sorted(found)) == NEIGHBOURS[code]


def test_the_vosges_are_of_one_piece(draw):
    links = draw("88").links
    reached, front = set(), {"88160"}
    while front:
        reached |= front
        front = {b for a, b in links if a in front} | {a for a, b in links if b in front}
        front -= reached
    assert len(reached) == 506
    assert max(sum(code in pair for pair in links) for code in reached) == 14


def test_a_city_is_the_union_of_its_arrondissements(draw):
    paris = draw("75")
    pieces = np.array([geometry.from_json(paris.outlines[f"751{n:02}"]) for n in range(1, 21)])
    assert shapely.coverage_is_valid(pieces)
    city = geometry.from_json(paris.outlines["75056"])
    assert city.equals(shapely.union_all(pieces))
    # No piece is a neighbour of the whole it belongs to.
    assert all("75056" not in pair for pair in paris.links)
    assert ("75101", "75102") in paris.links


def test_a_commune_published_without_outline_is_rebuilt_or_tolerated(france, draw):
    beaujolais = draw("69")
    assert beaujolais.outlines["69114"]  # from its three delegated communes
    cantal = draw("15")
    missing = {"15031", "15035", "15047", "15171"}
    assert missing.isdisjoint(cantal.outlines)
    assert all(missing.isdisjoint(pair) for pair in cantal.links)


def test_a_centre_lies_in_its_commune(france, draw):
    codes, shapes = municipalities(france, draw("88"), "88")
    points = [Point(draw("88").centres[code]) for code in codes]
    assert max(shapely.distance(shapes, points)) <= outlines.TOWN_HALL_TOLERANCE_M + 1


def test_overseas_departments_have_their_own_projection(draw):
    assert draw("974").srid == 2975
    assert draw("976").srid == 4471
    assert geometry.srid_of("971") == geometry.srid_of("972") == 5490
    assert geometry.srid_of("973") == 2972
    assert geometry.srid_of("88") == geometry.srid_of("2B") == 2154
    # Réunion is 2,512 km²: a wrong projection would stretch it.
    area = geometry.from_json(draw("974").department).area / 1e6
    assert area == pytest.approx(2512, rel=0.01)


# --- shapes drawn by hand --------------------------------------------------------------------


def array(*shapes):
    return np.array(shapes, dtype=object)


def test_a_hole_goes_to_who_has_most_claim_to_it_then_to_the_longest_border():
    ring = box(0, 0, 3000, 3000) - box(1000, 1000, 2000, 2000)
    west, east = ring & box(0, 0, 1200, 3000), ring & box(1200, 0, 3000, 3000)
    strong = geometry.without_holes(array(west, east), np.array([2, 1]))
    assert [shape.area for shape in strong] == [west.area + 1e6, east.area]
    equal = geometry.without_holes(array(west, east), np.array([1, 1]))
    assert [shape.area for shape in equal] == [west.area, east.area + 1e6]


def test_a_large_hole_that_nobody_claims_stays():
    lake = box(0, 0, 3000, 3000) - box(1000, 1000, 2000, 2000)
    pond = box(0, 0, 3000, 3000) - box(1000, 1000, 1300, 1300)
    assert geometry.without_holes(array(lake), np.array([0]))[0].area == lake.area
    assert geometry.without_holes(array(pond), np.array([0]))[0].area == 9e6


def test_a_hole_abroad_stays_whoever_claims_it():
    ring = box(0, 0, 3000, 3000) - box(1000, 1000, 2000, 2000)
    kept = geometry.without_holes(array(ring), np.array([2]), abroad=[Point(1500, 1500)])
    assert kept[0].area == ring.area


def test_slivers_and_overlaps_are_mended():
    left = Polygon([(0, 0), (1000, 0), (1000.4, 500), (1000, 1000), (0, 1000)])
    right = Polygon([(1002, 0), (2000, 0), (2000, 1000), (998, 1000)])
    assert not shapely.coverage_is_valid(array(left, right))
    clean = geometry.cleaned(array(left, None, right))
    assert clean[1] is None
    assert shapely.coverage_is_valid(clean[[0, 2]])
    assert shapely.union_all(clean[[0, 2]]).area == pytest.approx(2e6, rel=0.001)
    assert not len(geometry.holes(clean[[0, 2]]))


def test_touching_needs_one_point_only():
    shapes = array(box(0, 0, 1, 1), box(1, 1, 2, 2), box(1, 0.2, 3, 0.8), box(9, 9, 10, 10), None)
    assert sorted(geometry.touching(shapes).tolist()) == [[0, 1], [0, 2]]


def test_only_the_pairs_of_the_first_ones_are_asked_for():
    shapes = array(box(9, 9, 10, 10), box(1, 1, 2, 2), box(0, 0, 1, 1), box(1, 0.2, 3, 0.8))
    assert geometry.touching(shapes, among=1).tolist() == []
    assert geometry.touching(shapes, among=2).tolist() == [[1, 2]]
    assert sorted(geometry.touching(shapes).tolist()) == [[1, 2], [2, 3]]


def test_an_outline_survives_storage():
    holed = box(0, 0, 100, 100) - box(20, 20, 40, 40)
    both = shapely.MultiPolygon([holed, box(200, 0, 300, 100)])
    stored = geometry.to_json(both)
    assert [len(polygon) for polygon in stored] == [2, 1]
    assert geometry.from_json(stored).equals(both)
    assert geometry.to_json(None) is None
    assert geometry.to_json(Polygon()) is None
    assert geometry.from_json(None) is None


def test_the_first_vertex_is_read_without_the_rest():
    shape = shapely.MultiPolygon([box(6.5, 48.1, 6.6, 48.2)])
    text = shapely.to_wkb(shape, hex=True, byte_order=1)
    assert geometry.first_vertex(text) == shape.geoms[0].exterior.coords[0]


def test_a_point_published_at_nowhere_is_no_point():
    nowhere = shapely.to_wkb(Point(), hex=True)
    assert geometry.parsed([nowhere, None]).tolist() == [None, None]
