"""One layer over the communes: circles, zones or signs, never two of them on one map.

The ground says of each commune whether anything is told of it; what is drawn over it has one
colour, and differs by its size or its shape alone, so that it is read without colours.

    map-circle-fact    a circle as large as its count
    map-sign           ▲ △ = ▽ ▼ ◇ and a dot, as shapes
    map-zone           the border of a zone; map-zone-fine, of a group of communes
    map-watched        lines over what is watched
    map-cell           a cell shaded by its count, in the ramp of `map-areas`
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui import map_shapes
from cross.ui.charts import french_number
from cross.ui.lettering import text_width, wrap
from cross.ui.map_shapes import FINE, Outline
from cross.ui.maps.classes import Shade, bounds, class_labels, class_of, shades_for
from cross.ui.maps.ground import HATCH_STEP, dashed, edge
from cross.ui.maps.key import communes_count, map_text, notes, scale_bar
from cross.ui.maps.looks import HATCH, MARGIN, NONE, NONE_BORDER, PAPER, SMALL_SIZE, WIDTH
from cross.ui.maps.sheet import Area, Sheet, Wording
from cross.ui.maps.towns import towns as names_of_towns
from cross.ui.svg import INK, join, number

BLUE = "#36548f"
LARGEST = 26.0  # user units: the radius of the largest circle
SMALLEST = 3.5
SIGN = 6.5


@dataclass(frozen=True, slots=True)
class Kind:
    """What the ground says of a commune; `dashes` as in `sheet.Entry`."""

    name: str
    label: str
    fill: str
    dashes: str | None = None


NO_FACT = Kind("map-none", "aucun fait enregistré", NONE)
TOLD = Kind("map-told", "au moins un fait", PAPER)
# Where others are masked: those may hold a fact too.
TOLD_APART = Kind("map-told", "nombre communiqué", PAPER)
MASKED = Kind("map-masked", "moins de 5 ou non communicable", PAPER, "")
NOT_COMPUTED = Kind("map-unknown", "non calculé", PAPER, "1.5 2.5")
WATCHED = Kind("map-watched", "secteur à surveiller", PAPER, "6 2")
ON_EDGE = Kind("map-none map-on-edge", "en bordure du foyer, sans fait enregistré", NONE, "3 3")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A circle as large as `count`, or the sign named `sign`, at a point in metres.

    `code`: of the commune that it stands on, if it stands on one.
    """

    x: float
    y: float
    title: str
    code: str = ""
    count: int = 0
    sign: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """Communes within one border; without a name it is a group, finely drawn."""

    codes: frozenset[str]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of ground that is no commune, shaded by its count, which is at least 1."""

    outline: Outline
    title: str
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """`kinds` by code (those left out have no fact); `words` name each sign, in order."""

    kinds: Mapping[str, Kind]
    symbols: Sequence[Symbol] = ()
    zones: Sequence[Zone] = ()
    words: Mapping[str, str] | None = None
    cells: Sequence[Cell] = ()


def layer_map(
    areas: Sequence[Area],
    layer: Layer,
    *,
    title: str,
    description: str,
    wording: Wording,
    width: int = WIDTH,
    towns: int = 8,
) -> SafeString:
    """The layer over the communes that have an outline, its key below."""
    drawn = [area for area in areas if area.outline]
    if not drawn:
        return join([])
    sheet = Sheet(drawn, {}, wording, 1, width, has_key=False)
    left, top = sheet.corner
    most = max((symbol.count for symbol in layer.symbols), default=0)
    ground = [_ground(sheet, layer), edge(sheet), _cells(sheet, layer.cells)]
    ground += [_border(sheet, zone) for zone in layer.zones]
    marks = sorted(layer.symbols, key=lambda symbol: -symbol.count)
    key, height = _key(sheet, layer, most)
    has_links = any(mark.url for mark in marks) or any(cell.url for cell in layer.cells)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="map" {} width="{}" height="{}"'
        ' viewBox="0 0 {} {}"><title>{}</title><desc>{}</desc>'
        '<g transform="translate({} {}) scale({})">{}</g>{}{}{}{}</svg>',
        format_html('role="{}" aria-label="{}"', "group" if has_links else "img", title),
        number(width), number(height), number(width), number(height), title, description,
        number(left), number(top), 1 / FINE, join(ground),
        join((*(_mark(sheet, symbol, most) for symbol in marks), _counts(sheet, marks, most))),
        names_of_towns(sheet, towns, _radii(layer, most)),
        join(_name(sheet, zone) for zone in layer.zones if zone.name),
        key,
    )  # fmt: skip


def _ground(sheet: Sheet, layer: Layer) -> SafeString:
    members: dict[Kind, list[Area]] = {}
    for area in sheet.areas:
        members.setdefault(layer.kinds.get(area.code, NO_FACT), []).append(area)
    groups = []
    for kind, inside in members.items():
        shapes = [sheet.shapes[area.code] for area in inside]
        groups.append(
            format_html(
                '<g class="{}" fill="{}" stroke="{}" stroke-width="{}" stroke-linejoin="round"'
                ' fill-rule="evenodd">{}</g>',
                kind.name,
                kind.fill,
                NONE_BORDER,
                number(0.6 * FINE),
                join(
                    format_html('<path d="{}"/>', map_shapes.closed_path(shape))
                    for shape in shapes
                ),
            )
        )
        if kind.dashes is not None:
            groups.append(_lines(shapes, kind))
    return format_html('<g class="map-areas">{}</g>', join(groups))


def _lines(shapes: Sequence[map_shapes.Shape], kind: Kind) -> SafeString:
    """What is watched has closer and darker lines than what is masked."""
    is_watched = kind is WATCHED
    return format_html(
        '<path class="{}" d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>',
        "map-watched-lines" if is_watched else "map-hatch",
        map_shapes.hatch(shapes, step=HATCH_STEP * (0.75 if is_watched else 1)),
        INK if is_watched else HATCH,
        number((1.1 if is_watched else 0.75) * FINE),
        dashed(kind.dashes or "", FINE),
    )


def _classes(cells: Sequence[Cell]) -> tuple[list[int], list[Shade]]:
    lower = bounds(cell.count for cell in cells)
    return lower, shades_for(len(lower))


def _cells(sheet: Sheet, cells: Sequence[Cell]) -> SafeString:
    """Darker as they count more, each with a border: neighbours of one class stay apart."""
    lower, shades = _classes(cells)
    members: dict[str, list[SafeString]] = {}
    for cell in cells:
        path = format_html(
            '<path d="{}"><title>{}</title></path>',
            map_shapes.closed_path(sheet.frame.shape(cell.outline)),
            cell.title,
        )
        drawn = format_html('<a href="{}">{}</a>', cell.url, path) if cell.url else path
        members.setdefault(shades[class_of(cell.count, lower) - 1].name, []).append(drawn)
    groups = [
        format_html(
            '<g class="{} map-cell" fill="{}" stroke="{}" stroke-width="{}">{}</g>',
            shade.name, shade.fill, PAPER, number(0.8 * FINE), join(members[shade.name]),
        )
        for shade in shades
        if shade.name in members
    ]  # fmt: skip
    return format_html('<g class="map-areas">{}</g>', join(groups)) if groups else join([])


def _border(sheet: Sheet, zone: Zone) -> SafeString:
    inside = [sheet.shapes[code] for code in zone.codes if code in sheet.shapes]
    fine = not zone.name
    return format_html(
        '<path class="{}" d="{}" fill="none" stroke="{}" stroke-width="{}"'
        ' stroke-linejoin="round"/>',
        "map-zone-fine" if fine else "map-zone",
        map_shapes.open_path(map_shapes.outer_border(inside)),
        HATCH if fine else INK,
        number((0.9 if fine else 2.8) * FINE),
    )


def _name(sheet: Sheet, zone: Zone) -> SafeString:
    """Above its zone, twice: stroke then fill."""
    points = [
        point
        for code in zone.codes
        for ring in sheet.shapes.get(code, ())
        for point in ring
    ]  # fmt: skip
    if not points:
        return join([])
    left, top = sheet.corner
    middle = left + (min(x for x, _ in points) + max(x for x, _ in points)) / 2 / FINE
    half = text_width(zone.name, 12) / 2
    x = min(max(middle, MARGIN + half), sheet.width - MARGIN - half)
    y = max(top + min(y for _, y in points) / FINE - 5, 12)
    return format_html(
        '<text class="map-halo" x="{}" y="{}" text-anchor="middle" font-size="12"'
        ' font-weight="600" fill="none" stroke="{}" stroke-width="3.5"'
        ' stroke-linejoin="round">{}</text>{}',
        number(x), number(y), PAPER, zone.name,
        map_text(x, y, zone.name, anchor="middle", strong=True),
    )  # fmt: skip


# --- What stands on a commune -----------------------------------------------------------------


def radius_of(count: int, most: int) -> float:
    """Areas are as counts are, never too small to be seen."""
    return max(SMALLEST, LARGEST * math.sqrt(count / max(most, 12)))


def _radii(layer: Layer, most: int) -> dict[str, float]:
    return {
        symbol.code: SIGN if symbol.sign else radius_of(symbol.count, most)
        for symbol in layer.symbols
        if symbol.code and symbol.sign != "few"
    }


def _mark(sheet: Sheet, symbol: Symbol, most: int) -> SafeString:
    left, top = sheet.corner
    x, y = sheet.frame.at(symbol.x, symbol.y)
    shape = _drawn(symbol.sign, symbol.count, x + left, y + top, most)
    words = format_html("<title>{}</title>", symbol.title)
    if not symbol.url:
        return format_html("<g>{}{}</g>", words, shape)
    return format_html('<a href="{}">{}{}</a>', symbol.url, words, shape)


def _drawn(sign: str, count: int, x: float, y: float, most: int) -> SafeString:
    return _sign(sign, x, y) if sign else _circle(x, y, radius_of(count, most))


def _circle(x: float, y: float, radius: float) -> SafeString:
    return format_html(
        '<circle class="map-circle-fact" cx="{}" cy="{}" r="{}" fill="{}" fill-opacity="0.85"'
        ' stroke="{}" stroke-width="1.2"/>',
        number(x), number(y), number(radius), BLUE, PAPER,
    )  # fmt: skip


def _counts(sheet: Sheet, marks: Sequence[Symbol], most: int) -> SafeString:
    """The counts of the circles, over all of them: each where it has room in its own, the largest
    first, and where no other is written already."""
    left, top = sheet.corner
    boxes: list[tuple[float, float, float]] = []
    written = []
    for symbol in marks:
        words = french_number(symbol.count)
        half = text_width(words, SMALL_SIZE) / 2
        x, y = sheet.frame.at(symbol.x, symbol.y)
        x, y = x + left, y + top
        if symbol.sign or half >= 0.85 * radius_of(symbol.count, most):
            continue
        if any(
            abs(x - at) < half + other and abs(y - line) < SMALL_SIZE for at, line, other in boxes
        ):
            continue
        boxes.append((x, y, half))
        written.append(_count(words, x, y))
    return join(written)


def _count(words: str, x: float, y: float) -> SafeString:
    """A click on it falls on the circle below."""
    return format_html(
        '<text class="map-circle-words" x="{}" y="{}" font-size="{}" font-weight="600"'
        ' fill="{}" text-anchor="middle" pointer-events="none">{}</text>',
        number(x), number(y + SMALL_SIZE * 0.36), SMALL_SIZE, PAPER, words,
    )  # fmt: skip


UP = ((0, -1), (1, 0.75), (-1, 0.75))
DOWN = ((0, 1), (1, -0.75), (-1, -0.75))
DIAMOND = ((0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0))
# Name: corners in units of half a sign, and is it full?
SIGNS = {
    "rise": (UP, True),
    "maybe_rise": (UP, False),
    "maybe_fall": (DOWN, False),
    "fall": (DOWN, True),
    "new": (DIAMOND, False),
}


def _sign(name: str, x: float, y: float) -> SafeString:
    if name == "few":
        return format_html(
            '<circle class="map-few" cx="{}" cy="{}" r="2.6" fill="{}"/>',
            number(x), number(y), HATCH,
        )  # fmt: skip
    if name == "steady":
        return format_html(
            '<path class="map-sign-lines" d="M{a} {y}h10M{a} {b}h10" stroke="{ink}"'
            ' stroke-width="2.2"/>',
            a=number(x - 5),
            y=number(y - 2.4),
            b=number(y + 2.4),
            ink=INK,
        )
    corners, is_full = SIGNS[name]
    path = "L".join(f"{number(x + SIGN * dx)} {number(y + SIGN * dy)}" for dx, dy in corners)
    return format_html(
        '<path class="{}" d="M{}z" fill="{}" stroke="{}" stroke-width="1.6"'
        ' stroke-linejoin="round"/>',
        "map-sign map-sign--full" if is_full else "map-sign",
        path,
        INK if is_full else PAPER,
        INK,
    )


# --- Key --------------------------------------------------------------------------------------


def _key(sheet: Sheet, layer: Layer, most: int) -> tuple[SafeString, float]:
    """What is drawn, in rows that fill the width; then scale, notes, and the whole height."""
    y = sheet.ground_bottom + 30
    parts = [scale_bar(sheet, sheet.width - MARGIN, y - 4, anchor="end")]
    for line in wrap(sheet.wording.legend, sheet.width - 2 * MARGIN - 90, 12, most=3):
        parts.append(map_text(MARGIN, y, line, strong=True))
        y += 15
    for row in _rows(sheet, _entries(sheet, layer, most)):
        tall = max(max(2 * half, 14 + 13 * (len(lines) - 1)) for _, _, half, lines in row) + 8
        for x, drawing, half, lines in row:
            parts.append(drawing(x + max(half, 13), y + tall / 2))
            start = y + tall / 2 + 4 - 6.5 * (len(lines) - 1)
            parts += [
                map_text(x + _box_of(half), start + 13 * rank, line, size=SMALL_SIZE)
                for rank, line in enumerate(lines)
            ]
        y += tall
    said, height = notes(sheet, y)
    return join([*parts, *said]), height


def _box_of(half: float) -> float:
    """How far from what is drawn its words begin."""
    return 2 * max(half, 13) + 8


def _rows(sheet: Sheet, entries: Iterable[tuple]) -> list[list[tuple]]:
    """(x, what draws it, half its height, lines of words), those of one row together."""
    rows: list[list[tuple]] = [[]]
    x, end = float(MARGIN), sheet.width - MARGIN
    for drawing, half, label in entries:
        wide = _box_of(half) + text_width(label, SMALL_SIZE)
        if rows[-1] and x + wide > end:
            rows.append([])
            x = float(MARGIN)
        lines = wrap(label, end - x - _box_of(half), SMALL_SIZE)
        rows[-1].append((x, drawing, half, lines))
        x += wide + 18
    return [row for row in rows if row]


def _entries(sheet: Sheet, layer: Layer, most: int) -> Iterable[tuple]:
    """(what draws it at a point, half its height, its words)."""
    if layer.words is None:
        for count in _sizes([symbol.count for symbol in layer.symbols]):
            radius = radius_of(count, most)
            words = (
                f"{french_number(count)} {sheet.wording.one if count < 2 else sheet.wording.many}"
            )
            yield _at(radius), radius, words
    lower, shades = _classes(layer.cells)
    top = max((cell.count for cell in layer.cells), default=0)
    for shade, label in zip(shades, class_labels(lower, top), strict=True):
        one_or_many = sheet.wording.one if label == "1" else sheet.wording.many
        kind = Kind(shade.name, "", shade.fill)
        yield _box(kind, PAPER, 0.8), 7, f"{label} {one_or_many}"
    present = {symbol.sign for symbol in layer.symbols}
    for sign, words in (layer.words or {}).items():
        if sign in present:
            yield _at_sign(sign), SIGN, words
    if any(zone.name for zone in layer.zones):
        yield _box(Kind("map-zone-key", "", PAPER), INK, 2.2), 7, "foyer"
    if any(not zone.name for zone in layer.zones):
        yield _box(Kind("map-zone-key", "", PAPER), HATCH, 0.9), 7, "limite d’intercommunalité"
    found = Counter(layer.kinds.get(area.code, NO_FACT) for area in sheet.areas)
    for kind in (TOLD, TOLD_APART, NO_FACT, ON_EDGE, WATCHED, MASKED, NOT_COMPUTED):
        if kind in found:
            yield _box(kind, HATCH, 0.8), 7, f"{kind.label} ({communes_count(found[kind])})"


def _sizes(counts: Sequence[int]) -> list[int]:
    """Three sizes at most, of the smallest count to the largest."""
    if not counts:
        return []
    least, most = min(counts), max(counts)
    return sorted({least, max(least, round(most / 3)), most})


def _at(radius):
    return lambda x, y: _circle(x, y, radius)


def _at_sign(sign):
    return lambda x, y: _sign(sign, x, y)


def _box(kind: Kind, border: str, thick: float):
    def draw(x: float, y: float) -> SafeString:
        left, top = x - 13, y - 7
        box = format_html(
            '<g class="{}" fill="{}"><rect x="{}" y="{}" width="26" height="14" stroke="{}"'
            ' stroke-width="{}"/></g>',
            kind.name, kind.fill, number(left), number(top), border, number(thick),
        )  # fmt: skip
        if kind.dashes is None:
            return box
        wide, high = 26 * FINE, 14 * FINE
        return format_html(
            '{}<g transform="translate({} {}) scale({})">{}</g>',
            box, number(left), number(top), 1 / FINE,
            _lines([[[(0, 0), (wide, 0), (wide, high), (0, high)]]], kind),
        )  # fmt: skip

    return draw
