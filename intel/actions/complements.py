"""What a reader adds to a report, dated and signed."""

from django.db import transaction

from cross.audit import journal
from intel.models import Complement


@transaction.atomic
def add(report, *, by, text):
    complement = Complement.objects.create(report=report, text=text, by=by)
    journal.record(by, "complement.added", report)
    return complement


@transaction.atomic
def remove(complement, *, by):
    """Take back what one has just written."""
    journal.record(by, "complement.removed", complement.report)
    complement.delete()
