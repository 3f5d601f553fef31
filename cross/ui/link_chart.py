"""A chart of links: boxes in columns, from left to right, and the lines between them.

Plain SVG, every box a link that the keyboard reaches, in the order of the columns. Nothing is told
by colour alone: what a box is stands in its second line. Its table is the page's.

    link-line               between two boxes
    link-box, link-origin   a box, and the one that all the others are linked to
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.lettering import shorten
from cross.ui.svg import TEXT_SIZE, join, number, text

# Four columns in 818 units: whole in the left part of a sheet, on a screen of 1280 points.
WIDE, HIGH, APART, BETWEEN, MARGIN = 180.0, 46.0, 12.0, 30.0, 4.0
INSIDE = 8.0
BOLD = 1.08  # how much wider than text its semi-bold runs
PAPER, EDGE, ACCENT = "#ffffff", "#8a93a3", "#36548f"


@dataclass(frozen=True, slots=True)
class Box:
    """`name` is what lines call it; `words` and `note` are its two lines, `url` where it leads."""

    name: str
    column: int
    words: str
    note: str
    url: str


def link_chart(
    boxes: Sequence[Box], lines: Sequence[tuple[str, str]], *, title: str, description: str
) -> SafeString:
    """Boxes, and lines from left to right by the names of their two ends."""
    places = _places(boxes, lines)
    named = {each.name: each for each in boxes}
    width = max(x for x, _ in places.values()) + WIDE + MARGIN
    height = max(y for _, y in places.values()) + HIGH + MARGIN
    drawn = [_line(places[start], places[end]) for start, end in lines]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="link-chart" role="group"'
        ' aria-label="{title}" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        '<desc>{words}</desc><g aria-hidden="true">{lines}</g>{boxes}</svg>',
        title=title,
        words=description,
        w=number(width),
        h=number(height),
        lines=join(drawn),
        boxes=join(_box(named[name], *at) for name, at in places.items()),
    )


def _places(
    boxes: Sequence[Box], lines: Sequence[tuple[str, str]]
) -> Mapping[str, tuple[float, float]]:
    """The upper left corner of each, from the origin on: as high as what leads to it.

    Columns begin together, so that the origin is seen first.
    """
    leads: dict[str, list[str]] = {}
    for start, end in lines:
        leads.setdefault(end, []).append(start)
    places: dict[str, tuple[float, float]] = {}
    for column in sorted({each.column for each in boxes}):
        free = MARGIN
        held = [each.name for each in boxes if each.column == column]
        heights = {name: _middle(places[lead][1] for lead in leads.get(name, ())) for name in held}
        for name in sorted(held, key=heights.__getitem__):
            top = max(heights[name], free)
            places[name] = (MARGIN + column * (WIDE + BETWEEN), top)
            free = top + HIGH + APART
    return places


def _middle(heights: Iterable[float]) -> float:
    return fmean(found) if (found := list(heights)) else MARGIN


def _line(start: tuple[float, float], end: tuple[float, float]) -> SafeString:
    (x, y), (to_x, to_y) = start, end
    middle = (x + WIDE + to_x) / 2
    return format_html(
        '<path class="link-line" d="M{} {}C{} {} {} {} {} {}" fill="none" stroke="{}"'
        ' stroke-width="1.4"/>',
        *map(
            number,
            (x + WIDE, y + HIGH / 2, middle, y + HIGH / 2, middle, to_y + HIGH / 2, to_x,
             to_y + HIGH / 2),
        ),
        EDGE,
    )  # fmt: skip


def _box(box: Box, x: float, y: float) -> SafeString:
    kind, edge = ("link-origin", ACCENT) if box.column == 0 else ("link-box", EDGE)
    return format_html(
        '<a href="{url}"><title>{words}, {note}</title>'
        '<rect class="{kind}" x="{x}" y="{y}" width="{w}" height="{h}" rx="4" fill="{paper}"'
        ' stroke="{edge}" stroke-width="{stroke}"/>{first}{second}</a>',
        url=box.url,
        words=box.words,
        note=box.note,
        kind=kind,
        x=number(x),
        y=number(y),
        w=number(WIDE),
        h=number(HIGH),
        paper=PAPER,
        edge=edge,
        stroke="2" if box.column == 0 else "1.2",
        first=text(x + INSIDE, y + 19, _short(box.words, BOLD), prefix="map", strong=True),
        second=text(x + INSIDE, y + 36, _short(box.note), prefix="map", muted=True),
    )


def _short(words: str, wider: float = 1.0) -> str:
    return shorten(words, (WIDE - 2 * INSIDE) / wider, TEXT_SIZE)
