"""What charts and maps draw alike: words, coordinates, parts put together."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

INK = "#1d2433"
MUTED = "#565d6b"
# User units: at the width of a text column in print, 12 units are about 9 points.
TEXT_SIZE = 12


def number(value: float) -> str:
    """A coordinate: one decimal at most, no exponent, no "-0"."""
    digits = f"{value:.1f}".removesuffix(".0")
    return "0" if digits == "-0" else digits


def text(
    x: float,
    y: float,
    words: str,
    *,
    prefix: str,
    anchor: str = "start",
    size: float = TEXT_SIZE,
    strong: bool = False,
    muted: bool = False,
) -> SafeString:
    """Words at a place; `prefix` begins the class ("chart-text"), the attribute has the colour."""
    return format_html(
        '<text class="{}-{}" x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}"'
        ' text-anchor="{}">{}</text>',
        prefix,
        "muted" if muted else "text",
        number(x),
        number(y),
        number(size),
        "600" if strong else "400",
        MUTED if muted else INK,
        anchor,
        words,
    )


def join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
