"""What a printed brief holds besides what every document does, as plain frozen values.

Figures come frozen from a summary: the prefecture writes the words around them and never the
figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cross.printing.content import (
    HANDLING,
    MARKING,
    Block,
    Figure,
    Print,
    Section,
    Signatory,
    Table,
    Words,
    blocks_of,
    faults_of_copy,
    faults_of_figure,
    faults_of_lines,
    faults_of_sections,
    faults_of_table,
    needed_of_copy,
    refuse,
)
from cross.ui.charts import Masked


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
    marking: str = MARKING
    handling: str = HANDLING
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
    map_sheet: Figure | None = None  # the map again, alone on a page in A3

    def figures(self) -> Iterator[Figure]:
        """Every picture of the brief, in the order of its pages."""
        if self.cover is not None:
            yield self.cover
        yield from (block for block in self.blocks() if isinstance(block, Figure))
        if self.map_sheet is not None:
            yield self.map_sheet

    def tables(self) -> Iterator[Table]:
        """Every table of the brief, in the order of its pages."""
        yield from (block for block in self.blocks() if isinstance(block, Table))
        yield from self.annexes

    def blocks(self) -> Iterator[Block]:
        return blocks_of(self.sections)


def check_content(content: BriefContent) -> None:
    """Raise PrintError, naming everything that keeps the brief from being printed."""
    needed = {
        "la mention de protection": content.marking,
        "le titre": content.title,
        "le département": content.department,
        "la période": content.period,
        "le numéro d’édition": content.edition,
        "la référence de la synthèse": content.origin.summary,
        "le public de la synthèse": content.origin.audience,
    } | needed_of_copy(content.copy)
    refuse(
        [
            *faults_of_lines(needed),
            *faults_of_copy(content.copy),
            *_faults_of_the_origin(content.origin),
            *faults_of_sections(content.sections),
            *(faults_of_figure(content.cover) if content.cover else ()),
            *(faults_of_figure(content.map_sheet) if content.map_sheet else ()),
            *(fault for table in content.annexes for fault in faults_of_table(table)),
        ]
    )


def _faults_of_the_origin(origin: Origin) -> Iterator[str]:
    if not origin.caution:
        yield "La note ne peut pas être imprimée sans précautions de lecture."
    if origin.frozen_at.utcoffset() is None:
        yield "L’heure de la synthèse est donnée sans fuseau horaire."
