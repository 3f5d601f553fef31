"""The words of a document: from what people type to what the typesetter can print.

Nothing here is markup for the typesetter: text goes to it as data. What is done is to keep only
characters that the shipped font can draw (a missing glyph would break PDF/A), to put the French
no-break spaces, and to read the three marks that people may type.
"""

import re
import struct
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from cross.printing.content import Bullets, Paragraph, Run, Subtitle, Words
from cross.ui.templatetags.words import MONTHS

FONTS = Path(__file__).with_name("fonts")
FONT_FAMILY = "Source Sans Pro"

# Shown in place of what the font cannot draw (an emoji, another script): visible, never silent.
UNKNOWN = "[?]"
ZERO_WIDTH_SPACE = "\u200b"
# a run longer than this has no natural break: it would run out of its column
LONGEST_RUN = 24

_SPACES = {"\u00a0": "\u00a0", "\u202f": "\u202f", "\u2007": "\u00a0"}
_LOOKALIKES = {"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u02bc": "’"}


@cache
def drawable() -> frozenset[int]:
    """Code points that every face of the shipped family can draw."""
    return frozenset.intersection(*(_code_points(path) for path in sorted(FONTS.glob("*.otf"))))


def _code_points(path: Path) -> frozenset[int]:
    """Code points of an OpenType font, read from its `cmap` table (format 12, OpenType 1.9)."""
    font = path.read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4s4xL", font, 12 + 16 * i) for i in range(tables))
    cmap = next(offset for tag, offset in entries if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    for i in range(subtables):
        start = cmap + struct.unpack_from(">4xL", font, cmap + 4 + 8 * i)[0]
        (form,) = struct.unpack_from(">H", font, start)
        if form == 12:
            (groups,) = struct.unpack_from(">L", font, start + 12)
            spans = (struct.unpack_from(">LL", font, start + 16 + 12 * g) for g in range(groups))
            return frozenset(code for first, last in spans for code in range(first, last + 1))
    raise ValueError(f"{path.name} has no format 12 character map")


def printable(text: str) -> str:
    """The text on one line, with drawable characters only.

    Control and direction characters are dropped, look-alikes replaced, the rest is shown as
    "[?]". Long words get places to break, so that none leaves its column. Spaces at the ends stay,
    one at most: they part two runs of a line.
    """
    kept = "".join(_drawn(char) for char in unicodedata.normalize("NFC", text))
    kept = re.sub(rf"(?:{re.escape(UNKNOWN)})+", UNKNOWN, kept)
    return _breakable(re.sub(r" {2,}", " ", kept))


def _drawn(char: str) -> str:
    if char.isspace():
        return _SPACES.get(char, " ")
    char = _LOOKALIKES.get(char, char)
    if char == "\u00ad" or ord(char) in drawable():
        return char
    # Cc control, Cf format: direction marks, joiners; Mn: the rest of a composed emoji
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Mn", "Me"} else UNKNOWN


def _breakable(text: str) -> str:
    return re.sub(
        rf"[^\s{ZERO_WIDTH_SPACE}-]{{{LONGEST_RUN}}}(?=[^\s-])",
        lambda run: run.group() + ZERO_WIDTH_SPACE,
        text,
    )


# --- French typography -----------------------------------------------------------------------

_RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"« ?"), "«\u00a0"),
    (re.compile(r" ?»"), "\u00a0»"),
    (re.compile(r" (?=[;!?])"), "\u202f"),
    (re.compile(r" (?=[:%€])"), "\u00a0"),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), "\u202f"),
    (re.compile(r"\b([Nn]°|M\.|Mme) "), "\\1\u00a0"),
    (re.compile(rf"(?<=\d) (?=(?:{'|'.join(MONTHS)}|h)\b)"), "\u00a0"),
    (re.compile(r"(?<=\u00a0h) (?=\d\d\b)"), "\u00a0"),
    (re.compile(r"(\der?) (?=(?:tri|se)mestre\b)"), "\\1\u00a0"),
)


def typographic(text: str) -> str:
    """French no-break spaces, apostrophes and ellipsis; no sign is added or removed otherwise."""
    for rule, replacement in _RULES:
        text = rule.sub(replacement, text)
    return text


def prose(text: str) -> str:
    """A text of ours or of somebody, as it is printed."""
    return printable(typographic(text)).strip(" ")


def one_line(words: str, most: int = 44) -> str:
    """Cut for the head and foot of the pages, where a second line would push the text away."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def french_instant(instant: datetime) -> str:
    """1er mars 2026 à 9 h 05, in the time zone of the instant."""
    day = "1er" if instant.day == 1 else str(instant.day)
    month = MONTHS[instant.month - 1]
    return f"{day} {month} {instant.year} à {instant.hour} h {instant.minute:02}"


# --- what people type ------------------------------------------------------------------------

_BULLET = re.compile(r"^\s*[-•*–]\s+(?=\S)")
_SUBTITLE = re.compile(r"^\s*##\s+(?=\S)")


def read_words(text: str) -> tuple[Words, ...]:
    """Blocks of a typed text; what has no meaning here is taken as it is.

    A blank line parts paragraphs, "- " starts an item, "## " a subtitle, ** surrounds bold words.
    """
    return tuple(_blocks(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def plain(text: str) -> str:
    """A typed text as it is read: one line a block or an item, without the marks of typing."""
    return "\n".join(_plain_lines(read_words(text)))


def _plain_lines(blocks: tuple[Words, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Bullets):
            yield from (f"• {''.join(run.words for run in item)}" for item in block.items)
        elif isinstance(block, Subtitle):
            yield block.words
        else:
            yield "".join(run.words for run in block.runs)


def _blocks(lines: list[str]) -> Iterator[Words]:
    paragraph: list[str] = []
    items: list[str] = []

    def close() -> Iterator[Words]:
        if paragraph:
            yield Paragraph(_runs(" ".join(paragraph)))
        if items:
            yield Bullets(tuple(_runs(item) for item in items))
        paragraph.clear()
        items.clear()

    for line in lines:
        if bullet := _BULLET.match(line):
            if paragraph:
                yield from close()
            items.append(line[bullet.end() :].strip())
        elif subtitle := _SUBTITLE.match(line):
            yield from close()
            yield Subtitle(line[subtitle.end() :].strip())
        elif not line.strip():
            yield from close()
        elif items:
            # a line that follows an item without a blank line belongs to it
            items[-1] += " " + line.strip()
        else:
            paragraph.append(line.strip())
    yield from close()


def _runs(line: str) -> tuple[Run, ...]:
    """Runs of a line; a ** that is never closed stays two stars."""
    parts = re.split(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", line)
    return tuple(Run(words, bold=i % 2 == 1) for i, words in enumerate(parts) if words)
