"""The printed brief: from frozen content to one file, PDF/UA-1 and PDF/A-3a at once.

Words go to the typesetter as data, never as its own language: a text that reads `#read("…")` is
printed as such. The typesetter is a program of its own (`press.py`). Same content, same bytes.
"""

import csv
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from cross.ui.charts import Masked, french_number
from intel.printing.content import (
    Beside,
    Block,
    BriefContent,
    BriefError,
    Bullets,
    Cell,
    Figure,
    Paragraph,
    Run,
    Section,
    StrategyAxis,
    Subtitle,
    Table,
    TableColumn,
    check_content,
)
from intel.printing.pictures import print_ready
from intel.printing.reading_note import french_instant, reading_note
from intel.printing.words import printable, typographic

__all__ = ["BriefContent", "BriefError", "Figure", "compile_brief", "draw_png"]

logger = logging.getLogger(__name__)

PRESS = Path(__file__).with_name("press.py")
PICTURE_PRESS = Path(__file__).with_name("picture_press.py")
LONGEST_SECONDS = 30
# all that the press inherits: where shared libraries and temporary folders are, no secret
KEPT = ("LD_LIBRARY_PATH", "TMPDIR")
NOTHING = "–"

# The texts of the content that the template takes under their own names.
IDENTITY = ["department", "period", "previous_period", "edition", "issuer"]
IDENTITY += ["title", "subject", "marking", "handling", "notice", "state"]

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


def compile_brief(content: BriefContent) -> bytes:
    """The brief as a PDF file. Raises BriefError when the content cannot be printed.

    The date of the document is `content.copy.printed_at`, so that the file can be made again.
    """
    check_content(content)
    given = {"brief": _brief(content), "printed_at": content.copy.printed_at.timestamp()}
    return _pressed(PRESS, json.dumps(given).encode())


def draw_png(figure: Figure) -> bytes:
    """A picture as PNG, on white. Raises BriefError on what must not be in it."""
    picture, *_ = print_ready(figure)
    return _pressed(PICTURE_PRESS, picture.encode())


def _pressed(program: Path, given: bytes) -> bytes:
    try:
        press = subprocess.run(  # noqa: S603 - our own program, nothing typed on its command line
            [sys.executable, "-I", str(program)],
            input=given,
            capture_output=True,
            check=False,
            timeout=LONGEST_SECONDS,
            env={name: os.environ[name] for name in KEPT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        raise BriefError(
            f"La mise en page a pris plus de {LONGEST_SECONDS} secondes et a été arrêtée\u00a0:"
            " raccourcissez les textes ou l’annexe, puis imprimez de nouveau."
        ) from None
    told = press.stderr.decode(errors="replace").strip()
    if press.returncode:
        raise RuntimeError(f"the press failed: {told}")
    if told:
        logger.warning("press: %s", told)
    return press.stdout


# --- content as data for the template --------------------------------------------------------


def _brief(content: BriefContent) -> dict[str, Any]:
    """The whole content as plain data: every text is final, the template only lays it out."""
    copy, origin = content.copy, content.origin
    identity = {name: _prose(getattr(content, name)) for name in IDENTITY}
    code = f" ({_prose(content.department_code)})" if content.department_code else ""
    place = identity["department"] + code
    return {
        **identity,
        "place": place,
        "running": {
            "title": _one_line(identity["title"]),
            "place": _one_line(place),
            "period": _one_line(identity["period"]),
            "notice": _one_line(identity["notice"], 30),
            "recipient": _one_line(_prose(copy.recipient)),
            "printed_by": _one_line(_prose(copy.printed_by)),
            "edition": _one_line(
                f"Édition n°\u00a0{identity['edition']}, version {content.version}"
            ),
        },
        "version": content.version,
        "copy": {
            "number": copy.number,
            "recipient": _prose(copy.recipient),
            "printed_by": _prose(copy.printed_by),
            "printed_by_unit": _prose(copy.printed_by_unit),
            "printed_at": _prose(french_instant(copy.printed_at)),
            "reason": _prose(copy.reason),
        },
        "summary": printable(origin.summary),
        "digest": origin.digest,
        "reading_note": _two_columns(list(reading_note(content))),
        "cover": _figure(content.cover) if content.cover else None,
        "key_figures": [
            {
                "label": _prose(figure.label),
                "value": french_number(figure.value),
                "note": _prose(figure.note),
            }
            for figure in content.key_figures
        ],
        "opening": [_block(block) for block in content.opening],
        "sections": [_section(section) for section in content.sections],
        "axes": [_axis(axis) for axis in content.axes],
        "steering": [_block(block) for block in content.steering],
        "signatories": [
            {"capacity": _prose(who.capacity), "name": _prose(who.name)}
            for who in content.signatories
        ],
        "annexes": [_table(table) for table in content.annexes],
        "attachments": list(_attachments(content)),
    }


def _prose(text: str) -> str:
    return printable(typographic(text)).strip(" ")


def _one_line(words: str, most: int = 44) -> str:
    """Cut for the head and foot of the pages, where a second line would push the text away."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _two_columns(entries: list[tuple[str, str]]) -> list[list[dict[str, str]]]:
    """Entries of the reading note in two columns of about the same length, in their order."""
    lengths = [len(words) for _, words in entries]
    cut = min(range(1, len(entries)), key=lambda at: abs(sum(lengths[:at]) - sum(lengths[at:])))
    told = [{"label": label, "words": _prose(words)} for label, words in entries]
    return [told[:cut], told[cut:]]


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": _prose(section.title),
        "body": [_block(block) for block in section.body],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(runs):
            return {"kind": "paragraph", "runs": _runs(runs)}
        case Bullets(items):
            return {"kind": "bullets", "items": [_runs(item) for item in items]}
        case Subtitle(words):
            return {"kind": "subtitle", "words": _prose(words)}
        case Figure():
            return _figure(block)
        case Table():
            return _table(block)
        case Beside(left, right, share):
            return _beside(_half(left), _half(right), share)


def _half(block: Figure | Table) -> dict[str, Any]:
    """A block that shares the width of the page: too narrow for a table over two columns."""
    return _block(replace(block, dense=False) if isinstance(block, Table) else block)


def _beside(left: dict[str, Any], right: dict[str, Any], share: float) -> dict[str, Any]:
    widths = ((left, share), (right, 1 - share))
    fits = all(half.get("width", 0) <= LINE_UNITS * part * SHRINK for half, part in widths)
    return {"kind": "beside" if fits else "stack", "left": left, "right": right, "share": share}


def _runs(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [{"words": printable(typographic(run.words)), "bold": run.bold} for run in runs]


def _figure(figure: Figure) -> dict[str, Any]:
    svg, width, ratio = print_ready(figure)
    return {
        "kind": "figure",
        "svg": svg,
        "width": width,
        "ratio": ratio,
        "caption": _prose(figure.caption),
        "alt": _prose(figure.alt),
        "source": _prose(figure.source),
    }


def _axis(axis: StrategyAxis) -> dict[str, Any]:
    """An axis as rows of labelled entries, one or two a row; what was left empty is left out."""
    rows: list[list[tuple[str, tuple[str, ...]]]] = [
        [("Objectif", (axis.objective,))],
        [("Actions", axis.actions)],
        [("Pilote", (axis.pilot,)), ("Échéance", (axis.deadline,))],
        [("Partenaires", (", ".join(axis.partners),)), ("Indicateur", (axis.indicator,))],
    ]
    told = [[_entry(label, words) for label, words in row if any(words)] for row in rows]
    return {
        "title": _prose(axis.title),
        "state": _prose(axis.state),
        "rows": [row for row in told if row],
    }


def _entry(label: str, words: tuple[str, ...]) -> dict[str, Any]:
    return {"label": label, "words": [_prose(each) for each in words if each.strip()]}


# --- tables ----------------------------------------------------------------------------------


def _table(table: Table) -> dict[str, Any]:
    largest = [_largest(table, index) for index in range(len(table.columns))]
    return {
        "kind": "table",
        "caption": _prose(table.caption),
        "source": _prose(table.source),
        "sheets": _sheets(table),
        "columns": [
            {"title": _prose(column.title), "kind": column.kind, "bar": column.bar}
            for column in table.columns
        ],
        "rows": [
            [
                {
                    "words": _shown(cell, column),
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


def _shown(cell: Cell, column: TableColumn) -> str:
    match cell:
        case None:
            return NOTHING
        case Masked():
            return printable(cell.words)
        case str():
            return _prose(cell)
    words = french_number(cell, decimals=column.decimals)
    if column.kind == "change" and cell > 0 and words.strip("0,"):
        words = f"+{words}"
    return f"{words}\u00a0{column.unit}" if column.unit else words


def _attachments(content: BriefContent) -> Iterator[dict[str, str]]:
    """One CSV file a table, named after the marking, its rank and its caption.

    The marking goes into the name: a file taken out of the brief must still carry it.
    """
    marking = slugify(content.marking)
    for rank, table in enumerate(content.tables(), start=1):
        yield {
            "name": f"{marking}-tableau-{rank}-{slugify(table.caption)[:48].strip('-')}.csv",
            "csv": _csv(table),
            "description": _prose(table.caption),
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
