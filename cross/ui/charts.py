"""Charts as plain SVG text: one source for the screen and for the printed brief.

Pure functions: they take rows already computed and hand back a safe string. Nothing is fetched,
no script, no style attribute, no id (two charts on one page never clash), and text stays text.
Colours are presentation attributes, because the typesetter of the brief ignores the page's CSS;
every part also carries a class, so that the page's CSS can recolour it for the dark theme:

    chart            the <svg> itself
    chart-bar        value of the period (filled)
    chart-outline    value of the period before (empty, outlined)
    chart-hatch      masked value: a hatched box of constant size
    chart-text       labels and values
    chart-muted      secondary text
    chart-axis       base line
    chart-grid       scale lines

Nothing is told by colour alone: filled, outlined and hatched shapes differ in black and white, and
each shape carries its value. A masked value (`Masked`) never has a length: its box is the same
whatever was hidden.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.lettering import clean, shorten, text_width, wrap
from cross.ui.svg import INK, MUTED, TEXT_SIZE, join, number, text
from cross.ui.templatetags.words import number as in_french

FILL = "#24407a"
GRID = "#d3d7de"

# Sizes in user units; at the width of a text column in print, 12 units are about 9 points.
SMALL_SIZE = 10.5
LEAST_SIZE = 8
GAP = 8
MASK_LENGTH = 26
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Masked:
    """A figure that must not be told: small count ("< 5") or withheld to protect one ("n.c.")."""

    words: str = "< 5"

    def __str__(self) -> str:
        return self.words


# What a chart may be asked to draw: a count, a rate, or a value that is not told.
Value = int | float | Masked


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart; `note` follows the value, `previous` is the period before."""

    label: str
    value: Value
    previous: Value | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, usually a month; `group` (the year) is written under the first of its kind."""

    label: str
    value: Value
    previous: Value | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart among several that share a scale."""

    title: str
    columns: Sequence[Column]


# --- figures and words -----------------------------------------------------------------------


def french_number(value: Value, *, decimals: int = 0) -> str:
    """12345.6 -> "12 346": narrow no-break spaces, decimal comma, a true minus sign."""
    if isinstance(value, Masked):
        return value.words
    return in_french(value, decimals)


def describe(rows: Iterable[Bar | Column], *, most: int = 12) -> str:
    """The same figures in words, for who does not see the chart: "Épinal : 34 ; Golbey : < 5"."""
    told = [
        f"{clean(row.label)}{_group_words(row)}\u00a0: {_shown(row.value)}{_previous_words(row)}"
        for row in rows
    ]
    if not told:
        return "Aucune donnée."
    rest = len(told) - most
    ending = f"\u00a0; et {rest} autre{'s' if rest > 1 else ''}." if rest > 0 else "."
    return "\u00a0; ".join(told[:most]) + ending


def _group_words(row: Bar | Column) -> str:
    return f" {clean(row.group)}" if isinstance(row, Column) and row.group else ""


def _previous_words(row: Bar | Column) -> str:
    return "" if row.previous is None else f" (avant\u00a0: {_shown(row.previous)})"


def _shown(value: Value) -> str:
    """A value as it is written on the chart; a rate keeps one decimal."""
    whole = isinstance(value, Masked) or float(value).is_integer()
    return french_number(value, decimals=0 if whole else 1)


# --- shapes ----------------------------------------------------------------------------------


def _text(x: float, y: float, words: str, **looks) -> SafeString:
    shown = words if isinstance(words, SafeString) else clean(words)
    return text(x, y, shown, prefix="chart", **looks)


def _filled(x: float, y: float, width: float, height: float) -> SafeString:
    return format_html(
        '<rect class="chart-bar" x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
        number(x), number(y), number(width), number(height), FILL,
    )  # fmt: skip


def _outlined(x: float, y: float, width: float, height: float) -> SafeString:
    # drawn half a unit inside, so that the outline ends where a filled bar would
    return format_html(
        '<rect class="chart-outline" x="{}" y="{}" width="{}" height="{}" fill="none"'
        ' stroke="{}" stroke-width="1"/>',
        number(x + 0.5), number(y + 0.5),
        number(max(width - 1, 0.1)), number(max(height - 1, 0.1)), MUTED,
    )  # fmt: skip


def _hatched(x: float, y: float, width: float, height: float) -> SafeString:
    """A dashed box with slanted lines; a pattern would need an id, so each line is drawn."""
    lines: list[str] = []
    for start in _steps(x - height, x + width, 5):
        left, right = max(start, x), min(start + height, x + width)
        if right > left:
            lines.append(
                f"M{number(left)} {number(y + height - (left - start))}"
                f"L{number(right)} {number(y + height - (right - start))}"
            )
    return format_html(
        '<g class="chart-hatch" fill="none" stroke="{}"><rect x="{}" y="{}" width="{}" height="{}"'
        ' stroke-width="1" stroke-dasharray="3 2"/><path d="{}" stroke-width="0.8"/></g>',
        MUTED,
        number(x),
        number(y),
        number(width),
        number(height),
        "".join(lines),
    )


def _steps(start: float, end: float, step: float) -> Iterable[float]:
    value = start + step
    while value < end:
        yield value
        value += step


def _line(x1: float, y1: float, x2: float, y2: float, *, axis: bool = False) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1"/>',
        "chart-axis" if axis else "chart-grid",
        number(x1), number(y1), number(x2), number(y2), INK if axis else GRID,
    )  # fmt: skip


def _svg(
    parts: Iterable[SafeString], *, title: str, description: str, width: float, height: float
) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="{}" height="{}"'
        ' viewBox="0 0 {} {}"><title>{}</title><desc>{}</desc>{}</svg>',
        number(width),
        number(height),
        number(width),
        number(height),
        clean(title)[:LONGEST_TITLE],
        clean(description),
        join(parts),
    )


def _legend(
    left: float, right: float, labels: tuple[str, str], rows: Sequence[Bar | Column]
) -> tuple[list[SafeString], float]:
    """The key and its height: filled = this period, outlined = the one before, hatched = masked.

    Nothing, and no height, for a chart that shows one period and masks nothing.
    """
    two = any(row.previous is not None for row in rows)
    keys = [(_filled, labels[0]), (_outlined, labels[1])] if two else []
    if _has_masked(rows):
        keys.append((_hatched, "valeur non communiquée"))
    parts: list[SafeString] = []
    x, y = left, 11.0
    for shape, label in keys:
        words = shorten(clean(label), right - left - 19, SMALL_SIZE)
        wide = 19 + text_width(words, SMALL_SIZE)
        if x > left and x + wide > right:
            x, y = left, y + 16
        parts += [shape(x, y - 9, 14, 10), _text(x + 19, y, words, size=SMALL_SIZE, muted=True)]
        x += wide + 14
    return parts, (y + 11 if keys else 0.0)


# --- scales and checks -----------------------------------------------------------------------


def _checked(rows: Iterable[Bar | Column]) -> None:
    """Counts and rates only: a negative or infinite figure is a fault of the caller."""
    for row in rows:
        for value in (row.value, row.previous):
            if value is None or isinstance(value, Masked):
                continue
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"cannot draw {value!r} for {row.label!r}")


def _largest(rows: Iterable[Bar | Column]) -> float:
    told = [
        value
        for row in rows
        for value in (row.value, row.previous)
        if value is not None and not isinstance(value, Masked)
    ]
    return float(max(told, default=0))


def _has_masked(rows: Iterable[Bar | Column]) -> bool:
    return any(isinstance(value, Masked) for row in rows for value in (row.value, row.previous))


def _scale(largest: float, *, most: int = 4) -> list[float]:
    """Round graduations from 0 up to at least the largest value: 0, 10, 20, 30."""
    if largest <= 0:
        return [0.0, 1.0]
    rough = largest / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    # counts have no half: below one, the step would repeat the same whole number
    step = max(step, 1.0) if largest >= 1 else step
    return [step * i for i in range(math.ceil(largest / step - 1e-9) + 1)]


# --- charts ----------------------------------------------------------------------------------


def empty(*, title: str, width: int = 640, message: str = "Aucune donnée") -> SafeString:
    """A figure that says there is nothing to draw, rather than a chart of nothing."""
    height = 72
    frame = format_html(
        '<rect class="chart-grid" x="0.5" y="0.5" width="{}" height="{}" fill="none"'
        ' stroke="{}" stroke-dasharray="4 3"/>',
        number(width - 1), number(height - 1), GRID,
    )  # fmt: skip
    words = _text(
        width / 2,
        height / 2 + 4,
        shorten(clean(message), width - 20, TEXT_SIZE),
        anchor="middle",
        muted=True,
    )
    return _svg([frame, words], title=title, description=message, width=width, height=height)


def bars(
    rows: Sequence[Bar],
    *,
    title: str,
    description: str = "",
    width: int = 640,
    labels: tuple[str, str] = ("période", "période précédente"),
) -> SafeString:
    """Horizontal bars, one a row, in the order given; each carries its value.

    `labels` names the period and the one before in the key, which appears only when needed.
    Raises ValueError on a negative or infinite figure.
    """
    _checked(rows)
    if not rows:
        return empty(title=title, width=width)
    names = [clean(row.label) for row in rows]
    room = min(max(text_width(name, TEXT_SIZE) for name in names), width * 0.4)
    start = room + GAP
    ends = max(text_width(_ending(row), TEXT_SIZE) for row in rows) + 2 * GAP
    unit = max(width - start - ends, 20.0) / (_largest(rows) or 1.0)

    parts, first = _legend(0, width, labels, rows)
    top = first = first or 2.0
    for row, name in zip(rows, names, strict=True):
        lines = wrap(name, room, TEXT_SIZE)
        height = (28.0 if row.previous is not None else 21.0) + 13 * (len(lines) - 1) // 2
        parts += _bar_row(row, lines, start=start, top=top, height=height, unit=unit)
        top += height
    parts.append(_line(start, first, start, top, axis=True))
    return _svg(
        parts,
        title=title,
        description=description or describe(rows),
        width=width,
        height=top + 2,
    )


def _ending(row: Bar) -> str:
    """What is written after a bar: its value, and the note if there is one."""
    return f"{_shown(row.value)} {clean(row.note)}".rstrip()


def _value_and_note(row: Bar) -> str:
    if not row.note:
        return _shown(row.value)
    # a tspan follows the value wherever it ends: its true width depends on the reader's font
    return format_html(
        '{}<tspan class="chart-muted" dx="5" font-size="{}" font-weight="400" fill="{}">{}'
        "</tspan>",
        _shown(row.value),
        number(SMALL_SIZE),
        MUTED,
        clean(row.note),
    )


def _bar_row(
    row: Bar, lines: list[str], *, start: float, top: float, height: float, unit: float
) -> list[SafeString]:
    middle = top + height / 2
    baseline = middle + 4 - 6.5 * (len(lines) - 1)
    parts = [_text(0, baseline + 13 * i, line) for i, line in enumerate(lines)]
    thick = 13.0
    y = middle - thick / 2 if row.previous is None else middle - 10
    end = start + _length(row.value, unit)
    parts += _box(row.value, start, y, _length(row.value, unit), thick)
    parts.append(_text(end + 6, y + 10.5, _value_and_note(row), strong=True))
    if row.previous is not None:
        length = _length(row.previous, unit)
        parts += _box(row.previous, start, y + thick + 1, length, 6, outline=True)
        parts.append(
            _text(start + length + 6, y + thick + 7.5, _shown(row.previous), size=9, muted=True)
        )
    return parts


def _length(value: Value, unit: float) -> float:
    return MASK_LENGTH if isinstance(value, Masked) else value * unit


def _box(
    value: Value, x: float, y: float, width: float, height: float, *, outline: bool = False
) -> list[SafeString]:
    """The shape of a value: nothing for zero, hatched when masked."""
    if isinstance(value, Masked):
        return [_hatched(x, y, width, height)]
    if value == 0:
        return []
    return [(_outlined if outline else _filled)(x, y, max(width, 1.0), max(height, 1.0))]


def columns(
    points: Sequence[Column],
    *,
    title: str,
    description: str = "",
    width: int = 640,
    height: int = 220,
    labels: tuple[str, str] = ("période", "période précédente"),
) -> SafeString:
    """Columns side by side, usually by month, the period before outlined beside each.

    Values are written above the columns as long as they fit; the scale on the left always is.
    Raises ValueError on a negative or infinite figure.
    """
    _checked(points)
    if not points:
        return empty(title=title, width=width)
    parts, top = _legend(0, width, labels, points)
    top = top + 14
    ticks = _scale(_largest(points))
    parts += _column_area(points, ticks, x=0, top=top, width=width, height=height - top)
    return _svg(
        parts,
        title=title,
        description=description or describe(points),
        width=width,
        height=height,
    )


def small_multiples(
    panels: Sequence[Panel],
    *,
    title: str,
    description: str = "",
    width: int = 640,
    across: int = 3,
    height: int = 120,
) -> SafeString:
    """Several small column charts on one scale, so that they can be compared at a glance.

    `height` is that of one panel. Raises ValueError on a negative or infinite figure.
    """
    drawn = [panel for panel in panels if panel.columns]
    every = [point for panel in drawn for point in panel.columns]
    _checked(every)
    if not every:
        return empty(title=title, width=width)
    ticks = _scale(_largest(every), most=2)
    gutter = 18.0
    each = (width - gutter * (across - 1)) / across
    parts: list[SafeString] = []
    for index, panel in enumerate(drawn):
        x = (each + gutter) * (index % across)
        y = (height + gutter) * (index // across)
        name = shorten(clean(panel.title), each, TEXT_SIZE)
        parts.append(_text(x, y + 12, name, strong=True))
        parts += _column_area(
            panel.columns, ticks, x=x, top=y + 30, width=each, height=height - 30
        )
    rows = -(-len(drawn) // across)
    told = ". ".join(f"{clean(p.title)}\u00a0: {describe(p.columns)[:-1]}" for p in drawn)
    return _svg(
        parts,
        title=title,
        description=description or f"{told}.",
        width=width,
        height=rows * height + (rows - 1) * gutter,
    )


def _column_area(
    points: Sequence[Column],
    ticks: list[float],
    *,
    x: float,
    top: float,
    width: float,
    height: float,
) -> list[SafeString]:
    """Scale, columns and month names of one chart in the box given; `top` is the highest value."""
    grouped = any(point.group for point in points)
    bottom = top + height - (32 if grouped else 18)
    unit = (bottom - top) / ticks[-1]
    margin = max(text_width(_shown(tick), SMALL_SIZE) for tick in ticks) + 6
    left = x + margin
    parts: list[SafeString] = []
    for tick in ticks:
        y = bottom - tick * unit
        parts.append(_line(left, y, x + width, y, axis=tick == 0))
        parts.append(
            _text(left - 6, y + 3.5, _shown(tick), anchor="end", size=SMALL_SIZE, muted=True)
        )
    slot = (x + width - left) / len(points)
    names = [clean(point.label) for point in points]
    size = _fitting(names, slot - 2)
    every = 1 if size else -(-int(_widest(names, LEAST_SIZE) + 6) // max(int(slot), 1))
    shown_group = ""
    for index, (point, name) in enumerate(zip(points, names, strict=True)):
        middle = left + slot * (index + 0.5)
        parts += _column(
            point, middle, bottom, slot=slot, unit=unit, size=_value_size(points, slot)
        )
        if index % every == 0:
            parts.append(
                _text(middle, bottom + 13, name, anchor="middle", size=size or LEAST_SIZE)
            )
        if point.group and point.group != shown_group:
            shown_group = point.group
            parts.append(
                _text(
                    middle - slot / 2 + 2,
                    bottom + 27,
                    shorten(clean(point.group), x + width - middle + slot / 2, SMALL_SIZE),
                    size=SMALL_SIZE,
                    muted=True,
                )
            )
    return parts


def _column(
    point: Column, middle: float, bottom: float, *, slot: float, unit: float, size: float
) -> list[SafeString]:
    """One month: the value, and the one before it outlined on its left, in order of time."""
    thick = min(slot * (0.62 if point.previous is None else 0.4), 44.0)
    parts: list[SafeString] = []
    pairs = [(point.value, middle - thick / 2, False)]
    if point.previous is not None:
        pairs = [(point.previous, middle - thick, True), (point.value, middle, False)]
    for value, x, before in pairs:
        tall = 14.0 if isinstance(value, Masked) else value * unit
        parts += _box(value, x, bottom - tall, thick - 1, tall, outline=before)
        if size:
            words = _shown(value)
            parts.append(
                _text(
                    x + thick / 2 - 0.5,
                    bottom - tall - 4,
                    words,
                    anchor="middle",
                    size=size,
                    strong=not before,
                    muted=before,
                )
            )
    return parts


def _value_size(points: Sequence[Column], slot: float) -> float:
    """Size of the values above the columns, 0 when they would run into each other."""
    two = any(point.previous is not None for point in points)
    told = [_shown(v) for p in points for v in (p.value, p.previous) if v is not None]
    return _fitting(told, slot * (0.42 if two else 0.95))


def _fitting(texts: list[str], room: float) -> float:
    """The largest size at which every text fits the room, 0 when none does."""
    widest = _widest(texts, 1)
    size = min(SMALL_SIZE, room / widest if widest else SMALL_SIZE)
    return size if size >= LEAST_SIZE else 0


def _widest(texts: list[str], size: float) -> float:
    return max(text_width(text, size) for text in texts)
