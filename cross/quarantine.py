"""What befalls a `cross.rows.Quarantined` row: looked at by the scanner, looked at again, let out.

The rooms hold the row and say who may; what is decided of it stands here once.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross import scanner
from cross.audit import journal
from cross.rows import Quarantined


def at_first():
    """What is known of a file that has just come in."""
    return Quarantined.Scan.OFF if settings.SCANNER == scanner.OFF else Quarantined.Scan.WAITING


def look_at(row, data):
    """Ask the scanner about the bytes of this row. The fields that changed are to be saved."""
    if settings.SCANNER == scanner.OFF:
        return []
    row.scan, row.scanned_at = scanner.scan(data).value, timezone.now()
    return ["scan", "scanned_at"]


def left(rows):
    """Those of `rows` that no scanner has looked at, oldest first; none while none is named."""
    if settings.SCANNER in {"", scanner.OFF}:
        return rows.none()
    return rows.filter(scan__in=Quarantined.NOT_LOOKED_AT).order_by("pk")


def let_out(row, *, by, verb, stays_in):
    """Somebody knows where it comes from and answers for it; what the scanner refused stays in.

    `row` is None for who may not, and held (`select_for_update`) otherwise: what was refused since
    the page was drawn stays in. `stays_in` is the French sentence that says so.
    """
    if row is None or not row.may_be_released:
        raise ValidationError(stays_in)
    row.released_by, row.released_at = by, timezone.now()
    row.save(update_fields=["released_by", "released_at"])
    journal.record(by, verb, row)
