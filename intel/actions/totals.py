"""A file of totals that others counted, taken in whole or not at all."""

import tempfile
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from intel.importing.tables import TableError
from intel.importing.totals import RowsRefused, rows_of
from protocols.actions import totals

MOST_OCTETS = 2_000_000
MOST_FAULTS = 10


@transaction.atomic
def take_in(upload, *, by):
    """The totals that were written; a file with one wrong row writes none."""
    if upload.size > MOST_OCTETS:
        raise ValidationError({"file": "Ce fichier est trop lourd : 2 Mo au plus."})
    try:
        rows = _read(upload)
    except TableError as fault:
        raise ValidationError({"file": str(fault)}) from fault
    except RowsRefused as refused:
        raise ValidationError({"file": _told(refused.faults)}) from refused
    made, faults = [], []
    for number, row in rows:
        try:
            made += totals.take_in_one(row, by=by)
        except ValidationError as fault:
            faults.append((number, " ".join(fault.messages)))
    if faults:
        raise ValidationError({"file": _told(faults)})
    totals.note_import(made, by=by)
    return made


def _read(upload):
    with tempfile.NamedTemporaryFile() as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        return rows_of(Path(kept.name))


def _told(faults):
    lines = [f"Ligne {number} : {sentence}" for number, sentence in faults[:MOST_FAULTS]]
    left = len(faults) - MOST_FAULTS
    more = [f"Et {left} autres lignes en faute."] if left > 1 else []
    first = "Rien n’a été enregistré : corrigez ces lignes, puis déposez le fichier."
    return [first, *lines, *more]
