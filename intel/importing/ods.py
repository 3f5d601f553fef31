"""ODS: one document holds every sheet, and says alike cells and rows once, with their number."""

import re

from intel.importing.held import Source
from intel.importing.workbooks import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_KEPT,
    MAX_ROWS,
    TOO_MUCH,
    Records,
    Sheet,
    WorkbookError,
    cell_text,
    opened,
)


class _OdsSheet(Sheet):
    """content.xml until the end of the first sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.cells: list[str] = []
        self.attributes: dict[str, str] = {}
        self.repeated_rows = 1
        self.paragraphs: list[list[str]] = []
        self.in_paragraph = self.in_annotation = self.length = 0
        self.in_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in {"table-cell", "covered-table-cell"}:
            self.attributes = {self._local(name): value for name, value in attributes.items()}
            self.paragraphs, self.in_cell, self.length = [], True, 0
        elif tag == "table-row":
            self.cells = []
            self.repeated_rows = _repetition(
                {self._local(name): value for name, value in attributes.items()}, "rows"
            )
        elif tag == "annotation":
            self.in_annotation += 1
        elif self.in_cell and not self.in_annotation:
            self._inside(tag, attributes)

    def _inside(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "p":
            self.paragraphs.append([])
            self._kept(len(self.paragraphs), MAX_KEPT)
            self.in_paragraph += 1
        elif not self.in_paragraph:
            return
        elif tag == "s":
            count = next(
                (int(value) for name, value in attributes.items() if name[-2:] == " c"), 1
            )
            self._keep(" " * min(count, 1_000))
        elif tag == "tab":
            self.paragraphs[-1].append("\t")
        elif tag == "line-break":
            self.paragraphs[-1].append("\n")

    def text(self, data: str) -> None:
        if self.in_paragraph and not self.in_annotation:
            self._keep(data)

    def _keep(self, data: str) -> None:
        self.length += len(data)
        self._kept(self.length, MAX_CELL)
        self.paragraphs[-1].append(data)

    def end(self, tag: str) -> None:
        if tag == "annotation":
            self.in_annotation -= 1
        elif tag == "p" and self.in_paragraph and not self.in_annotation:
            self.in_paragraph -= 1
        elif tag in {"table-cell", "covered-table-cell"}:
            self._keep_cell()
        elif tag == "table-row":
            self._keep_row()
        elif tag == "table":
            self.is_over = True

    def _keep_cell(self) -> None:
        self.in_cell = False
        room = MAX_COLUMNS + 1 - len(self.cells)
        self.cells += [self._value()] * min(_repetition(self.attributes, "columns"), room)

    def _keep_row(self) -> None:
        while self.cells and not self.cells[-1]:
            self.cells.pop()
        if self.cells:
            for place in range(min(self.repeated_rows, MAX_ROWS + 1)):
                self.ready.append((self.number + place + 1, self.cells, ""))
        self.number += self.repeated_rows

    def _value(self) -> str:
        """The value as typed: a formula as "=…", a date in ISO, anything else as shown."""
        formula = self.attributes.get("formula")
        if formula:
            return f"={formula.partition('=')[2]}"
        kind = self.attributes.get("value-type", "")
        if kind == "date":
            day = self.attributes.get("date-value", "")
            return day.partition(".")[0].replace("T", " ").removesuffix(" 00:00:00")
        if kind in {"float", "percentage", "currency"}:
            return cell_text(float(self.attributes.get("value", "0")))
        return "\n".join("".join(pieces) for pieces in self.paragraphs)


def _repetition(attributes: dict[str, str], what: str) -> int:
    return max(1, int(attributes.get(f"number-{what}-repeated", "1")))


TABLE_NAME = re.compile(
    rb"<table:table [^<>]*?table:name=(?:\"([^\"<>]{0,200})\"|'([^'<>]{0,200})')"
)


def titles(path: Source) -> list[str]:
    """The titles of the sheets, looked for in the bytes: this part may be very long."""
    found: list[str] = []
    with opened(path) as archive, archive.open("content.xml") as content:
        tail = b""
        while chunk := content.read(1 << 20):
            window = tail + chunk
            found += [
                (double or single).decode("utf-8", "replace")
                for double, single in TABLE_NAME.findall(window)
            ]
            if len(found) > MAX_KEPT:
                raise WorkbookError(TOO_MUCH)
            cut = max((match.end() for match in TABLE_NAME.finditer(window)), default=0)
            tail = window[max(cut, len(window) - 1_000) :]
    return found


def read(path: Source) -> Records:
    """The records of the first sheet."""
    with opened(path) as archive, archive.open("content.xml") as content:
        yield from _OdsSheet().read(content)
