"""Whom the night reminds that a protocol ends: the animator of its cell, three times.

What has been told is a row: two beats, a message delivered twice or a night made again find it
there and tell nobody. An end that moves is another end, and is told again.
"""

from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import counted, day
from intel.actions.telling import tell
from protocols.models import Protocol, RenewalReminder
from protocols.reading.renewals import DAYS
from services.models import Unit


def remind(today=None):
    """Every reminder that is due and was never made; how many were."""
    today = today or timezone.localdate()
    ending = Protocol.objects.ending_within(max(DAYS), today).select_related("department")
    return sum(_remind(protocol, today) for protocol in ending.order_by("pk"))


@transaction.atomic
def _remind(protocol, today):
    """1 when it was made now. A night that was missed is not made up for: the nearest alone."""
    left = (protocol.ends_on - today).days
    days = min(each for each in DAYS if left <= each)
    reminder, is_new = RenewalReminder.objects.get_or_create(
        protocol=protocol, ends_on=protocol.ends_on, days=days
    )
    if not is_new:
        return 0
    cells = Unit.objects.filter(
        department=protocol.department_id, is_cell=True, closed_on=None
    ).order_by("pk")
    told = tell("protocol.ending", to=cells, about=reminder)
    journal.record(
        None,
        "protocol.reminded",
        protocol,
        why=f"fin le {day(protocol.ends_on)}, dans {counted(left, 'jour')}",
        recipients=counted(len(told), "animateur"),
    )
    return 1
