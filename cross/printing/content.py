"""What a printed document holds, as plain frozen values: no table, no request, nothing to look up.

Every text is plain text; the only emphasis is a bold run. What a document is made of is here; how
it is laid out is in the templates beside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cross.ui.charts import Masked

# A cell of a table: words, a figure, a masked figure, or nothing to say (printed as a dash).
Cell = str | int | float | Masked | None


# longer than this, a name or the title of a section no longer has its place on the cover
LONGEST_LINE = 200
LONGEST_HEADING = 90

MARKING = "DIFFUSION RESTREINTE"
HANDLING = (
    "Diffusion limitée aux personnes qui ont besoin d’en connaître. Ne pas reproduire ni"
    " transmettre sans l’accord de l’émetteur. Chaque exemplaire est numéroté et son"
    " impression est inscrite au journal."
)


class PrintError(ValueError):
    """The document cannot be printed; the message is a French sentence for whoever asked."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some words in one style."""

    words: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bullet list; each item is a line of runs."""

    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class Subtitle:
    words: str


Words = Paragraph | Bullets | Subtitle


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: a chart or a map.

    `svg` is a whole <svg> element without script, style, image or foreign content. `alt` tells in
    words what the picture shows: compulsory, a document without it is refused. `source` is the
    line under the picture (scope, number of facts, period). `whole` gives it all the room left on
    its page: a map on a sheet of its own.
    """

    svg: str
    caption: str
    alt: str
    source: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. `number` cells are right-aligned, `change` cells also carry their sign.

    `unit` follows each figure ("%"). `bar` draws a bar in proportion beside each figure of a
    `number` column; a masked figure has none.
    """

    title: str
    kind: Literal["text", "number", "change"] = "text"
    decimals: int = 0
    unit: str = ""
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its figures are also attached to the file as CSV. No rows is a fair answer.

    `dense` sets a long table in small type over two columns of the page.
    """

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str = ""
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Two blocks side by side; `share` is the part of the width given to the left one.

    A figure must be drawn for its half: some 310 units wide for a share of 0.5 (a whole line has
    640). One that would be illegible there makes the two stand one above the other.
    """

    left: Figure | Table
    right: Figure | Table
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Entries:
    """Labels and what is said of each, in one, two or three columns: an identity card."""

    pairs: tuple[tuple[str, str], ...]
    columns: Literal[1, 2, 3] = 2


@dataclass(frozen=True, slots=True)
class Boxed:
    """Words that must not be overlooked, in a frame: a caution, a rule of handling."""

    title: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Wide:
    """A page in A3, landscape, for one picture that needs the room; the A4 comes back after it."""

    figure: Figure


Block = Words | Figure | Table | Beside | Entries | Boxed | Wide


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, in which capacity; without a name only the capacity is printed."""

    capacity: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Print:
    """This very copy: its number, for whom, by whom, when and why it was printed.

    `printed_at` is an aware instant in the department's own time zone: it is printed as it is.
    """

    number: int
    recipient: str
    printed_by: str
    printed_by_unit: str
    printed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """Any document but the brief: the sheet of a report or of a place, minutes, a protocol, a map.

    `reference` is its number, and that of its version when it has several; `scope` stands at the
    head of each page under the title (a department, a meeting); `state` says what is not final.
    `about` are the first things to know of it, under the title.
    """

    title: str
    reference: str
    issuer: str
    copy: Print
    subject: str = ""
    scope: str = ""
    marking: str = MARKING
    handling: str = HANDLING
    notice: str = ""  # "Données fictives" on every page of a demonstration
    state: str = ""
    about: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    numbered: bool = False  # 1., 2., 3. before the titles of the sections
    paper: Literal["a4", "a3"] = "a4"  # a3 lies on its side

    def blocks(self) -> Iterator[Block]:
        return blocks_of(self.sections)


def blocks_of(sections: Iterable[Section]) -> Iterator[Block]:
    """Every block of the sections, those side by side told one after the other."""
    for section in sections:
        for block in section.body:
            match block:
                case Beside(left, right):
                    yield from (left, right)
                case Wide(figure):
                    yield figure
                case _:
                    yield block


# --- what keeps a document from being printed ------------------------------------------------


def check_document(document: Document) -> None:
    """Raise PrintError, naming everything that keeps the document from being printed."""
    needed = {
        "la mention de protection": document.marking,
        "le titre": document.title,
        "la référence": document.reference,
        "l’émetteur": document.issuer,
    } | needed_of_copy(document.copy)
    refuse(
        [
            *faults_of_lines(needed),
            *faults_of_copy(document.copy),
            *faults_of_sections(document.sections),
        ]
    )


def refuse(faults: Iterable[str]) -> None:
    """Raise PrintError when there is a fault."""
    if told := " ".join(faults):
        raise PrintError(told)


def needed_of_copy(copy: Print) -> dict[str, str]:
    return {
        "le destinataire": copy.recipient,
        "le nom de la personne qui imprime": copy.printed_by,
        "le motif de l’impression": copy.reason,
    }


def faults_of_lines(needed: dict[str, str]) -> Iterator[str]:
    """What is missing or too long among lines given by their names, article included."""
    for name, words in needed.items():
        if len(words) > LONGEST_LINE:
            yield f"Raccourcissez\u00a0: {name} dépasse {LONGEST_LINE} caractères."
    if missing := [name for name, words in needed.items() if not words.strip()]:
        yield f"Impossible d’imprimer sans {', '.join(missing)}."


def faults_of_copy(copy: Print) -> Iterator[str]:
    if copy.number < 1:
        yield "Le numéro d’exemplaire commence à 1."
    if copy.printed_at.utcoffset() is None:
        yield "L’heure de l’impression est donnée sans fuseau horaire."


def faults_of_sections(sections: Iterable[Section]) -> Iterator[str]:
    sections = tuple(sections)
    for section in sections:
        if len(section.title) > LONGEST_HEADING:
            yield (
                f"Le titre «\u00a0{section.title[:40]}…\u00a0» dépasse {LONGEST_HEADING}"
                " caractères."
            )
    for block in blocks_of(sections):
        if isinstance(block, Figure):
            yield from faults_of_figure(block)
        elif isinstance(block, Table):
            yield from faults_of_table(block)


def faults_of_figure(figure: Figure) -> Iterator[str]:
    if not figure.alt.strip():
        yield (
            f"La figure «\u00a0{figure.caption}\u00a0» n’a pas de texte de remplacement\u00a0:"
            " décrivez en une phrase ce qu’elle montre."
        )
    if not figure.caption.strip():
        yield "Une figure n’a pas de titre."


def faults_of_table(table: Table) -> Iterator[str]:
    if not table.caption.strip():
        yield "Un tableau n’a pas de titre."
    if not table.columns:
        yield f"Le tableau «\u00a0{table.caption}\u00a0» n’a pas de colonne."
    if any(len(row) != len(table.columns) for row in table.rows):
        yield (
            f"Le tableau «\u00a0{table.caption}\u00a0» a une ligne dont le nombre de cases n’est"
            f" pas {len(table.columns)}."
        )
