"""What one cell may hold, as widgets of django-import-export: a value, or a French sentence.

A sentence never quotes a contact nor more than a few words: faults are shown, kept and
downloaded.
"""

import unicodedata
from typing import Any

from import_export.widgets import Widget

from intel.extraction.cleaning import (
    TextTooLong,
    clean_text,
    holds_formula,
    holds_markup,
    spaced,
    unguard_cell,
)
from intel.extraction.products import products_of_list

Row = dict[str, str]


def cleaned(value: str) -> str:
    """The text of a cell, without the apostrophe of our exports nor hostile characters."""
    if value.isascii() and value.isprintable():
        text = value.strip()
    elif value.isprintable() and unicodedata.is_normalized("NFC", value):
        text = value.replace("\u00a0", " ").strip()
    else:
        text = clean_text(value, limit=len(value) * 4 + 1).text
    return unguard_cell(text).strip()


class Cell(Widget):
    """One line of text, at most ``limit`` characters."""

    def __init__(self, limit: int, *, one_line: bool = True) -> None:
        super().__init__()
        self.limit = limit
        self.one_line = one_line

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> Any:
        """The text, checked. Raises ``ValueError``."""
        if not value:
            return ""
        text = cleaned(value)
        if holds_formula(text):
            raise ValueError(
                "Cette cellule contient une formule de tableur\u00a0: remplacez-la par du texte."
            )
        if "<" in text and holds_markup(text):
            raise ValueError(
                "Cette cellule contient des balises (HTML)\u00a0: remplacez-les par du texte."
            )
        if self.one_line:
            text = " ".join(text.split())
        self.check_length(text)
        return text

    def check_length(self, text: str) -> None:
        if len(text) > self.limit:
            raise TextTooLong(
                f"Ce texte compte {spaced(len(text))} caractères\u00a0; la limite est de "
                f"{spaced(self.limit)}. Rien n’a été coupé."
            )


class Required(Cell):
    """A cell that must hold something; ``missing`` is the sentence when it does not."""

    def __init__(self, limit: int, missing: str, *, one_line: bool = True) -> None:
        super().__init__(limit, one_line=one_line)
        self.missing = missing

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> Any:
        text = super().clean(value, row, **kwargs)
        if not text:
            raise ValueError(self.missing)
        return text


class Products(Cell):
    """The codes of the products named; the other words are found again in the raw text."""

    def clean(self, value: Any, row: Row | None = None, **kwargs: Any) -> Any:
        codes, _unknown = products_of_list(super().clean(value, row, **kwargs))
        return list(codes)
