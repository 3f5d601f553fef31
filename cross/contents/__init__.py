"""What a file holds, told by its own bytes: never by its name, never by what the browser says.

Nothing is decoded here: signatures, headers and tables of contents are read, and little of them,
so that a page may do it whatever it was sent. What draws or unpacks runs in `cross.jail`.

    found = contents.kind_of(data)         # one of KINDS, or None
    found.check(data)                      # raises Unfit
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cross.contents import documents, pdf, pictures, texts
from cross.contents.unfit import Unfit

__all__ = ["KINDS", "Kind", "Unfit", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """A kind of file that is received. `endings`: the first is the one it is served with."""

    content_type: str
    in_words: str
    endings: tuple[str, ...]
    is_one: Callable[[bytes], bool] = field(repr=False)
    check: Callable[[bytes], None] = field(repr=False)
    # What browsers also call it.
    aliases: frozenset[str] = frozenset()


ZIP = frozenset({"application/zip", "application/x-zip-compressed", "application/x-zip"})
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
OFFICE = "application/vnd.openxmlformats-officedocument"

MESSAGE = Kind("message/rfc822", "un courriel", (".eml",), texts.is_message, texts.check)
# The whole list, the surest first: what may be any text comes last.
KINDS = (
    Kind("application/pdf", "un PDF", (".pdf",), pdf.is_one, pdf.check,
         frozenset({"application/x-pdf"})),
    Kind("image/png", "une image PNG", (".png",), pictures.is_png, pictures.check_png),
    Kind("image/jpeg", "une image JPEG", (".jpg", ".jpeg", ".jpe", ".jfif"), pictures.is_jpeg,
         pictures.check_jpeg, frozenset({"image/jpg", "image/pjpeg"})),
    Kind("image/webp", "une image WebP", (".webp",), pictures.is_webp, pictures.check_webp),
    Kind(f"{OPEN_DOCUMENT}.text", "un document ODT", (".odt",),
         documents.is_open_document(f"{OPEN_DOCUMENT}.text"), documents.check, ZIP),
    Kind(f"{OPEN_DOCUMENT}.spreadsheet", "un classeur ODS", (".ods",),
         documents.is_open_document(f"{OPEN_DOCUMENT}.spreadsheet"), documents.check, ZIP),
    Kind(f"{OFFICE}.wordprocessingml.document", "un document DOCX", (".docx",),
         documents.is_office("word/"), documents.check, ZIP),
    Kind(f"{OFFICE}.spreadsheetml.sheet", "un classeur XLSX", (".xlsx",),
         documents.is_office("xl/"), documents.check, ZIP),
    MESSAGE,
    Kind("text/plain", "un texte", (".txt", ".csv", ".tsv", ".log", ".md"), texts.is_text,
         texts.check,
         frozenset({"text/csv", "text/tab-separated-values", "text/markdown", "text/x-log",
                    "application/vnd.ms-excel"})),
)  # fmt: skip


def kind_of(data: bytes, name: str = "") -> Kind | None:
    """The kind of these bytes. The name settles nothing but a courriel among texts."""
    for kind in KINDS:
        if kind.is_one(data) and (kind is not MESSAGE or name.lower().endswith(MESSAGE.endings)):
            return kind
    return None
