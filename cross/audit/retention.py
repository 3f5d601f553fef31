"""Lines whose term is over go by whole batches; the signed record of each stays, and its removal.

The chain of the records is what it was: whoever verifies it sees what was there, how many lines,
from when to when, and that they left at their term.
"""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cross.audit import anchors, journal, keys, sealing
from cross.audit.models import Check, Entry, Oddity, Seal
from cross.audit.verifier import moment
from cross.ui.templatetags.words import day


def term(now=None):
    """What is older than that is over."""
    now = timezone.localtime(now)
    try:
        return now.replace(year=now.year - settings.JOURNAL_YEARS)
    except ValueError:  # the 29th of February
        return now.replace(year=now.year - settings.JOURNAL_YEARS, day=28)


def over(now=None):
    """The batches that leave: from the oldest on, as long as their last line is over."""
    before = term(now)
    for seal in Seal.objects.filter(removal="").defer("links").order_by("number").iterator():
        if datetime.fromisoformat(seal.record["last_at"]) >= before:
            return
        yield seal


def remove(now=None):
    """Remove what is over, a batch at a time; how many lines."""
    now = now or timezone.now()
    removed = 0
    for seal in list(over(now)):
        removed += _remove(seal, now)
    Check.objects.filter(at__lt=term(now)).delete()
    Oddity.objects.filter(began_at__lt=term(now)).delete()
    return removed


def _remove(seal, now):
    with sealing.turn(wait=True), transaction.atomic():
        record = seal.record
        removal = anchors.sign(
            {
                "kind": "removal",
                "number": seal.number,
                "head": seal.signed.head,
                "before": moment(term(now)),
                "removed_at": moment(now),
            },
            keys.signing_key(),
        )
        span = sealing.Span(record["after_id"], record["from_tx"], record["to_tx"])
        with pgtrigger.ignore("audit.Entry:append_only", "audit.Seal:sealed"):
            count, _ = Entry.objects.filter(pk__in=span.rows.values("pk")).delete()
            Seal.objects.filter(pk=seal.pk).update(links=None, removal=removal.as_line())
        first, last = (
            timezone.localtime(datetime.fromisoformat(record[name]))
            for name in ("first_at", "last_at")
        )
        journal.record(
            None,
            "journal.removed",
            f"lot {seal.number}",
            why=f"du {day(first)} au {day(last)}",
        )
        transaction.on_commit(lambda: anchors.append(removal))
    return count
