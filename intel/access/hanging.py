"""What hangs on a report: its source, its files, what is kept apart, what others added."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from intel.access.abilities import editable_reports, enrichable_reports
from intel.access.rule import readable_reports
from intel.access.seats import permission_id, standing
from intel.models import (
    Amount,
    Annex,
    AnnexGroupGrant,
    Attachment,
    Complement,
    Handover,
    Identifier,
    RawText,
)
from intel.states import State
from services.models import Unit
from services.roles import Right, may


@dataclass(frozen=True)
class Tenure:
    """How long a unit held a report before handing it over; `since` is None for the first."""

    unit: int
    since: datetime | None
    until: datetime


def untold_tenures(report, member):
    """Those of the units that asked to stay unnamed: told to nobody but the two of each handover.

    One query, and none for a report that nobody asked it of.
    """
    if not report.hides_first_owner:
        return []
    accepted = Handover.objects.filter(report=report.pk, decision=Handover.Decision.ACCEPTED)
    rows = accepted.answered().order_by("decided_at", "pk")
    tenures, told, since = [], {member.unit_id}, None
    for origin, target, hides, until in rows.values_list(
        "origin", "target", "hides_origin", "decided_at"
    ):
        if member.unit_id in {origin, target}:
            told |= {origin, target}
        if hides:
            tenures.append(Tenure(origin, since, until))
        since = until
    return [tenure for tenure in tenures if tenure.unit not in told]


def reads_source(member, report):
    """Is the source of `report` the member's own unit's: its code, and the texts it wrote first?

    A report that was handed over keeps the source of whoever brought it.
    """
    home = report.first_owner_id or report.owner_id
    return member.unit_id == home and not standing(member).is_guest


def readable_raw_texts(member):
    """The words of a human source: its own unit, as long as it reads the report."""
    if standing(member).is_guest:
        return RawText.objects.none().answered()
    texts = RawText.objects.filter(unit=member.unit_id, report__in=readable_reports(member))
    return texts.answered()


def attestable_raw_texts(member):
    """Those whose shared text the unit may still change, and so read again."""
    return readable_raw_texts(member).filter(report__in=editable_reports(member))


def readable_annexes(member):
    """Those named to our unit, of the reports that we read."""
    if standing(member).is_guest:
        return Annex.objects.none().answered()
    grants = AnnexGroupGrant.objects.filter(
        permission_id=permission_id(Annex, "read_annex"), group=member.unit.group_id
    )
    annexes = Annex.objects.filter(pk__in=grants.values("content_object"))
    return annexes.filter(report__in=readable_reports(member)).answered()


def units_of_annex(annex):
    """The units that an annex is named to, in order."""
    grants = AnnexGroupGrant.objects.filter(content_object=annex.pk)
    return Unit.objects.filter(group__in=grants.values("group")).order_by("sort_key", "pk")


def editable_annexes(member):
    """Ours, wherever the report went since: it is withdrawn by the unit that wrote it."""
    if not may(Right.WRITE)(member):
        return Annex.objects.none().answered()
    ours = readable_annexes(member).filter(unit=member.unit_id)
    return ours.exclude(report__state=State.ARCHIVED)


def removable_complements(member):
    """One's own, for an hour: a slip of the pen is taken back, what others built on is not."""
    latest = timezone.now() - timedelta(minutes=Complement.REMOVABLE_MINUTES)
    own = Complement.objects.filter(by=member.pk, at__gt=latest)
    return own.filter(report__in=readable_reports(member)).answered()


def _opened_by(member):
    """Of the files of what he reads: all, but what came with another unit's human source."""
    follows = Q(reserved_to=None)
    if not standing(member).is_guest:
        follows |= Q(reserved_to=member.unit_id)
    return Attachment.objects.filter(follows)


def readable_attachments(member):
    """Those of the reports that we read."""
    return _opened_by(member).filter(report__in=readable_reports(member)).answered()


def holds_attachments(member):
    """Has a report, already answered to `member`, a file that he opens? A condition."""
    return Exists(_opened_by(member).filter(report=OuterRef("pk")))


def removable_attachments(member):
    return readable_attachments(member).filter(report__in=editable_reports(member))


def reserved_attachments(member):
    """Reserved to us, of reports that are still ours: we may say that one betrays nobody."""
    return removable_attachments(member).filter(reserved_to=member.unit_id)


def removable_identifiers(member):
    return Identifier.objects.filter(report__in=enrichable_reports(member)).answered()


def removable_amounts(member):
    return Amount.objects.filter(report__in=enrichable_reports(member)).answered()
