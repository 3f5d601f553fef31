"""The indicators as a file: exactly what the reader's own page shows, with the definitions."""

import io

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from cross.audit import journal
from intel.exporting.sheets import TYPES, write_sheet
from services.roles import Right, may_any

SHEET = "Indicateurs"
HEADER = (
    "Indicateur", "Tableau", "Ligne", "Colonne", "Valeur", "Sur", "Définition", "Département",
    "Période", "Comparée à", "Fiches comptées",
)  # fmt: skip

may_export = may_any(Right.EXPORT, Right.READ_MASKED_SUMMARIES)


def export(board, kind, *, by):
    """The bytes of a file of that kind; `board` is the reader's own, or None."""
    if kind not in TYPES:
        raise ValidationError("Choisissez un format\u00a0: ODS, XLSX ou CSV.")
    if board is None:
        raise ValidationError("Aucun indicateur ne vous est ouvert\u00a0: rien à exporter.")
    file = io.BytesIO()
    written = write_sheet(kind, file, HEADER, _rows(board), sheet=SHEET)
    journal.record(
        by,
        "indicators.exported",
        f"indicateurs {board.department.code} {board.period}",
        why=f"{written} lignes ({kind.upper()})",
        recipients=by.get_full_name(),
    )
    return file.getvalue()


def file_name(board, kind):
    return f"{slugify(f'indicateurs {board.department.code} {board.period.label}')}.{kind}"


def _rows(board):
    about = (board.department.name, board.about, board.against, board.audience)
    for section in board.sections:
        definition = " ".join(f"{each.label} : {each.sentence}" for each in section.definitions)
        for table in section.tables:
            for label, cells in table.rows:
                for head, cell in zip(table.heads, cells, strict=False):
                    yield (
                        section.title, table.title, label, head, cell.text, cell.note, definition,
                        *about,
                    )  # fmt: skip
