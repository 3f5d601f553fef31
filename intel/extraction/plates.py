"""Number plates, French and of the neighbours, with more care for precision than for reach.

A form that ordinary words can take ("DE 200 GR", "RD 420") needs a word about a vehicle or a
country beside it. Shapes: French SIV since 2009 and the FNI before, Spain since 2000, Belgium
since 2010, Germany, Switzerland, Luxembourg.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from intel.extraction.findings import Finding, without_overlaps
from intel.extraction.letters import fold
from intel.models.choices import IdentifierKind

SIV_LETTER = "[a-hj-np-tv-z]"
DEPARTMENT = r"(?:0[1-9]|[1-8]\d|9[0-5]|2[ab]|97[1-6])"
SEP = r"[ \-._]{0,2}"

# Two letters that are words or units: with spaces, "de 200 gr" would be a plate.
WORDS = frozenset(
    """
    de le la les des du ce ces se ne te me et en es est as sa ta ma au aux un une par sur pas rd rn
    cd vc pv dc gr kg cl ml mg km mn mm cm h sms ttc ht eur mdt adj gav rue mur bus bac lot che av
    bd qui que cbd thc lsd ghb gbl dvd pdf bts vtt ptt psg rdv btp nps tgv ans ap ex mo go ko to fr
    dec sept oct nov janv
    """.split()  # noqa: SIM905
)
VEHICLE = re.compile(
    r"immat|plaque|\bplq\b|vehicule|\bvl\b|voiture|camion|fourgon|utilitaire|scooter|moto\b|quad"
    r"|berline|break|conducteur|roule en|au volant|garee?s?\b"
    r"|peugeot|renault|citroen|\bgolf\b|\bvw\b|volkswagen|audi|\bbmw\b|mercedes|\bclio\b|megane"
    r"|kangoo|\bpolo\b|\bseat\b|leon\b|skoda|\bford\b|\bfiat\b|\bopel\b|toyota|nissan|dacia"
    r"|\bc[1-8]\b|\b[1-5]0[5-8]\b|\b[1-5]008\b|twingo"
    r"|duster|sandero|partner|berlingo|trafic\b|master\b|sprinter|porsche|volvo|\bds ?[347]\b"
)
COUNTRY_WORDS = {
    "ES": re.compile(r"espagn|\(e\)|\bes\b"),
    "BE": re.compile(r"belg|\(b\)"),
    "DE": re.compile(r"allema[gn]|\(d\)|\ball\b"),
    "CH": re.compile(r"suisse|helvet|\(ch\)"),
    "LU": re.compile(r"luxembourg|\blux\b|\(l\)"),
}
COUNTRY_NAMES = {
    "FR": "France", "ES": "Espagne", "BE": "Belgique", "DE": "Allemagne", "CH": "Suisse",
    "LU": "Luxembourg",
}  # fmt: skip
CANTONS = "ag|ai|ar|be|bl|bs|fr|ge|gl|gr|ju|lu|ne|nw|ow|sg|sh|so|sz|tg|ti|ur|vd|vs|zg|zh"
MONEY_OR_MEASURE = re.compile(r"\s*(?:€|euros?\b|eur\b|km\b|m2\b|kg\b|gr?\b|habitants?\b)")
AROUND = 40


@dataclass(frozen=True, slots=True)
class Sight:
    """A candidate and what surrounds it, folded; ``raw`` keeps its case."""

    raw: str
    groups: tuple[str, ...]
    before: str
    after: str

    @property
    def has_spaces(self) -> bool:
        return bool(re.search(r"\s", self.raw))

    @property
    def is_upper(self) -> bool:
        return self.raw == self.raw.upper()

    @property
    def holds_a_word(self) -> bool:
        return any(group in WORDS for group in self.groups if group.isalpha())

    @property
    def speaks_of_a_vehicle(self) -> bool:
        return bool(VEHICLE.search(self.before) or VEHICLE.search(self.after[:20]))

    def speaks_of(self, country: str) -> bool:
        return bool(COUNTRY_WORDS[country].search(f"{self.before} | {self.after}"))


def _year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in {"19", "20"}


def _is_siv(sight: Sight) -> bool:
    left, digits, right = sight.groups
    if "ss" in (left, right) or digits == "000" or (left in WORDS and right in WORDS):
        return False
    if not sight.has_spaces:
        return True
    if sight.is_upper and not sight.holds_a_word:
        return True
    return sight.speaks_of_a_vehicle


def _is_garage(sight: Sight) -> bool:
    return sight.is_upper and "-" in sight.raw


def _is_fni(sight: Sight) -> bool:
    digits, letters, _department = sight.groups
    if letters in WORDS or digits.startswith("0"):
        return False
    if sight.speaks_of_a_vehicle:
        return True
    return sight.is_upper and len(digits) >= 3 and len(letters) >= 2


def _is_spanish(sight: Sight) -> bool:
    digits, letters = sight.groups
    if letters in WORDS:
        return False
    if sight.speaks_of("ES") or sight.speaks_of_a_vehicle:
        return True
    return sight.is_upper and not _year(digits)


def _is_belgian(sight: Sight) -> bool:
    if sight.speaks_of("BE"):
        return True
    if sight.holds_a_word or not sight.is_upper:
        return False
    return not sight.has_spaces or sight.speaks_of_a_vehicle


def _is_german(sight: Sight) -> bool:
    digits = sight.groups[2]
    if sight.speaks_of("DE"):
        return sight.is_upper or "-" in sight.raw
    if not sight.is_upper or "-" not in sight.raw or sight.holds_a_word:
        return False
    return sight.speaks_of_a_vehicle or (len(digits) >= 3 and not _year(digits))


def _is_swiss(sight: Sight) -> bool:
    canton, digits = sight.groups[0], re.sub(r"\D", "", sight.groups[1])
    if MONEY_OR_MEASURE.match(sight.after):
        return False
    if sight.speaks_of("CH"):
        return sight.is_upper
    if not sight.is_upper:
        return False
    if len(digits) == 5 and canton != "fr":  # "FR-88000" is a postal code
        return sight.speaks_of_a_vehicle
    return len(digits) == 6


def _is_luxembourgish(sight: Sight) -> bool:
    return sight.is_upper and sight.groups[0] not in WORDS and sight.speaks_of("LU")


@dataclass(frozen=True, slots=True)
class Shape:
    """One country's way of writing a plate, and when to believe it."""

    country: str
    pattern: re.Pattern[str]
    is_believable: Callable[[Sight], bool]


def _shape(country: str, pattern: str, is_believable: Callable[[Sight], bool]) -> Shape:
    # Not inside a word, an address or a longer reference such as "SIG-2026-AB-123-CD-4".
    edges = rf"(?<![\w@.\-']){pattern}(?![\w@]|[-.]\w)"
    return Shape(country, re.compile(edges), is_believable)


# The longest or surest shape first: an earlier one wins where two overlap.
SHAPES = (
    _shape("BE", rf"([1-9]){SEP}([a-z]{{3}}){SEP}(\d{{3}})", _is_belgian),
    _shape("FR", rf"({SIV_LETTER}{{2}}){SEP}(\d{{3}}){SEP}({SIV_LETTER}{{2}})", _is_siv),
    _shape("FR", rf"(w)-(\d{{3}})-({SIV_LETTER}{{2}})", _is_garage),
    _shape("FR", rf"(\d{{1,4}}){SEP}([a-hj-np-tv-z]{{1,3}}){SEP}({DEPARTMENT})", _is_fni),
    _shape("ES", rf"(\d{{4}}){SEP}([bcdfghjklmnprstvwxyz]{{3}})", _is_spanish),
    _shape("DE", r"([a-z]{1,3})[ -]([a-z]{1,2})[ -]?(\d{1,4})[eh]?", _is_german),
    _shape("LU", rf"([a-z]{{2}}){SEP}(\d{{4}})", _is_luxembourgish),
    _shape("CH", rf"({CANTONS})[ \-·.]{{0,3}}(\d{{1,3}}[ '.]?\d{{3}}|\d{{1,6}})", _is_swiss),
)


def normalise_plate(raw: str) -> str:
    """``raw`` as compared: capital letters and figures only, without accents."""
    return re.sub(r"[^A-Z0-9]", "", fold(raw).upper())


WHOLE = {
    "FR": re.compile(
        rf"(?:{SIV_LETTER}{{2}}\d{{3}}{SIV_LETTER}{{2}}|w\d{{3}}{SIV_LETTER}{{2}}"
        rf"|\d{{1,4}}[a-hj-np-tv-z]{{1,3}}{DEPARTMENT})"
    ),
    "BE": re.compile(r"[1-9][a-z]{3}\d{3}"),
    "ES": re.compile(r"\d{4}[bcdfghjklmnprstvwxyz]{3}"),
    "CH": re.compile(rf"(?:{CANTONS})\d{{1,6}}"),
    "DE": re.compile(r"[a-z]{2,5}\d{1,4}[eh]?"),
}


def plate_country(plate: str) -> str:
    """A guess of the country from the shape alone, as two letters; "" when none fits."""
    folded = normalise_plate(plate).lower()
    return next((name for name, shape in WHOLE.items() if shape.fullmatch(folded)), "")


def plate_label(plate: str, country: str = "") -> str:
    """``plate`` (normalised) as drivers read it: AB-123-CD, 1234 JKL (Espagne)."""
    siv = re.fullmatch(r"([A-Z]{1,2})(\d{3})([A-Z]{2})", plate)
    if country in {"", "FR"} and siv:
        return "-".join(siv.groups())
    parts = " ".join(re.findall(r"[A-Z]+|\d+", plate))
    fni = re.fullmatch(rf"(\d{{1,4}})([A-Z]{{1,3}})({DEPARTMENT.upper()})", plate, re.IGNORECASE)
    if country in {"", "FR"}:
        return " ".join(fni.groups()) if fni else parts
    return f"{parts} ({COUNTRY_NAMES.get(country, country)})"


def _candidates(text: str) -> Iterator[Finding]:
    folded = fold(text)
    for shape in SHAPES:
        for match in shape.pattern.finditer(folded):
            start, end = match.span()
            sight = Sight(
                text[start:end],
                match.groups(),
                folded[max(0, start - AROUND) : start],
                folded[end : end + AROUND],
            )
            if shape.is_believable(sight):
                value = normalise_plate(sight.raw)
                label = plate_label(value, shape.country)
                yield Finding(start, end, IdentifierKind.PLATE, value, sight.raw, label)


def find_plates(text: str) -> list[Finding]:
    """Number plates, normalised to capital letters and figures."""
    return without_overlaps(_candidates(text))
