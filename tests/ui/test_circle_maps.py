"""Marks on the ground: those that would hide each other are found, the same way each time."""

from xml.etree import ElementTree

from cross.ui.circle_maps import MARK, Circle, Mark, circle_map, gathered

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = [[[0, 0, 100_000, 0, 100_000, 100_000, 0, 100_000]]]
SPOTS = [Circle(x, 50_000, 0) for x in (10_000, 10_500, 60_000, 61_000, 95_000, 10_000)]


def test_spots_near_each_other_make_one_group_in_the_order_given():
    assert gathered([SQUARE], SPOTS) == [[0, 1, 5], [2, 3], [4]]
    assert gathered([], []) == []


def test_nearer_by_they_part():
    part = [[[9_900, 49_900, 10_600, 49_900, 10_600, 50_100, 9_900, 50_100]]]
    assert gathered([part], SPOTS[:2]) == [[0], [1]]


def test_no_mark_hides_another_and_each_is_a_link_with_its_name():
    spots = [Circle(x * 700, (x * x * 37) % 100_000, 0) for x in range(120)]
    firsts = [spots[group[0]] for group in gathered([SQUARE], spots)]
    marks = [Mark(each.x, each.y, str(n), f"Lieu {n}", f"/{n}/") for n, each in enumerate(firsts)]
    svg = circle_map([SQUARE], [], title="Lieux", description="Des lieux.", marks=marks)
    root = ElementTree.fromstring(svg)  # noqa: S314 -- our own text
    assert (root.get("role"), root.get("aria-label")) == ("group", "Lieux")
    links = list(root.iter(f"{SVG}a"))
    assert [link.find(f"{SVG}title").text for link in links] == [mark.title for mark in marks]
    drawn = [link.find(f"{SVG}circle") for link in links]
    centres = [complex(float(each.get("cx")), float(each.get("cy"))) for each in drawn]
    apart = [abs(one - other) for n, one in enumerate(centres) for other in centres[:n]]
    assert min(apart) > 2 * MARK
