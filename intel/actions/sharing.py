"""Narrow or widen who sees a report: its owner alone, each time with a reason."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from intel import access
from intel.models import Audience, Report, ReportGroupGrant, Restriction

LONGEST_DAYS = 90  # a restriction is looked at again at least every three months


@dataclass(frozen=True)
class Narrowing:
    """To which units, why, and when the owner is asked again."""

    units: tuple
    reason: str
    text: str
    review_on: date


def check_narrowing(narrowing, *, by):
    """Sentences a contributor can act on."""
    today = timezone.localdate()
    faults = {}
    if not today < narrowing.review_on <= today + timedelta(days=LONGEST_DAYS):
        faults["review_on"] = (
            f"Choisissez une date de révision dans les {LONGEST_DAYS} jours à venir."
        )
    allowed = set(access.nameable_units(by).values_list("pk", flat=True))
    if any(unit.pk not in allowed for unit in narrowing.units):
        faults["units"] = "Choisissez des unités qui participent au protocole."
    if narrowing.reason == Restriction.Reason.OTHER and not narrowing.text.strip():
        faults["restriction_text"] = "Précisez le motif."
    if faults:
        raise ValidationError(faults)


def name_units(report, *, by, narrowing):
    """Write the grants of a restricted report; its own unit is always among them."""
    check_narrowing(narrowing, by=by)
    groups = {unit.group_id for unit in narrowing.units} | {report.owner.group_id}
    permission = access.permission_id(Report, "read_report")
    existing = ReportGroupGrant.objects.filter(content_object=report, permission_id=permission)
    existing.exclude(group_id__in=groups).delete()
    ReportGroupGrant.objects.bulk_create(
        [
            ReportGroupGrant(content_object=report, permission_id=permission, group_id=group)
            for group in groups
        ],
        ignore_conflicts=True,
    )
    Restriction.objects.of(report).update_or_create(
        report=report,
        defaults={
            "reason": narrowing.reason,
            "text": narrowing.text,
            "review_on": narrowing.review_on,
            "by": by,
            "at": timezone.now(),
        },
    )


@transaction.atomic
def restrict(report, *, by, narrowing):
    """Narrow to named units. The level changes in the same transaction as the grants."""
    before = _named(report)
    name_units(report, by=by, narrowing=narrowing)
    Report.objects.filter(pk=report.pk).update(audience=Audience.RESTRICTED)
    report.audience = Audience.RESTRICTED
    gate.forget()
    journal.record(
        by,
        "report.restricted",
        report,
        why=Restriction.Reason(narrowing.reason).label,
        recipients=f"{before} → {_named(report)}",
    )


@transaction.atomic
def release(report, *, by, why):
    """Open again to every contributing unit."""
    if not why.strip():
        raise ValidationError({"why": "Indiquez pourquoi la restriction est levée."})
    before = _named(report)
    ReportGroupGrant.objects.filter(content_object=report).delete()
    Restriction.objects.of(report).delete()
    Report.objects.filter(pk=report.pk).update(audience=Audience.PROTOCOL)
    report.audience = Audience.PROTOCOL
    gate.forget()
    journal.record(
        by, "report.released", report, why=why, recipients=f"{before} → {_named(report)}"
    )


def _named(report):
    """Who can open it, as the journal tells it: units, never people."""
    if not report.is_restricted:
        return "toutes les unités du protocole"
    return ", ".join(unit.short_name for unit in access.audience_of(report))
