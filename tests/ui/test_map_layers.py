"""A layer over the communes: what is drawn is told by size and shape, and its key says so."""

import re
import xml.etree.ElementTree as ET

import pytest

from cross.ui import maps
from cross.ui.lettering import text_width
from cross.ui.maps import layers


def square(column, row=0):
    x, y = 1_000 * column, 1_000 * row
    return [[[x, y, x + 1_000, y, x + 1_000, y + 1_000, x, y + 1_000]]]


AREAS = [
    maps.Area(f"880{n:02}", name, square(n), (1_000 * n + 500, 500), weight=n)
    for n, name in enumerate(("Épinal", "Golbey", "Charmes", "Le Thillot"), start=1)
]
WORDING = maps.Wording(legend="Faits enregistrés, par commune", note="Note.", source="Source.")


def drawn(layer, **options):
    svg = maps.layer_map(
        AREAS, layer, title="Faits", description="Épinal : 9.", wording=WORDING, **options
    )
    return str(svg), ET.fromstring(str(svg))  # noqa: S314 - our own drawing


def circle(code, count):
    area = next(each for each in AREAS if each.code == code)
    return maps.Symbol(*area.centre, title=f"{area.name} : {count}", code=code, count=count)


def test_areas_of_circles_are_as_their_counts():
    assert layers.radius_of(80, 80) == pytest.approx(2 * layers.radius_of(20, 80))
    assert layers.radius_of(1, 1_000) == layers.SMALLEST


def test_circles_stand_on_told_communes_and_the_others_are_without_a_fact():
    svg, tree = drawn(maps.Layer({"88001": maps.TOLD}, [circle("88001", 9)]))
    assert tree.get("role") == "img"
    assert "aucun fait enregistré (3 communes)" in svg
    assert "au moins un fait (1 commune)" in svg
    assert "9 faits" in svg
    assert not re.search(r"\b(style|id|onclick)=|<script", svg)


def test_beside_what_is_masked_no_commune_is_the_only_one_with_a_fact():
    svg, _ = drawn(maps.Layer({"88001": maps.TOLD_APART, "88002": maps.MASKED}))
    assert "nombre communiqué (1 commune)" in svg
    assert "au moins un fait" not in svg


def test_what_is_masked_and_what_is_not_computed_are_hatched_apart():
    kinds = {"88001": maps.MASKED, "88002": maps.NOT_COMPUTED, "88003": maps.WATCHED}
    svg, _ = drawn(maps.Layer(kinds))
    hatches = re.findall(
        r'class="(map-hatch|map-watched-lines)"[^>]*?(?:dasharray="([^"]+)")?/>', svg
    )
    assert {name for name, _ in hatches} == {"map-hatch", "map-watched-lines"}
    assert len({dashes for _, dashes in hatches}) == 3


def test_each_sign_has_its_shape_and_its_words():
    signs = ("rise", "maybe_rise", "steady", "maybe_fall", "fall", "few", "new")
    words = {sign: f"dit {sign}" for sign in signs}
    shapes = set()
    for sign in signs:
        symbol = maps.Symbol(500, 500, title=sign, sign=sign)
        svg, _ = drawn(maps.Layer({}, [symbol], words=words), towns=0)
        assert f"dit {sign}" in svg
        assert svg.count(">dit ") == 1
        [mark] = re.findall(rf"<g><title>{sign}</title>(.*?)</g>", svg)
        shapes.add(mark)
    assert len(shapes) == len(signs)


def test_a_zone_has_one_border_about_its_communes_and_its_name():
    zone = maps.Zone(frozenset({"88001", "88002"}), "Foyer : Épinal")
    svg, _ = drawn(maps.Layer({}, zones=[zone]))
    [border] = re.findall(r'class="map-zone" d="([^"]+)"', svg)
    assert border.count("M") == 1
    assert ">Foyer : Épinal</text>" in svg


@pytest.mark.parametrize("width", [390, 800])
def test_no_word_runs_over_the_edge(width):
    symbols = [circle(area.code, 3 * n + 1) for n, area in enumerate(AREAS)]
    kinds = {"88001": maps.TOLD, "88002": maps.MASKED, "88003": maps.NOT_COMPUTED}
    _, tree = drawn(maps.Layer(kinds, symbols), width=width)
    for text in tree.iter("{http://www.w3.org/2000/svg}text"):
        if text.get("text-anchor") == "start":
            size = float(text.get("font-size"))
            assert float(text.get("x")) + text_width(text.text, size) <= width + 1


def test_a_link_makes_the_map_a_group_that_the_keyboard_walks_through():
    symbol = maps.Symbol(500, 500, title="Épinal : 9", count=9, url="/territoires/88160/")
    svg, tree = drawn(maps.Layer({}, [symbol]))
    assert tree.get("role") == "group"
    assert '<a href="/territoires/88160/"><title>Épinal : 9</title>' in svg


def test_nothing_to_draw_draws_nothing():
    layer = maps.Layer({})
    none = [maps.Area("88001", "Épinal", None)]
    assert maps.layer_map(none, layer, title="", description="", wording=WORDING) == ""


def test_counts_are_written_over_all_circles_and_never_over_each_other():
    """A circle that covers its neighbour leaves it its number; two numbers are never one."""
    svg, _ = drawn(maps.Layer({}, [circle("88001", 60), circle("88002", 50)]))
    assert svg[: svg.index(">60<")].count("map-circle-fact") == 2
    assert ">50<" in svg
    svg, _ = drawn(maps.Layer({}, [circle("88001", 60), circle("88001", 50)]))
    assert ">50<" not in svg
