"""What the handling code of a report lets out of the unit, on paper or in a file."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from intel.access.rule import readable_reports
from intel.models import HandlingAccord
from intel.models.choices import ACCORD_WANTED


def leaves_unit_freely(reports, member):
    """Those of `reports` that `member` may print or export, given their handling codes.

    Ours, those whose code does not forbid it, and those for which the owner's accord to our unit
    is recorded and runs.
    """
    return reports.filter(leaving(member))


def stays_in_unit(reports, member):
    """The others: those that wait for the accord of their owner."""
    return reports.exclude(leaving(member))


def leaving(member):
    """The same, as a condition on reports."""
    accords = HandlingAccord.objects.filter(
        Q(until=None) | Q(until__gte=timezone.localdate()),
        decision=HandlingAccord.Decision.ACCEPTED,
        unit=member.unit_id,
        report=OuterRef("pk"),
    )
    return Q(owner=member.unit_id) | ~Q(handling__in=ACCORD_WANTED) | Exists(accords)


def held_reports(member):
    """What this member reads and neither prints nor exports without an accord."""
    return stays_in_unit(readable_reports(member), member)
