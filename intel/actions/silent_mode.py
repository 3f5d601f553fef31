"""What the owner of a restricted report lets others be told when they look for its identifiers."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import days, holding
from intel.actions.sharing import LONGEST_DAYS
from intel.models import SilentMode


@transaction.atomic
def keep(report, *, by, reason, review_on):
    """From now on whoever looks is told nothing; we alone are, until we say otherwise."""
    report = _ours(report, by)
    faults = {}
    if not reason.strip():
        faults["silence_reason"] = "Dites pourquoi les autres unités ne doivent rien en savoir."
    if fault := days.fault_of_day(review_on, most=LONGEST_DAYS):
        faults["silence_review_on"] = fault
    if faults:
        raise ValidationError(faults)
    said = {"reason": reason, "review_on": review_on, "by": by, "at": timezone.now()}
    SilentMode.objects.of(report).update_or_create(report=report, defaults=said)
    journal.record(by, "report.silenced", report, why=f"à revoir le {day(review_on)}")


@transaction.atomic
def lift(report, *, by):
    """From now on whoever looks is told whom to call."""
    report = _ours(report, by)
    forgotten, _ = SilentMode.objects.of(report).delete()
    if forgotten:
        journal.record(by, "report.unsilenced", report)


def _ours(report, by):
    current = holding.lock(report)
    if not access.restricted_reports_of(by).filter(pk=current.pk).exists():
        raise PermissionDenied
    return current
