"""Give a unit its seat, and take it back. No report is read or written by either."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from protocols.models import Participation


@transaction.atomic
def admit(unit, protocol, *, by, reads_reports=True, **seat):
    """Seat `unit` under `protocol`; `seat` holds standing, subject, starts_on, ends_on.

    A unit that does not read reports (a prefecture) sits for the summaries alone.
    """
    permission = Permission.objects.get(
        content_type__app_label="protocols",
        codename="read_reports" if reads_reports else "read_summaries",
    )
    participation, _ = Participation.objects.update_or_create(
        group=unit.group, permission=permission, content_object=protocol, defaults=seat
    )
    gate.forget()
    journal.record(by, "unit.admitted", unit, recipients=protocol.journal_reference)
    return participation


@transaction.atomic
def withdraw(unit, protocol, *, by, why):
    """End the seat: every page, export and worker of that unit stops reading at the next query."""
    if not why.strip():
        raise ValidationError({"why": "Indiquez pourquoi l’unité est retirée."})
    seats = Participation.objects.filter(group=unit.group, content_object=protocol)
    if not seats.running().exists():
        raise ValidationError("Cette unité ne participe pas, ou plus, au protocole.")
    yesterday = timezone.localdate() - timedelta(days=1)
    seats.filter(starts_on__gt=yesterday).delete()
    seats.running().update(ends_on=yesterday)
    gate.forget()
    journal.record(by, "unit.withdrawn", unit, why=why, recipients=protocol.journal_reference)
