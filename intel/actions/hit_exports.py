"""What a pasted list gave, as a file: written to the journal, without the values."""

import tempfile

from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import counted, short_moment
from intel import access
from intel.actions.exports import IN_MEMORY, check_still_open
from intel.exporting.sheets import TYPES, write_sheet
from intel.reading.hits import table_of

MOST_REPORTS = 50  # of one value
HEADER = ("Valeur", "Lue comme", "Type", "Fiches", "Références", "Exporté le")


def export_hits(wanted, kind, *, by):
    """An open file of that kind ("csv", "xlsx", "ods"): a line for each value of the list.

    Reports whose code keeps them in the units that read them are neither named nor counted.
    """
    if kind not in TYPES:
        raise ValidationError("Choisissez un format\u00a0: ODS, XLSX ou CSV.")
    free = access.leaves_unit_freely(access.listed_reports(by), by)
    table = table_of(wanted, free, shown=MOST_REPORTS)
    now = short_moment(timezone.now())
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer sends it
    try:
        write_sheet(kind, file, HEADER, (_cells(hit, now) for hit in table.hits))
        keys = {key for hit in table.hits for key, _ in hit.reports}
        check_still_open(list(keys), by=by)
    except BaseException:
        file.close()
        raise
    journal.record(
        by,
        "values.exported",
        f"{counted(len(wanted), 'valeur')} ({kind.upper()})",
        why=f"{counted(len(keys), 'fiche citée,fiches citées')}",
        recipients=by.get_full_name(),
    )
    file.seek(0)
    return file


def _cells(hit, now):
    references = [reference for _, reference in hit.reports]
    if hit.more:
        references.append(
            "et d’autres" if hit.count.is_capped else f"et {counted(hit.more, 'autre')}"
        )
    written = f"{hit.written} (possible)" if hit.is_possible else hit.written
    return (hit.raw, written, hit.label, str(hit.count), ", ".join(references), now)
