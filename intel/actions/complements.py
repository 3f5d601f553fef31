"""What a reader adds to a report, dated and signed."""

from django.db import transaction

from cross.audit import journal
from intel.actions import announcing, once, telling
from intel.models import Complement


def add(report, *, by, text, sent=None):
    """What `by` adds, or what the same form, drawn with the key `sent`, has just added."""
    entered = once.key_of(sent, [report.pk, text]) if sent else None
    return once.record(
        lambda: _add(report, by, text, entered),
        lambda: Complement.objects.of(report).filter(by=by, entry_key=entered).first(),
    )


def _add(report, by, text, entered):
    complement = Complement.objects.create(report=report, text=text, by=by, entry_key=entered)
    journal.record(by, "complement.added", report)
    announcing.complemented(complement, by=by)
    return complement


@transaction.atomic
def remove(complement, *, by):
    """Take back what one has just written."""
    journal.record(by, "complement.removed", complement.report)
    telling.forget(complement.report, complement)
    complement.delete()
