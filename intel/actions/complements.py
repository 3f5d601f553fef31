"""What a reader adds to a report, dated and signed, and to whom he speaks there."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cross.audit import journal
from intel import access
from intel.actions import announcing, once, telling
from intel.models import Complement, Mention

NOT_A_READER = "Choisissez des unités qui lisent la fiche."


def add(report, *, by, text, units=(), sent=None):
    """What `by` adds, or what the same form, drawn with the key `sent`, has just added.

    `units` are those that it is addressed to; each reads the report.
    """
    named = sorted(unit.pk for unit in units)
    entered = once.key_of(sent, [report.pk, text, *named]) if sent else None
    return once.record(
        lambda: _add(report, by, text, units, entered),
        lambda: Complement.objects.of(report).filter(by=by, entry_key=entered).first(),
    )


def _add(report, by, text, units, entered):
    if units:
        readers = set(access.mentionable_units(report, by).values_list("pk", flat=True))
        if any(unit.pk not in readers for unit in units):
            raise ValidationError({"units": NOT_A_READER})
    complement = Complement.objects.create(report=report, text=text, by=by, entry_key=entered)
    Mention.objects.bulk_create([Mention(complement=complement, unit=unit) for unit in units])
    journal.record(by, "complement.added", report, recipients=", ".join(map(str, units)))
    announcing.complemented(complement, by=by)
    telling.tell("mention.made", report=report, to=units, by=by, about=complement)
    return complement


@transaction.atomic
def remove(complement, *, by):
    """Take back what one has just written."""
    journal.record(by, "complement.removed", complement.report)
    telling.forget(complement.report, complement)
    complement.delete()
