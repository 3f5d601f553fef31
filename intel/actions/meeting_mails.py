"""The mails of a meeting: that there is one, with its day for calendars, and a link.

A letter is a row, written with what it tells of and sent by the worker, tried again a few times.
Rights are asked again as it leaves: whoever does not see the meeting any more is not told of it.
"""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cross import letters, outbox
from intel import access
from protocols import ics
from protocols.models import MeetingLetter

Method = MeetingLetter.Method
SUBJECTS = {Method.REQUEST: "CROSS : réunion", Method.CANCEL: "CROSS : réunion annulée"}


def tell(meeting, method, *, only=None):
    """A letter to each of those called (`only` some of them); of a cancellation, to those who
    were told of its last day: whoever was called no more when it moved learns of none."""
    if only is not None:
        members = [member for member in only if member.email]
    elif method == Method.CANCEL:
        told = meeting.letters.filter(method=Method.REQUEST, sequence=meeting.sequence - 1)
        told = told.select_related("member")
        members = list({letter.member_id: letter.member for letter in told}.values())
    else:
        members = access.called_members(meeting)
    written = [
        MeetingLetter(meeting=meeting, member=member, sequence=meeting.sequence, method=method)
        for member in members
    ]
    MeetingLetter.objects.bulk_create(written, ignore_conflicts=True)
    if written:
        outbox.enqueue("post_meeting_letters", args={}, key="post_meeting_letters")
    return len(written)


def post_due(now=None):
    """Send what waits, each by itself; how many left."""
    now = now or timezone.now()
    return letters.post_waiting(MeetingLetter.objects, _post, now)


@transaction.atomic
def _post(key, now):
    told = MeetingLetter.objects.select_related(
        "member__unit__department", "meeting__protocol__department"
    )
    letter = told.taken(key, now)
    if letter is None:
        return False
    if not _leaves(letter):
        letter.given_up_at = now
        letter.save(update_fields=["given_up_at"])
        return False
    return letters.leave(letter, mail_of(letter), now)


def _leaves(letter):
    """It says what still holds, to somebody who is still told of it."""
    member, meeting = letter.member, letter.meeting
    if not (member.email and settings.MAIL_LEAVES and member.is_in_duty()):
        return False
    if letter.sequence != meeting.sequence:
        return False
    if letter.method == Method.CANCEL:
        return True
    return access.readable_meetings(member).filter(pk=meeting.pk).exists()


def mail_of(letter):
    """The message: the day for calendars, a link; nothing of what the meeting speaks of."""
    meeting = letter.meeting
    url = f"{settings.ADDRESS}{reverse('meeting_page', args=[meeting.key])}"
    context = {"url": url, "is_cancelled": letter.method == Method.CANCEL}
    mail = EmailMessage(
        subject=SUBJECTS[letter.method],
        body=render_to_string("intel/meeting_mail.txt", context),
        to=[letter.member.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    content = ics.calendar_of(
        meeting,
        method=letter.method,
        url=url,
        organiser=settings.DEFAULT_FROM_EMAIL,
        attendee=letter.member.email,
    )
    mail.attach("reunion.ics", content.decode(), f"text/calendar; method={letter.method}")
    return mail
