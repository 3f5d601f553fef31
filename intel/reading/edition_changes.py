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
    """Word for word; what did not move is cut short.

    Blanks go with the word before them and are not compared, or the last word of a sentence that
    goes on would be told as removed, then added. No mark begins or ends with one.
    """
    a, b = (re.findall(r"\S+\s*", text) for text in (old, new))
    by_word = [[token.rstrip() for token in tokens] for tokens in (a, b)]
    if by_word[0] == by_word[1]:
        # Lines alone moved: those blanks are the change.
        by_word = [a, b]
    for move, a1, a2, b1, b2 in SequenceMatcher(None, *by_word, autojunk=False).get_opcodes():
        if move == "equal":
            # With what followed the last word, when the text went on before and ends there now.
            last = b[b2 - 1] if b[b2 - 1][-1].isspace() else a[a2 - 1]
            kept = [*b[b1 : b2 - 1], last]
            yield Piece(KEPT, _shortened(kept, starts=a1 == 0, ends=a2 == len(a)))
            continue
        if a2 > a1:
            yield from _marked(REMOVED, a[a1:a2], then=" " if b2 > b1 else None)
        if b2 > b1:
            yield from _marked(ADDED, b[b1:b2])


def _marked(kind, tokens, then=None):
    """The words, then what separates them from what follows: their own blank unless said."""
    text = "".join(tokens)
    words = text.rstrip()
    yield Piece(kind, words)
    if blank := text[len(words) :] if then is None else then:
        yield Piece(KEPT, blank)


def _shortened(words, *, starts, ends):
    if len(words) <= 2 * LONGEST_KEPT:
        return "".join(words)
    head = [] if starts else words[:LONGEST_KEPT]
    tail = [] if ends else words[-LONGEST_KEPT:]
    return "".join((*head, f"{GAP} ", *tail))
