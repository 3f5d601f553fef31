"""Neighbourhoods in running French text, by the names that the reference data give them.

"au Saut le Cerf", "quartier Bitola" (of Bitola – Champbeauvert). A name that is also a word
("la Justice", "la Vierge") is one only beside "quartier", "cité"…, or after "aux", "au".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from intel.extraction.communes import ARTICLES, FALSE_START, GLUE
from intel.extraction.findings import Finding
from intel.extraction.letters import TOKEN, fold, tokens
from intel.extraction.words import ORDINARY

KIND = "neighbourhood"

CUE = re.compile(
    r"\b(?:quartiers?|cites?|secteur|zup|grand ensemble|qpv|habite|dalle|barres?|tours?)"
    r"(?: (?:de la|de l'|du|des|de|d'|le|la|les|l'))? ?$"
)
WITHIN = re.compile(r"(?<![\w'])(?:a|a la|a l'|aux?|dans le|dans la|dans les|vers|sur) ?$")
AT = re.compile(r"(?<![\w'])(?:a|aux?) $")
GENERIC = frozenset({"justice", "provinces", "plateau", "quartier", "colline", "gare"})
LEAST = 4  # letters: shorter names are read with their cue only


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One neighbourhood as the reference data know it; ``id`` is its key, as text."""

    id: str
    name: str
    commune: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.commune})"


def names_of(name: str) -> Iterator[tuple[str, ...]]:
    """The ways of writing a name: "Bitola – Champbeauvert" is also either half."""
    parts = [name, *re.split(r" [-–—/] | ?/ ?", name)]
    for part in dict.fromkeys(parts):
        words = tuple(tokens(part))
        yield words
        if len(words) > 1 and words[0] in ARTICLES:
            yield words[1:]


class Neighbourhoods:
    """Names of neighbourhoods, from rows (key, name, name of the commune)."""

    def __init__(self, rows: Iterable[tuple[int, str, str]] = ()) -> None:
        self._named: dict[tuple[str, ...], dict[str, Neighbourhood]] = defaultdict(dict)
        self._longest: dict[str, int] = {}
        for key, name, commune in rows:
            for words in names_of(name):
                if words:
                    self._named[words][str(key)] = Neighbourhood(str(key), name, commune)
                    longest = max(self._longest.get(words[0], 0), len(words))
                    self._longest[words[0]] = longest

    def longest_from(self, word: str) -> int:
        return self._longest.get(word, 0)

    def named(self, words: tuple[str, ...]) -> list[Neighbourhood]:
        return list(self._named[words].values()) if words in self._named else []


def _is_ordinary(words: tuple[str, ...]) -> bool:
    bare = [word for word in words if word not in ARTICLES]
    return all(word in ORDINARY or word in GENERIC or len(word) < LEAST for word in bare)


def _is_a_name(text: str, folded: str, words: tuple[str, ...], start: int, end: int) -> bool:
    """ "aux Provinces", "À la Justice", "Les Provinces, tour 2": with its article and capital."""
    if not text[start:end].rsplit(maxsplit=1)[-1][0].isupper():
        return False
    if before := AT.search(folded[max(0, start - 4) : start]):
        return words[0] in ARTICLES or before[0] != "a "
    alone = not text[:start].strip() or text[:start].rstrip()[-1] in ".!?\n"
    return alone and words[0] in ARTICLES and text[end : end + 1] in {",", ":"}


def _is_believable(text: str, folded: str, words: tuple[str, ...], start: int, end: int) -> bool:
    before = folded[max(0, start - 30) : start]
    if CUE.search(before):
        return True
    if FALSE_START.search(before):
        return False
    capital = any(char.isupper() for char in text[start:end])
    if _is_ordinary(words):
        return capital and not text.isupper() and _is_a_name(text, folded, words, start, end)
    return capital or bool(WITHIN.search(before)) or len(words) > 2


def _is_one_name(folded: str, group: list[re.Match[str]]) -> bool:
    return all(
        GLUE.fullmatch(folded, before.end(), after.start()) for before, after in pairwise(group)
    )


def find_neighbourhoods(
    text: str, known: Neighbourhoods, communes: Iterable[Finding]
) -> list[Finding]:
    """Neighbourhoods named in ``text``; ``value`` is the key, ``label`` name and commune.

    Where several communes have one of that name, ``communes``, found in the text, settle it.
    """
    folded = fold(text)
    words = list(TOKEN.finditer(folded))
    named = {found.label for found in communes}
    found = []
    place = 0
    while place < len(words):
        step = 1
        longest = known.longest_from(words[place][0])
        for size in range(min(longest, len(words) - place), 0, -1):
            group = words[place : place + size]
            start, end = group[0].start(), group[-1].end()
            key = tuple(word[0].replace("œ", "oe") for word in group)
            candidates = known.named(key) if _is_one_name(folded, group) else []
            if candidates and _is_believable(text, folded, key, start, end):
                meant = [each for each in candidates if each.commune in named] or candidates
                found.append(
                    Finding(
                        start, end, KIND, meant[0].id, text[start:end], meant[0].label,
                        certain=len(meant) == 1 and not _is_ordinary(key),
                    )
                )  # fmt: skip
                step = size
                break
        place += step
    return found
