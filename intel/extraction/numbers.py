"""Numbers in running French text, in figures or in words, on folded text."""

import re
from decimal import Decimal

SMALL = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14,
    "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40,
    "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80, "nonante": 90,
}  # fmt: skip
ROUND = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000,
}  # fmt: skip

# "1 200", "1.200", "2,5", "0.5"; never the tail of a longer figure, a date or a reference.
FIGURES = r"(?<![\w.,/+-])(?:\d{1,3}(?:[ .]\d{3}){1,2}(?:,\d{1,2})?|\d{1,9}(?:[.,]\d{1,3})?)(?!\d)"
_WORD = rf"(?:{'|'.join(SMALL)}|cents?|mille)"
WORDS = rf"(?<![\w-]){_WORD}(?:[ -](?:et[ -])?{_WORD}){{0,6}}(?![\w-])"
ABOUT = rf"(?<![\w-])une? (?:{'|'.join(ROUND)}) (?:de |d')"
NUMBER = rf"(?:{FIGURES}|{WORDS})"


def read_number(written: str) -> Decimal:
    """The number written ``written``, which NUMBER matched: "1 200,50", "deux cents"."""
    if not written[0].isdigit():
        return Decimal(_in_words(written))
    if re.fullmatch(r"\d{1,3}(?:[ .]\d{3})+(?:,\d{1,2})?", written):
        written = re.sub(r"[ .]", "", written)
    return Decimal(written.replace(",", "."))


def _in_words(written: str) -> int:
    """ "deux mille trois cent quatre-vingt-dix": what precedes a multiplier is multiplied."""
    thousands = hundreds = units = 0
    for word in re.split(r"[ -]", written):
        if word == "mille":
            thousands, hundreds, units = (hundreds + units or 1) * 1000, 0, 0
        elif word.startswith("cent"):
            hundreds, units = (units or 1) * 100, 0
        elif word.startswith("vingt") and units == 4:
            units = 80
        else:
            units += SMALL.get(word, 0)
    return thousands + hundreds + units


def read_about(written: str) -> Decimal:
    """The number of "une vingtaine de"."""
    return Decimal(ROUND[written.split()[1]])


def plainly(number: Decimal) -> str:
    """ "2.5", "1000": without trailing noughts nor an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
