"""Maps: readable classes, honest hatches, true scale, one text for screen and brief."""

import gzip
import itertools
import re
from xml.etree import ElementTree

import pypdf
import pytest
import shapely
import typst

from cross.ui import map_shapes, maps
from cross.ui.charts import Masked
from cross.ui.lettering import text_width
from cross.ui.map_shapes import FINE, Frame
from services.territory import official, outlines

SVG = "{http://www.w3.org/2000/svg}"


def square(x, y, side=10_000):
    return [[[x, y, x + side, y, x + side, y + side, x, y + side]]]


def row_of_squares(count, **more):
    """Communes A, B, C… side by side, each with its centre, the first the heaviest."""
    return [
        maps.Area(
            code=chr(65 + rank),
            name=f"Commune {chr(65 + rank)}",
            outline=square(rank * 10_000, 0),
            centre=(rank * 10_000 + 5_000, 5_000),
            weight=1000 - rank,
            **more,
        )
        for rank in range(count)
    ]


@pytest.fixture(scope="module")
def vosges():
    france = official.read_france()
    drawing = outlines.draw(france, "88")
    return [
        maps.Area(
            code=line.code,
            name=line.name,
            outline=drawing.outlines[line.code],
            centre=drawing.centres[line.code],
            weight=line.population,
        )
        for line in france.of("88")
        if line.kind == "COM"
    ]


@pytest.fixture(scope="module")
def counts(vosges):
    """About as many facts as a year brings, in proportion to the population."""
    found = {area.code: area.weight // 600 for area in vosges}
    return {code: value for code, value in found.items() if value}


def draw(areas, values, **options):
    return maps.choropleth(areas, values, title="Faits par commune", **options)


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 -- our own text


def classes(svg):
    return [group.get("class") for group in parsed(svg).findall(f".//{SVG}g[@fill]")]


def words(svg):
    return [text.text for text in parsed(svg).iter(f"{SVG}text")]


# --- classes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "least", "lower"),
    [
        ([], 1, []),
        ([0, 0], 1, []),
        ([1], 1, [1]),
        ([1, 4], 1, [1, 2]),
        ([1, 9], 1, [1, 2, 5]),
        ([1, 19], 1, [1, 2, 5, 10]),
        ([1, 49], 1, [1, 2, 5, 10, 20]),
        ([1, 340], 1, [1, 5, 20, 50, 200]),  # thinned
        ([3, 12], 1, [2, 5, 10]),  # no class for what nobody has
        ([7, 80], 5, [5, 10, 20, 50]),
        ([6, None, Masked()], 5, [5]),
        ([Masked(), None], 5, []),
        ([2, 4], 5, []),  # below the threshold there is no class
    ],
)
def test_bounds_are_round_and_few(values, least, lower):
    assert maps.bounds(values, least=least) == lower


@pytest.mark.parametrize("top", [1, 3, 7, 12, 60, 480, 9_999])
def test_every_count_falls_in_one_class_that_says_so(top):
    lower = maps.bounds(range(top + 1))
    labels = maps.class_labels(lower, top)
    assert len(labels) == len(lower) <= maps.MOST_CLASSES
    assert maps.class_of(0, lower) == 0
    for value in range(1, top + 1):
        label = labels[maps.class_of(value, lower) - 1].replace("\u202f", "")
        first, *rest = [int(part) for part in label.split(" à ")]
        assert first <= value <= (rest[0] if rest else first)


def lightness(colour):
    """CIE L* of "#rrggbb"."""
    linear = []
    for at in (1, 3, 5):
        share = int(colour[at : at + 2], 16) / 255
        linear.append(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_shades_darken_steadily_in_black_and_white(number):
    shades = [shade.fill for shade in maps.shades_for(number)]
    steps = [lightness(colour) for colour in (maps.NONE, *shades)]
    assert len(shades) == number
    assert all(one - other > 10 for one, other in itertools.pairwise(steps))


# --- one map ---------------------------------------------------------------------------------


def test_communes_are_grouped_by_shade():
    svg = draw(row_of_squares(5), {"A": 12, "B": 3, "C": 1, "D": Masked(), "E": None})
    body = parsed(svg).find(f".//{SVG}g[@class='map-areas']")
    groups = {group.get("class"): group for group in body.findall(f"{SVG}g")}
    assert set(groups) == {"map-k1", "map-k2", "map-k4", "map-k5", "map-masked", "map-unknown"}
    assert all(len(groups[name]) == 1 for name in groups if name != "map-k4")
    assert groups["map-k5"].get("fill") == maps.RAMP[4]
    assert len(body.findall(f"{SVG}path[@class='map-hatch']")) == 2


def test_a_commune_without_value_counts_none():
    svg = draw(row_of_squares(3), {"A": 1})
    assert "aucun" in words(svg)
    assert "2 communes" in words(svg)
    assert classes(svg).count("map-none") == 2  # on the map and in the key


def test_nothing_that_a_strict_page_or_a_typesetter_refuses(vosges, counts):
    for interactive in (False, True):
        svg = draw(vosges, counts, interactive=interactive)
        parsed(svg)
        for refused in (" style=", "<style", "<script", " id=", "url(", "onclick", "xlink"):
            assert refused not in svg


def test_the_name_and_the_words_of_the_map_come_first(vosges, counts):
    root = parsed(draw(vosges, counts))
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == "Faits par commune"
    assert "Épinal\u00a0: 53" in root[1].text
    assert root.get("role") == "img"


def test_names_are_escaped():
    areas = [maps.Area("1", 'L’<b>&"Haÿ"', square(0, 0), (5_000, 5_000), 10)]
    svg = draw(areas, {"1": 4}, interactive=True)
    root = parsed(svg)
    assert "<b>" not in svg
    assert root.find(f".//{SVG}path/{SVG}title").text == 'L’<b>&"Haÿ"\u00a0: 4 faits'


def test_the_mouse_is_told_and_the_keyboard_is_spared(vosges, counts):
    root = parsed(draw(vosges, counts, interactive=True))
    assert (root.get("role"), root.get("aria-label")) == ("group", "Faits par commune")
    hidden = root.find(f"{SVG}g[@aria-hidden='true']")
    titles = {title.text for title in hidden.iterfind(f".//{SVG}path/{SVG}title")}
    assert len(titles) == 506
    assert "Épinal\u00a0: 53 faits" in titles
    assert "Les Voivres\u00a0: aucun fait" in titles


def test_a_masked_value_leaves_no_trace():
    areas = row_of_squares(4)
    few = draw(areas, {"A": 9, "B": Masked("1")}, least=5, interactive=True)
    more = draw(areas, {"A": 9, "B": Masked("4")}, least=5, interactive=True)
    assert few == more
    assert "moins de 5 ou non communicable" in few


def test_a_map_of_the_vosges_is_light(vosges, counts):
    masked = {
        area.code: counts.get(area.code, 0) if counts.get(area.code, 0) >= 5 else Masked()
        for area in vosges
    }
    for svg in (
        draw(vosges, counts),
        draw(vosges, counts, interactive=True),
        draw(vosges, masked, least=5, interactive=True),
    ):
        assert len(gzip.compress(svg.encode())) <= 60_000


def test_the_same_data_give_the_same_text(vosges, counts):
    assert draw(vosges, counts) == draw(vosges, dict(reversed(counts.items())))


def test_a_commune_without_outline_is_left_out():
    areas = [*row_of_squares(2), maps.Area("Z", "Sans contour", None)]
    root = parsed(draw(areas, {"Z": 3, "A": 2}))
    assert len(root.findall(f".//{SVG}g[@class='map-areas']//{SVG}path")) == 2


def test_a_thumbnail_has_no_key(vosges, counts):
    whole, thumbnail = draw(vosges, counts), draw(vosges, counts, has_key=False)
    assert "2 à 4" not in words(thumbnail)
    assert not parsed(thumbnail).findall(f".//{SVG}g[@class='map-scale']")
    assert float(parsed(thumbnail).get("height")) < float(parsed(whole).get("height"))


def test_no_outline_at_all_is_said():
    svg = draw([maps.Area("Z", "Sans contour", None)], {"Z": 3})
    assert words(svg) == ["Aucun contour à dessiner pour ce territoire."]


def test_night_colours_every_part_of_a_map(settings):
    sheet = (settings.BASE_DIR / "static/css/maps.css").read_text(encoding="utf-8")
    values = {"A": 12, "B": 3, "C": 1, "D": Masked(), "E": None}
    svg = draw(row_of_squares(6), values, interactive=True)
    parts = set(re.findall(r'class="(map-[^"]+)"', svg)) - {"map-areas", "map-towns"}
    assert {f"map-k{n}" for n in range(1, 6)} <= set(re.findall(r"map-k\d", sheet))
    assert all(f".{part}" in sheet for part in parts)


# --- scale, key, names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metres", "round_one"),
    [(26_000, 20_000), (9_999, 5_000), (1_000, 1_000), (999, 500), (0.4, 1)],
)
def test_a_scale_bar_is_a_round_length(metres, round_one):
    assert maps.round_length(metres) == round_one


def test_the_scale_bar_is_true(vosges, counts):
    svg = draw(vosges, counts)
    assert "20\u00a0km" in words(svg)
    bar = parsed(svg).find(f".//{SVG}g[@class='map-scale']/{SVG}path").get("d")
    drawn = float(bar.rsplit("h", 1)[1])
    scale = Frame.around((a.outline for a in vosges), width=784, height=640).scale
    assert drawn == pytest.approx(20_000 * scale, abs=0.06)


def test_the_key_gives_bounds_and_sizes(vosges, counts):
    found = words(draw(vosges, counts))
    assert {"1", "2 à 4", "5 à 9", "10 à 19", "50 à 53"} & set(found) >= {"1", "2 à 4"}
    sizes = [int(text.split()[0]) for text in found if re.fullmatch(r"\d+ communes?", text)]
    assert sum(sizes) == 506


def test_note_and_source_stand_under_the_map():
    wording = maps.Wording(note="Une zone claire n’est pas une zone sans trafic.", source="CROSS")
    root = parsed(draw(row_of_squares(3), {"A": 1}, wording=wording))
    note, source = list(root.iter(f"{SVG}text"))[-2:]
    assert (note.text, source.text) == (wording.note, "CROSS")
    assert float(note.get("y")) < float(source.get("y")) < float(root.get("height"))


def test_words_follow_what_is_counted():
    wording = maps.Wording(one="signalement", many="signalements", none="aucun")
    assert wording.amount(0) == "aucun signalement"
    assert wording.amount(1) == "1 signalement"
    assert wording.amount(1234) == "1\u202f234 signalements"
    assert wording.amount(Masked()) == "moins de 5 ou non communicable"
    assert wording.amount(None) == "non calculé"


@pytest.mark.parametrize("width", [390, 800])
@pytest.mark.parametrize("shape", ["wide", "tall"])
def test_everything_stays_on_the_sheet(width, shape):
    areas = row_of_squares(6)
    if shape == "tall":
        areas = [
            maps.Area(a.code, a.name, square(0, rank * 10_000), (5_000, rank * 10_000 + 5_000), 9)
            for rank, a in enumerate(areas)
        ]
    values = {"A": 1, "B": 3, "C": 7, "D": 60, "E": Masked(), "F": None}
    root = parsed(draw(areas, values, width=width))
    high = float(root.get("height"))
    for text in root.iter(f"{SVG}text"):
        wide = text_width(text.text, float(text.get("font-size")))
        start = {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
        left = float(text.get("x")) - start
        assert left >= 0
        assert left + wide <= width + 1
        assert 0 < float(text.get("y")) < high


def test_names_of_towns_go_to_the_heaviest_and_never_overlap(vosges, counts):
    root = parsed(draw(vosges, counts, towns=10))
    towns = root.find(f".//{SVG}g[@class='map-towns']")
    names = [text for text in towns if text.get("class") == "map-text"]
    assert len(names) == 10
    assert {"Épinal", "Saint-Dié-des-Vosges", "Gérardmer"} <= {name.text for name in names}
    boxes = []
    for name in names:
        wide = maps.town_width(name.text)
        x, y = float(name.get("x")), float(name.get("y"))
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[name.get("text-anchor")]
        boxes.append(shapely.box(left, y - 10, left + wide, y + 3))
    assert not any(one.intersects(other) for one, other in itertools.combinations(boxes, 2))
    halos = [text.text for text in towns if text.get("class") == "map-halo"]
    assert halos == [name.text for name in names]


# --- lines and hatches -----------------------------------------------------------------------


def shape_of(outline):
    return Frame(0, 100_000, 100_000, 0, 0.01).shape(outline)


def polylines(data):
    """The points of the path data that map_shapes writes."""
    for piece in data.split("M")[1:]:
        start, _, steps = piece.partition("l")
        points = [tuple(int(n) for n in start.split())]
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        yield points


def test_path_data_say_the_same_points():
    ring = [(10, 20), (15, 20), (15, -7), (-3, -7)]
    assert map_shapes.closed_path([ring]) == "M10 20l5 0 0-27-18 0z"
    assert next(polylines(map_shapes.closed_path([ring]))) == ring


def test_a_ring_that_collapses_is_left_out():
    speck = [[[0, 0, 1, 0, 1, 1]], *square(50_000, 50_000)]
    assert len(shape_of(speck)) == 1


def test_one_line_goes_around_shapes_that_touch():
    shapes = [shape_of(square(n * 10_000, 0)) for n in range(3)]
    (around,) = map_shapes.outer_border(shapes)
    assert around[0] == around[-1]
    assert len(around) == 9


def test_the_outer_border_of_a_department_is_one_loop(vosges):
    frame = Frame.around((area.outline for area in vosges), width=784, height=640)
    loops = map_shapes.outer_border(frame.shape(area.outline) for area in vosges)
    largest = max(loops, key=len)
    assert largest[0] == largest[-1]
    assert shapely.Polygon(largest).area == pytest.approx(
        sum(
            shapely.Polygon(ring).area
            for area in vosges
            for ring in frame.shape(area.outline)
            if len(ring) > 3
        ),
        rel=0.001,
    )


def test_hatching_fills_what_it_covers_and_nothing_else():
    holed = [[*square(0, 0, 40_000)[0], *square(10_000, 10_000, 20_000)[0]]]
    shape = shape_of(holed)
    ground = shapely.Polygon(shape[0], [shape[1]])
    lines = list(polylines(map_shapes.hatch([shape], step=5)))
    assert len(lines) > 100
    for line in lines:
        assert ground.buffer(2).contains(shapely.LineString(line))
    # Each line stands for a band as wide as the step: together they make the area.
    inked = sum(shapely.LineString(line).length for line in lines) * 5 * FINE
    assert inked == pytest.approx(ground.area, rel=0.02)


def test_hatching_runs_on_from_one_commune_to_the_next():
    one, other = shape_of(square(0, 0)), shape_of(square(10_000, 0))
    both = list(polylines(map_shapes.hatch([one, other], step=5)))
    rows = [x + y for (x, y), _ in both]
    assert len(rows) == len(set(rows))


# --- the printed brief -----------------------------------------------------------------------


def test_the_typesetter_takes_the_same_text(tmp_path, vosges, counts):
    masked = {area.code: counts.get(area.code, 0) or Masked() for area in vosges[:300]}
    masked |= dict.fromkeys(area.code for area in vosges[300:310])
    svg = draw(vosges, counts | masked, interactive=True)
    (tmp_path / "map.svg").write_text(svg, encoding="utf-8")
    (tmp_path / "page.typ").write_text(
        '#set document(title: "Carte", date: none)\n#set page(width: 18cm, height: 16cm)\n'
        '#set text(lang: "fr")\n#image("map.svg", width: 100%, alt: "Carte")\n'
    )
    typst.compile(
        tmp_path / "page.typ",
        output=tmp_path / "page.pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
    )
    (page,) = pypdf.PdfReader(tmp_path / "page.pdf").pages
    text = " ".join(page.extract_text().split())
    for said in ("Épinal", "Saint-Dié-des-Vosges", "2 à 4", "20 km", "non communicable"):
        assert said in text
    # Shades and hatches are in the drawing itself: no style sheet reaches a printed page.
    drawn = page.get_contents().get_data().decode("latin-1")
    inks = {
        "#" + "".join(f"{round(float(part) * 255):02x}" for part in found)
        for found in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) SCN?\b", drawn, re.IGNORECASE)
    }
    assert {maps.RAMP[0], maps.RAMP[4], maps.HATCH, maps.NONE_BORDER} <= inks
