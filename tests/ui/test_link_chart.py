"""The chart of links: it fits a sheet, and says first what it is about."""

from xml.etree import ElementTree

from cross.ui.link_chart import Box, link_chart

SVG = "{http://www.w3.org/2000/svg}"
# The left part of a sheet on a screen of 1280 points, in CSS pixels.
ROOM = 819


def drawn():
    boxes = [Box("origine", 0, "CROSS-974-2026-58769", "Cette fiche", "/o/")]
    boxes += [Box("tel", 1, "06 39 98 00 01", "Téléphone", "/t/")]
    boxes += [Box(f"f{rank}", 2, f"CROSS-974-2026-0000{rank}", "Épinal", "/f/") for rank in "1234"]
    boxes += [Box("plaque", 3, "Un nom de lieu bien trop long pour sa case", "Lieu", "/p/")]
    lines = [("origine", "tel"), ("tel", "f1"), ("f4", "plaque")]
    svg = link_chart(boxes, lines, title="Liens", description="Quatre fiches.")
    return ElementTree.fromstring(svg)  # noqa: S314 -- our own text


def test_four_columns_are_whole_on_a_sheet():
    root = drawn()
    assert float(root.get("width")) <= ROOM
    rights = [float(box.get("x")) + float(box.get("width")) for box in root.iter(f"{SVG}rect")]
    assert max(rights) < float(root.get("width"))


def test_the_sheet_itself_is_seen_first():
    tops = [float(box.get("y")) for box in drawn().iter(f"{SVG}rect")]
    assert tops[0] == min(tops)


def test_what_is_cited_further_stands_by_the_reports_that_cite_it():
    boxes = {
        box.find(f"{SVG}title").text: box.find(f"{SVG}rect") for box in drawn().iter(f"{SVG}a")
    }
    last = float(boxes["CROSS-974-2026-00004, Épinal"].get("y"))
    further = next(box for words, box in boxes.items() if words.endswith("Lieu"))
    assert float(further.get("y")) == last


def test_a_reference_is_never_cut_and_a_long_name_is_said_whole_to_who_asks():
    words = [text.text for text in drawn().iter(f"{SVG}text")]
    assert "CROSS-974-2026-58769" in words
    assert any(each.endswith("…") for each in words)
    assert any("trop long pour sa case" in title.text for title in drawn().iter(f"{SVG}title"))
