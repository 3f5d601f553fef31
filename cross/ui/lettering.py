"""The words of a drawing: cleaned, measured, cut and wrapped, without any font at hand."""

import unicodedata
from collections.abc import Iterable

NO_BREAK_SPACES = "\u00a0\u202f"


def clean(words: str) -> str:
    """Text that XML accepts, on one line; direction marks would reorder a label: dropped."""
    kept = "".join(_kept(char) for char in str(words))
    return " ".join(piece for piece in kept.split(" ") if piece)


def _kept(char: str) -> str:
    if char.isspace():
        return char if char in NO_BREAK_SPACES else " "
    # Cc control, Cf format (direction marks, zero widths), Cs half surrogates, Co private, Cn none
    return "" if unicodedata.category(char).startswith("C") else char


# Widths in ems of a rather wide sans serif: an estimate that errs on the safe side.
_NARROW = frozenset("ijlIJ.,:;'’!|()[]{}` \u00a0\u202f-ïîìí")
_MEDIUM = frozenset('frts/\\"*°ª')
_WIDE = frozenset("mwMWœŒæÆ%@ŵ…—")


def text_width(words: str, size: float) -> float:
    """Estimated width of a text in user units, without any font at hand."""
    return size * sum(_em(char) for char in words)


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.32
    if char in _MEDIUM:
        return 0.45
    if char in _WIDE or unicodedata.east_asian_width(char) in "WF":
        return 1.02
    return 0.78 if char.isupper() else 0.63


def shorten(words: str, room: float, size: float) -> str:
    """Cut a text to the room it has; the cut is shown by an ellipsis."""
    if text_width(words, size) <= room:
        return words
    kept = words
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip(" -–,;:'’") + "…"


def wrap(words: str, room: float, size: float, *, most: int = 2) -> list[str]:
    """Lines of a label, broken after spaces and hyphens; the last line is shortened if need be."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(words):
        if line and text_width((line + piece).rstrip(), size) > room and len(lines) < most - 1:
            lines.append(line.rstrip())
            line = piece
        else:
            line += piece
    return [shorten(each, room, size) for each in [*lines, line.rstrip()] if each] or [""]


def _pieces(words: str) -> Iterable[str]:
    piece = ""
    for char in words:
        piece += char
        if char in " -":
            yield piece
            piece = ""
    yield piece
