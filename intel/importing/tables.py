"""Tables as people send them: CSV in any dress, XLSX, ODS, read row by row in little memory.

``open_table`` looks at the bytes, never at the name, and gives a ``Table``: its header, what a
person should be told about how it was read, and its rows, each with the number that a
spreadsheet shows beside it. Every cell is text: dates are ISO, numbers are plain. What cannot be
read raises ``TableError``, a French sentence that says what to do.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from cross.contents import archives
from intel.extraction.cleaning import spaced
from intel.importing import ods, workbooks, xlsx
from intel.importing.held import Source
from intel.importing.workbooks import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Record, Records

# A line of a CSV file that is longer than this is no row of a table.
LONGEST_LINE = 1_000_000
# A quoted cell that runs over more lines than this was never closed.
MAX_LINES_IN_A_CELL = 500

SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
SNIFFED_RECORDS, SNIFFED_CHARACTERS = 200, 2_000_000
# Bytes that Windows-1252 leaves undefined: a text that holds them is in another encoding.
NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")

# First bytes of what people send by mistake, and how to say it.
KINDS_OF_FILES = (
    (b"\xd0\xcf\x11\xe0", "un ancien classeur Excel (.xls), ou protégé par mot de passe"),
    (b"%PDF", "un document PDF"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"Rar!", "une archive"),
    (b"7z\xbc\xaf", "une archive"),
    (b"\x1f\x8b", "une archive"),
    (b"{\\rtf", "un document de traitement de texte"),
)  # fmt: skip
ACCEPTED = (
    "Enregistrez le tableau au format CSV, XLSX (Excel) ou ODS (LibreOffice), puis déposez-le de "
    "nouveau."
)

Reading = Callable[[], Records]


class TableError(ValueError):
    """The file cannot be read as a table; the message is for the screen."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the spreadsheet, one text per column of the header.

    ``fault`` is a French sentence when the row itself is broken (a quote never closed).
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened as a table. ``rows()`` reads it again from the start each time."""

    header: tuple[str, ...]
    notes: tuple[str, ...]
    estimate: int  # about how many rows, for a progress bar
    _read: Reading

    def rows(self) -> Iterator[Row]:
        """The rows below the header, blank ones left out, padded to the header's width."""
        width = len(self.header)
        records = self._read()
        for count, (number, cells, broken) in enumerate(_below_the_header(records), start=1):
            if count > MAX_ROWS:
                raise TableError(
                    f"Ce tableau compte plus de {spaced(MAX_ROWS)} lignes\u00a0: découpez-le en "
                    "plusieurs fichiers."
                )
            fault = broken
            if not broken and any(cells[width:]):
                fault = (
                    f"Cette ligne a {len(cells)}\u00a0cellules pour {width}\u00a0colonnes\u00a0: "
                    "un séparateur est sans doute resté dans un texte sans guillemets."
                )
            yield Row(number, tuple((cells + [""] * width)[:width]), fault)


def weight_of(path: Path) -> int:
    """Octets to read in a file that `open_table` takes, once unpacked; none when it is gone."""
    if not path.exists():
        return 0
    try:
        return sum(workbooks.parts_inside(path, workbooks.BOUNDS).values())
    except workbooks.WorkbookError:  # a CSV file is what it weighs
        return path.stat().st_size


def open_table(path: Source, bounds: archives.Bounds = workbooks.BOUNDS) -> Table:
    """Recognise and open the file at ``path``. Raises ``TableError``."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise TableError("Ce fichier est vide.")
    if head.startswith(b"PK\x03\x04"):
        read, notes, estimate = _open_workbook(path, bounds)
    else:
        _refuse_other_files(head)
        read, notes, estimate = _open_csv(path, head)
    return Table(_header(read), notes, estimate, read)


def _below_the_header(records: Records) -> Iterator[Record]:
    filled = (record for record in records if record[2] or any(map(str.strip, record[1])))
    next(filled, None)
    return filled


def _header(read: Reading) -> tuple[str, ...]:
    """The first row that holds something; empty and repeated titles get a name of their own."""
    with closing(read()) as records:
        first = next((record for record in records if any(map(str.strip, record[1]))), None)
    if first is None:
        raise TableError("Ce tableau est vide.")
    titles = [re.sub(r"\s+", " ", cell).strip() for cell in first[1]]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MAX_COLUMNS:
        raise TableError(
            f"Ce tableau a {len(titles)}\u00a0colonnes\u00a0; la limite est de {MAX_COLUMNS}."
        )
    if len(titles) < 2:
        raise TableError(
            "Une seule colonne a été reconnue\u00a0: le fichier doit être un tableau, avec une "
            "ligne de titres puis une ligne par signalement. " + ACCEPTED
        )
    named: list[str] = []
    for place, title in enumerate(titles, start=1):
        name = (title or f"colonne {place}")[:120]
        named.append(name if name not in named else f"{name[:110]} ({place})")
    return tuple(named)


def _refuse_other_files(head: bytes) -> None:
    for start, what in KINDS_OF_FILES:
        if head.startswith(start):
            raise TableError(f"Ce fichier est {what}, pas un tableau lisible. {ACCEPTED}")
    opening = head.lstrip(codecs.BOM_UTF8).lstrip()[:200].lower()
    if opening.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        raise TableError(
            f"Ce fichier est une page web ou un document XML, pas un tableau lisible. {ACCEPTED}"
        )


# --- CSV --------------------------------------------------------------------------------------


def _open_csv(path: Source, head: bytes) -> tuple[Reading, tuple[str, ...], int]:
    encoding, note = _encoding(path, head)
    notes = [note] if note else []
    try:
        separator = _separator(path, encoding)
    except UnicodeDecodeError as error:
        raise _interrupted() from error
    notes.append(f"Séparateur reconnu\u00a0: {SEPARATORS[separator]}.")

    def read() -> Records:
        try:
            with path.open(encoding=encoding, newline="") as file:
                yield from _records(_without_sep_line(file), separator)
        except UnicodeDecodeError as error:
            raise _interrupted() from error

    return read, tuple(notes), _lines_of(path)


def _lines_of(path: Source) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _interrupted() -> TableError:
    return TableError(f"Ce fichier est abîmé\u00a0: son texte s’interrompt. {ACCEPTED}")


def _encoding(path: Source, head: bytes) -> tuple[str, str]:
    """The name of the encoding for Python, and what to say of it when it is not UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "Fichier lu en UTF-16 («\u00a0texte Unicode\u00a0» d’Excel)."
    if b"\x00" in head:
        raise TableError(
            "Ce fichier contient des octets nuls\u00a0: ce n’est pas du texte, ou il est en "
            "UTF-16 sans marque. Enregistrez-le en «\u00a0CSV UTF-8\u00a0», puis déposez-le de "
            "nouveau."
        )
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            file.seek(0)
            return _one_byte_encoding(file)
    return "utf-8-sig", ""


def _one_byte_encoding(file: IO[bytes]) -> tuple[str, str]:
    while chunk := file.read(1 << 20):
        if NOT_CP1252.search(chunk) or b"\x00" in chunk:
            raise TableError(
                "L’encodage de ce fichier n’est pas reconnu\u00a0: les accents seraient faux. "
                "Enregistrez-le en «\u00a0CSV UTF-8\u00a0», puis déposez-le de nouveau."
            )
    return (
        "cp1252",
        "Fichier lu en Windows-1252\u00a0: vérifiez les accents.",
    )


def _without_sep_line(file: IO[str]) -> Iterator[str]:
    """The lines, without the "sep=;" that some exports put first and spreadsheets hide."""
    for place, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), "")):
        if len(line) > LONGEST_LINE:
            raise TableError(
                f"La ligne {spaced(place + 1)} de ce fichier dépasse {spaced(LONGEST_LINE)} "
                f"caractères\u00a0: ce n’est pas un tableau lisible. {ACCEPTED}"
            )
        if place == 0 and re.fullmatch(r"sep=.\s*", line.lstrip("\ufeff")):
            continue
        yield line


def _separator(path: Source, encoding: str) -> str:
    """The character that cuts the first records into the most regular table."""
    with path.open(encoding=encoding, newline="") as file:
        lines, length = [], 0
        for line in islice(_without_sep_line(file), SNIFFED_RECORDS):
            lines.append(line)
            length += len(line)
            if length > SNIFFED_CHARACTERS:
                break

    def regularity(separator: str) -> tuple[float, int]:
        widths = [len(cells) for _, cells, fault in _records(iter(lines), separator) if cells]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(width == widths[0] for width in widths) / len(widths), widths[0])

    best = max(SEPARATORS, key=regularity)
    if regularity(best) == (0.0, 0):
        raise TableError(
            "Aucun séparateur de colonnes n’a été reconnu (point-virgule, virgule, tabulation). "
            + ACCEPTED
        )
    return best


class _Lines:
    """Lines for the reader of CSV, counted, so that a cell never closed can be given up."""

    class Unclosed(Exception):
        pass

    def __init__(self, lines: Iterator[str]) -> None:
        self.source = lines
        self.again: list[str] = []
        self.taken: list[str] = []
        self.ended_inside = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES_IN_A_CELL:
            raise self.Unclosed
        line = self.again.pop(0) if self.again else next(self.source, None)
        if line is None:
            self.ended_inside = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        return line

    def start_record(self) -> None:
        self.taken = []

    def give_back(self) -> None:
        """Put back all the lines of this record but the first."""
        self.again = self.taken[1:] + self.again
        self.taken = []
        self.ended_inside = False


UNCLOSED = (
    "Un guillemet ouvert sur cette ligne n’est jamais refermé\u00a0: corrigez-la, les lignes "
    "suivantes ont été lues normalement."
)


def _records(lines: Iterator[str], separator: str) -> Records:
    """Records with their number; one that never closes its quote is told, the next are read."""
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=separator)
    number = 0
    previous_limit = csv.field_size_limit(MAX_CELL)
    try:
        while True:
            source.start_record()
            csv.field_size_limit(MAX_CELL)  # shared by the process: another table may be read
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _Lines.Unclosed) as error:
                number += 1
                yield number, [], _sentence_on(error)
                source.give_back()
                reader = csv.reader(source, delimiter=separator)
                continue
            number += 1
            if source.ended_inside:
                yield number, [], UNCLOSED
                source.give_back()
                reader = csv.reader(source, delimiter=separator)
                continue
            yield number, cells, ""
    finally:
        csv.field_size_limit(previous_limit)


def _sentence_on(error: Exception) -> str:
    if "field limit" in str(error):
        return (
            f"Une cellule de cette ligne dépasse {spaced(MAX_CELL)} caractères, ou un guillemet "
            "n’est jamais refermé."
        )
    return UNCLOSED


# --- Workbooks --------------------------------------------------------------------------------


def _open_workbook(path: Source, bounds: archives.Bounds) -> tuple[Reading, tuple[str, ...], int]:
    try:
        names = workbooks.parts_inside(path, bounds)
        if "xl/workbook.xml" in names:
            titles, read = xlsx.titles(path), xlsx.read
            estimate = workbooks.count_rows(path, "xl/worksheets/", b"<row ")
        elif {"content.xml", "mimetype"} <= set(names):
            titles, read = ods.titles(path), ods.read
            estimate = workbooks.count_rows(path, "content.xml", b"<table:table-row")
        else:
            what = "un document Word" if "word/document.xml" in names else "une archive"
            raise TableError(f"Ce fichier est {what}, pas un tableau. {ACCEPTED}")
    except workbooks.WorkbookError as error:
        raise TableError(f"{error} {ACCEPTED}") from error
    if not titles:
        raise TableError(f"Ce classeur n’a aucune feuille visible. {ACCEPTED}")
    return _telling_faults(lambda: read(path)), _note_on_sheets(titles), estimate


def _telling_faults(read: Reading) -> Reading:
    def reading() -> Records:
        try:
            yield from read()
        except workbooks.WorkbookError as error:
            raise TableError(f"{error} {ACCEPTED}") from error

    return reading


def _note_on_sheets(titles: list[str]) -> tuple[str, ...]:
    if len(titles) < 2:
        return ()
    return (
        f"Ce classeur a {len(titles)}\u00a0feuilles\u00a0: seule la première, "
        f"«\u00a0{titles[0]}\u00a0», est lue.",
    )
