"""A chart of links: boxes in columns, from left to right, and the lines between them.

Plain SVG, every box a link that the keyboard reaches, in the order of the columns. Nothing is told
by colour alone: what a box is stands in its second line. Its table is the page's.

    link-line               between two boxes
    link-box, link-origin   a box, and the one that all the others are linked to
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.svg import join, number, text

WIDE, HIGH, APART, BETWEEN, MARGIN = 196.0, 46.0, 12.0, 66.0, 6.0
LONGEST = 27  # characters that a box holds on one line
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
    """Boxes in their order within each column; lines by the names of their two ends."""
    places = _places(boxes)
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
        boxes=join(_box(each, *places[each.name]) for each in boxes),
    )


def _places(boxes: Sequence[Box]) -> Mapping[str, tuple[float, float]]:
    """The upper left corner of each; each column is centred on the tallest."""
    columns: dict[int, list[Box]] = {}
    for each in boxes:
        columns.setdefault(each.column, []).append(each)
    tallest = max(len(column) for column in columns.values())
    places = {}
    for column, held in columns.items():
        above = (tallest - len(held)) * (HIGH + APART) / 2
        for rank, each in enumerate(held):
            x = MARGIN + column * (WIDE + BETWEEN)
            places[each.name] = (x, MARGIN + above + rank * (HIGH + APART))
    return places


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
        first=text(x + 9, y + 19, _short(box.words), prefix="map", strong=True),
        second=text(x + 9, y + 36, _short(box.note), prefix="map", muted=True),
    )


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
