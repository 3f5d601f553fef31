"""A frozen note as files: PDF, JSON whose schema stands in docs/, CSV. Each leaving is journalled.

Nothing leaves once one of its reports is no longer open to whoever takes it.
"""

import io
import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import counted
from intel.actions.antenna import CLOSED
from intel.actions.handing import copy_of, set_in_type
from intel.exporting.sheets import TYPES as SHEETS
from intel.exporting.sheets import write_sheet
from intel.reading.antenna import LABELS, document_of, page_of, told_in_words

TYPES = {
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": SHEETS["csv"],
}
SCHEMA = "cross/note-antenne/1"


def export(note, kind, *, by):
    """The bytes of a frozen note in one of `TYPES`."""
    if kind not in TYPES:
        raise ValidationError("Choisissez un format\u00a0: PDF, JSON ou CSV.")
    page = page_of(note, by)
    if not page.may_leave:
        raise ValidationError(CLOSED)
    contents = sorted((row.content for row in page.rows), key=lambda each: each["reference"])
    made = MAKERS[kind](note, contents, by)
    journal.record(
        by,
        "antenna.exported",
        note,
        why=f"{counted(len(contents), 'fiche')} ({kind.upper()})",
        recipients=by.get_full_name(),
    )
    return made


def file_name(note, kind):
    return f"{note.number.lower()}.{kind}"


def _json(note, contents, by):
    told = {
        "schema": SCHEMA,
        "number": note.number,
        "department": note.department.code,
        "issuer": str(note.unit),
        "recipient": note.recipient,
        "subject": note.title,
        "frozen_at": timezone.localtime(note.frozen_at).isoformat(timespec="seconds"),
        "digest": note.digest,
        "marking": "DIFFUSION RESTREINTE",
        "fictitious": settings.DEMONSTRATION,
        "reports": contents,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _csv(note, contents, by):
    file = io.BytesIO()
    rows = (
        [note.number, *(told_in_words(content, name) for name in LABELS)] for content in contents
    )
    write_sheet("csv", file, ["Note", *LABELS.values()], rows)
    return file.getvalue()


def _pdf(note, contents, by):
    copy = copy_of(
        "antenna.exported", note, by=by, recipient=note.recipient, reason=f"Note {note.number}"
    )
    notice = "Données fictives" if settings.DEMONSTRATION else ""
    return set_in_type(document_of(note, contents, copy, notice=notice))


MAKERS = {"pdf": _pdf, "json": _json, "csv": _csv}
