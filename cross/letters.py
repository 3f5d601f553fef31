"""Letters that go by mail: rows that the worker sends, tries again a few times, then gives up.

Each room writes its own (`Posted`), says which may leave and what is in them; how one leaves, and
what becomes of one that does not, is here.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cross.audit import journal

logger = logging.getLogger(__name__)

# After each failure, how long before the next try; after the last one, it is given up.
TRY_AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 720))


class PostedQuerySet(models.QuerySet):
    def waiting(self, now):
        """Those whose time to leave has come."""
        return self.filter(sent_at=None, given_up_at=None, next_at__lte=now)

    def taken(self, key, now):
        """That one, held until the end of the transaction; None once sent, or held elsewhere."""
        held = self.waiting(now).select_for_update(of=("self",), skip_locked=True)
        return held.filter(pk=key).first()


class Posted(models.Model):
    """One mail to one `member`."""

    member_id: int

    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"courriel {self.pk} à {self.member_id}"


def post_waiting(letters, post, now):
    """`post(key, now)` each one that waits, by itself; how many left."""
    waiting = letters.waiting(now).order_by("next_at", "pk")
    return sum(post(key, now) for key in waiting.values_list("pk", flat=True))


def leave(letter, mail, now):
    """Send it, or put it off; whether it left.

    A worker that dies between the two lines below sends it again: under the same number, by which
    mail servers and readers know that they have it.
    """
    mail.extra_headers.setdefault("Message-ID", number_of(letter))
    try:
        mail.send()
    except (SMTPException, OSError) as fault:
        _put_off(letter, now, type(fault).__name__)
        return False
    letter.tries, letter.sent_at = letter.tries + 1, now
    letter.save(update_fields=["tries", "sent_at"])
    return True


def number_of(letter):
    """Of one letter for ever; it tells nothing, not even how many went before."""
    named = salted_hmac("cross.letters", f"{letter._meta.label}:{letter.pk}", algorithm="sha256")
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")
    return f"<{named.hexdigest()[:40]}@{domain}>"


def _put_off(letter, now, fault):
    """Again later, a few times; the address, which may be wrong, reaches no log."""
    letter.tries += 1
    logger.warning("%s failed (%s), try %s", letter, fault, letter.tries)
    if letter.tries > len(TRY_AGAIN_AFTER):
        letter.given_up_at = now
        journal.record(None, "mail.given_up", letter.member, why=fault)
    else:
        letter.next_at = now + TRY_AGAIN_AFTER[letter.tries - 1]
    letter.save(update_fields=["tries", "next_at", "given_up_at"])
