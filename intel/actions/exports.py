"""A list that leaves the application: written to a file, and to the journal."""

import tempfile

from django.core.exceptions import ValidationError

from cross.audit import journal
from cross.ui.templatetags.words import counted
from intel.exporting.resource import ReportExport
from intel.exporting.sheets import TYPES, write_sheet
from intel.extraction.cleaning import spaced

MOST = 20_000
IN_MEMORY = 5 * 1024 * 1024


def export_reports(reports, kind, *, by):
    """An open file of that kind ("csv", "xlsx", "ods") with these reports, latest first.

    `reports` is what the access rule and the filters answered to `by`. Raises `ValidationError`
    when there are too many, or none.
    """
    if kind not in TYPES:
        raise ValidationError("Choisissez un format\u00a0: ODS, XLSX ou CSV.")
    how_many = reports.count()
    if not how_many:
        raise ValidationError("Aucune fiche ne correspond à ces filtres\u00a0: rien à exporter.")
    if how_many > MOST:
        raise ValidationError(
            f"Cette liste compte {spaced(how_many)}\u00a0fiches\u00a0; un export en contient au "
            f"plus {spaced(MOST)}. Resserrez les filtres."
        )
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer sends it
    resource = ReportExport()
    rows = resource.rows(reports.order_by("-received_at", "-pk"))
    written = write_sheet(kind, file, resource.get_export_headers(), rows)
    journal.record(
        by,
        "report.exported",
        f"{counted(written, 'fiche')} ({kind.upper()})",
        recipients=by.get_full_name(),
    )
    file.seek(0)
    return file
