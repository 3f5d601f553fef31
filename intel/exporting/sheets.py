"""One table of texts as CSV, XLSX or ODS, written row after row.

Ten thousand rows of 22 cells take about a second; tablib, which keeps every cell as an object,
takes 10 s and 200 MB in XLSX, 35 s and 480 MB in ODS. Every cell is typed as text and carries an
apostrophe where a spreadsheet could read a formula, whatever the file becomes afterwards.
"""

import codecs
import csv
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from intel.extraction.cleaning import CONTROL, guard_cell

SHEET = "Fiches"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def write_sheet(kind, file, header, rows, *, sheet=SHEET):
    """Write `header` and `rows` (sequences of texts) into the binary `file`; how many rows.

    `sheet` names the one sheet of a workbook, which CSV has not.
    """
    return WRITERS[kind](file, header, rows, sheet)


def _cells(row):
    return [guard_cell(CONTROL.sub("", text)) for text in row]


def _csv(file, header, rows, _):
    """With its mark of UTF-8 and semicolons: French spreadsheets open it without a question."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    file.write(codecs.BOM_UTF8)
    writer = csv.writer(text, delimiter=";")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(_cells(row))
        count += 1
    text.detach()
    return count


# --- XLSX -------------------------------------------------------------------------------------

OOXML = "http://schemas.openxmlformats.org"
XLSX_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{OOXML}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{OOXML}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OOXML}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{OOXML}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OOXML}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{OOXML}/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    # Format 0: text ("@"), wrapped; format 1: the same in bold, for the titles.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{OOXML}/spreadsheetml/2006/main">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders count=\"1\"><border/></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2">'
        '<xf numFmtId="49" xfId="0" applyNumberFormat="1" applyAlignment="1">'
        '<alignment wrapText="1" vertical="top"/></xf>'
        '<xf numFmtId="49" fontId="1" xfId="0" applyFont="1" applyNumberFormat="1"/>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles></styleSheet>"
    ),
}  # fmt: skip


def _workbook(name):
    return (
        f'<workbook xmlns="{OOXML}/spreadsheetml/2006/main" '
        f'xmlns:r="{OOXML}/officeDocument/2006/relationships"><sheets>'
        f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _xlsx(file, header, rows, name):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in XLSX_PARTS.items():
            archive.writestr(path, DECLARATION + content)
        archive.writestr("xl/workbook.xml", DECLARATION + _workbook(name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(
                f'{DECLARATION}<worksheet xmlns="{OOXML}/spreadsheetml/2006/main">'
                '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
                'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
                '<sheetFormatPr defaultColWidth="18" defaultRowHeight="15"/><sheetData>'.encode()
            )
            sheet.write(_xlsx_row(header, 1))
            count = 0
            for row in rows:
                sheet.write(_xlsx_row(row, 0))
                count += 1
            sheet.write(b"</sheetData></worksheet>")
    return count


def _xlsx_row(row, style):
    cells = "".join(
        f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        for text in _cells(row)
    )
    return f"<row>{cells}</row>".encode()


# --- ODS --------------------------------------------------------------------------------------

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in {
        "office": "office", "table": "table", "text": "text", "style": "style",
        "fo": "xsl-fo-compatible",
    }.items()
)  # fmt: skip
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
    f'manifest:media-type="{TYPES["ods"]}"/><manifest:file-entry manifest:full-path="content.xml" '
    'manifest:media-type="text/xml"/></manifest:manifest>'
)
ODS_OPENING = (
    f'<office:document-content {NAMES} office:version="1.3"><office:automatic-styles>'
    '<style:style style:name="titre" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="texte" style:family="table-cell">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)


def _ods(file, header, rows, name):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and not compressed: that is how the type of the file is recognised.
        archive.writestr("mimetype", TYPES["ods"], zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", DECLARATION + MANIFEST)
        with archive.open("content.xml", "w") as content:
            opened = f"<table:table table:name={quoteattr(name)}>"
            content.write((DECLARATION + ODS_OPENING + opened).encode())
            content.write(_ods_row(header, "titre"))
            count = 0
            for row in rows:
                content.write(_ods_row(row, "texte"))
                count += 1
            content.write(
                b"</table:table></office:spreadsheet></office:body></office:document-content>"
            )
    return count


def _ods_row(row, style):
    cells = "".join(
        f'<table:table-cell office:value-type="string" table:style-name="{style}">'
        f"{_ods_paragraphs(text)}</table:table-cell>"
        for text in _cells(row)
    )
    return f"<table:table-row>{cells}</table:table-row>".encode()


def _ods_paragraphs(text):
    """One paragraph a line; runs of blanks are written out, ODF would merge them."""
    lines = (escape(line).replace("  ", ' <text:s text:c="1"/>') for line in text.split("\n"))
    return "".join(f"<text:p>{line}</text:p>" for line in lines)


WRITERS = {"csv": _csv, "xlsx": _xlsx, "ods": _ods}
