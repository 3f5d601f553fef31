"""The names of the heaviest communes, each beside its dot, none over another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.lettering import text_width
from cross.ui.maps.looks import MARGIN, PAPER
from cross.ui.maps.sheet import Sheet
from cross.ui.svg import INK, join, number

TOWN_SIZE = 13
DOT = 2.0


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def towns(sheet: Sheet, most: int, marks: Mapping[str, float] | None = None) -> SafeString:
    """Names of the heaviest communes, each beside its dot, none over another.

    `marks`: the radius of what stands on some of them in place of the dot, by code.
    """
    marks = marks or {}
    ranked = sorted(
        (-area.weight, area.code, area.name, area.centre)
        for area in sheet.areas
        if area.centre and area.weight
    )
    left, top = sheet.corner
    page = Box(0, 0, left + sheet.frame.width + MARGIN, sheet.ground_bottom + MARGIN)
    taken = [
        _about(*sheet.frame.at(*area.centre), marks[area.code], left, top)
        for area in sheet.areas
        if area.centre and area.code in marks
    ]
    names: list[SafeString] = []
    for _, code, name, centre in ranked:
        if len(names) == most:
            break
        x, y = sheet.frame.at(*centre)
        half = marks.get(code, DOT)
        spot = _free_spot(name, x + left, y + top, taken, page, gap=4 + half)
        if spot:
            words_x, words_y, anchor, box = spot
            taken += [box, _about(x, y, half, left, top)]
            dot = None if code in marks else (x + left, y + top)
            names.append(_town(name, dot, (words_x, words_y), anchor))
    return format_html('<g class="map-towns" font-weight="600">{}</g>', join(names))


def _about(x: float, y: float, half: float, left: float, top: float) -> Box:
    return Box(x + left - half, y + top - half, x + left + half, y + top + half)


def town_width(name: str) -> float:
    """Estimated width of the name of a town: semi-bold runs a little wider than text."""
    return 1.08 * text_width(name, TOWN_SIZE)


def _free_spot(
    name: str, x: float, y: float, taken: Sequence[Box], page: Box, *, gap: float
) -> tuple[float, float, str, Box] | None:
    """Where a name fits around its dot: right, left, above, below; None when nowhere."""
    wide, rise, drop = town_width(name), TOWN_SIZE * 0.78, TOWN_SIZE * 0.24
    for words_x, words_y, anchor, start in (
        (x + gap, y + rise / 2, "start", 0.0),
        (x - gap, y + rise / 2, "end", -wide),
        (x, y - gap, "middle", -wide / 2),
        (x, y + gap + rise, "middle", -wide / 2),
    ):
        box = Box(words_x + start, words_y - rise - 2, words_x + start + wide, words_y + drop + 2)
        inside = box.left > page.left and box.right < page.right and box.bottom < page.bottom
        if inside and box.top > page.top and not any(box.meets(other) for other in taken):
            return words_x, words_y, anchor, box
    return None


def _town(
    name: str, dot: tuple[float, float] | None, words: tuple[float, float], anchor: str
) -> SafeString:
    # Twice, stroke then fill: paint-order is ignored by the programs that print.
    return format_html(
        '{}<text class="map-halo" x="{}" y="{}" text-anchor="{}" font-size="{}" fill="none"'
        ' stroke="{}" stroke-width="3.5" stroke-linejoin="round">{}</text>'
        '<text class="map-text" x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}</text>',
        _dot(*dot) if dot else "",
        number(words[0]), number(words[1]), anchor, TOWN_SIZE, PAPER, name,
        number(words[0]), number(words[1]), anchor, TOWN_SIZE, INK, name,
    )  # fmt: skip


def _dot(x: float, y: float) -> SafeString:
    return format_html(
        '<circle class="map-dot" cx="{}" cy="{}" r="{}" fill="{}" stroke="{}"/>',
        number(x), number(y), DOT, INK, PAPER,
    )  # fmt: skip
