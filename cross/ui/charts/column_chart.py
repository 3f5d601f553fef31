"""Columns side by side, usually by month."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from cross.ui.charts.figures import (
    Column,
    Masked,
    check_figures,
    describe,
    largest,
    scale,
    shown,
)
from cross.ui.charts.shapes import SMALL_SIZE, box, chart_text, empty, legend, line, svg
from cross.ui.lettering import clean, shorten, text_width

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
    parts += _column_area(points, ticks, top=top, width=width, height=height - top)
    return svg(
        parts,
        title=title,
        description=description or describe(points),
        width=width,
        height=height,
    )


def _column_area(
    points: Sequence[Column],
    ticks: list[float],
    *,
    top: float,
    width: float,
    height: float,
) -> list[SafeString]:
    """Scale, columns and month names of one chart in the box given; `top` is the highest value."""
    grouped = any(point.group for point in points)
    bottom = top + height - (32 if grouped else 18)
    unit = (bottom - top) / ticks[-1]
    margin = max(text_width(shown(tick), SMALL_SIZE) for tick in ticks) + 6
    left = margin
    parts: list[SafeString] = []
    for tick in ticks:
        y = bottom - tick * unit
        parts.append(line(left, y, width, y, axis=tick == 0))
        parts.append(
            chart_text(left - 6, y + 3.5, shown(tick), anchor="end", size=SMALL_SIZE, muted=True)
        )
    slot = (width - left) / len(points)
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
                    shorten(clean(point.group), width - middle + slot / 2, SMALL_SIZE),
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
