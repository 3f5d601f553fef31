"""Charts: well-formed, escaped, readable without colour, and mute about what is masked."""

import re
import xml.etree.ElementTree as ET

import pytest

from cross.ui.charts import (
    Bar,
    Column,
    Masked,
    bars,
    columns,
    describe,
    empty,
    french_number,
)
from cross.ui.lettering import shorten, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ["janv.", "févr.", "mars", "avr.", "mai", "juin"]
MONTHS += ["juil.", "août", "sept.", "oct.", "nov.", "déc."]
HOSTILE = '<script>alert("x")</script> & \u202eevil\u2066 \x00\x07\ud800 #read("/etc/passwd")'


def parsed(svg):
    return ET.fromstring(str(svg))  # noqa: S314 - made here


def shapes(svg, css):
    return [node for node in parsed(svg).iter() if node.get("class") == css]


def texts(svg):
    return ["".join(node.itertext()) for node in parsed(svg).iter(f"{SVG}text")]


def every_chart(label="Épinal"):
    """One chart of each kind, carrying the same label wherever a label goes."""
    point = Column(label, 7, 5, group=label)
    return {
        "bars": bars([Bar(label, 7, 5, note=label)], title=label, labels=(label, label)),
        "columns": columns([point, point], title=label, labels=(label, label)),
        "empty": empty(title=label, message=label),
    }


@pytest.mark.parametrize("kind", every_chart())
def test_a_chart_holds_no_script_no_style_no_id_no_link(kind):
    svg = every_chart(HOSTILE)[kind]
    root = parsed(svg)
    assert root.tag == f"{SVG}svg"
    names = {node.tag for node in root.iter()}
    assert not names & {f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject", f"{SVG}image"}
    attributes = {name for node in root.iter() for name in node.attrib}
    assert not attributes & {"style", "id", "href", "onclick", "onload"}
    assert "<script" not in svg


@pytest.mark.parametrize("kind", every_chart())
def test_hostile_text_stays_text_and_loses_its_control_characters(kind):
    svg = every_chart(HOSTILE)[kind]
    told = "".join(parsed(svg).itertext())
    assert '<script>alert("x")</script>' in told
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\ud800-\udfff]", told)


@pytest.mark.parametrize("kind", every_chart())
def test_a_chart_says_what_it_is(kind):
    root = parsed(every_chart()[kind])
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == "Épinal"
    assert root[1].text


@pytest.mark.parametrize(
    "svg",
    [
        bars([], title="Communes"),
        columns([], title="Mois"),
    ],
)
def test_no_data_is_said_and_not_drawn(svg):
    assert texts(svg) == ["Aucune donnée"]
    assert not shapes(svg, "chart-bar")


def test_bar_lengths_are_in_proportion_and_each_bar_carries_its_value():
    svg = bars([Bar("Épinal", 40), Bar("Golbey", 10), Bar("Vittel", 0)], title="Faits")
    first, second = (float(node.get("width")) for node in shapes(svg, "chart-bar"))
    assert first == pytest.approx(4 * second, rel=0.01)
    assert {"40", "10", "0"} <= set(texts(svg))


def test_column_heights_are_in_proportion_and_rest_on_the_axis():
    svg = columns([Column("janv.", 30), Column("févr.", 10)], title="Mois")
    tall, small = shapes(svg, "chart-bar")
    assert float(tall.get("height")) == pytest.approx(3 * float(small.get("height")), rel=0.01)
    feet = {round(float(n.get("y")) + float(n.get("height"))) for n in (tall, small)}
    assert len(feet) == 1


def test_the_period_before_is_outlined_beside_and_named_in_the_key():
    svg = columns(
        [Column("juil.", 12, 9), Column("août", 3, 20)], title="Mois", labels=("2026", "2025")
    )
    # two columns, and one sample of each in the key
    assert len(shapes(svg, "chart-bar")) == len(shapes(svg, "chart-outline")) == 3
    assert all(node.get("fill") == "none" for node in shapes(svg, "chart-outline"))
    assert {"2026", "2025", "12", "9", "3", "20"} <= set(texts(svg))


def test_without_a_period_before_there_is_no_key():
    assert "période" not in texts(bars([Bar("Épinal", 3)], title="Faits"))


def boxes(svg):
    """Sizes of the hatched boxes, the sample of the key left out."""
    return [
        (group[0].get("width"), group[0].get("height")) for group in shapes(svg, "chart-hatch")[1:]
    ]


@pytest.mark.parametrize("largest", [6, 60, 6000])
def test_a_masked_value_has_the_same_shape_whatever_surrounds_it(largest):
    drawn = bars([Bar("Épinal", largest), Bar("Golbey", Masked())], title="Faits")
    assert boxes(drawn) == [("26", "13")]
    assert "< 5" in texts(drawn)
    drawn = columns([Column("janv.", largest), Column("févr.", Masked("n.c."))], title="Mois")
    assert [height for _, height in boxes(drawn)] == ["14"]
    assert "n.c." in texts(drawn)


def test_a_masked_value_is_hatched_inside_its_box():
    svg = bars([Bar("Golbey", Masked())], title="Faits")
    group = shapes(svg, "chart-hatch")[-1]
    box = {name: float(group[0].get(name)) for name in ("x", "y", "width", "height")}
    points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", group[1].get("d"))
    assert len(points) >= 6
    for x, y in points:
        assert box["x"] - 0.1 <= float(x) <= box["x"] + box["width"] + 0.1
        assert box["y"] - 0.1 <= float(y) <= box["y"] + box["height"] + 0.1


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
@pytest.mark.parametrize("where", ["value", "previous"])
def test_an_impossible_figure_is_refused(value, where):
    wrong = {"value": 1, "previous": 1, where: value}
    with pytest.raises(ValueError, match="Épinal"):
        bars([Bar("Épinal", **wrong)], title="Faits")
    with pytest.raises(ValueError, match="Épinal"):
        columns([Column("Épinal", **wrong)], title="Faits")


LONG = "Communauté d’agglomération de Saint-Dié-des-Vosges et de la haute vallée de la Meurthe"


@pytest.mark.parametrize("width", [280, 640, 1000])
def test_a_long_label_is_wrapped_and_cut_within_its_column(width):
    svg = bars([Bar(LONG, 12, note="100 %"), Bar("Épinal", 3)], title="EPCI", width=width)
    axis = float(shapes(svg, "chart-axis")[0].get("x1"))
    labels = [node for node in parsed(svg).iter(f"{SVG}text") if node.get("x") == "0"]
    assert 2 <= len(labels) <= 3
    assert all(text_width(node.text, 12) <= axis for node in labels)
    assert LONG in parsed(svg)[1].text


@pytest.mark.parametrize("width", [280, 640])
def test_nothing_is_drawn_outside_the_picture(width):
    rows = [Bar(LONG, 123456, 99999, note="(100 %)"), Bar("Épinal", Masked(), 12)]
    months = [Column(month, 1000 + i, 900, group="2026") for i, month in enumerate(MONTHS)]
    for svg in (
        bars(rows, title="t", width=width),
        columns(months, title="t", width=width),
        columns(months * 5, title="t", width=width),
    ):
        root = parsed(svg)
        height = float(root.get("height"))
        for node in root.iter(f"{SVG}rect"):
            assert float(node.get("x")) >= 0
            assert float(node.get("x")) + float(node.get("width")) <= width + 0.2
            assert 0 <= float(node.get("y")) <= height - float(node.get("height")) + 0.2
        for node in root.iter(f"{SVG}text"):
            size = float(node.get("font-size"))
            wide = text_width("".join(node.itertext()), size)
            shift = {"start": 0, "middle": wide / 2, "end": wide}[node.get("text-anchor")]
            left = float(node.get("x")) - shift
            assert left >= -size
            assert left + wide <= width + size
            assert 0 < float(node.get("y")) <= height


def test_crowded_columns_drop_values_and_month_names_before_they_collide():
    months = [Column(MONTHS[i % 12], 1000 + i) for i in range(60)]
    names = [text for text in texts(columns(months, title="t")) if text in MONTHS]
    assert 0 < len(names) < 60
    assert len(texts(columns(months, title="t"))) < 40
    assert len(texts(columns(months[:12], title="t"))) >= 24


def test_the_year_is_written_once_under_its_first_month():
    points = [Column(m, 3, group=year) for year in ("2025", "2026") for m in MONTHS]
    written = texts(columns(points, title="t"))
    assert written.count("2025") == written.count("2026") == 1


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, 0, "0"),
        (1234567, 0, "1\u202f234\u202f567"),
        (12.345, 1, "12,3"),
        (-3, 0, "\u22123"),
        (-0.001, 1, "0,0"),
        (Masked(), 0, "< 5"),
    ],
)
def test_numbers_are_written_the_french_way(value, decimals, written):
    assert french_number(value, decimals=decimals) == written


def test_a_chart_is_told_in_words():
    rows = [Bar("Épinal", 12, 8), Bar("Golbey", Masked()), Bar("Vittel", 1.5)]
    assert describe(rows) == (
        "Épinal\u00a0: 12 (avant\u00a0: 8)\u00a0; Golbey\u00a0: < 5\u00a0; Vittel\u00a0: 1,5."
    )
    assert describe([]) == "Aucune donnée."
    assert describe(rows, most=2).endswith("\u00a0; et 1 autre.")
    assert describe([Column("mai", 4, group="2026")]) == "mai 2026\u00a0: 4."


def test_labels_break_after_spaces_and_hyphens():
    assert wrap("Saint-Dié-des-Vosges", 80, 12) == ["Saint-Dié-", "des-Vosges"]
    assert wrap("", 80, 12) == [""]
    assert wrap("Anticonstitutionnellement", 60, 12)[0].endswith("…")


def test_a_cut_text_fits_its_room():
    assert shorten("Épinal", 500, 12) == "Épinal"
    assert text_width(shorten(LONG, 100, 12), 12) <= 100
