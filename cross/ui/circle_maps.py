"""Circles on the ground: where things are planned, over the outlines of what is around.

Drawn as `cross.ui.maps` draws: plain SVG in true metres, colours as attributes, a class on every
part, nothing told by colour alone. What is asked for attention has a dashed edge and a full dot.

    map-circle, map-circle-alert    a circle, and one that asks for attention
    map-spot, map-spot-alert        its centre
    map-mark, map-mark__words       a link on the ground, and what it bears
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui import map_shapes
from cross.ui.map_shapes import FINE, Frame, Outline
from cross.ui.maps import MARGIN, NONE, NONE_BORDER, PAPER, round_length
from cross.ui.svg import INK, TEXT_SIZE, join, number, text

BLUE, RED = "#36548f", "#b34000"
SMALLEST = 5.0  # user units: a circle of 300 m on a whole department is still seen
TALLEST = 420.0
BELOW = 30.0
MARK = 12.0
# Between the centres of two marks: a finger tells one from the other, on a phone too.
NEAR = 38.0


@dataclass(frozen=True, slots=True)
class Circle:
    """Centre and radius in metres; `label` is written beside it, `alert` asks for attention."""

    x: float
    y: float
    radius: float
    label: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A point, in metres, that leads somewhere: two characters in it, its title, a note beside."""

    x: float
    y: float
    words: str
    title: str
    url: str
    note: str = ""
    radius: ClassVar[float] = 0


Spot = Circle | Mark


@dataclass(frozen=True, slots=True)
class Name:
    """Words about a point, in metres: what the ground is called there."""

    x: float
    y: float
    words: str


def circle_map(
    outlines: Iterable[Outline],
    circles: Sequence[Circle],
    *,
    title: str,
    description: str,
    width: float = 800,
    around: float = 0,
    names: Iterable[Name] = (),
    marks: Sequence[Mark] = (),
) -> SafeString:
    """The circles over the outlines; with `around`, in metres, only the ground about the circles.

    Of `names`, those whose point is in the frame are written. The frame holds every circle and
    every mark whole; `gathered` says which marks would hide each other. Without anything to draw,
    an empty string.
    """
    shown = list(outlines)
    frame = _frame(shown, [*circles, *marks], width, around)
    if not frame:
        return format_html("")
    written = [_name(frame, each) for each in names if _is_in(frame, each)]
    parts = [_outlines(frame, shown), *written, *(_circle(frame, each) for each in circles)]
    parts += [_note(frame, each) for each in marks if each.note]
    parts += [_mark(frame, each) for each in marks]
    wide, high = frame.width, frame.height
    left = (width - wide) / 2
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="map" {role} width="{w}" height="{h}"'
        ' viewBox="0 0 {w} {h}"><title>{title}</title><desc>{words}</desc>'
        # A picture within the picture: what lies beyond the frame is cut.
        '<svg x="{x}" y="{y}" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">{parts}'
        "</svg>{scale}</svg>",
        # What holds links is no picture for who does not see it.
        role=format_html('role="{}" aria-label="{}"', "group" if marks else "img", title),
        w=number(width),
        h=number(high + MARGIN + BELOW),
        title=title,
        words=description,
        x=number(left),
        y=number(MARGIN),
        wide=number(wide),
        high=number(high),
        parts=join(parts),
        scale=_scale(frame, left, high + 2 * MARGIN),
    )


def gathered(
    outlines: Iterable[Outline],
    spots: Sequence[Spot],
    *,
    near: float = NEAR,
    width: float = 800,
    around: float = 0,
) -> list[list[int]]:
    """Ranks of spots that fall within `near` user units of the first of their group on the map.

    In the order given, so that the same spots make the same groups; drawn at the first of each,
    groups never hide each other. The other arguments are those of the map.
    """
    frame = _frame(list(outlines), spots, width, around)
    groups: list[list[int]] = []
    for rank, spot in enumerate(spots):
        near_by = (
            group
            for group in groups
            if frame and math.dist(frame.at(*_at(spots[group[0]])), frame.at(*_at(spot))) < near
        )
        if found := next(near_by, None):
            found.append(rank)
        else:
            groups.append([rank])
    return groups


def _at(spot: Spot) -> tuple[float, float]:
    return spot.x, spot.y


def _frame(
    outlines: Sequence[Outline], spots: Iterable[Spot], width: float, around: float
) -> Frame | None:
    ground = [_square(each, max(around, each.radius)) for each in spots]
    held = ground if around else [*outlines, *ground]
    return Frame.around(held, width=width - 2 * MARGIN, height=TALLEST) if held else None


def _square(spot: Spot, half: float) -> Outline:
    """What the frame must hold about a spot, as an outline."""
    west, east = round(spot.x - half), round(spot.x + half)
    south, north = round(spot.y - half), round(spot.y + half)
    return [[[west, south, east, south, east, north, west, north]]]


def _outlines(frame: Frame, outlines: Sequence[Outline]) -> SafeString:
    paths = (
        format_html('<path d="{}"/>', map_shapes.closed_path(frame.shape(outline)))
        for outline in outlines
    )
    return format_html(
        '<g class="map-areas map-ground" transform="scale({})"><g class="map-none" fill="{}"'
        ' stroke="{}" stroke-width="{}" fill-rule="evenodd">{}</g></g>',
        1 / FINE,
        NONE,
        NONE_BORDER,
        number(1.2 * FINE),
        join(paths),
    )


def _circle(frame: Frame, circle: Circle) -> SafeString:
    x, y = frame.at(circle.x, circle.y)
    radius = max(circle.radius * frame.scale, SMALLEST)
    colour, kind = (RED, "-alert") if circle.alert else (BLUE, "")
    return format_html(
        '<g><circle class="map-circle{kind}" cx="{x}" cy="{y}" r="{r}" fill="{colour}"'
        ' fill-opacity="0.14" stroke="{colour}" stroke-width="1.6"{dashes}/>'
        '<circle class="map-spot{kind}" cx="{x}" cy="{y}" r="{dot}" fill="{colour}"/>{words}</g>',
        kind=kind,
        x=number(x),
        y=number(y),
        r=number(radius),
        colour=colour,
        dashes=format_html(' stroke-dasharray="{}"', "5 3") if circle.alert else "",
        dot="3" if circle.alert else "2",
        words=_label(frame, circle.label, x, y, radius) if circle.label else "",
    )


def _label(frame: Frame, words: str, x: float, y: float, radius: float) -> SafeString:
    """Beside a circle, on the side where there is room."""
    on_the_left = x > frame.width * 0.7
    at = x - radius - 4 if on_the_left else x + radius + 4
    anchor = "end" if on_the_left else "start"
    return _with_halo(at, y + TEXT_SIZE * 0.35, words, anchor=anchor, strong=True)


def _mark(frame: Frame, mark: Mark) -> SafeString:
    x, y = frame.at(mark.x, mark.y)
    return format_html(
        '<a href="{}"><title>{}</title><circle class="map-mark" cx="{}" cy="{}" r="{}" fill="{}"'
        ' stroke="{}" stroke-width="1.5"/><text class="map-mark__words" x="{}" y="{}"'
        ' font-size="{}" font-weight="700" fill="{}" text-anchor="middle">{}</text></a>',
        mark.url, mark.title, number(x), number(y), number(MARK), BLUE, PAPER,
        number(x), number(y + TEXT_SIZE * 0.35), TEXT_SIZE, PAPER, mark.words,
    )  # fmt: skip


def _note(frame: Frame, mark: Mark) -> SafeString:
    x, y = frame.at(mark.x, mark.y)
    return _label(frame, mark.note, x, y, MARK)


def _is_in(frame: Frame, name: Name) -> bool:
    return frame.west <= name.x <= frame.east and frame.south <= name.y <= frame.north


def _name(frame: Frame, name: Name) -> SafeString:
    """About its point, and whole in the frame."""
    x, y = frame.at(name.x, name.y)
    anchor = "start" if x < 60 else "end" if x > frame.width - 60 else "middle"
    return _with_halo(x, y, name.words, anchor=anchor, muted=True)


def _with_halo(x: float, y: float, words: str, *, anchor: str, **looks: bool) -> SafeString:
    """Twice, stroke then fill."""
    return format_html(
        '<text class="map-halo" x="{}" y="{}" text-anchor="{}" font-size="{}" font-weight="{}"'
        ' fill="none" stroke="{}" stroke-width="3.5" stroke-linejoin="round">{}</text>{}',
        number(x), number(y), anchor, TEXT_SIZE, "600" if looks.get("strong") else "400", PAPER,
        words, text(x, y, words, prefix="map", anchor=anchor, **looks),
    )  # fmt: skip


def _scale(frame: Frame, x: float, y: float) -> SafeString:
    metres = round_length(0.2 * frame.width / frame.scale)
    length = metres * frame.scale
    words = f"{metres // 1000}\u00a0km" if metres >= 1000 else f"{metres}\u00a0m"
    return format_html(
        '<g class="map-scale"><path d="M{} {}v-5M{} {}v-5M{} {}h{}" fill="none" stroke="{}"'
        ' stroke-width="1.4"/>{}</g>',
        number(x), number(y + 8), number(x + length), number(y + 8), number(x), number(y + 8),
        number(length), INK,
        text(x + length + 6, y + 9, words, prefix="map"),
    )  # fmt: skip
