"""Open a report to one person, from day to day, and close it again: its owner unit alone."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.models import Report, ReportMemberGrant

LONGEST_DAYS = 366


@transaction.atomic
def invite(report, *, by, guest, until, reason, since=None, completes=False):
    """Open one report to one guest between two instants, to read or also to complete.

    `since` is now when it is not said. A former invitation of the same guest is replaced.
    """
    if not access.editable_reports(by).filter(pk=report.pk).exists():
        raise ValidationError("Seule l’unité contributrice peut inviter à consulter cette fiche.")
    now = timezone.now()
    since = since or now
    if until <= max(now, since):
        raise ValidationError({"until": "L’accès doit finir dans l’avenir, après son début."})
    if until > now + timezone.timedelta(days=LONGEST_DAYS):
        raise ValidationError({"until": "Un an au plus\u00a0: vous pourrez prolonger."})
    _grants(report, guest).delete()
    codenames = ["read_report", *(["complete_report"] if completes else [])]
    ReportMemberGrant.objects.bulk_create(
        ReportMemberGrant(
            user=guest,
            content_object=report,
            permission_id=access.permission_id(Report, codename),
            starts_at=since,
            expires_at=until,
            reason=reason,
            by=by,
        )
        for codename in codenames
    )
    gate.forget()
    what = "peut compléter" if completes else "lecture seule"
    journal.record(
        by,
        "report.invited",
        report,
        why=reason,
        recipients=f"{guest.get_full_name()}, {guest.unit}\u00a0: {what}, jusqu’au {day(until)}",
    )


@transaction.atomic
def prolong(grant, *, by, until):
    """Let the invitation of `grant` run until another instant, both permissions alike."""
    now, before = timezone.now(), grant.expires_at
    if not now < until <= now + timezone.timedelta(days=LONGEST_DAYS):
        raise ValidationError({"until": "Choisissez un jour à venir, dans un an au plus."})
    _grants(grant.content_object, grant.user).update(expires_at=until)
    gate.forget()
    journal.record(
        by,
        "report.invitation_prolonged",
        grant.content_object,
        recipients=f"{grant.user.get_full_name()}\u00a0: {day(before)} → {day(until)}",
    )


@transaction.atomic
def end(grant, *, by):
    """Close the report to the guest at the very next query."""
    _grants(grant.content_object, grant.user).delete()
    gate.forget()
    journal.record(
        by,
        "report.invitation_ended",
        grant.content_object,
        recipients=grant.user.get_full_name(),
    )


def _grants(report, guest):
    """The rows of one invitation: reading, and completing when that was given."""
    return ReportMemberGrant.objects.filter(content_object=report, user=guest)
