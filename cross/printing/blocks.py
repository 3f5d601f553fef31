"""Content as plain data for the templates: every text is final, they only lay it out."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import isqrt
from typing import Any

from django.utils.text import slugify

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
    Signatory,
    Subtitle,
    Table,
    TableColumn,
    Wide,
)
from cross.printing.pictures import print_ready
from cross.printing.words import french_instant, one_line, printable, prose, typographic
from cross.ui.charts import Masked, french_number

NOTHING = "–"
# Lines of a dense table that stand under the title of the annex, then on a whole page, with a few
# to spare; and how many characters its half page holds, of which a column of figures takes some.
FIRST_SHEET_LINES = 55
SHEET_LINES = 60
DENSE_CHARS = 54
DENSE_FIGURE_CHARS = 9

# Width of a line in units of a chart, and how much a figure may shrink before it is illegible.
LINE_UNITS = 640
SHRINK = 1.3

# What spreadsheet programs take for a formula at the start of a cell.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


# --- what stands on each page ----------------------------------------------------------------


def copy_of(copy: Print) -> dict[str, Any]:
    return {
        "number": copy.number,
        "recipient": prose(copy.recipient),
        "printed_by": prose(copy.printed_by),
        "printed_by_unit": prose(copy.printed_by_unit),
        "printed_at": prose(french_instant(copy.printed_at)),
        "reason": prose(copy.reason),
    }


def frame(
    copy: Print,
    *,
    marking: str,
    notice: str,
    head: tuple[str, str, str],
    reference: str,
    paper: str = "a4",
) -> dict[str, Any]:
    """What the house style needs for the head, the foot and the margin of each page.

    `head`: two lines at the left, one at the right above the notice.
    """
    return {
        "paper": paper,
        "marking": prose(marking),
        "notice": one_line(prose(notice), 30),
        "head": [one_line(prose(words)) for words in head],
        "reference": one_line(prose(reference)),
        "recipient": one_line(prose(copy.recipient)),
        "printed_by": one_line(prose(copy.printed_by)),
        "reason": one_line(prose(copy.reason), 60),
    }


def signatories_of(signatories: Iterable[Signatory]) -> list[dict[str, str]]:
    return [{"capacity": prose(who.capacity), "name": prose(who.name)} for who in signatories]


def section_of(section: Section) -> dict[str, Any]:
    return {"title": prose(section.title), "body": [block_of(block) for block in section.body]}


# --- blocks ----------------------------------------------------------------------------------


def block_of(block: Block) -> dict[str, Any]:
    return MAKERS[type(block)](block)


def _paragraph(block: Paragraph) -> dict[str, Any]:
    return {"kind": "paragraph", "runs": _runs(block.runs)}


def _bullets(block: Bullets) -> dict[str, Any]:
    return {"kind": "bullets", "items": [_runs(item) for item in block.items]}


def _subtitle(block: Subtitle) -> dict[str, Any]:
    return {"kind": "subtitle", "words": prose(block.words)}


def _entries(block: Entries) -> dict[str, Any]:
    told = [{"label": prose(label), "words": prose(words)} for label, words in block.pairs]
    return {"kind": "entries", "pairs": told, "columns": block.columns}


def _boxed(block: Boxed) -> dict[str, Any]:
    body = [block_of(each) for each in block.words]
    return {"kind": "boxed", "title": prose(block.title), "body": body}


def _wide(block: Wide) -> dict[str, Any]:
    return {"kind": "wide", "figure": figure_of(replace(block.figure, whole=True))}


def _half(block: Figure | Table) -> dict[str, Any]:
    """A block that shares the width of the page: too narrow for a table over two columns."""
    return block_of(replace(block, dense=False) if isinstance(block, Table) else block)


def _beside(block: Beside) -> dict[str, Any]:
    left, right, share = _half(block.left), _half(block.right), block.share
    widths = ((left, share), (right, 1 - share))
    fits = all(half.get("width", 0) <= LINE_UNITS * part * SHRINK for half, part in widths)
    return {"kind": "beside" if fits else "stack", "left": left, "right": right, "share": share}


def _runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [{"words": printable(typographic(run.words)), "bold": run.bold} for run in runs]


def figure_of(figure: Figure) -> dict[str, Any]:
    svg, width, ratio = print_ready(figure)
    return {
        "kind": "figure",
        "svg": svg,
        "width": width,
        "ratio": ratio,
        "caption": prose(figure.caption),
        "alt": prose(figure.alt),
        "source": prose(figure.source),
        "whole": figure.whole,
    }


# --- tables ----------------------------------------------------------------------------------


# A column of words no longer than this takes the width of its words; the others share what is
# left by the square root of their longest text: twice the words take less than twice the width.
SHORT, LONG = 16, 80


def _weights(table: Table) -> list[int]:
    """Of each column, 0 for the width of its words. One of words at least shares what is left."""
    longest = [
        max([len(column.title), *(len(shown(row[index], column)) for row in table.rows)])
        for index, column in enumerate(table.columns)
    ]
    words = [column.kind == "text" for column in table.columns]
    weights = [
        isqrt(100 * min(signs, LONG)) if is_words and signs > SHORT else 0
        for signs, is_words in zip(longest, words, strict=True)
    ]
    return weights if any(weights) else [int(is_words) for is_words in words]


def table_of(table: Table) -> dict[str, Any]:
    largest = [_largest(table, index) for index in range(len(table.columns))]
    return {
        "kind": "table",
        "caption": prose(table.caption),
        "source": prose(table.source),
        "sheets": _sheets(table),
        "columns": [
            {
                "title": prose(column.title),
                "kind": column.kind,
                "bar": column.bar,
                "weight": weight,
            }
            for column, weight in zip(table.columns, _weights(table), strict=True)
        ],
        "rows": [
            [
                {
                    "words": shown(cell, column),
                    "share": _share(cell, most) if column.bar else 0,
                    "masked": isinstance(cell, Masked),
                }
                for cell, column, most in zip(row, table.columns, largest, strict=True)
            ]
            for row in table.rows
        ],
    }


def _sheets(table: Table) -> list[list[list[int]]]:
    """Pages of a dense table, as the spans of rows of its two halves: [[[0, 54], [54, 108]], …].

    Each page is balanced, so that the last one is not a lone column. A table that is not dense
    has none: it runs over the pages by itself.
    """
    if not table.dense:
        return []
    lines = [_lines(row) for row in table.rows]
    sheets, start, room = [], 0, FIRST_SHEET_LINES
    while start < len(lines):
        end = _fill(lines, start, 2 * room)
        middle = _fill(lines, start, -(-sum(lines[start:end]) // 2))
        sheets.append([[start, middle], [middle, end]])
        start, room = end, SHEET_LINES
    return sheets


def _lines(row: tuple[Cell, ...]) -> int:
    """Lines that a row of a dense table takes, from the length of its words."""
    texts = [len(cell) for cell in row if isinstance(cell, str)]
    figures = len(row) - len(texts)
    room = max((DENSE_CHARS - DENSE_FIGURE_CHARS * figures) // max(len(texts), 1), 8)
    return max((-(-length // room) for length in texts), default=1) or 1


def _fill(lines: list[int], start: int, room: int) -> int:
    """Where a column that starts at a row ends, given its room in lines; one row at least."""
    end, used = start + 1, lines[start]
    while end < len(lines) and used + lines[end] <= room:
        used += lines[end]
        end += 1
    return end


def _largest(table: Table, index: int) -> float:
    cells = (row[index] for row in table.rows)
    return max((cell for cell in cells if isinstance(cell, int | float)), default=0)


def _share(cell: Cell, largest: float) -> float:
    """Length of the bar beside a figure, from 0 to 1; none for what is masked or absent."""
    return max(cell / largest, 0) if largest and isinstance(cell, int | float) else 0


def shown(cell: Cell, column: TableColumn) -> str:
    match cell:
        case None:
            return NOTHING
        case Masked():
            return printable(cell.words)
        case str():
            return prose(cell)
    words = french_number(cell, decimals=column.decimals)
    if column.kind == "change" and cell > 0 and words.strip("0,"):
        words = f"+{words}"
    return f"{words}\u00a0{column.unit}" if column.unit else words


MAKERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    Paragraph: _paragraph,
    Bullets: _bullets,
    Subtitle: _subtitle,
    Entries: _entries,
    Boxed: _boxed,
    Figure: figure_of,
    Table: table_of,
    Beside: _beside,
    Wide: _wide,
}


# --- files attached --------------------------------------------------------------------------


def attachments_of(tables: Iterable[Table], marking: str) -> Iterator[dict[str, str]]:
    """One CSV file a table, named after the marking, its rank and its caption.

    The marking goes into the name: a file taken out of the document must still carry it.
    """
    for rank, table in enumerate(tables, start=1):
        about = slugify(table.caption)[:48].strip("-")
        yield {
            "name": f"{slugify(marking)}-tableau-{rank}-{about}.csv",
            "csv": _csv(table),
            "description": prose(table.caption),
        }


def _csv(table: Table) -> str:
    """The figures as a French spreadsheet program opens them: UTF-8 with a mark, semicolons."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(_csv_cell(column.title) for column in table.columns)
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return "\ufeff" + sheet.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return str(cell).replace(".", ",")
    words = printable(str(cell)).replace("\u200b", "")
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words
