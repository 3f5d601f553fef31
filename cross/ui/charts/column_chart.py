"""Columns side by side, usually by month: one chart, or several small ones on one scale."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from cross.ui.charts.figures import (
    Column,
    Masked,
    Panel,
    check_figures,
    describe,
    largest,
    scale,
    shown,
)
from cross.ui.charts.shapes import SMALL_SIZE, box, chart_text, empty, legend, line, svg
from cross.ui.lettering import clean, shorten, text_width
from cross.ui.svg import TEXT_SIZE

LEAST_SIZE = 8


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
    check_figures(points)
    if not points:
        return empty(title=title, width=width)
    parts, top = legend(0, width, labels, points)
    top = top + 14
    ticks = scale(largest(points))
    parts += _column_area(points, ticks, x=0, top=top, width=width, height=height - top)
    return svg(
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
    check_figures(every)
    if not every:
        return empty(title=title, width=width)
    ticks = scale(largest(every), most=2)
    gutter = 18.0
    each = (width - gutter * (across - 1)) / across
    parts: list[SafeString] = []
    for index, panel in enumerate(drawn):
        x = (each + gutter) * (index % across)
        y = (height + gutter) * (index // across)
        name = shorten(clean(panel.title), each, TEXT_SIZE)
        parts.append(chart_text(x, y + 12, name, strong=True))
        parts += _column_area(
            panel.columns, ticks, x=x, top=y + 30, width=each, height=height - 30
        )
    rows = -(-len(drawn) // across)
    told = ". ".join(f"{clean(p.title)}\u00a0: {describe(p.columns)[:-1]}" for p in drawn)
    return svg(
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
    margin = max(text_width(shown(tick), SMALL_SIZE) for tick in ticks) + 6
    left = x + margin
    parts: list[SafeString] = []
    for tick in ticks:
        y = bottom - tick * unit
        parts.append(line(left, y, x + width, y, axis=tick == 0))
        parts.append(
            chart_text(left - 6, y + 3.5, shown(tick), anchor="end", size=SMALL_SIZE, muted=True)
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
                chart_text(middle, bottom + 13, name, anchor="middle", size=size or LEAST_SIZE)
            )
        if point.group and point.group != shown_group:
            shown_group = point.group
            parts.append(
                chart_text(
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
        partial = point.is_partial and not before
        parts += box(value, x, bottom - tall, thick - 1, tall, outline=before, hatched=partial)
        if size:
            words = shown(value)
            parts.append(
                chart_text(
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
    told = [shown(v) for p in points for v in (p.value, p.previous) if v is not None]
    return _fitting(told, slot * (0.42 if two else 0.95))


def _fitting(texts: list[str], room: float) -> float:
    """The largest size at which every text fits the room, 0 when none does."""
    widest = _widest(texts, 1)
    size = min(SMALL_SIZE, room / widest if widest else SMALL_SIZE)
    return size if size >= LEAST_SIZE else 0


def _widest(texts: list[str], size: float) -> float:
    return max(text_width(text, size) for text in texts)
