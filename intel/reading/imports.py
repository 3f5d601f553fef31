"""What the pages of an import show: its columns with examples, its first rows, its faults."""

from dataclasses import dataclass
from pathlib import Path

from cross.outbox.models import Job
from cross.ui import keyset
from intel.importing.apart import opened_apart
from intel.importing.columns import TARGETS
from intel.importing.resource import TipResource
from intel.importing.setting import setting_of
from intel.importing.tables import TableError
from intel.models import ImportFault

EXAMPLES = 3
EXAMPLE_LENGTH = 60
FIRST_ROWS = 20
FIRST_FAULTS = 200
MASKED = "masquées à l’écran"
# What may become of a row, the most telling first: one that is repeated is known too.
OUTCOMES = ("faulty", "repeated", "known", "fresh")
# What the preview shows of a row; never how to reach its author.
SHOWN = ("reference", "received", "occurred", "commune", "description", "products")


@dataclass(frozen=True)
class Column:
    """One column of the file and what its first cells hold."""

    title: str
    examples: tuple


@dataclass(frozen=True)
class PreviewRow:
    """One row as it would be imported: its cells, and what would become of it."""

    number: int
    cells: dict
    outcome: str  # one of OUTCOMES
    faults: tuple


def page_of(imports, query, *, size):
    """The latest imports first."""
    rows = imports.select_related("by").defer("header", "notes", "mapping")
    return keyset.page_of(rows, query, keys=("at", "id"), size=size)


def columns_of(batch):
    """The columns of the file, each with its first filled cells."""
    examples: dict[str, list[str]] = {title: [] for title in batch.header}
    for row in _rows(batch, 30):
        for title, cell in zip(batch.header, row.cells, strict=False):
            text = " ".join(cell.split())
            if text and text not in examples[title] and len(examples[title]) < EXAMPLES:
                examples[title].append(text[:EXAMPLE_LENGTH])
    if batch.mapping.get("contact"):
        examples[batch.mapping["contact"]] = [MASKED]
    return [Column(title, tuple(found)) for title, found in examples.items()]


def _rows(batch, count):
    try:
        return opened_apart(Path(batch.file.path), rows=count).rows
    except (TableError, ValueError, FileNotFoundError):
        return ()  # the page says by its stage that the file is gone


def first_rows(batch):
    """The first rows of the file, checked like all the others."""
    resource = TipResource(setting_of(batch))
    shown = []
    for row in _rows(batch, FIRST_ROWS):
        named = dict(zip(batch.header, row.cells, strict=False))
        cells = {target: named.get(title, "") for target, title in batch.mapping.items()}
        tally = resource.take_chunk([(row, cells)], dry_run=True)
        outcome = next(name for name in OUTCOMES if getattr(tally, name))
        faults = tuple(fault.reason for fault in tally.faults)
        visible = {name: cells.get(name, "")[:200] for name in SHOWN}
        shown.append(PreviewRow(row.number, visible, outcome, faults))
    return shown


def first_faults(batch):
    return list(faults_of(batch)[:FIRST_FAULTS])


def faults_of(batch):
    """Every fault, in the order of the file."""
    return ImportFault.objects.filter(tip_import=batch).order_by("row", "pk")


def targets_of(batch):
    """(label, title of the column) of what is imported."""
    return [
        (target.label, batch.mapping[target.name])
        for target in TARGETS
        if batch.mapping.get(target.name)
    ]


def job_of(batch):
    """The work in progress, or nothing."""
    return Job.objects.filter(pk=batch.job).first() if batch.job else None
