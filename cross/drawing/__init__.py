"""A file drawn again: its pages as pixels of our own, without what it hides.

An image loses its metadata, a PDF its scripts and links. The work is done in the jail
(`inside.py`); what comes back from it is looked at before it is kept.
"""

import json
import struct
from dataclasses import dataclass
from itertools import islice

from cross import jail
from cross.contents import Unfit
from cross.contents.pictures import MOST_PIXELS, check_webp, is_webp

MOST_PAGES = 10
WIDEST, HIGHEST = 1400, 2000  # of a page, in points
SECONDS, MEGABYTES = 10, 512
MEGABYTES_A_PAGE = 8
DRAWN = ("image/png", "image/jpeg", "image/webp", "application/pdf")
CONTENT_TYPE = "image/webp"
# Parts of a WebP that hold points; the others tell where, when, by whom.
POINTS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}

NOTES = {
    "unreadable": "Ce fichier est abîmé ou illisible : pas d’aperçu.",
    "locked": "Ce PDF est protégé par un mot de passe : pas d’aperçu.",
    "large": "Cette image a trop de points pour être dépliée sans risque : pas d’aperçu.",
    "stopped": "Ce fichier demande trop de calcul pour être dessiné sans risque : pas d’aperçu.",
}


@dataclass(frozen=True)
class Pages:
    """Each page as WebP; `note` is a French sentence on those that are missing."""

    drawn: tuple[bytes, ...] = ()
    note: str = ""


def pages_of(data: bytes, content_type: str) -> Pages:
    """The first pages of a file; none, and no note, for a type that is not drawn."""
    if content_type not in DRAWN:
        return Pages()
    asked = {
        "is_pdf": content_type == "application/pdf",
        "most_pixels": MOST_PIXELS,
        "most_pages": MOST_PAGES,
        "widest": WIDEST,
        "highest": HIGHEST,
    }
    try:
        told = jail.run(
            "cross/drawing/inside.py:pages",
            json.dumps(asked).encode() + b"\n" + data,
            seconds=SECONDS,
            megabytes=MEGABYTES,
            gives=(MOST_PAGES + 1) * MEGABYTES_A_PAGE,
        )
        stopped = False
    except jail.Broken as broken:
        told, stopped = broken.told, True
    return _taken(told, stopped=stopped)


def _taken(told, *, stopped):
    drawn: list[bytes] = []
    whole, fault = 0, "stopped" if stopped else ""
    for kind, content in islice(_frames(told), MOST_PAGES + 2):
        if kind == b"W" and len(content) <= 4:
            whole = int.from_bytes(content)
        elif kind == b"F":
            fault = content.decode("ascii", "replace")
        elif kind == b"P" and len(drawn) < MOST_PAGES and _is_bare(content):
            drawn.append(content)
    if drawn and whole != len(drawn) and (whole or stopped):
        return Pages(tuple(drawn), _first(len(drawn), whole))
    if drawn and stopped:  # after the last page: nothing is missing
        return Pages(tuple(drawn))
    return Pages(tuple(drawn), "" if drawn and not fault else NOTES.get(fault, NOTES["stopped"]))


def _first(drawn, whole):
    first = "Première page" if drawn == 1 else f"{drawn} premières pages"
    return f"{first} sur {whole}." if whole > drawn else f"{first}."


def _frames(told):
    """Pairs (kind, content); what was cut short is left out."""
    place = 0
    while place + 5 <= len(told):
        kind, length = struct.unpack(">cI", told[place : place + 5])
        content = told[place + 5 : place + 5 + length]
        if len(content) < length:
            return
        yield kind, content
        place += 5 + length


def _is_bare(page):
    """A WebP of the size that was asked, that holds points and nothing else."""
    if not is_webp(page) or len(page) > MEGABYTES_A_PAGE * 1_000_000:
        return False
    try:
        check_webp(page)
    except Unfit:
        return False
    place = 12
    while place + 8 <= len(page):
        kind, length = struct.unpack("<4sI", page[place : place + 8])
        if kind not in POINTS:
            return False
        place += 8 + length + length % 2
    return place == len(page)
