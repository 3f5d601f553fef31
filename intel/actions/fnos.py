"""Write down that the national file of targets was asked: by whom, what day, what it answered."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal


@transaction.atomic
def note_outside_check(row, *, by, rows, fnos_on, fnos_by, fnos_result):
    """`row` is a check or an event of the member's unit; `rows` what access gives him of it."""
    current = rows(by).select_for_update(of=("self",)).filter(pk=row.pk).first()
    if current is None:
        raise PermissionDenied
    if fnos_on > timezone.localdate():
        raise ValidationError({"fnos_on": "Cette date est à venir : indiquez le jour où le "
                                          "fichier a été consulté."})  # fmt: skip
    current.fnos_on, current.fnos_by, current.fnos_result = fnos_on, fnos_by, fnos_result
    current.save(update_fields=["fnos_on", "fnos_by", "fnos_result"])
    journal.record(by, "deconfliction.outside", current)
    return current
