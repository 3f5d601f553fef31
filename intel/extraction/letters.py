"""Letters as one compares them: without case, accent or typography, and of unchanged length."""

import re
import unicodedata
from functools import lru_cache

TYPOGRAPHY = {
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'",
    "“": '"', "”": '"', "«": '"', "»": '"', "„": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\n": " ", "\r": " ",
}  # fmt: skip
TOKEN = re.compile(r"[^\W_]+")


@lru_cache(maxsize=4096)
def _bare(char: str) -> str:
    char = TYPOGRAPHY.get(char, char)
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


def fold(text: str) -> str:
    """``text`` in lower case, without accents, plain quotes and dashes, same length as given.

    Length is kept so that a position found in the folded text is a position in the original;
    hence *œ* stays one letter and a line break becomes one space.
    """
    return "".join(map(_bare, text))


def tokens(text: str) -> list[str]:
    """The folded words of ``text``; *œ* and *æ* opened, for comparing and not for positions."""
    return TOKEN.findall(fold(text).replace("œ", "oe").replace("æ", "ae"))
