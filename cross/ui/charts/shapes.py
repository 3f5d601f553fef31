"""The shapes of a chart, its key, its frame; and the figure that says there is nothing to draw."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.charts.figures import Bar, Column, Masked, Value, has_masked
from cross.ui.lettering import clean, shorten, text_width
from cross.ui.svg import INK, MUTED, TEXT_SIZE, join, number, text

FILL = "#24407a"
GRID = "#d3d7de"

# Sizes in user units; at the width of a text column in print, 12 units are about 9 points.
SMALL_SIZE = 10.5
LONGEST_TITLE = 200


def chart_text(x: float, y: float, words: str, **looks) -> SafeString:
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


def line(x1: float, y1: float, x2: float, y2: float, *, axis: bool = False) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1"/>',
        "chart-axis" if axis else "chart-grid",
        number(x1), number(y1), number(x2), number(y2), INK if axis else GRID,
    )  # fmt: skip


def svg(
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


def legend(
    left: float, right: float, labels: tuple[str, str], rows: Sequence[Bar | Column]
) -> tuple[list[SafeString], float]:
    """The key and its height: filled = this period, outlined = the one before, hatched = masked,
    or still to be completed.

    Nothing, and no height, for a chart that shows one period and masks nothing.
    """
    two = any(row.previous is not None for row in rows)
    keys = [(_filled, labels[0]), (_outlined, labels[1])] if two else []
    if has_masked(rows):
        keys.append((_hatched, "valeur non communiquée"))
    if any(isinstance(row, Column) and row.is_partial for row in rows):
        keys += [(_filled, "chiffres consolidés"), (_hatched, "chiffres provisoires")]
    parts: list[SafeString] = []
    x, y = left, 11.0
    for shape, label in keys:
        words = shorten(clean(label), right - left - 19, SMALL_SIZE)
        wide = 19 + text_width(words, SMALL_SIZE)
        if x > left and x + wide > right:
            x, y = left, y + 16
        parts += [
            shape(x, y - 9, 14, 10),
            chart_text(x + 19, y, words, size=SMALL_SIZE, muted=True),
        ]
        x += wide + 14
    return parts, (y + 11 if keys else 0.0)


def empty(*, title: str, width: int = 640, message: str = "Aucune donnée") -> SafeString:
    """A figure that says there is nothing to draw, rather than a chart of nothing."""
    height = 72
    frame = format_html(
        '<rect class="chart-grid" x="0.5" y="0.5" width="{}" height="{}" fill="none"'
        ' stroke="{}" stroke-dasharray="4 3"/>',
        number(width - 1), number(height - 1), GRID,
    )  # fmt: skip
    words = chart_text(
        width / 2,
        height / 2 + 4,
        shorten(clean(message), width - 20, TEXT_SIZE),
        anchor="middle",
        muted=True,
    )
    return svg([frame, words], title=title, description=message, width=width, height=height)


def box(
    value: Value,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    outline: bool = False,
    hatched: bool = False,
) -> list[SafeString]:
    """The shape of a value: nothing for zero, hatched when masked or still to be completed."""
    if isinstance(value, Masked):
        return [_hatched(x, y, width, height)]
    if value == 0:
        return []
    if hatched:
        return [_hatched(x, y, width, height)]
    return [(_outlined if outline else _filled)(x, y, max(width, 1.0), max(height, 1.0))]
