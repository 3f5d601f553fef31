"""One value, one writing: what makes two identifiers equal.

Everything that stores or searches an identifier goes through ``normalise``; two spellings of
the same phone or plate then meet by plain equality.
"""

import re
from collections.abc import Callable
from datetime import date

from intel.extraction.accounts import EMAIL, find_handles, normalise_account
from intel.extraction.letters import fold, tokens
from intel.extraction.phones import parse_phone, passes_luhn, phone_label, to_e164
from intel.extraction.plates import normalise_plate, plate_country, plate_label
from intel.models.choices import IdentifierKind


def _phone(raw: str) -> str:
    return to_e164(parse_phone(raw))


def _plate(raw: str) -> str:
    plate = normalise_plate(raw)
    if not 4 <= len(plate) <= 10 or not re.search(r"\d", plate):
        raise ValueError(f"«\u00a0{raw}\u00a0» n’est pas une immatriculation.")
    return plate


def _email(raw: str) -> str:
    address = raw.strip().lower()
    if not EMAIL.fullmatch(address):
        raise ValueError(f"«\u00a0{raw}\u00a0» n’est pas une adresse électronique.")
    return address


def _account(raw: str) -> str:
    link = find_handles(raw)
    account = link[0].value if len(link) == 1 and "/" in raw else normalise_account(raw)
    if not account:
        raise ValueError("Le pseudonyme est vide.")
    return account


def _words(raw: str) -> str:
    words = tokens(raw)
    if not words:
        raise ValueError("Cette valeur ne contient ni lettre ni chiffre.")
    return " ".join(words)


LONGEST = 120  # characters of a value, as every table keeps it

BIRTH = re.compile(r"\b(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4}))\b")


def _name(raw: str) -> str:
    """ "Durand Léo 12/03/1999" → "durand leo|1999-03-12"; words sorted, order never matters."""
    birth = BIRTH.search(raw)
    day = ""
    if birth:
        year, month, of_month = (birth[1], birth[2], birth[3]) if birth[1] else (
            birth[6], birth[5], birth[4]
        )  # fmt: skip
        try:
            day = date(int(year), int(month), int(of_month)).isoformat()
        except ValueError as error:
            raise ValueError(
                f"La date de naissance «\u00a0{birth[0]}\u00a0» n’existe pas."
            ) from error
        raw = raw[: birth.start()] + raw[birth.end() :]
    words = sorted(word for word in tokens(raw) if word not in {"ne", "nee", "le"})
    if not words:
        raise ValueError("Le nom est vide.")
    return f"{' '.join(words)}|{day}" if day else " ".join(words)


STREETS = {"av": "avenue", "bd": "boulevard", "bld": "boulevard", "pl": "place", "r": "rue",
           "imp": "impasse", "all": "allee", "ch": "chemin", "rte": "route", "st": "saint",
           "ste": "sainte"}  # fmt: skip


def _address(raw: str) -> str:
    words = [STREETS.get(word, word) for word in tokens(raw)]
    if not words:
        raise ValueError("L’adresse est vide.")
    return " ".join(words)


def _imei(raw: str) -> str:
    digits = re.sub(r"\D", "", raw)
    if len(digits) == 16:  # IMEISV: the software version replaces the check digit
        return digits[:14]
    if len(digits) == 15 and not passes_luhn(digits):
        raise ValueError(
            f"«\u00a0{raw}\u00a0» n’est pas un IMEI\u00a0: la clé de contrôle est fausse."
        )
    if len(digits) not in {14, 15}:
        raise ValueError(f"«\u00a0{raw}\u00a0» n’est pas un IMEI\u00a0: il compte 15 chiffres.")
    return digits[:14]


def _serial(raw: str) -> str:
    value = re.sub(r"[^A-Z0-9]", "", fold(raw).upper())
    if not value:
        raise ValueError("Le numéro est vide.")
    return value


def _wallet(raw: str) -> str:
    """Addresses of most chains tell capital letters apart; only the blanks go."""
    value = re.sub(r"\s", "", raw)
    if not value:
        raise ValueError("L’adresse du portefeuille est vide.")
    return value


NORMALISERS: dict[str, Callable[[str], str]] = {
    IdentifierKind.PHONE: _phone,
    IdentifierKind.PLATE: _plate,
    IdentifierKind.EMAIL: _email,
    IdentifierKind.ACCOUNT: _account,
    IdentifierKind.ALIAS: _words,
    IdentifierKind.NAME: _name,
    IdentifierKind.ADDRESS: _address,
    IdentifierKind.IMEI: _imei,
    IdentifierKind.VIN: _serial,
    IdentifierKind.WEAPON: _serial,
    IdentifierKind.BANK: _serial,
    IdentifierKind.WALLET: _wallet,
    IdentifierKind.PARCEL: _serial,
}


def normalise(kind: str, raw: str) -> str:
    """The one writing of ``raw``: E.164, capitals and figures, folded words…

    ``kind`` is a member of ``IdentifierKind``. Raises ``ValueError`` with a French sentence
    when ``raw`` cannot be such an identifier.
    """
    value = NORMALISERS[IdentifierKind(kind)](raw.strip())
    if len(value) > LONGEST:  # folded, « ß » and « œ » are two letters
        raise ValueError(f"Cette valeur dépasse {LONGEST} caractères.")
    return value


def show(kind: str, value: str) -> str:
    """A normalised value as people read it: "06 39 98 12 34", "AB-123-CD"."""
    if kind == IdentifierKind.PHONE:
        return phone_label(parse_phone(value))
    if kind == IdentifierKind.PLATE:
        return plate_label(value, plate_country(value))
    return value
