"""XLSX and ODS workbooks read as a stream: no tree is ever built, memory stays flat.

Measured on 100,000 rows of 13 cells: openpyxl's read-only mode takes 35 s, this 7 s. Only the
first visible sheet is read. A formula comes out as "=…", whatever it had computed. Here is what
both kinds share: `xlsx` and `ods` rest on it.
"""

import datetime
import zipfile
import zlib
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_ENTRIES = 1_000
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_SHARED_CHARACTERS = 100_000_000
# Spreadsheets of repeated words compress well; bombs compress a thousand times and more.
MAX_RATIO = 300
RATIO_MATTERS_FROM = 20 * 1024 * 1024
CHUNK = 1 << 16

# Number in the spreadsheet, cells, what is wrong with the row itself.
Record = tuple[int, list[str], str]
Records = Generator[Record, None, None]

DAMAGED = "Ce classeur est abîmé ou illisible."
# What reading a damaged or hostile workbook raises.
FAULTS = (
    expat.ExpatError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, IndexError,
    OverflowError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip


class WorkbookError(ValueError):
    """The workbook cannot be read; a French sentence."""


def cell_text(value: Any) -> str:
    """A cell as text: a day or an instant in ISO, a whole number without decimals."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        at_midnight = value.time() == datetime.time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def names_inside(path: Path) -> set[str]:
    """The files of the archive; refuses what would unpack into far more than it weighs."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise WorkbookError("Ce fichier est abîmé ou incomplet.") from error
    is_bomb = any(
        entry.file_size > RATIO_MATTERS_FROM
        and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or is_bomb:
        raise WorkbookError(
            "Ce classeur se déploierait en un volume démesuré\u00a0: il est refusé."
        )
    return {entry.filename for entry in entries}


def count_rows(path: Path, start: str, mark: bytes) -> int:
    """About how many rows: the marks in the first part whose name starts so."""
    with opened(path) as archive:
        name = next((name for name in archive.namelist() if name.startswith(start)), "")
        if not name:
            return 0
        with archive.open(name) as content:
            return sum(part.count(mark) for part in iter(lambda: content.read(1 << 20), b""))


class opened:
    """The archive, whose faults all become one sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> zipfile.ZipFile:
        self.archive = zipfile.ZipFile(self.path)
        return self.archive

    def __exit__(self, kind: Any, fault: BaseException | None, _trace: Any) -> None:
        with closing(self.archive):
            if isinstance(fault, WorkbookError):
                return
            if isinstance(fault, FAULTS):
                raise WorkbookError(DAMAGED) from fault


class Sheet:
    """Events of one XML file, gathered into records by a subclass."""

    def __init__(self) -> None:
        self.ready: list[Record] = []
        self.is_over = False
        self.locals: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.text
        # No declaration of any kind: nothing to expand, nothing to fetch.
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_declaration: object) -> None:
        raise WorkbookError(f"{DAMAGED} Il contient une déclaration XML interdite.")

    def _local(self, tag: str) -> str:
        return self.locals.setdefault(tag, tag.rpartition(" ")[2])

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.start(self._local(tag), attributes)

    def _end(self, tag: str) -> None:
        self.end(self._local(tag))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, tag: str) -> None:
        """An element closes."""

    def text(self, data: str) -> None:
        """Characters of the current element."""

    def read(self, content: IO[bytes]) -> Records:
        """The records, as soon as each is complete."""
        while not self.is_over and (chunk := content.read(CHUNK)):
            self.parser.Parse(chunk, False)
            yield from self._taken()
        if not self.is_over:
            self.parser.Parse(b"", True)
            yield from self._taken()

    def _taken(self) -> list[Record]:
        taken, self.ready = self.ready, []
        return taken

    def read_whole(self, archive: zipfile.ZipFile, name: str) -> None:
        with archive.open(name) as content:
            for _ in self.read(content):
                raise AssertionError("this part holds no rows")
