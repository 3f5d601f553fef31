"""What stands about a map: its key, its scale bar, its warning and its source."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from cross.ui.charts import french_number
from cross.ui.lettering import text_width, wrap
from cross.ui.map_shapes import FINE
from cross.ui.maps.classes import round_numbers
from cross.ui.maps.ground import hatch
from cross.ui.maps.looks import MARGIN, NONE, PAPER, SMALL_SIZE
from cross.ui.maps.sheet import GUTTER, SIDE, Entry, Sheet
from cross.ui.svg import INK, MUTED, TEXT_SIZE, join, number, text

SWATCH = 84
SWATCH_HEIGHT = 14
WIDE_SWATCH = 150
APART = 18


def key(sheet: Sheet) -> tuple[SafeString, float]:
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
    said, height = notes(sheet, end)
    return join([*parts, *said]), height


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
        map_text(MARGIN, top, sheet.wording.legend, strong=True),
        scale_bar(sheet, sheet.width - MARGIN, top - 4, anchor="end"),
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
        parts.append(map_text(x, y, line, strong=True))
        y += 16
    for entry in sheet.entries:
        y += 10 if entry.dashes is not None else 0
        parts.append(_swatch(entry, x, y, 26))
        words, baseline = _entry_words(entry, x + 34, y + 11, SIDE - 34 - MARGIN)
        parts += words
        y = baseline + 8
    parts.append(scale_bar(sheet, x, y + 30, anchor="start"))
    return parts, y + 42


def _entry_words(entry: Entry, x: float, y: float, room: float) -> tuple[list[SafeString], float]:
    """What a class holds, and under it how many communes; the last baseline."""
    parts = []
    for line in wrap(entry.label, room, SMALL_SIZE):
        parts.append(map_text(x, y, line, size=SMALL_SIZE))
        y += 13
    parts.append(map_text(x, y, communes_count(entry.count), size=SMALL_SIZE, muted=True))
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
        box, number(x), number(y), 1 / FINE, hatch([rectangle], entry.dashes),
    )  # fmt: skip


def scale_bar(sheet: Sheet, x: float, y: float, *, anchor: str) -> SafeString:
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
        map_text(x, y, words, anchor=anchor, size=SMALL_SIZE),
    )  # fmt: skip


def round_length(metres: float) -> int:
    """The largest of 1, 2, 5, 10… that is not longer; in metres, at least 1."""
    return max(round_numbers(max(int(metres), 1)))


def notes(sheet: Sheet, bottom: float) -> tuple[list[SafeString], float]:
    parts = []
    y = bottom + 10
    for words in (sheet.wording.note, sheet.wording.source):
        for line in wrap(words, sheet.width - 2 * MARGIN, SMALL_SIZE, most=3) if words else ():
            y += 15
            parts.append(map_text(MARGIN, y, line, size=SMALL_SIZE, muted=True))
    return parts, y + MARGIN


def communes_count(number: int) -> str:
    return f"{french_number(number)} commune{'s' if number > 1 else ''}"


def map_text(x: float, y: float, words: str, **looks) -> SafeString:
    return text(x, y, words, prefix="map", **looks)
