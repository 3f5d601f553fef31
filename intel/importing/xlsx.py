"""XLSX: shared texts, styles that make dates of numbers, and the first visible sheet."""

import datetime
import re
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from intel.importing.held import Source
from intel.importing.workbooks import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_KEPT,
    MAX_SHARED_CHARACTERS,
    MAX_SHARED_TEXTS,
    Records,
    Sheet,
    cell_text,
    opened,
)


class _WorkbookParts(Sheet):
    """xl/workbook.xml: the visible sheets in order, and the calendar."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []  # title, key of the relation
        self.epoch = CALENDAR_WINDOWS_1900

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            key = next(value for name, value in attributes.items() if name.endswith(" id"))
            self.sheets.append((attributes.get("name", ""), key))
            self._kept(len(self.sheets), MAX_KEPT)
        elif tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            self.epoch = CALENDAR_MAC_1904


class _Relations(Sheet):
    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes["Target"]
            whole = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            self.targets[attributes["Id"]] = whole
            self._kept(len(self.targets), MAX_KEPT)


class _SharedTexts(Sheet):
    """xl/sharedStrings.xml: the texts that cells name by their place."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.size = 0
        self.is_text = False
        self.is_phonetic = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag == "si":
            self.pieces = []
        elif tag == "rPh":
            self.is_phonetic = True
        elif tag == "t":
            self.is_text = not self.is_phonetic

    def text(self, data: str) -> None:
        if self.is_text:
            self.pieces.append(data)
            self.size += len(data)
            self._kept(self.size, MAX_SHARED_CHARACTERS)

    def end(self, tag: str) -> None:
        if tag == "t":
            self.is_text = False
        elif tag == "rPh":
            self.is_phonetic = False
        elif tag == "si":
            self.texts.append(_unescaped("".join(self.pieces)))
            self._kept(len(self.texts), MAX_SHARED_TEXTS)


class _Styles(Sheet):
    """xl/styles.xml: which cell formats show a date."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = dict(BUILTIN_FORMATS)
        self.is_in_formats = False
        self.are_dates: list[bool] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self.is_in_formats = True
        elif tag == "xf" and self.is_in_formats:
            code = self.codes.get(int(attributes.get("numFmtId", "0")), "General")
            self.are_dates.append(is_date_format(code))
            self._kept(len(self.are_dates) + len(self.codes), MAX_KEPT)

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.is_in_formats = False


# "_x000D_" stands for a carriage return in the texts of XLSX.
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _column(reference: str) -> int:
    """The place of a cell's column: "A7" is 0, "AB7" is 27."""
    place = 0
    for char in reference:
        if not char.isalpha():
            break
        place = place * 26 + ord(char) - 64
    return place - 1


class _XlsxSheet(Sheet):
    """One worksheet: cells by their reference, so that gaps stay gaps."""

    def __init__(self, texts: list[str], are_dates: list[bool], epoch: datetime.datetime) -> None:
        super().__init__()
        self.texts, self.are_dates, self.epoch = texts, are_dates, epoch
        self.number = 0
        self.cells: list[str] = []
        self.place = -1
        self.kind = ""
        self.style = self.length = 0
        self.pieces: list[str] = []
        self.formula: list[str] | None = None
        self.listening = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            reference = attributes.get("r", "")
            self.place = _column(reference) if reference else self.place + 1
            self.kind = attributes.get("t", "n")
            self.style = int(attributes.get("s", "0"))
            self.pieces, self.formula, self.length = [], None, 0
        elif tag == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.cells, self.place = [], -1
        elif tag in {"v", "t"}:
            self.listening = tag
        elif tag == "f":
            self.formula = []
            self.listening = tag

    def text(self, data: str) -> None:
        if not self.listening:
            return
        self.length += len(data)
        self._kept(self.length, MAX_CELL)
        kept = self.pieces if self.listening != "f" or self.formula is None else self.formula
        kept.append(data)

    def end(self, tag: str) -> None:
        if tag in {"v", "t", "f"}:
            self.listening = ""
        elif tag == "c":
            self._keep(self._value())
        elif tag == "row":
            self.ready.append((self.number, self.cells, ""))
        elif tag == "sheetData":
            self.is_over = True

    def _keep(self, value: str) -> None:
        if value and 0 <= self.place <= MAX_COLUMNS:
            self.cells += [""] * (self.place - len(self.cells))
            self.cells.append(value)

    def _value(self) -> str:
        if self.formula is not None:
            return f"={''.join(self.formula)}"
        raw = "".join(self.pieces)
        return self.READERS.get(self.kind, _XlsxSheet._written)(self, raw) if raw else ""

    def _shared(self, raw: str) -> str:
        return self.texts[int(raw)]

    def _boolean(self, raw: str) -> str:
        return "oui" if raw == "1" else "non"

    def _day(self, raw: str) -> str:
        return raw.replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00")

    def _number(self, raw: str) -> str:
        number = float(raw)
        if self.style < len(self.are_dates) and self.are_dates[self.style]:
            return cell_text(_as_instant(number, self.epoch))
        return cell_text(number)

    def _written(self, raw: str) -> str:
        return _unescaped(raw)

    READERS = {"s": _shared, "b": _boolean, "d": _day, "n": _number}


def _as_instant(number: float, epoch: datetime.datetime) -> Any:
    """The instant that a serial number stands for, to the second; the number when none does."""
    try:
        value = from_excel(number, epoch)
    except (ValueError, OverflowError):
        return number
    if isinstance(value, datetime.datetime) and value.microsecond:
        value += datetime.timedelta(microseconds=500_000)
        return value.replace(microsecond=0)
    return value


def titles(path: Source) -> list[str]:
    """The titles of the visible sheets."""
    with opened(path) as archive:
        parts = _WorkbookParts()
        parts.read_whole(archive, "xl/workbook.xml")
    return [title for title, _ in parts.sheets]


def read(path: Source) -> Records:
    """The records of the first visible sheet."""
    with opened(path) as archive:
        parts, relations = _WorkbookParts(), _Relations()
        texts, styles = _SharedTexts(), _Styles()
        parts.read_whole(archive, "xl/workbook.xml")
        relations.read_whole(archive, "xl/_rels/workbook.xml.rels")
        names = archive.namelist()
        for part, name in ((texts, "xl/sharedStrings.xml"), (styles, "xl/styles.xml")):
            if name in names:
                part.read_whole(archive, name)
        sheet = _XlsxSheet(texts.texts, styles.are_dates, parts.epoch)
        with archive.open(relations.targets[parts.sheets[0][1]]) as content:
            yield from sheet.read(content)
