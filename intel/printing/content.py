"""What a printed brief holds, as plain frozen values: no table, no request, nothing to look up.

Every text is plain text; the only emphasis is a bold run. Figures come frozen from a summary: the
prefecture writes the words around them and never the figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cross.ui.charts import Masked

# A cell of a table: words, a figure, a masked figure, or nothing to say (printed as a dash).
Cell = str | int | float | Masked | None


# longer than this, a name or the title of a section no longer has its place on the cover
LONGEST_LINE = 200
LONGEST_HEADING = 90


class BriefError(ValueError):
    """The brief cannot be printed; the message is a French sentence for the person who asked."""


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


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: a chart or a map.

    `svg` is a whole <svg> element without script, style, image or foreign content. `alt` tells in
    words what the picture shows: compulsory, a brief without it is refused. `source` is the line
    under the picture (scope, number of facts, period).
    """

    svg: str
    caption: str
    alt: str
    source: str = ""


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


Words = Paragraph | Bullets | Subtitle
Block = Words | Figure | Table | Beside


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the figures of the cover: "Faits", 231, "−12 par rapport au 2e trimestre"."""

    label: str
    value: int | float | Masked
    note: str = ""


@dataclass(frozen=True, slots=True)
class StrategyAxis:
    """One proposed axis; every part but title and objective may be left empty."""

    title: str
    objective: str
    actions: tuple[str, ...] = ()
    pilot: str = ""
    partners: tuple[str, ...] = ()
    deadline: str = ""
    indicator: str = ""
    state: str = ""


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
class Origin:
    """Where the figures come from, and what they cover.

    `caution` says how to read them, in the very sentences of the summary: masking included.
    `left_out` counts the reports that enter no figure; None is not told. `digest` is that of the
    summary's input.
    """

    summary: str
    digest: str
    frozen_at: datetime
    audience: str
    reports: int | Masked
    facts: int | Masked
    caution: tuple[str, ...]
    left_out: int | Masked | None = None


@dataclass(frozen=True, slots=True)
class BriefContent:
    """The whole brief, as `intel.printing.typeset.compile_brief` sets it."""

    department: str
    department_code: str
    period: str
    previous_period: str
    edition: str
    version: int
    issuer: str
    copy: Print
    origin: Origin
    title: str = "Note de stratégie locale"
    subject: str = "Lutte contre les trafics de stupéfiants"
    marking: str = "DIFFUSION RESTREINTE"
    handling: str = (
        "Diffusion limitée aux personnes qui ont besoin d’en connaître. Ne pas reproduire ni"
        " transmettre sans l’accord de l’émetteur. Chaque exemplaire est numéroté et son"
        " impression est inscrite au journal."
    )
    notice: str = ""  # "Données fictives" on every page of a demonstration
    state: str = ""  # "Projet", "Validée le 3 octobre 2026 par Camille Brunet": on the cover
    cover: Figure | None = None
    key_figures: tuple[KeyFigure, ...] = ()
    opening: tuple[Words, ...] = ()
    sections: tuple[Section, ...] = ()
    axes: tuple[StrategyAxis, ...] = ()
    steering: tuple[Words, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    annexes: tuple[Table, ...] = ()

    def figures(self) -> Iterator[Figure]:
        """Every picture of the brief, in the order of its pages."""
        if self.cover is not None:
            yield self.cover
        yield from (block for block in self.blocks() if isinstance(block, Figure))

    def tables(self) -> Iterator[Table]:
        """Every table of the brief, in the order of its pages."""
        yield from (block for block in self.blocks() if isinstance(block, Table))
        yield from self.annexes

    def blocks(self) -> Iterator[Block]:
        """Every block of the sections, those side by side told one after the other."""
        for section in self.sections:
            for block in section.body:
                if isinstance(block, Beside):
                    yield from (block.left, block.right)
                else:
                    yield block


def check_content(content: BriefContent) -> None:
    """Raise BriefError, naming everything that keeps the brief from being printed."""
    faults = [*_faults_of_the_copy(content)]
    faults += [
        f"Le titre «\u00a0{section.title[:40]}…\u00a0» dépasse {LONGEST_HEADING} caractères."
        for section in content.sections
        if len(section.title) > LONGEST_HEADING
    ]
    faults += [fault for figure in content.figures() for fault in _faults_of_a_figure(figure)]
    faults += [fault for table in content.tables() for fault in _faults_of_a_table(table)]
    if faults:
        raise BriefError(" ".join(faults))


def _faults_of_the_copy(content: BriefContent) -> Iterator[str]:
    needed = {
        "la mention de protection": content.marking,
        "le titre": content.title,
        "le département": content.department,
        "la période": content.period,
        "le numéro d’édition": content.edition,
        "le destinataire": content.copy.recipient,
        "le nom de la personne qui imprime": content.copy.printed_by,
        "le motif de l’impression": content.copy.reason,
        "la référence de la synthèse": content.origin.summary,
        "le public de la synthèse": content.origin.audience,
    }
    if not content.origin.caution:
        yield "La note ne peut pas être imprimée sans précautions de lecture."
    for name, words in needed.items():
        if len(words) > LONGEST_LINE:
            yield (f"Dans la note, {name} dépasse {LONGEST_LINE} caractères\u00a0: raccourcissez.")
    if missing := [name for name, words in needed.items() if not words.strip()]:
        yield f"La note ne peut pas être imprimée sans {', '.join(missing)}."
    if content.copy.number < 1:
        yield "Le numéro d’exemplaire commence à 1."
    for instant, name in (
        (content.copy.printed_at, "l’impression"),
        (content.origin.frozen_at, "la synthèse"),
    ):
        if instant.utcoffset() is None:
            yield f"L’heure de {name} est donnée sans fuseau horaire."


def _faults_of_a_figure(figure: Figure) -> Iterator[str]:
    if not figure.alt.strip():
        yield (
            f"La figure «\u00a0{figure.caption}\u00a0» n’a pas de texte de remplacement\u00a0:"
            " décrivez en une phrase ce qu’elle montre."
        )
    if not figure.caption.strip():
        yield "Une figure n’a pas de titre."


def _faults_of_a_table(table: Table) -> Iterator[str]:
    if not table.caption.strip():
        yield "Un tableau n’a pas de titre."
    if not table.columns:
        yield f"Le tableau «\u00a0{table.caption}\u00a0» n’a pas de colonne."
    if any(len(row) != len(table.columns) for row in table.rows):
        yield (
            f"Le tableau «\u00a0{table.caption}\u00a0» a une ligne dont le nombre de cases n’est"
            f" pas {len(table.columns)}."
        )
