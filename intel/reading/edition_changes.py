"""What moved between two briefs: the words of each section side by side, word for word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from cross.printing.words import plain
from intel.reading.edition_words import UNITS, fields_of

KEPT, ADDED, REMOVED = "kept", "added", "removed"
LONGEST_KEPT = 30  # words told around a change, on each side of it
GAP = "[…]"


@dataclass(frozen=True)
class Piece:
    kind: str
    words: str


@dataclass(frozen=True)
class WordsChange:
    """A section whose words are not those of the note before, in pieces kept, added, removed."""

    label: str
    pieces: tuple


def words_changes(former, edition):
    """Each section or axis whose words moved, in the order of the pages."""
    before, after = fields_of(former), fields_of(edition)
    for label, names in UNITS.values():
        old, new = (_joined(fields, names) for fields in (before, after))
        if old != new:
            yield WordsChange(label, tuple(_pieces(old, new)))


def _joined(fields, names):
    return "\n".join(text for name in names if (text := plain(fields[name])))


def _pieces(old, new):
    """Word for word, blanks with the word before them; what did not move is cut short."""
    a, b = (re.findall(r"\S+\s*", text) for text in (old, new))
    for move, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if move == "equal":
            yield Piece(KEPT, _shortened(a[a1:a2], starts=a1 == 0, ends=a2 == len(a)))
            continue
        if a2 > a1:
            yield Piece(REMOVED, "".join(a[a1:a2]))
        if b2 > b1:
            yield Piece(ADDED, "".join(b[b1:b2]))


def _shortened(words, *, starts, ends):
    if len(words) <= 2 * LONGEST_KEPT:
        return "".join(words)
    head = [] if starts else words[:LONGEST_KEPT]
    tail = [] if ends else words[-LONGEST_KEPT:]
    return "".join((*head, f"{GAP} ", *tail))
