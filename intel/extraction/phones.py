"""Telephone numbers and IMEI in running French text."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher

from intel.extraction.findings import Finding
from intel.extraction.letters import fold
from intel.models.choices import IdentifierKind

# Ten digits by pairs as the French write them, or +33 / 0033 with or without the "(0)".
BETWEEN = "[ \\t\u00a0\u202f./\u2010-\u2013-]"
FRENCH = re.compile(
    rf"(?<![\w+])(?:(?:\+|00)[ \u00a0]?33{BETWEEN}{{0,2}}(?:\(0\)|0)?|0){BETWEEN}?[1-9]"
    rf"(?:{BETWEEN}{{0,2}}\d{{2}}){{4}}(?!\d)"
)
# A ten-figure number announced as something else.
NOT_A_PHONE = re.compile(
    r"(?:\bpv|procedure|dossier|siret|siren|\bref|reference|facture|colis|matricule|suivi)"
    r"\W{0,3}(?:n\W{0,2})?$"
)
# Pairs that carry on a longer series: "2026 09 17 10 15 22".
IN_A_SERIES = re.compile(r"\d\d?[ .-]0[1-9][ .-]")
INTERNATIONAL = re.compile(r"\+|(?<!\d)00[1-9]")
IMEI = re.compile(r"(?<![\w-])\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d(?![\w-])")

# Numbers of overseas departments are written like metropolitan ones but belong elsewhere.
OVERSEAS = ("GP", "MQ", "GF", "RE", "YT")
COUNTRIES = {
    "FR": "France", "BE": "Belgique", "LU": "Luxembourg", "DE": "Allemagne", "CH": "Suisse",
    "ES": "Espagne", "IT": "Italie", "NL": "Pays-Bas", "GB": "Royaume-Uni", "PT": "Portugal",
    "MA": "Maroc", "DZ": "Algérie", "TN": "Tunisie", "AL": "Albanie", "RO": "Roumanie",
    "GP": "Guadeloupe", "MQ": "Martinique", "GF": "Guyane", "RE": "La Réunion", "YT": "Mayotte",
}  # fmt: skip


def parse_phone(raw: str) -> PhoneNumber:
    """The number written ``raw``; a national form is French. Raises ``ValueError``.

    Ranges opened after the library's data, or reserved for fiction, are accepted: only the
    shape is checked.
    """
    compact = re.sub(r"\(0\)", "", raw)
    compact = re.sub(r"^(\s*(?:\+|00)\s?33)[\s.\-/]*0(?=[1-9])", r"\1", compact)
    try:
        number = phonenumbers.parse(compact, "FR")
        overseas = _overseas(number)  # "00 00 00 00 00" parses as French, and nowhere else
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"«\u00a0{raw}\u00a0» n’est pas un numéro de téléphone.") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(
            f"«\u00a0{raw}\u00a0» n’est pas un numéro de téléphone\u00a0: "
            "le nombre de chiffres ne convient pas."
        )
    return overseas


def _overseas(number: PhoneNumber) -> PhoneNumber:
    if number.country_code != 33 or phonenumbers.is_valid_number(number):
        return number
    national = f"0{number.national_number}"
    for region in OVERSEAS:
        candidate = phonenumbers.parse(national, region)
        if phonenumbers.is_valid_number_for_region(candidate, region):
            return candidate
    return number


def to_e164(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def phone_label(number: PhoneNumber) -> str:
    """ "06 39 98 12 34", or the international form with its country."""
    if number.country_code == 33:
        return str(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    if number.country_code == 262:
        region = phonenumbers.region_code_for_number(number) or region
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return f"{shown} ({COUNTRIES.get(region, region)})"


def _finding(number: PhoneNumber, raw: str, start: int) -> Finding:
    return Finding(
        start, start + len(raw), IdentifierKind.PHONE, to_e164(number), raw, phone_label(number)
    )


def _french(text: str) -> Iterator[Finding]:
    folded = fold(text)
    last_end = -1
    for match in FRENCH.finditer(text):
        start = match.start()
        if NOT_A_PHONE.search(folded, max(0, start - 24), start):
            continue
        if start - 1 != last_end and IN_A_SERIES.search(folded, max(0, start - 3), start + 4):
            continue
        last_end = match.end()
        yield _finding(parse_phone(match[0]), match[0], start)


def _foreign(text: str) -> Iterator[Finding]:
    """Numbers in international form; anything else abroad looks like a French number."""
    if not INTERNATIONAL.search(text):
        return
    for match in PhoneNumberMatcher(text, "FR", leniency=Leniency.POSSIBLE):
        if match.raw_string.startswith(("+", "00")) and match.number.country_code != 33:
            yield _finding(match.number, match.raw_string, match.start)


def find_phones(text: str) -> list[Finding]:
    """Phone numbers as E.164: French by pairs, glued or with +33, foreign with + or 00."""
    return sorted([*_french(text), *_foreign(text)])


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (Luhn, ISO/IEC 7812-1)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_imeis(text: str) -> list[Finding]:
    """IMEI numbers: fifteen digits whose check digit holds."""
    found = []
    for match in IMEI.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if passes_luhn(digits) and digits.strip("0"):
            found.append(
                Finding(match.start(), match.end(), IdentifierKind.IMEI, digits, match[0], digits)
            )
    return found
