"""Show an open report to the units of another department, and stop showing it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import holding
from intel.models import ReportShare


@transaction.atomic
def share(report, *, by, protocol, why, until=None):
    """Show `report` to every permanent seat of `protocol`; what ran there before is replaced."""
    holding.lock(report)
    if not access.shareable_reports(by).filter(pk=report.pk).exists():
        raise ValidationError(
            "Seule une fiche ouverte de votre unité se partage avec un autre département."
        )
    if not access.may_be_shown_elsewhere(report):
        raise ValidationError(
            "Le protocole du département ne permet pas de montrer une fiche à un autre."
        )
    if not access.takers_of(report).filter(pk=protocol.pk).exists():
        raise ValidationError({"protocol": "Choisissez un protocole en vigueur."})
    if until and until < timezone.localdate():
        raise ValidationError({"until": "Ce jour est passé : choisissez-en un à venir."})
    ReportShare.objects.of(report).update_or_create(
        report=report,
        protocol=protocol,
        defaults={"by": by, "at": timezone.now(), "why": why, "ends_on": until},
    )
    gate.forget()
    journal.record(
        by,
        "report.shared",
        report,
        why=why,
        recipients=f"{protocol.department}{f', jusqu’au {day(until)}' if until else ''}",
    )


@transaction.atomic
def end(share, *, by):
    """Stop showing it: at the very next query nobody there reads it."""
    report, protocol = share.report, share.protocol
    share.delete()
    gate.forget()
    journal.record(by, "report.share_ended", report, recipients=str(protocol.department))
