"""A list that leaves the application: written to a file, and to the journal."""

import tempfile

from django.core.exceptions import ValidationError

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import counted
from intel import access
from intel.exporting.resource import ReportExport
from intel.exporting.sheets import TYPES, write_sheet
from intel.extraction.cleaning import spaced
from services.models import Member

MOST = 20_000
IN_MEMORY = 5 * 1024 * 1024
NOTHING = "Aucune fiche ne correspond à ces filtres\u00a0: rien à exporter."
ALL_HELD = (
    "Aucune de ces fiches ne sort de votre unité sans l’accord de celle d’origine\u00a0: rien à "
    "exporter."
)


def export_reports(reports, kind, *, by):
    """An open file of that kind ("csv", "xlsx", "ods") with these reports, latest first.

    `reports` is what the access rule and the filters answered to `by`; those whose code keeps them
    in the units that read them, without the accord of their owner, stay. Raises `ValidationError`
    when there are too many, or none.
    """
    if kind not in TYPES:
        raise ValidationError("Choisissez un format\u00a0: ODS, XLSX ou CSV.")
    held = access.stays_in_unit(reports, by).count()
    reports = access.leaves_unit_freely(reports, by)
    how_many = reports.count()
    if not how_many:
        raise ValidationError(ALL_HELD if held else NOTHING)
    if how_many > MOST:
        raise ValidationError(
            f"Cette liste compte {spaced(how_many)}\u00a0fiches\u00a0; un export en contient au "
            f"plus {spaced(MOST)}. Resserrez les filtres."
        )
    keys = list(reports.values_list("pk", flat=True))
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer sends it
    resource = ReportExport()
    rows = resource.rows(reports.filter(pk__in=keys).order_by("-received_at", "-pk"))
    try:
        written = write_sheet(kind, file, resource.get_export_headers(), rows)
        check_still_open(keys, by=by)
    except BaseException:
        file.close()
        raise
    journal.record(
        by,
        "report.exported",
        f"{counted(written, 'fiche')} ({kind.upper()})",
        why=f"{counted(held, 'fiche laissée,fiches laissées')} faute d’accord" if held else "",
        recipients=by.get_full_name(),
    )
    file.seek(0)
    return file


def check_still_open(keys, *, by):
    """What ended while the file was being written leaves with none of it."""
    gate.forget()
    member = Member.objects.select_related("unit__department").get(pk=by.pk)
    readable = access.readable_reports(member).filter(pk__in=keys)
    if access.leaves_unit_freely(readable, member).count() != len(keys):
        raise ValidationError(
            "Votre accès à une partie de ces fiches a pris fin pendant l’export\u00a0: rien n’a "
            "été transmis. Recommencez."
        )
