"""Communes in running French text and in cells, as people write them.

"St Dié", "Saint-Dié des Vosges", "au Thillot", "epinal", "Rambervilliers". The longest name
wins; names that are also ordinary words ask for more context; near misses are proposed only
where a place is expected, and marked as uncertain.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intel.extraction.findings import Finding
from intel.extraction.letters import TOKEN, fold, tokens
from intel.extraction.words import ORDINARY

SPELLINGS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "lez": "les"}
ARTICLES = {"le", "la", "les", "l"}
CONTRACTED = {"le": ("au", "du"), "les": ("aux", "des")}
CONTRACTIONS = {"au", "aux", "du", "des"}
JOINERS = {
    "de", "des", "du", "d", "les", "sur", "sous", "en", "au", "aux", "la", "le", "l", "devant",
    "et", "entre", "pres", "lieu", "a",
}  # fmt: skip
# What may stand between the words of one name.
GLUE = re.compile(r"(?:[ '-]|/){1,3}|")
FALSE_START = re.compile(
    r"\b(?:(?:rue|avenue|av|bd|boulevard|impasse|allees?|place|route|rte|quai|square|faubourg|fbg"
    r"|ruelle|sentier|chemin|chaussee)\.?(?: de la| de l'| du| des| de| d'| la| le)?"
    r"|m|mr|mme|mlle|monsieur|madame|nommee?)[ .]{1,2}$"
    r"|\b(?:rue|avenue|boulevard|impasse|place|route|quai|square|faubourg|allees?|chemin) d'$"
)
PLACE_OF = (
    r"commune|ville|villes|sortie|entree|direction|secteur|gare|mairie|brigade|gendarmerie"
    r"|commissariat|lycee|college|centre|centre[ -]ville|pres|cote|environs|habitants?|hauteur"
    r"|canton|village|bourg|peripherie|nord|sud|est|ouest|autour|proche|loin|vallee|cob"
    r"|residence|zone|zi|za|stade|parking|hopital|piscine|plan d'eau|camping"
)
PLACE_EXPECTED = re.compile(
    rf"(?:(?:^|[^\w])(?:a|au|aux|a la|sur|vers|depuis|entre|jusqu'a|via|rejoindre|habite)"
    rf"|\b(?:{PLACE_OF})(?: (?:de|de la|du|des)| d'|)|\b\d{{5}}|\bcob)"
    r"[ :]{0,2}(?:l'|la |le |les )?$"
)
AFTER_OF = re.compile(r"(?:^|[^\w])(?:d'|de |de la |du |des |d')$")
DEPARTMENT_AFTER = re.compile(r"\s{0,2}(?:\(\s?(?:2[ab]|\d{2,3})\s?\)|,?\s\d{5}\b)")
# "-le Petit", " sur Seille"
LONGER_NAME = re.compile(r"(?:-| (?:sur|sous|les|lez|aux|le|la|devant|en)[ -])\W?(?:l[ea]s? )?\w")
MOST_POPULOUS = 3


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune as the gazetteer knows it."""

    id: int
    code: str
    name: str
    population: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of writing a name, as folded words, and the communes it may mean."""

    words: tuple[str, ...]
    communes: tuple[Commune, ...]
    is_whole: bool
    is_ordinary: bool

    @property
    def best(self) -> Commune:
        return max(self.communes, key=lambda commune: commune.population)

    @property
    def is_clear(self) -> bool:
        """Whether one commune stands out: alone, or far more populous than the next."""
        ranked = sorted((commune.population for commune in self.communes), reverse=True)
        return len(ranked) == 1 or ranked[0] >= MOST_POPULOUS * max(ranked[1], 1)


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as compared: "St-Dié" and "SAINT DIE" give ("saint", "die")."""
    words = tokens(name.replace("s/", "sur ").replace("S/", "sur "))
    return tuple(SPELLINGS.get(word, word) for word in words)


def _is_ordinary(words: tuple[str, ...]) -> bool:
    """Whether the whole name is made of ordinary words: "Charmes", "Le Mont", "Vieux-Moulin".

    "Saint-Amé" and "Pont-à-Mousson" are not: nothing else is written so.
    """
    bare = words[1:] if words[0] in ARTICLES else words
    if len(bare) > 1 and (JOINERS.intersection(bare) or bare[0] in {"saint", "sainte"}):
        return False
    return all(word in ORDINARY or len(word) <= 3 for word in bare)


class Gazetteer:
    """Names of communes, from rows (id, Insee code, name with its article, population).

    A code may come several times with other names (delegated or former communes); the first
    is the one shown.
    """

    def __init__(self, rows: Iterable[tuple[int, str, str, int | None]]) -> None:
        self.by_code: dict[str, Commune] = {}
        whole: dict[tuple[str, ...], dict[str, Commune]] = defaultdict(dict)
        for key, code, name, population in rows:
            commune = self.by_code.setdefault(code, Commune(key, code, name, population or 0))
            whole[name_words(name)][code] = commune
        self._entries: dict[tuple[str, ...], Entry] = {}
        for words, communes in whole.items():
            self._add(words, communes.values(), is_whole=True)
        self._add_shortened(whole)
        self._longest: dict[str, int] = {}
        self._near: dict[str, dict[str, Entry]] = defaultdict(dict)
        for words, entry in self._entries.items():
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))
            if entry.is_whole:
                self._near[words[0][0]][" ".join(words)] = entry

    def __len__(self) -> int:
        return len(self.by_code)

    def _add(self, words: tuple[str, ...], communes: Iterable[Commune], *, is_whole: bool) -> None:
        if words and words not in self._entries:
            several = tuple(communes)
            self._entries[words] = Entry(words, several, is_whole, _is_ordinary(words))

    def _add_shortened(self, whole: dict[tuple[str, ...], dict[str, Commune]]) -> None:
        """ "au Thillot", "Thillot", "Saint-Dié", "Thaon": never at the cost of a whole name."""
        shortened: dict[tuple[str, ...], dict[str, Commune]] = defaultdict(dict)
        for words, communes in whole.items():
            if words[0] in ARTICLES and len(words) > 1:
                if len("".join(words[1:])) >= 5 and not _is_ordinary(words[1:]):
                    shortened[words[1:]].update(communes)
                for contraction in CONTRACTED.get(words[0], ()):
                    self._add((contraction, *words[1:]), communes.values(), is_whole=True)
            head = _head(words)
            if head and not _is_ordinary(head) and len("".join(head)) >= 4:
                shortened[head].update(communes)
        for words, communes in shortened.items():
            self._add(words, communes.values(), is_whole=False)

    def longest_from(self, word: str) -> int:
        return self._longest.get(word, 0)

    def entry(self, words: tuple[str, ...]) -> Entry | None:
        return self._entries.get(words)

    def matching(self, name: str) -> list[Commune]:
        """The communes whose whole name is written ``name``, whatever its accents and dashes."""
        words = name_words(name)
        entry = self._entries.get(words)
        if entry and entry.is_whole:
            return list(entry.communes)
        for article in ARTICLES:
            entry = self._entries.get((article, *words))
            if entry and entry.is_whole:
                return list(entry.communes)
        return []

    def shortened(self, name: str) -> Entry | None:
        """The entry of a shortened name: "St Dié", "Thillot", "Raon"."""
        entry = self._entries.get(name_words(name))
        return entry if entry and not entry.is_whole else None

    def nearest(self, name: str) -> Entry | None:
        """The one whole name at most a slip or two away from ``name``; None when unsure."""
        words = " ".join(name_words(name))
        if len(words) < 5:
            return None
        allowed = 1 if len(words) < 8 else 2
        close = process.extract(
            words,
            self._near.get(words[0], {}).keys(),
            scorer=OSA.distance,
            score_cutoff=allowed,
            limit=2,
        )
        if not close or (len(close) > 1 and close[0][1] == close[1][1]):
            return None
        return self._near[words[0]][close[0][0]]


def _head(words: tuple[str, ...]) -> tuple[str, ...]:
    """The part people keep of a long name, or ().

    ("saint", "die") of Saint-Dié-des-Vosges, ("etival",) of Étival-Clairefontaine.
    """
    start = 1 if words[0] in ARTICLES else 0
    for place in range(start + 1, len(words)):
        if words[place] in JOINERS:
            return words[:place]
    return words[:1] if len(words) == 2 and len(words[0]) >= 5 and not start else ()


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def _spelling(word: str, folded: str, end: int) -> str:
    if word == "s" and folded[end : end + 1] == "/":
        return "sur"
    return SPELLINGS.get(word, word).replace("œ", "oe")


@dataclass(slots=True)
class _Reader:
    """One text being read: its folded form, its words, and how much its capitals tell."""

    text: str
    folded: str
    words: list[_Word]
    capitals_tell: bool

    @classmethod
    def of(cls, text: str) -> "_Reader":
        folded = fold(text)
        words = [
            _Word(_spelling(match[0], folded, match.end()), *match.span())
            for match in TOKEN.finditer(folded)
        ]
        letters = [char for char in text if char.isalpha()]
        upper = sum(char.isupper() for char in letters)
        return cls(text, folded, words, 0 < upper < 0.6 * max(len(letters), 1))

    def windows(self, first: int, longest: int) -> Iterator[tuple[tuple[str, ...], int, int, int]]:
        """The groups of words starting at ``first``, longest first, with their span."""
        last = first
        while last + 1 < len(self.words) and last + 1 - first < longest:
            between = self.folded[self.words[last].end : self.words[last + 1].start]
            if not GLUE.fullmatch(between):
                break
            last += 1
        for stop in range(last, first - 1, -1):
            group = tuple(word.text for word in self.words[first : stop + 1])
            yield group, self.words[first].start, self.words[stop].end, stop + 1 - first

    def is_capital(self, start: int, end: int) -> bool:
        """Whether the name carries a capital (articles aside); true when capitals tell nothing."""
        if not self.capitals_tell:
            return True
        return any(char.isupper() for char in self.text[start:end])

    def is_place_expected(self, start: int) -> bool:
        return bool(PLACE_EXPECTED.search(self.folded[max(0, start - 30) : start]))

    def is_false_start(self, start: int) -> bool:
        return bool(FALSE_START.search(self.folded[max(0, start - 30) : start]))

    def goes_on(self, end: int) -> bool:
        """Whether a compound name follows: "Liffol" in "Liffol-le-Petit" is another place."""
        after = LONGER_NAME.match(self.folded, end)
        if not after:
            return False
        return not self.capitals_tell or self.text[after.end() - 1].isupper()

    def opens_a_sentence(self, start: int) -> bool:
        before = self.text[:start].rstrip(" \t\"'«»-–•*(")
        return not before or before[-1] in ".!?\n…:"


def _is_believable(entry: Entry, reader: _Reader, start: int, end: int) -> bool:
    if reader.is_false_start(start):
        return False
    capital = reader.is_capital(start, end)
    expected = reader.is_place_expected(start) or bool(
        DEPARTMENT_AFTER.match(reader.folded[end : end + 12])
    )
    if entry.words[0] in CONTRACTIONS:
        if entry.is_ordinary and (entry.words[0] in {"du", "des"} and not expected):
            return False
        name_start = start + len(entry.words[0])
        return reader.is_capital(name_start, end) and (
            reader.capitals_tell or not entry.is_ordinary
        )
    if entry.is_ordinary:
        return _is_ordinary_name_a_place(reader, start, end, expected=expected)
    if entry.is_whole:
        return capital or expected or len("".join(entry.words)) >= 5
    return (capital or expected) and not reader.goes_on(end)


def _is_ordinary_name_a_place(reader: _Reader, start: int, end: int, *, expected: bool) -> bool:
    """Whether a name that is also a word is meant as a place: it takes more than a capital."""
    if not reader.capitals_tell:
        return expected
    if reader.text[start:end].isupper() and end - start > 3:
        return True
    after_of = bool(AFTER_OF.search(reader.folded[:start][-8:]))
    return reader.is_capital(start, end) and (
        expected or (after_of and not reader.opens_a_sentence(start))
    )


def _exact(reader: _Reader, gazetteer: Gazetteer) -> Iterator[Finding]:
    place = 0
    while place < len(reader.words):
        step = 1
        longest = gazetteer.longest_from(reader.words[place].text)
        for group, start, end, size in reader.windows(place, longest) if longest else ():
            entry = gazetteer.entry(group)
            if entry and _is_believable(entry, reader, start, end):
                yield _finding(reader, entry, start, end, certain=entry.is_whole)
                step = size
                break
        place += step


def _near_misses(reader: _Reader, gazetteer: Gazetteer, taken: list[Finding]) -> Iterator[Finding]:
    """Misspelt names, only where a place is expected and nothing else was read."""
    for first, word in enumerate(reader.words):
        if any(found.start < word.end and word.start < found.end for found in taken):
            continue
        if word.text in ORDINARY or len(word.text) < 3 or not word.text.isalpha():
            continue
        if not reader.is_place_expected(word.start) or reader.is_false_start(word.start):
            continue
        for _group, start, end, _size in reader.windows(first, 6):
            if not reader.is_capital(start, end):
                continue
            entry = gazetteer.nearest(reader.text[start:end])
            if entry and not entry.is_ordinary and entry.is_clear:
                yield _finding(reader, entry, start, end, certain=False)
                break


def _finding(reader: _Reader, entry: Entry, start: int, end: int, *, certain: bool) -> Finding:
    commune = entry.best
    if entry.words[0] in CONTRACTIONS:
        start += len(entry.words[0]) + 1
    return Finding(
        start, end, "commune", commune.code, reader.text[start:end], commune.name,
        certain=certain and len(entry.communes) == 1,
    )  # fmt: skip


def find_communes(text: str, gazetteer: Gazetteer) -> list[Finding]:
    """Communes named in ``text``; ``value`` is an Insee code, ``label`` the official name."""
    reader = _Reader.of(text)
    found = [
        finding
        for finding in _exact(reader, gazetteer)
        if finding.certain or _is_clear(gazetteer, finding)
    ]
    return sorted([*found, *_near_misses(reader, gazetteer, found)])


def _is_clear(gazetteer: Gazetteer, finding: Finding) -> bool:
    """Whether an uncertain reading points at one commune rather than at any of several."""
    entry = gazetteer.entry(name_words(finding.raw))
    return entry is None or entry.is_clear
