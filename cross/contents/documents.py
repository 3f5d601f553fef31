"""Documents and workbooks, which are archives: no macro, no program, nothing fetched elsewhere."""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from cross.contents import archives
from cross.contents.unfit import DAMAGED, TOO_LARGE_ONCE_UNPACKED, Unfit

BOUNDS = archives.Bounds()
LONGEST_RELATIONS = 1_000_000
PIECE = 1 << 16
# An element opens within so many octets, or what comes before it hides something.
LONGEST_PROLOGUE = 1 << 16
LONGEST_TAG = 3_000

MACROS = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|macrosheets/|activeX/|Basic/|Scripts/|dialogsheets/)",
    re.I,
)
EMBEDDED = re.compile(
    r"(?:^|/)oleObject[^/]*\.bin$"
    r"|\.(?:zip|7z|rar|gz|iso|cab|jar|exe|dll|com|scr|msi|lnk|js|jse|vbs|vbe|wsf|hta|bat|cmd|ps1"
    r"|docm|dotm|xlsm|xltm|xlam|pptm|svg|html?|swf)$",
    re.I,
)
XML = re.compile(r"\.(?:xml|rels|rdf|vml)$", re.I)
# What a document asks of another program or of another place, in the octets of its main parts.
# Tags hold no "<": each is looked at once, whatever somebody repeats in it.
ACTING = re.compile(
    rb"macroEnabled|vnd\.ms-office\.vbaProject|ddeLink|<\w+:(?:event-listener|plugin|applet)\b"
    rb"|<\w+:instrText[^<>]*>\s{0,20}(?i:DDE)|<\w+:dde-"
)
DRAWN_FROM = re.compile(rb"<\w+:(?:image|object|object-ole|floating-frame)\b[^<>]*>")
ELSEWHERE = re.compile(rb"\bhref\s*=\s*[\"'](?:\w{2,9}:|\\\\)")
LOOKED_INTO = re.compile(
    r"^(?:\[Content_Types\]\.xml|content\.xml|styles\.xml|META-INF/manifest\.xml|settings\.xml"
    r"|word/(?:document|header\d*|footer\d*|settings)\.xml|xl/workbook\.xml|xl/externalLinks/.*)$"
)
FAULTS = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, OSError,
    NotImplementedError,
)  # fmt: skip

WITH_MACROS = (
    "contient des macros ou un objet actif\u00a0: enregistrez-le sans eux (ODT, ODS, DOCX, XLSX) "
    "ou en PDF, puis joignez-le de nouveau."
)
WITH_FILES = (
    "renferme un programme ou un autre fichier\u00a0: enregistrez-le en PDF, et joignez à part ce "
    "qu’il renferme."
)
FETCHES = (
    "va chercher un modèle ou une image ailleurs quand on l’ouvre\u00a0: enregistrez-le en PDF, "
    "puis joignez celui-ci."
)
DECLARES = "contient une déclaration XML interdite\u00a0: il est refusé."


def is_open_document(content_type):
    """Its first part, not compressed, says what it is: that is how the format is recognised."""
    opening = b"mimetype" + content_type.encode()

    def is_one(data):
        return (
            data.startswith(archives.SIGNATURE)
            and data[30 : 30 + len(opening)] == opening
            and (data[30 + len(opening) : 32 + len(opening)] == b"PK")
        )

    return is_one


def is_office(folder):
    """By the names of its table of contents, which is all that is read."""

    def is_one(data):
        if not data.startswith(archives.SIGNATURE):
            return False
        try:
            names = {part.filename for part in archives.parts_of(io.BytesIO(data), BOUNDS)}
        except Unfit:
            # What it is is told by a name that stands in clear; why it is unfit, by its check.
            return f"{folder}".encode() in data
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return is_one


def check(data):
    parts = archives.parts_of(io.BytesIO(data), BOUNDS)
    if any(MACROS.search(part.filename) for part in parts):
        raise Unfit(WITH_MACROS)
    if any(EMBEDDED.search(part.filename) for part in parts):
        raise Unfit(WITH_FILES)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in parts:
                _check_part(archive, part)
    except Unfit:
        raise
    except FAULTS as fault:
        raise Unfit(DAMAGED) from fault


def _check_part(archive, part):
    if XML.search(part.filename):
        _check_prologue(archive, part)
    if part.filename.endswith(".rels"):
        _check_relations(archive, part)
    if LOOKED_INTO.match(part.filename):
        _check_octets(archive, part)


def _check_prologue(archive, part):
    """No declaration before the first element: nothing to expand, nothing to fetch."""
    parser = expat.ParserCreate()
    opened = []

    def refuse(*_):
        raise Unfit(DECLARES)

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda *_: opened.append(True)
    with archive.open(part) as content:
        for _ in range(0, LONGEST_PROLOGUE, PIECE // 16):
            piece = content.read(PIECE // 16)
            if piece[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                raise Unfit(DECLARES)  # in UTF-16: nobody writes so, and names are looked for
            parser.Parse(piece, not piece)
            if opened or not piece:
                return
    raise Unfit(DECLARES)


def _check_relations(archive, part):
    if part.file_size > LONGEST_RELATIONS:
        raise Unfit(TOO_LARGE_ONCE_UNPACKED)

    def relation(_tag, attributes):
        is_link = attributes.get("Type", "").endswith("/hyperlink")
        if attributes.get("TargetMode", "").lower() == "external" and not is_link:
            raise Unfit(FETCHES)

    parser = expat.ParserCreate()
    parser.StartElementHandler = relation
    with archive.open(part) as content:
        parser.Parse(content.read(LONGEST_RELATIONS), True)


def _check_octets(archive, part):
    with archive.open(part) as content:
        tail = b""
        while piece := content.read(1 << 20):
            window = tail + piece
            if ACTING.search(window):
                raise Unfit(WITH_MACROS)
            if any(ELSEWHERE.search(found[0]) for found in DRAWN_FROM.finditer(window)):
                raise Unfit(FETCHES)
            tail = window[-LONGEST_TAG:]
