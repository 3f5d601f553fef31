"""What is done to tips as such; their reports live the life of any report."""

from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from intel.models import Tip


@transaction.atomic
def forget_contacts(on=None):
    """Empty the contact data of every tip whose purge day has come; returns how many."""
    due = Tip.objects.filter(purge_on__lte=on or timezone.localdate()).exclude(contact="")
    forgotten = due.update(contact="")
    if forgotten:
        journal.record(None, "tips.forgotten", f"{forgotten} signalements")
    return forgotten
