"""Text as it arrives: made readable, measured, and kept from being executed by a spreadsheet."""

import re
import unicodedata
from dataclasses import dataclass

from cross.ui.templatetags.words import number as in_french

TEXT_LIMIT = 20_000

# Bidirectional controls can show a text in another order than the one stored ("Trojan source").
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Zero-width joiners stay: they belong to emoji and to several scripts.
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")

# Tags a browser knows; "Momo <momo@exemple.fr>" and "5 < 10" are not markup.
MARKUP = re.compile(
    r"<\s*/?\s*(?:script|style|iframe|frame|frameset|img|svg|math|object|embed|link|meta|base"
    r"|form|input|button|select|option|textarea|template|table|tbody|thead|tr|td|th|ul|ol|li|div"
    r"|span|font|html|head|body|title|video|audio|source|canvas|details|marquee|noscript|br|hr"
    r"|h[1-6])(?![\w@.-])"
    r"|<\s*/?\s*[abipqsu](?:\s*/?>|\s+[\w-]+\s*=)"
    r"|<!--|<!doctype\b|<\?(?:xml|php)\b",
    re.IGNORECASE,
)
FORMULA_LEADS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# What really runs: "=…", a function just after a sign, or the "|…!" of dynamic data exchange.
FORMULA = re.compile(r"\s*(?:[=\uff1d]|[+@-](?:[A-Za-z][\w.]*\(|[^|\n]*\|[^!\n]*!))")


class TextTooLong(ValueError):
    """A text over the limit. The message is for the screen; nothing was cut."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text ready to be stored, and what was done to it, in French sentences."""

    text: str
    notes: tuple[str, ...] = ()


def spaced(number: int) -> str:
    """12345 → "12 345", with the narrow no-break space of French typography."""
    return in_french(number)


def check_length(text: str, limit: int = TEXT_LIMIT) -> None:
    """Raise ``TextTooLong`` with the limit and the length; never cut."""
    if len(text) > limit:
        raise TextTooLong(
            f"Ce texte compte {spaced(len(text))} caractères\u00a0; la limite est de "
            f"{spaced(limit)}. Rien n’a été coupé\u00a0: gardez l’essentiel ici et joignez "
            "le document complet en pièce jointe."
        )


def _counted(number: int, one: str, many: str) -> str:
    return f"1\u00a0{one}" if number == 1 else f"{spaced(number)}\u00a0{many}"


def clean_text(raw: str, limit: int = TEXT_LIMIT) -> Cleaned:
    """``raw`` in NFC, with plain line breaks, without control, bidi or invisible characters.

    Raises ``TextTooLong`` when what remains is over ``limit``.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text, controls = CONTROL.subn("", text)
    text, bidi = BIDI.subn("", text)
    text, invisible = INVISIBLE.subn("", text)
    notes = []
    if controls:
        what = _counted(controls, "caractère de contrôle retiré", "caractères de contrôle retirés")
        notes.append(f"{what}.")
    if bidi:
        what = _counted(
            bidi,
            "caractère d’inversion du sens de lecture retiré",
            "caractères d’inversion du sens de lecture retirés",
        )
        notes.append(f"{what}\u00a0: l’ordre affiché à l’origine pouvait tromper.")
    if invisible:
        what = _counted(invisible, "caractère invisible retiré", "caractères invisibles retirés")
        notes.append(f"{what}.")
    text = unicodedata.normalize("NFC", text).strip()
    check_length(text, limit)
    return Cleaned(text, tuple(notes))


def holds_markup(text: str) -> bool:
    """Whether ``text`` holds something shaped like an HTML tag; "5 < 10 > 3" does not."""
    return MARKUP.search(text) is not None


def holds_formula(text: str) -> bool:
    """Whether a spreadsheet would run ``text``: "- deux jeunes" and "+33 6…" are mere text."""
    return FORMULA.match(text) is not None


def _leads_a_formula(value: str) -> bool:
    return value.lstrip("' \u00a0")[:1] in tuple(FORMULA_LEADS)


def guard_cell(value: str) -> str:
    """``value`` as written to a spreadsheet: an apostrophe before what could start a formula.

    A value that already carries such an apostrophe gets a second one, so that
    ``unguard_cell(guard_cell(value)) == value`` for every value.
    """
    return f"'{value}" if _leads_a_formula(value) else value


def unguard_cell(value: str) -> str:
    """``value`` as it was before ``guard_cell``; any other value unchanged."""
    return value[1:] if value.startswith("'") and _leads_a_formula(value) else value
