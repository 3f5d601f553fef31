"""The letters that go by mail: a number and a link, never what happened.

A letter is a row, written with what it tells of; it is sent by the worker, tried again a few times
when it fails, then given up, which is said to its reader and in the journal. Rights are asked
again as it is sent: what is no longer readable is not in it, and an empty letter is not sent.
"""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cross import letters
from cross.ui.templatetags.words import counted
from intel import access
from intel.models import Letter, Notification
from intel.notices import Way

MOST_LINES = 50  # in one letter: beyond that, it says how many more
NOBODY_READS = "written to be sent, and asked again of each reader as it is"


# --- Write ------------------------------------------------------------------------------------


@transaction.atomic
def write_at_once(keys):
    """One letter to each member who is told at once of these notifications; those to be sent.

    Asked again by a job that was interrupted, none is written twice, and those that it had written
    and not sent are given again.
    """
    _write(Notification.objects.filter(key__in=keys, way=Way.NOW))
    return _to_send(notifications__key__in=keys)


@transaction.atomic
def write_digests(today=None):
    """One letter to each member of what he has not seen since the last one; those to be sent.

    Asked again the same day, no second.
    """
    today = today or timezone.localdate()
    written = Letter.objects.filter(day=today).values("member")
    told = Notification.objects.filter(way=Way.DAILY).exclude(member__in=written)
    _write(told, day=today)
    return _to_send(day=today)


def _write(told, **of_what):
    told = told.filter(letter=None).unseen().unguarded(because=NOBODY_READS)
    held = told.select_for_update().order_by("member", "pk").values_list("member", "pk")
    lines = defaultdict(list)
    for member, line in held:
        lines[member].append(line)
    written = [Letter(member_id=member, **of_what) for member in lines]
    Letter.objects.bulk_create(written)
    for letter in written:
        Notification.objects.filter(pk__in=lines[letter.member_id]).update(letter=letter)


def _to_send(**of_what):
    return Letter.objects.waiting(timezone.now()).filter(**of_what).order_by("pk").distinct()


# --- Send -------------------------------------------------------------------------------------


def post_due(now=None):
    """Send what waits, each by itself; how many left."""
    now = now or timezone.now()
    return letters.post_waiting(Letter.objects, post, now)


@transaction.atomic
def post(key, now=None):
    """Send one letter, unless it is sent already, or by somebody else this very instant."""
    now = now or timezone.now()
    letter = Letter.objects.select_related("member__unit__department").taken(key, now)
    if letter is None:
        return False
    told = access.unseen_notifications(letter.member).filter(letter=letter)
    lines = list(told.select_related("report").order_by("at", "pk"))
    if not (lines and letter.member.email and settings.MAIL_LEAVES):
        letter.dropped_at = now
        letter.save(update_fields=["dropped_at"])
        return False
    if not letters.leave(letter, mail_to(letter.member, lines), now):
        return False
    told.filter(pk__in=[line.pk for line in lines]).update(mailed_at=now)
    return True


def mail_to(member, lines):
    """The message itself: references and links."""
    context = {
        "count": len(lines),
        "lines": [(line.reference, _link("open_notification", line.key)) for line in lines],
        "more": max(0, len(lines) - MOST_LINES),
        "most": MOST_LINES,
        "all_url": _link("notification_list"),
        "choices_url": _link("notice_choices"),
    }
    return EmailMessage(
        subject=f"CROSS : {counted(len(lines), 'avis,avis')}",
        body=render_to_string("intel/mail.txt", context),
        to=[member.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _link(name, *args):
    return f"{settings.ADDRESS}{reverse(name, args=args)}"


# --- Forget -----------------------------------------------------------------------------------


def forget_old(now=None):
    """Every night: what was seen a while ago, what nobody came to see, letters long gone."""
    now = now or timezone.now()
    told = Notification.objects.unguarded(because="purged, not shown")
    seen, _ = told.filter(seen_at__lt=now - timedelta(days=settings.SEEN_NOTICE_DAYS)).delete()
    unseen, _ = told.filter(at__lt=now - timedelta(days=settings.UNSEEN_NOTICE_DAYS)).delete()
    Letter.objects.filter(at__lt=now - timedelta(days=settings.LETTER_DAYS)).delete()
    return seen + unseen
