"""Maps of communes as plain SVG text: one source for the screen and for the printed brief.

Pure functions: they take outlines and values already computed and hand back a safe string. Nothing
is fetched, no tile, no script, no style attribute, no id (two maps on one page never clash).
Outlines are whole metres in a true projection (see `services.models.Commune.outline`), so the
scale bar is exact. Colours are presentation attributes, because the typesetter of the brief
ignores the page's CSS; every part also carries a class, so that the CSS can recolour it at night:

    map                the <svg> itself
    map-areas          the communes: one <g> a class, named after its shade: map-none, map-k1
                       (lightest) … map-k5 (darkest), map-masked, map-unknown
    map-hatch          slanted lines over masked communes, dotted ones over those not computed
    map-edge           outer border
    map-text, map-muted, map-halo, map-dot, map-scale

Nothing is told by colour alone: lightness falls steadily from "none" to the last class, so that
the map survives a black-and-white printer, and what is masked or not computed is hatched.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui import map_shapes
from cross.ui.charts import Masked, french_number
from cross.ui.lettering import text_width, wrap
from cross.ui.map_shapes import FINE, Frame, Outline, Shape
from cross.ui.svg import INK, MUTED, TEXT_SIZE, join, number, text

# A count, a figure that must not be told, or None where nothing was computed.
Value = int | Masked | None

PAPER = "#ffffff"
NONE = "#f1f2f4"
NONE_BORDER = "#c3c8d0"
# One hue, even steps of lightness (L* 84, 71, 54, 36, 17): each is told from the next in grey too.
RAMP = ("#c5d3ea", "#97aed8", "#6282bb", "#36548f", "#16284f")
MOST_CLASSES = len(RAMP)

# Sizes in user units: at the width of a text column in print, 12 units are about 9 points.
WIDTH = 800
MARGIN = 8
SMALL_SIZE = 10.5
TOWN_SIZE = 13
# A department taller than this (height over width) has its key beside it rather than below.
TALL = 0.9
TALLEST = 640
SIDE = 200
GUTTER = 28
SWATCH = 84
SWATCH_HEIGHT = 14
WIDE_SWATCH = 150
APART = 18
HATCH = "#8d94a1"
HATCH_STEP = 6.0
# The first kind of zone has a full line, the others a dashed one.
DOT = 2.0


@dataclass(frozen=True, slots=True)
class Area:
    """One commune; `centre` in metres; `weight` ranks its label."""

    code: str
    name: str
    outline: Outline | None
    centre: tuple[int, int] | None = None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """What is counted, and the sentences under the map: a warning, then source and date."""

    one: str = "fait"
    many: str = "faits"
    none: str = "aucun"
    legend: str = "Faits enregistrés, par commune"
    masked: str = "moins de 5 ou non communicable"
    unknown: str = "non calculé"
    note: str = ""
    source: str = ""

    def amount(self, value: Value) -> str:
        if value is None:
            return self.unknown
        if isinstance(value, Masked):
            return self.masked
        if value == 0:
            return f"{self.none} {self.one}"
        return f"{french_number(value)} {self.one if value < 2 else self.many}"


# --- classes ---------------------------------------------------------------------------------


def bounds(values: Iterable[Value], *, least: int = 1, most: int = MOST_CLASSES) -> list[int]:
    """Lower bounds of readable classes for counts: [1, 2, 5, 10] for values up to 19.

    Bounds come from 1, 2, 5, 10, 20, 50…, from the smallest value on, and never below `least` (the
    masking threshold, where there is one); thinned to `most` classes. Empty when no value reaches
    `least`.
    """
    shown = [value for value in values if isinstance(value, int) and value >= least]
    if not shown:
        return []
    first = max(least, *_round_numbers(min(shown)))
    steps = [first, *(step for step in _round_numbers(max(shown)) if step > first)]
    if len(steps) <= most:
        return steps
    return [steps[round(i * (len(steps) - 1) / (most - 1))] for i in range(most)]


def _round_numbers(top: int) -> Iterable[int]:
    power = 1
    while power <= top:
        yield from (power * m for m in (1, 2, 5) if power * m <= top)
        power *= 10


def class_of(value: int, lower: Sequence[int]) -> int:
    """0 below the first bound, else the rank (from 1) of the class that holds the value."""
    return sum(value >= bound for bound in lower)


def class_labels(lower: Sequence[int], top: int) -> list[str]:
    """ "1", "2 à 4", "5 à 9", "10 à 34": the last class ends at the largest value."""
    ends = [*(bound - 1 for bound in lower[1:]), top][: len(lower)]  # none when nothing is shown
    return [
        french_number(first)
        if first == last
        else f"{french_number(first)} à {french_number(last)}"
        for first, last in zip(lower, ends, strict=True)
    ]


# --- what is drawn where ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the key: a class of communes, how it is filled, and how many there are."""

    name: str
    fill: str
    border: str
    label: str
    count: int
    dashes: str | None = None  # the hatch over it: None for no hatch, "" for plain lines


@dataclass(frozen=True, slots=True)
class Shade:
    """One step of the ramp: the class that CSS knows it by, and its colour."""

    name: str
    fill: str


@dataclass(frozen=True)
class Sheet:
    """The values of a map, sorted into classes, and its layout on the page."""

    areas: Sequence[Area]
    values: Mapping[str, Value]
    wording: Wording
    least: int
    width: float
    has_key: bool = True

    def value(self, area: Area) -> Value:
        return self.values.get(area.code, 0)

    @cached_property
    def outlines(self) -> dict[str, Outline]:
        return {area.code: area.outline for area in self.areas if area.outline}

    @cached_property
    def lower(self) -> list[int]:
        return bounds((self.value(area) for area in self.areas), least=self.least)

    def entry_name(self, area: Area) -> str:
        value = self.value(area)
        if value is None:
            return "map-unknown"
        if isinstance(value, Masked):
            return "map-masked"
        rank = class_of(value, self.lower)
        return self.shades[rank - 1].name if rank else "map-none"

    @cached_property
    def shades(self) -> list[Shade]:
        return shades_for(len(self.lower))

    @cached_property
    def entries(self) -> list[Entry]:
        """The key, lightest first: the whole ramp, and of the rest what the map shows."""
        count = Counter(self.entry_name(area) for area in self.areas)
        top = max((v for a in self.areas if isinstance(v := self.value(a), int)), default=0)
        ramp = [
            Entry(shade.name, shade.fill, PAPER, label, count[shade.name])
            for shade, label in zip(self.shades, class_labels(self.lower, top), strict=True)
        ]
        none, masked, unknown = (
            Entry(name, fill, NONE_BORDER, label, count[name], dashes)
            for name, fill, label, dashes in (
                ("map-none", NONE, self.wording.none, None),
                ("map-masked", PAPER, self.wording.masked, ""),
                ("map-unknown", PAPER, self.wording.unknown, "1.5 2.5"),
            )
        )
        return [entry for entry in (none, *ramp, masked, unknown) if entry.count or entry in ramp]

    @cached_property
    def is_tall(self) -> bool:
        frame = Frame.around(self.outlines.values(), width=1, height=1)
        return self.has_key and frame.height > TALL * frame.width

    @cached_property
    def frame(self) -> Frame:
        room = self.width - 2 * MARGIN - (SIDE + GUTTER if self.is_tall else 0)
        return Frame.around(self.outlines.values(), width=room, height=TALLEST)

    @cached_property
    def corner(self) -> tuple[float, float]:
        """Upper left of the ground, in user units."""
        used = self.frame.width + (SIDE + GUTTER if self.is_tall else 0)
        return (self.width - used) / 2, MARGIN

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        return {code: self.frame.shape(outline) for code, outline in self.outlines.items()}

    @cached_property
    def ground_bottom(self) -> float:
        return self.corner[1] + self.frame.height


def shades_for(number: int) -> list[Shade]:
    """The ramp spread over fewer classes: the darkest is used from three classes on."""
    picks = {0: [], 1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4], 5: [0, 1, 2, 3, 4]}
    return [Shade(f"map-k{pick + 1}", RAMP[pick]) for pick in picks[number]]


# --- the map ---------------------------------------------------------------------------------


def choropleth(
    areas: Sequence[Area],
    values: Mapping[str, Value],
    *,
    title: str,
    description: str = "",
    wording: Wording | None = None,
    least: int = 1,
    towns: int = 8,
    interactive: bool = False,
    width: int = WIDTH,
    has_key: bool = True,
) -> SafeString:
    """Communes shaded by how many; a commune absent from `values` counts none.

    `least` is the masking threshold of the audience, 1 where figures are exact. `towns` names that
    many communes, by weight, where there is room. `interactive` adds to each commune what the
    mouse tells; keyboard and screen reader have the table beside the map. Communes without outline
    are not drawn. Without its key a map is a thumbnail: the page must show the whole elsewhere.
    """
    drawn = [area for area in areas if area.outline]
    wording = wording or Wording()
    if not drawn:
        return _nothing(title, width)
    sheet = Sheet(drawn, values, wording, least, width, has_key)
    ground = [_communes(sheet, interactive=interactive), _edge(sheet)]
    left, top = sheet.corner
    key, height = _key(sheet)
    parts = [
        format_html(
            '<g transform="translate({} {}) scale({})"{}>{}</g>',
            number(left),
            number(top),
            1 / FINE,
            _HIDDEN if interactive else "",
            join(ground),
        ),
        _towns(sheet, towns),
        key,
    ]
    return _svg(
        parts,
        title=title,
        description=description or in_words(sheet),
        width=width,
        height=height,
        role=format_html('role="group" aria-label="{}"', title) if interactive else _IMAGE,
    )


_IMAGE = format_html('role="{}"', "img")
_HIDDEN = format_html(' aria-hidden="{}"', "true")


def in_words(sheet: Sheet, *, most: int = 12) -> str:
    """The map for who does not see it: the largest values, then the size of each class."""
    told = [
        (value, area.name)
        for area in sheet.areas
        if isinstance(value := sheet.value(area), int) and value > 0
    ]
    told.sort(key=lambda pair: (-pair[0], pair[1]))
    largest = "\u00a0; ".join(
        f"{name}\u00a0: {french_number(value)}" for value, name in told[:most]
    )
    classes = "\u00a0; ".join(
        f"{entry.label}\u00a0: {_communes_count(entry.count)}" for entry in sheet.entries
    )
    start = f"Les plus grandes valeurs\u00a0: {largest}. " if told else ""
    return f"{start}{sheet.wording.legend}\u00a0: {classes}."


def _communes_count(number: int) -> str:
    return f"{french_number(number)} commune{'s' if number > 1 else ''}"


def _communes(sheet: Sheet, *, interactive: bool) -> SafeString:
    members: dict[str, list[Area]] = {}
    for area in sheet.areas:
        members.setdefault(sheet.entry_name(area), []).append(area)
    groups = []
    for entry in sheet.entries:
        inside = members.get(entry.name, [])
        groups.append(
            format_html(
                '<g class="{}" fill="{}" stroke="{}" stroke-width="{}" stroke-linejoin="round"'
                ' fill-rule="evenodd">{}</g>',
                entry.name,
                entry.fill,
                entry.border,
                number(0.6 * FINE),
                join(_commune(sheet, area, interactive=interactive) for area in inside),
            )
        )
        if entry.dashes is not None:
            groups.append(_hatch([sheet.shapes[area.code] for area in inside], entry.dashes))
    return format_html('<g class="map-areas">{}</g>', join(groups))


def _commune(sheet: Sheet, area: Area, *, interactive: bool) -> SafeString:
    data = map_shapes.closed_path(sheet.shapes[area.code])
    if not interactive:
        return format_html('<path d="{}"/>', data)
    words = f"{area.name}\u00a0: {sheet.wording.amount(sheet.value(area))}"
    return format_html('<path d="{}"><title>{}</title></path>', data, words)


def _hatch(shapes: Sequence[Shape], dashes: str) -> SafeString:
    return format_html(
        '<path class="map-hatch" d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>',
        map_shapes.hatch(shapes, step=HATCH_STEP),
        HATCH,
        number(0.75 * FINE),
        _dashed(dashes, FINE),
    )


def _dashed(dashes: str, fine: int) -> SafeString | str:
    if not dashes:
        return ""
    lengths = " ".join(number(float(length) * fine) for length in dashes.split())
    return format_html(' stroke-dasharray="{}"', lengths)


def _edge(sheet: Sheet) -> SafeString:
    border = map_shapes.outer_border(sheet.shapes.values())
    return format_html(
        '<path class="map-edge" d="{}" fill="none" stroke="{}" stroke-width="{}"'
        ' stroke-linejoin="round"/>',
        map_shapes.open_path(border),
        INK,
        number(1.2 * FINE),
    )


# --- names of towns --------------------------------------------------------------------------


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


def _towns(sheet: Sheet, most: int) -> SafeString:
    """Names of the heaviest communes, each beside its dot, none over another."""
    ranked = sorted(
        (-area.weight, area.code, area.name, area.centre)
        for area in sheet.areas
        if area.centre and area.weight
    )
    left, top = sheet.corner
    page = Box(0, 0, left + sheet.frame.width + MARGIN, sheet.ground_bottom + MARGIN)
    taken: list[Box] = []
    names: list[SafeString] = []
    for *_, name, centre in ranked:
        if len(names) == most:
            break
        x, y = sheet.frame.at(*centre)
        spot = _free_spot(name, x + left, y + top, taken, page)
        if spot:
            words_x, words_y, anchor, box = spot
            taken += [box, Box(x + left - DOT, y + top - DOT, x + left + DOT, y + top + DOT)]
            names.append(_town(name, (x + left, y + top), (words_x, words_y), anchor))
    return format_html('<g class="map-towns" font-weight="600">{}</g>', join(names))


def town_width(name: str) -> float:
    """Estimated width of the name of a town: semi-bold runs a little wider than text."""
    return 1.08 * text_width(name, TOWN_SIZE)


def _free_spot(
    name: str, x: float, y: float, taken: Sequence[Box], page: Box
) -> tuple[float, float, str, Box] | None:
    """Where a name fits around its dot: right, left, above, below; None when nowhere."""
    wide, rise, drop, gap = town_width(name), TOWN_SIZE * 0.78, TOWN_SIZE * 0.24, 6
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
    name: str, dot: tuple[float, float], words: tuple[float, float], anchor: str
) -> SafeString:
    # Twice, stroke then fill: paint-order is ignored by the programs that print.
    return format_html(
        '<circle class="map-dot" cx="{}" cy="{}" r="{}" fill="{}" stroke="{}"/>'
        '<text class="map-halo" x="{}" y="{}" text-anchor="{}" font-size="{}" fill="none"'
        ' stroke="{}" stroke-width="3.5" stroke-linejoin="round">{}</text>'
        '<text class="map-text" x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}</text>',
        number(dot[0]), number(dot[1]), DOT, INK, PAPER,
        number(words[0]), number(words[1]), anchor, TOWN_SIZE, PAPER, name,
        number(words[0]), number(words[1]), anchor, TOWN_SIZE, INK, name,
    )  # fmt: skip


# --- key, scale, source ----------------------------------------------------------------------


def _key(sheet: Sheet) -> tuple[SafeString, float]:
    """Key, scale bar and notes, and the height of the whole map."""
    bottom = sheet.ground_bottom
    if not sheet.has_key:
        return join([]), bottom + MARGIN
    if sheet.is_tall:
        parts, end = _key_column(sheet, sheet.corner[0] + sheet.frame.width + GUTTER, 22)
        end = max(end, bottom)
    elif _row_width(sheet.entries) <= sheet.width - 2 * MARGIN:
        parts, end = _key_row(sheet, bottom + 28)
    else:
        parts, end = _key_column(sheet, MARGIN, bottom + 28)
    notes, height = _notes(sheet, end)
    return join([*parts, *notes]), height


def _row_width(entries: Sequence[Entry]) -> float:
    return sum(_swatch_room(entry) for entry in entries)


def _swatch_room(entry: Entry) -> float:
    """What is not shaded stands apart, and its words may be longer."""
    if entry.dashes is None:
        return SWATCH
    fits = text_width(entry.label, SMALL_SIZE) <= SWATCH
    return APART + (SWATCH if fits else WIDE_SWATCH)


def _key_row(sheet: Sheet, top: float) -> tuple[list[SafeString], float]:
    """One row: the ramp without gaps, what is not shaded apart, the scale at the right end."""
    parts = [
        _text(MARGIN, top, sheet.wording.legend, strong=True),
        _scale_bar(sheet, sheet.width - MARGIN, top - 4, anchor="end"),
    ]
    x, y = float(MARGIN), top + 10
    lowest = y
    for entry in sheet.entries:
        left = x + (APART if entry.dashes is not None else 0)
        parts.append(_swatch(entry, left, y, SWATCH))
        room = x + _swatch_room(entry) - left
        words, baseline = _entry_words(entry, left, y + SWATCH_HEIGHT + 13, room)
        parts += words
        lowest = max(lowest, baseline)
        x = left + room
    return parts, lowest


def _key_column(sheet: Sheet, x: float, y: float) -> tuple[list[SafeString], float]:
    """One under the other: beside a tall department, or below on a narrow screen."""
    parts = []
    for line in wrap(sheet.wording.legend, SIDE - MARGIN, TEXT_SIZE, most=3):
        parts.append(_text(x, y, line, strong=True))
        y += 16
    for entry in sheet.entries:
        y += 10 if entry.dashes is not None else 0
        parts.append(_swatch(entry, x, y, 26))
        words, baseline = _entry_words(entry, x + 34, y + 11, SIDE - 34 - MARGIN)
        parts += words
        y = baseline + 8
    parts.append(_scale_bar(sheet, x, y + 30, anchor="start"))
    return parts, y + 42


def _entry_words(entry: Entry, x: float, y: float, room: float) -> tuple[list[SafeString], float]:
    """What a class holds, and under it how many communes; the last baseline."""
    parts = []
    for line in wrap(entry.label, room, SMALL_SIZE):
        parts.append(_text(x, y, line, size=SMALL_SIZE))
        y += 13
    parts.append(_text(x, y, _communes_count(entry.count), size=SMALL_SIZE, muted=True))
    return parts, y


def _swatch(entry: Entry, x: float, y: float, wide: float) -> SafeString:
    border = MUTED if entry.fill in (NONE, PAPER) else entry.fill
    box = format_html(
        '<g class="{}" fill="{}"><rect x="{}" y="{}" width="{}" height="{}" stroke="{}"'
        ' stroke-width="0.6"/></g>',
        entry.name, entry.fill, number(x), number(y), number(wide), SWATCH_HEIGHT, border,
    )  # fmt: skip
    if entry.dashes is None:
        return box
    right, bottom = round(wide * FINE), SWATCH_HEIGHT * FINE
    rectangle = [[(0, 0), (right, 0), (right, bottom), (0, bottom)]]
    return format_html(
        '{}<g transform="translate({} {}) scale({})">{}</g>',
        box, number(x), number(y), 1 / FINE, _hatch([rectangle], entry.dashes),
    )  # fmt: skip


def _scale_bar(sheet: Sheet, x: float, y: float, *, anchor: str) -> SafeString:
    """A round number of kilometres, at most a fifth of the map wide; `x` is the end `anchor`."""
    metres = round_length(0.2 * sheet.frame.width / sheet.frame.scale)
    length = metres * sheet.frame.scale
    left = x - length if anchor == "end" else x
    words = f"{metres // 1000}\u00a0km" if metres >= 1000 else f"{metres}\u00a0m"
    return format_html(
        '<g class="map-scale"><path d="M{} {}v-5M{} {}v-5M{} {}h{}" fill="none" stroke="{}"'
        ' stroke-width="1.4"/>{}</g>',
        number(left), number(y + 9), number(left + length), number(y + 9),
        number(left), number(y + 9), number(length), INK,
        _text(x, y, words, anchor=anchor, size=SMALL_SIZE),
    )  # fmt: skip


def round_length(metres: float) -> int:
    """The largest of 1, 2, 5, 10… that is not longer; in metres, at least 1."""
    return max(_round_numbers(max(int(metres), 1)))


def _notes(sheet: Sheet, bottom: float) -> tuple[list[SafeString], float]:
    parts = []
    y = bottom + 10
    for words in (sheet.wording.note, sheet.wording.source):
        for line in wrap(words, sheet.width - 2 * MARGIN, SMALL_SIZE, most=3) if words else ():
            y += 15
            parts.append(_text(MARGIN, y, line, size=SMALL_SIZE, muted=True))
    return parts, y + MARGIN


def _nothing(title: str, width: int) -> SafeString:
    words = "Aucun contour à dessiner pour ce territoire."
    sentence = _text(width / 2, 40, words, anchor="middle", muted=True)
    return _svg([sentence], title=title, description=words, width=width, height=72, role=_IMAGE)


# --- marks -----------------------------------------------------------------------------------


def _svg(
    parts: Iterable[SafeString],
    *,
    title: str,
    description: str,
    width: float,
    height: float,
    role: SafeString,
) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="map" {} width="{}" height="{}"'
        ' viewBox="0 0 {} {}"><title>{}</title><desc>{}</desc>{}</svg>',
        role, number(width), number(height), number(width), number(height),
        title, description, join(parts),
    )  # fmt: skip


def _text(x: float, y: float, words: str, **looks) -> SafeString:
    return text(x, y, words, prefix="map", **looks)
