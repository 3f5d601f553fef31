"""A document to edit: the same words and tables in ODT, under the same marking.

What is printed is the PDF. This copy is for those who must take the words up elsewhere: it says on
each page that it has no value. A picture is told in words, its figures stand in the tables.
"""

import io
from collections.abc import Iterable
from typing import Any

from odf import dc, meta
from odf.opendocument import OpenDocumentText
from odf.style import (
    FontFace,
    Footer,
    FooterStyle,
    Header,
    HeaderFooterProperties,
    HeaderStyle,
    MasterPage,
    PageLayout,
    PageLayoutProperties,
    ParagraphProperties,
    Style,
    TableCellProperties,
    TableProperties,
    TextProperties,
)
from odf.table import Table as OdfTable
from odf.table import TableCell, TableHeaderRows, TableRow
from odf.table import TableColumn as OdfColumn
from odf.text import H, LineBreak, List, ListItem, P, PageCount, PageNumber, Span

from cross.printing.blocks import shown
from cross.printing.content import (
    Beside,
    Block,
    Boxed,
    Bullets,
    Cell,
    Entries,
    Figure,
    Paragraph,
    Print,
    Run,
    Section,
    Subtitle,
    Table,
    TableColumn,
    Wide,
)
from cross.printing.words import french_instant, typographic

WITHOUT_VALUE = "COPIE MODIFIABLE, SANS VALEUR"
FONT = "Liberation Sans"
NAVY, GREY, RED = "#24407a", "#4c5361", "#a3161f"


# name: family, the style it comes from, what it does to paragraphs and to words
STYLES = {
    "Texte": ("paragraph", "", {"marginbottom": "0.25cm"}, {"fontsize": "10.5pt"}),
    "Titre": ("paragraph", "", {"marginbottom": "0.2cm"},
              {"fontsize": "22pt", "fontweight": "bold", "color": NAVY}),
    "Titre1": ("paragraph", "",
               {"margintop": "0.7cm", "marginbottom": "0.3cm", "keepwithnext": "always"},
               {"fontsize": "15pt", "fontweight": "bold", "color": NAVY}),
    "Titre2": ("paragraph", "",
               {"margintop": "0.4cm", "marginbottom": "0.2cm", "keepwithnext": "always"},
               {"fontsize": "12pt", "fontweight": "bold"}),
    "Legende": ("paragraph", "",
                {"margintop": "0.3cm", "marginbottom": "0.15cm", "keepwithnext": "always"},
                {"fontsize": "9.5pt", "fontweight": "bold"}),
    "Source": ("paragraph", "", {"margintop": "0.1cm", "marginbottom": "0.4cm"},
               {"fontsize": "8pt", "color": GREY}),
    "Cellule": ("paragraph", "", {}, {"fontsize": "9pt"}),
    "Nombre": ("paragraph", "", {"textalign": "end"}, {"fontsize": "9pt"}),
    "Entete": ("paragraph", "", {"textalign": "center"}, {"fontsize": "8pt", "color": GREY}),
    "Gras": ("text", "", {}, {"fontweight": "bold"}),
    "Mention": ("text", "", {}, {"fontweight": "bold", "color": RED, "fontsize": "10pt"}),
}  # fmt: skip


def write_document(
    *,
    title: str,
    lines: Iterable[str],
    marking: str,
    notice: str,
    handling: str,
    reference: str,
    copy: Print,
    sections: Iterable[Section],
) -> bytes:
    """The file. `lines` stand under the title; the date is that of the copy."""
    document = OpenDocumentText()
    _describe(document, title, copy)
    _style(document)
    _frame(document, title=title, marking=marking, notice=notice, reference=reference, copy=copy)
    body = document.text
    body.addElement(_heading("Titre", 1, title))
    for line in lines:
        body.addElement(_paragraph("Texte", line))
    body.addElement(
        _paragraph(
            "Texte",
            f"{WITHOUT_VALUE}. Copie de travail n° {copy.number} remise à {copy.recipient} pour"
            f" être reprise ailleurs : {copy.reason}. Seul l’exemplaire en PDF fait foi."
            f" {handling}",
        )
    )
    for section in sections:
        body.addElement(_heading("Titre1", 1, section.title))
        for block in section.body:
            _add(body, block)
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def _describe(document: Any, title: str, copy: Print) -> None:
    document.meta.addElement(dc.Title(text=title))
    document.meta.addElement(dc.Language(text="fr-FR"))
    document.meta.addElement(dc.Creator(text=copy.printed_by))
    document.meta.addElement(dc.Date(text=copy.printed_at.isoformat()))
    document.meta.addElement(meta.CreationDate(text=copy.printed_at.isoformat()))


def _style(document: Any) -> None:
    document.fontfacedecls.addElement(FontFace(name=FONT, fontfamily=FONT))
    for name, (family, parent, paragraph, words) in STYLES.items():
        style = Style(name=name, family=family, **({"parentstylename": parent} if parent else {}))
        if paragraph:
            style.addElement(ParagraphProperties(**paragraph))
        style.addElement(TextProperties(fontname=FONT, language="fr", country="FR", **words))
        document.styles.addElement(style)
    table = Style(name="Tableau", family="table")
    table.addElement(TableProperties(width="17cm", align="margins"))
    document.automaticstyles.addElement(table)
    cell = Style(name="Case", family="table-cell")
    cell.addElement(TableCellProperties(padding="0.08cm", borderbottom="0.5pt solid #c3c9d3"))
    document.automaticstyles.addElement(cell)


def _frame(
    document: Any, *, title: str, marking: str, notice: str, reference: str, copy: Print
) -> None:
    """The head and foot of each page: what the PDF says there."""
    layout = PageLayout(name="Page")
    layout.addElement(
        PageLayoutProperties(
            pagewidth="21cm", pageheight="29.7cm", printorientation="portrait",
            margintop="1.3cm", marginbottom="1.3cm", marginleft="2cm", marginright="2cm",
        )
    )  # fmt: skip
    for kind, side in ((HeaderStyle, "marginbottom"), (FooterStyle, "margintop")):
        style = kind()
        style.addElement(HeaderFooterProperties(minheight="1.4cm", **{side: "0.4cm"}))
        layout.addElement(style)
    document.automaticstyles.addElement(layout)
    master = MasterPage(name="Standard", pagelayoutname=layout)
    header, footer = Header(), Footer()
    header.addElement(_marked(marking))
    said = " · ".join(filter(None, [WITHOUT_VALUE, title, notice.upper()]))
    header.addElement(_paragraph("Entete", said))
    footer.addElement(_marked(marking))
    traced = (
        f"Copie de travail n° {copy.number} · {copy.recipient} · imprimé par {copy.printed_by},"
        f" {french_instant(copy.printed_at)} · {reference} · page "
    )
    foot = _paragraph("Entete", traced)
    foot.addElement(PageNumber(selectpage="current"))
    foot.addText("/")
    foot.addElement(PageCount())
    footer.addElement(foot)
    master.addElement(header)
    master.addElement(footer)
    document.masterstyles.addElement(master)


def _marked(marking: str) -> Any:
    line = P(stylename="Entete")
    line.addElement(Span(stylename="Mention", text=marking))
    return line


# --- blocks ----------------------------------------------------------------------------------


def _add(body: Any, block: Block) -> None:
    for element in _MAKERS[type(block)](block):
        body.addElement(element)


def _heading(style: str, level: int, words: str) -> Any:
    return H(stylename=style, outlinelevel=level, text=typographic(words))


def _paragraph(style: str, words: str) -> Any:
    return P(stylename=style, text=typographic(words))


def _runs(runs: Iterable[Run]) -> Any:
    line = P(stylename="Texte")
    for run in runs:
        words = typographic(run.words)
        if run.bold:
            line.addElement(Span(stylename="Gras", text=words))
        else:
            line.addText(words)
    return line


def _bullets(block: Bullets) -> list[Any]:
    listed = List()
    for item in block.items:
        element = ListItem()
        element.addElement(_runs(item))
        listed.addElement(element)
    return [listed]


def _figure(block: Figure) -> list[Any]:
    told = [_paragraph("Legende", f"Figure : {block.caption}"), _paragraph("Texte", block.alt)]
    return [*told, _paragraph("Source", block.source)] if block.source else told


NOTHING = "Rien à communiquer sur la période."


def _table(block: Table) -> list[Any]:
    table = OdfTable(stylename="Tableau")
    table.addElement(OdfColumn(numbercolumnsrepeated=len(block.columns)))
    heads = TableHeaderRows()
    heads.addElement(_row([(column.title, "Legende") for column in block.columns]))
    table.addElement(heads)
    for row in block.rows:
        table.addElement(_row([_told(*pair) for pair in zip(row, block.columns, strict=True)]))
    parts = [_paragraph("Legende", f"Tableau : {block.caption}")]
    parts.append(table if block.rows else _paragraph("Texte", NOTHING))
    return [*parts, _paragraph("Source", block.source)]


def _told(cell: Cell, column: TableColumn) -> tuple[str, str]:
    return shown(cell, column), "Cellule" if column.kind == "text" else "Nombre"


def _row(cells: Iterable[tuple[str, str]]) -> Any:
    row = TableRow()
    for words, style in cells:
        cell = TableCell(stylename="Case", valuetype="string")
        cell.addElement(_paragraph(style, words))
        row.addElement(cell)
    return row


def _entries(block: Entries) -> list[Any]:
    lines = []
    for label, words in block.pairs:
        line = P(stylename="Texte")
        line.addElement(Span(stylename="Gras", text=typographic(f"{label} :")))
        line.addElement(LineBreak())
        line.addText(typographic(words))
        lines.append(line)
    return lines


def _boxed(block: Boxed) -> list[Any]:
    inside = [element for each in block.words for element in _MAKERS[type(each)](each)]
    return [_heading("Titre2", 2, block.title), *inside]


def _beside(block: Beside) -> list[Any]:
    return [element for half in (block.left, block.right) for element in _MAKERS[type(half)](half)]


_MAKERS: dict[type, Any] = {
    Paragraph: lambda block: [_runs(block.runs)],
    Subtitle: lambda block: [_heading("Titre2", 2, block.words)],
    Bullets: _bullets,
    Figure: _figure,
    Table: _table,
    Entries: _entries,
    Boxed: _boxed,
    Beside: _beside,
    Wide: lambda block: _figure(block.figure),
}
