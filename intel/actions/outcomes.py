"""What two units decided, once they were told of each other: the application never arbitrates."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from intel import access
from intel.models import DeconflictionHit


@transaction.atomic
def decide(hit, *, by, outcome):
    """What the units decided, said by either of them; the last word stays."""
    current = access.told_hits(by).select_for_update(of=("self",)).filter(pk=hit.pk).first()
    if current is None:
        raise PermissionDenied
    current.outcome, current.outcome_by = outcome, by
    current.outcome_at = timezone.now()
    current.save(update_fields=["outcome", "outcome_by", "outcome_at"])
    why = DeconflictionHit.Outcome(outcome).label
    journal.record(by, "deconfliction.decided", current, why=why)
    return current
