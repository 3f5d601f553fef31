"""Guests called for an item of a meeting: they read its reports from a day to a day.

The owner alone widens: what the cell owns is opened by an invitation like any other; for the rest
its owner is asked, as for anybody who asks to read. Each access carries the item that it was given
for, and goes with it: withdrawn, cancelled or moved, it is closed at once.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import announcing, invitations, meeting_mails
from intel.models import AccessRequest, ItemGuest
from protocols.meeting_states import MeetingState
from protocols.models import MeetingLetter

MOST_AFTER = timedelta(days=30)  # after the meeting
USUAL_AFTER = timedelta(days=7)


@transaction.atomic
def invite(item, *, by, guest, starts_on, ends_on):
    """Call `guest` for `item`; open what the cell owns, ask the owners of the rest."""
    if not access.invitable_members(by).filter(pk=guest.pk).exists():
        raise ValidationError({"guest": invitations.NOT_A_GUEST})
    last = item.meeting.held_on + MOST_AFTER
    if not max(timezone.localdate(), starts_on) <= ends_on <= last:
        raise ValidationError(
            {"ends_on": f"Choisissez un jour à venir, jusqu’au {day(last)} au plus tard."}
        )
    if item.guests.filter(member=guest, ended_at=None).exists():
        raise ValidationError({"guest": "Cette personne est déjà invitée à ce point."})
    called = ItemGuest.objects.create(
        item=item, member=guest, starts_on=starts_on, ends_on=ends_on, by=by
    )
    journal.record(
        by,
        "meeting.guest_called",
        item.meeting,
        recipients=f"{invitations.named(guest)} : du {day(starts_on)} au {day(ends_on)}",
    )
    if item.meeting.state == MeetingState.CALLED:
        meeting_mails.tell(item.meeting, MeetingLetter.Method.REQUEST, only=[guest])
    return called, open_for(called, by=by)


@transaction.atomic
def end(called, *, by):
    """He is not called for that item any more."""
    called.ended_at, called.ended_by = timezone.now(), by
    called.save(update_fields=["ended_at", "ended_by"])
    _close(called, by=by)
    journal.record(
        by, "meeting.guest_ended", called.item.meeting, recipients=invitations.named(called.member)
    )


def open_for(called, *, by):
    """Open to him what his item names; (opened, asked of their owners). What he reads already,
    invited by its owner or for another item, is left as it is. Whoever has left since is opened
    nothing: what is written around him goes on."""
    if not access.invitable_members(by).filter(pk=called.member_id).exists():
        return 0, 0
    named = access.named_reports(by).filter(item=called.item_id).select_related("report")
    opened = asked = 0
    for row in named.order_by("pk"):
        report, guest = row.report, called.member
        if invitations.grants_of(guest, report).filter(expires_at__gt=timezone.now()).exists():
            continue
        if access.invitable_reports(by).filter(pk=report.pk).exists():
            invitations.invite(
                report,
                by=by,
                guest=guest,
                since=invitations.start_of(called.starts_on),
                until=invitations.end_of(called.ends_on),
                reason=_why(called),
                item_guest=called,
            )
            opened += 1
        elif _ask_owner(called, report, by=by):
            asked += 1
    return opened, asked


def _why(called):
    meeting = called.item.meeting
    return (
        f"Invité par la cellule à la réunion du {day(meeting.held_on)}, pour lire du "
        f"{day(called.starts_on)} au {day(called.ends_on)}"
    )


def _ask_owner(called, report, *, by):
    """The owner decides, as for anybody; the guest is told nothing unless it is granted."""
    if access.asked_for_items(item_guest=called, reference=report.reference).exists():
        return False
    request = AccessRequest.objects.create(
        asked_by=called.member,
        why=_why(called),
        reference=report.reference,
        report=report,
        item_guest=called,
    )
    journal.record(
        by,
        "access.asked",
        report.reference,
        why=_why(called),
        recipients=invitations.named(called.member),
    )
    announcing.access_asked(request)
    return True


def _close(called, *, by, reports=None):
    """End what was opened or asked for that item, of some of its reports or of all; what another
    item still names to him is opened for that one."""
    about = {} if reports is None else {"content_object__in": reports}
    grants = access.grants_for_items(item_guest=called, **about)
    closed = list(grants.select_related("content_object__department", "user__unit"))
    for grant in closed:
        invitations.end(grant, by=by)
    about = {} if reports is None else {"report__in": reports}
    for request in access.asked_for_items(item_guest=called, **about):
        request.decide(AccessRequest.Decision.WITHDRAWN, by=by)
        announcing.forget_asked(request)
        journal.record(by, "access.withdrawn", request.reference)
    others = {
        other
        for grant in closed
        for other in access.guests_for(grant.content_object).filter(member=called.member_id)
        if other.pk != called.pk
    }
    for other in others:
        open_for(other, by=by)


# --- What changes around them -----------------------------------------------------------------


def live_of(item):
    return item.guests.filter(ended_at=None, ends_on__gte=timezone.localdate()).select_related(
        "member__unit", "item__meeting__protocol__department"
    )


def opened(item, *, by):
    """The item names one report more, or stands again."""
    for called in live_of(item):
        open_for(called, by=by)


def closed(item, *, by, reports=None):
    """The item names these reports no more, or stands no more."""
    for called in live_of(item):
        _close(called, by=by, reports=reports)


def open_all(meeting, *, by):
    for item in meeting.items.filter(removed_at=None):
        opened(item, by=by)


def close_all(meeting, *, by):
    for item in meeting.items.all():
        closed(item, by=by)


def shift(meeting, days, *, by):
    """The meeting has moved: what was opened for its former day is closed, and opened for the new
    one; an owner's accord was for the day that he was told, so he is asked again."""
    close_all(meeting, by=by)
    for item in meeting.items.filter(removed_at=None):
        for called in live_of(item):
            called.starts_on += days
            called.ends_on += days
            called.save(update_fields=["starts_on", "ends_on"])
            open_for(called, by=by)
