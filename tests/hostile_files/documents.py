"""Documents and workbooks: macros, programs, bombs, entities, what is fetched elsewhere."""

import io
import struct
import zipfile

OOXML = "http://schemas.openxmlformats.org"
OFFICE = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
# Each word is ten times the one before it: a hundred million of them.
TENFOLD = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">{TENFOLD}]><l>&i;</l>'
FETCHED = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'


def zipped(parts, *, stored=()):
    """An archive of `{name: text or octets}`, always of the same day."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2026, 9, 17, 22, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return held.getvalue()


def docx(parts=(), kind="wordprocessingml.document", main="word/document.xml", **named):
    """A sound document, and these parts besides or instead."""
    content = named.get("content", "<w:document xmlns:w='w'><w:t>Note</w:t></w:document>")
    return zipped({
        "[Content_Types].xml": f"<Types xmlns='{OOXML}/package/2006/content-types'>"
        f"<Override PartName='/{main}' ContentType='{OFFICE}.{kind}.main+xml'/></Types>",
        "_rels/.rels": f"<Relationships xmlns='{OOXML}/package/2006/relationships'/>",
        main: content,
        **dict(parts),
    })  # fmt: skip


def xlsx(parts=(), **named):
    """A sound workbook of one sheet."""
    sheet = named.get(
        "sheet",
        "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>reference</t></is></c>"
        "<c r='B1' t='inlineStr'><is><t>description</t></is></c></row>"
        "<row r='2'><c r='A2' t='inlineStr'><is><t>S-1</t></is></c>"
        "<c r='B2' t='inlineStr'><is><t>Vente</t></is></c></row></sheetData></worksheet>",
    )
    book = (
        f"<workbook xmlns:r='{OOXML}/officeDocument/2006/relationships'><sheets>"
        "<sheet name='Feuille' sheetId='1' r:id='rId1'/></sheets></workbook>"
    )
    linked = (
        f"<Relationships xmlns='{OOXML}/package/2006/relationships'><Relationship Id='rId1' "
        "Type='worksheet' Target='worksheets/sheet1.xml'/></Relationships>"
    )
    return docx(
        {"xl/_rels/workbook.xml.rels": linked, "xl/worksheets/sheet1.xml": sheet, **dict(parts)},
        kind="spreadsheetml.sheet", main="xl/workbook.xml", content=book,
    )  # fmt: skip


def odf(parts=(), kind="text", content="<office:document-content xmlns:office='o'/>"):
    return zipped(
        {"mimetype": f"{ODF}.{kind}", "content.xml": content, **dict(parts)}, stored={"mimetype"}
    )


def ods(parts=(), content=None):
    sheet = (
        "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body>"
        "<table:table table:name='F'><table:table-row>"
        "<table:table-cell><text:p>reference</text:p></table:table-cell>"
        "<table:table-cell><text:p>description</text:p></table:table-cell></table:table-row>"
        "</table:table></office:body></office:document-content>"
    )
    return odf(parts, "spreadsheet", content or sheet)


def relation(kind, target):
    """A part that fetches something elsewhere."""
    return (
        f"<Relationships xmlns='{OOXML}/package/2006/relationships'><Relationship Id='rId9' "
        f"Type='{OOXML}/officeDocument/2006/relationships/{kind}' Target='{target}' "
        "TargetMode='External'/></Relationships>"
    )


def claiming(data, size):
    """The same archive, whose table says that its last part unpacks into `size` octets."""
    place = data.rindex(b"PK\x01\x02")
    return data[: place + 24] + struct.pack("<I", size) + data[place + 28 :]


def overlapping(data, times):
    """The same archive, whose table names its last part so many times."""
    place, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    line = data[place:end]
    again = b"".join(line.replace(b"part0000", b"part%04d" % rank) for rank in range(times))
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    length = place - start + len(again)
    close = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, times, times, length, start, 0)
    return data[:place] + again + close


def ciphered(data):
    """The same archive, whose parts say that they need a password."""
    return data.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")


def escaping(name):
    """A document with a part of that name, as hostile tools write it."""
    data = docx({"word/aaaaaaaaaaaaaaaaaaaa.xml": "<a/>"})
    wanted = name.encode().ljust(25, b"a")[:25]
    return data.replace(b"word/aaaaaaaaaaaaaaaaaaaa.xml"[:25], wanted)
