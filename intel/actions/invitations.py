"""Open a report to one person, from day to day, and close it again: its owner unit alone."""

from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import announcing, holding
from intel.models import Report, ReportMemberGrant

LONGEST_DAYS = 365
NOT_A_GUEST = (
    "Choisissez un référent ponctuel du département, ou un agent d’une unité qui y siège au cas "
    "par cas."
)


def end_of(last_day):
    """The last instant of a day, where we are."""
    return timezone.make_aware(datetime.combine(last_day, time.max))


def start_of(first_day):
    """The first instant of a day; None, which is now, for today or for no day."""
    if first_day is None or first_day <= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(first_day, time.min))


def last_day_of(grant):
    return timezone.localdate(grant.expires_at)


@transaction.atomic
def invite(report, *, by, guest, until, reason, since=None, completes=False, item_guest=None):
    """Open one report to one guest between two instants, to read or also to complete.

    `since` is now when it is not said. A former invitation of the same guest is replaced.
    `item_guest`: the item of a meeting that he is called for, with which the access goes.
    """
    holding.lock(report)
    if not access.editable_reports(by).filter(pk=report.pk).exists():
        raise ValidationError("Seule l’unité contributrice peut inviter à consulter cette fiche.")
    if not access.invitable_members(by).filter(pk=guest.pk).exists():
        raise ValidationError({"guest": NOT_A_GUEST})
    now = timezone.now()
    if until <= max(now, since or now):
        raise ValidationError({"until": "L’accès doit finir dans l’avenir, après son début."})
    _check_length(until, now, LONGEST_DAYS)
    open_to(
        guest,
        report,
        by=by,
        until=until,
        reason=reason,
        since=since or now,
        completes=completes,
        item_guest=item_guest,
    )
    what = "peut compléter" if completes else "lecture seule"
    start = f"du {day(since)} au " if since and since > now else "jusqu’au "
    journal.record(
        by,
        "report.invited",
        report,
        why=reason,
        recipients=f"{named(guest)}\u00a0: {what}, {start}{day(until)}",
    )
    announcing.invited(report, guest, by=by)


def open_to(
    guest,
    report,
    *,
    by,
    until,
    reason,
    since,
    completes=False,
    longest_days=LONGEST_DAYS,
    item_guest=None,
):
    """The rows of an invitation; whoever calls this writes the line of the journal."""
    if not access.is_in_his_area(guest, report):
        raise ValidationError(
            f"{guest.get_full_name()} lit les seules fiches du ressort de son tribunal, et "
            f"{report.commune.name} n’en est pas\u00a0: cet accès ne lui ouvrirait rien."
        )
    grants_of(guest, report).delete()
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
            longest_days=longest_days,
            item_guest=item_guest,
        )
        for codename in codenames
    )
    gate.forget()


@transaction.atomic
def prolong(grant, *, by, until):
    """Let the invitation of `grant` run until another instant, both permissions alike.

    As far from today as it could be given, and no further.
    """
    now, before = timezone.now(), grant.expires_at
    if until <= max(now, grant.starts_at):
        raise ValidationError({"until": "Choisissez un jour à venir, après le début de l’accès."})
    _check_length(until, now, grant.longest_days)
    grants_of(grant.user, grant.content_object).update(expires_at=until)
    gate.forget()
    journal.record(
        by,
        "report.invitation_prolonged",
        grant.content_object,
        recipients=f"{named(grant.user)}\u00a0: {day(before)} → {day(until)}",
    )


@transaction.atomic
def end(grant, *, by):
    """Close the report to the guest at the very next query."""
    guest, report = grant.user, grant.content_object
    grants_of(guest, report).delete()
    gate.forget()
    journal.record(by, "report.invitation_ended", report, recipients=named(guest))


def grants_of(guest, report):
    """The rows of one invitation: reading, and completing when that was given."""
    return ReportMemberGrant.objects.filter(content_object=report, user=guest)


def named(guest):
    """A guest, as the journal names him."""
    return f"{guest.get_full_name()}, {guest.unit}"


def _check_length(until, now, most):
    if until > end_of(timezone.localdate(now) + timedelta(days=most)):
        longest = in_words(most).capitalize()
        raise ValidationError({"until": f"{longest} au plus\u00a0: vous pourrez prolonger."})


def in_words(most):
    """So many days at most, as people say it."""
    return "un an" if most == LONGEST_DAYS else f"{most} jours"
