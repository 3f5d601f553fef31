"""Horizontal bars, one a row."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.charts.figures import Bar, Masked, Value, check_figures, describe, largest, shown
from cross.ui.charts.shapes import SMALL_SIZE, box, chart_text, empty, legend, line, svg
from cross.ui.lettering import clean, text_width, wrap
from cross.ui.svg import MUTED, TEXT_SIZE, number

GAP = 8
MASK_LENGTH = 26


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
    check_figures(rows)
    if not rows:
        return empty(title=title, width=width)
    names = [clean(row.label) for row in rows]
    room = min(max(text_width(name, TEXT_SIZE) for name in names), width * 0.4)
    start = room + GAP
    ends = max(text_width(_ending(row), TEXT_SIZE) for row in rows) + 2 * GAP
    unit = max(width - start - ends, 20.0) / (largest(rows) or 1.0)

    parts, first = legend(0, width, labels, rows)
    top = first = first or 2.0
    for row, name in zip(rows, names, strict=True):
        lines = wrap(name, room, TEXT_SIZE)
        height = (28.0 if row.previous is not None else 21.0) + 13 * (len(lines) - 1) // 2
        parts += _bar_row(row, lines, start=start, top=top, height=height, unit=unit)
        top += height
    parts.append(line(start, first, start, top, axis=True))
    return svg(
        parts,
        title=title,
        description=description or describe(rows),
        width=width,
        height=top + 2,
    )


def _ending(row: Bar) -> str:
    """What is written after a bar: its value, and the note if there is one."""
    return f"{shown(row.value)} {clean(row.note)}".rstrip()


def _value_and_note(row: Bar) -> str:
    if not row.note:
        return shown(row.value)
    # a tspan follows the value wherever it ends: its true width depends on the reader's font
    return format_html(
        '{}<tspan class="chart-muted" dx="5" font-size="{}" font-weight="400" fill="{}">{}'
        "</tspan>",
        shown(row.value),
        number(SMALL_SIZE),
        MUTED,
        clean(row.note),
    )


def _bar_row(
    row: Bar, lines: list[str], *, start: float, top: float, height: float, unit: float
) -> list[SafeString]:
    middle = top + height / 2
    baseline = middle + 4 - 6.5 * (len(lines) - 1)
    parts = [chart_text(0, baseline + 13 * i, line) for i, line in enumerate(lines)]
    thick = 13.0
    y = middle - thick / 2 if row.previous is None else middle - 10
    end = start + _length(row.value, unit)
    parts += box(row.value, start, y, _length(row.value, unit), thick)
    parts.append(chart_text(end + 6, y + 10.5, _value_and_note(row), strong=True))
    if row.previous is not None:
        length = _length(row.previous, unit)
        parts += box(row.previous, start, y + thick + 1, length, 6, outline=True)
        parts.append(
            chart_text(
                start + length + 6, y + thick + 7.5, shown(row.previous), size=9, muted=True
            )
        )
    return parts


def _length(value: Value, unit: float) -> float:
    return MASK_LENGTH if isinstance(value, Masked) else value * unit
