"""A file that is received: its content, its name and what the browser says of it agree."""

import re
import unicodedata
from pathlib import PureWindowsPath

from django.conf import settings
from django.core.exceptions import ValidationError

from cross import contents, room
from cross.contents import KINDS, Unfit
from cross.ui.templatetags.words import file_size

ACCEPTED = {kind.content_type: kind.endings[0] for kind in KINDS}
ACCEPTED_IN_WORDS = "PDF, image (PNG, JPEG, WebP), texte, courriel, ODT, ODS, DOCX ou XLSX"
PICTURES = {
    content_type: ending
    for content_type, ending in ACCEPTED.items()
    if content_type.startswith("image/") or content_type == "application/pdf"
}
PICTURES_IN_WORDS = "PDF ou image (PNG, JPEG, WebP)"
# What a browser says when it does not know; RFC 7578 takes nothing for text/plain.
UNSAID = {"", "text/plain", "application/octet-stream", "binary/octet-stream"}
LONGEST_NAME = 200
ENDING = re.compile(r"\.(?=[0-9]*[a-z])[a-z0-9]{1,10}$", re.I)
# Names that Windows keeps for its devices, whatever follows the dot.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)


def check(upload, *, among=ACCEPTED, in_words=ACCEPTED_IN_WORDS):
    """(bytes, content type) of an uploaded file, or a sentence saying what to do."""
    most = settings.ATTACHMENT_MAX_BYTES
    name = plain_name(upload.name)
    if upload.size > most:
        raise ValidationError(
            f"« {name} » pèse {file_size(upload.size)} ; la limite est de {file_size(most)}. "
            "Réduisez le fichier ou découpez-le."
        )
    if upload.size == 0:
        raise ValidationError(f"« {name} » est vide.")
    room.check(upload.size)
    data = upload.read()
    kind = contents.kind_of(data, name)
    if kind is None or kind.content_type not in among:
        raise ValidationError(
            f"Le contenu de « {name} » n’est pas d’un type accepté, quel que soit son nom. "
            f"Joignez un fichier {in_words}."
        )
    _check_agreement(kind, name, getattr(upload, "content_type", None) or "")
    try:
        kind.check(data)
    except Unfit as why:
        raise ValidationError(f"« {name} » {why}") from why
    return data, kind.content_type


def _check_agreement(kind, name, said):
    """A name without an ending announces nothing; one that lies is refused, whatever it holds."""
    ending = _split(name)[1].lower()
    if ending and ending not in kind.endings:
        raise ValidationError(
            f"Le nom de « {name} » annonce un fichier {ending}, son contenu est celui "
            f"d’{kind.in_words}. Si vous savez d’où il vient, renommez-le en "
            f"{kind.endings[0]}, puis joignez-le de nouveau."
        )
    said = said.partition(";")[0].strip().lower()
    if said not in {kind.content_type, *kind.aliases, *UNSAID}:
        raise ValidationError(
            f"« {name} » a été envoyé comme « {said[:60]} », son contenu est celui "
            f"d’{kind.in_words}. Enregistrez-le de nouveau sur votre poste, puis joignez-le."
        )


def plain_name(name):
    """What it is called, without folder, hidden character or double spelling; never empty."""
    bare = PureWindowsPath(name or "").name  # which takes both kinds of slashes for folders
    plain = "".join(c for c in unicodedata.normalize("NFC", bare) if c.isprintable())
    plain = " ".join(plain.split()).strip(". ") or "sans nom"
    if RESERVED.match(plain):
        plain = f"_{plain}"
    stem, ending = _split(plain)
    return f"{stem[: LONGEST_NAME - len(ending)]}{ending}"


def _split(name):
    """A name and its ending: « Relevé du 12.03 » and « M. Durand » have none."""
    found = ENDING.search(name)
    return (name[: found.start()], found[0]) if found else (name, "")


def served_name(upload, content_type):
    """What it is called once received: ending as what it holds."""
    stem, _ = _split(plain_name(upload.name))
    return f"{stem[: LONGEST_NAME - 10]}{ACCEPTED[content_type]}"
