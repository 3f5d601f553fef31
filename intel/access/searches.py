"""Searches that are kept: one's own, and those that colleagues share."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from intel.access.rule import listed_reports
from intel.models import AlertedReport, SavedSearch, SearchAlert
from services.roles import Right, Role, may


def own_searches(member):
    """His, and what those of his unit share with it: to be opened and followed.

    Whoever has left the unit shares nothing with it any more.
    """
    if not may(Right.READ)(member):
        return SavedSearch.objects.none().answered()
    ours = Q(by=member.pk)
    if may_share_searches(member):
        ours |= Q(unit=member.unit_id, by__unit=member.unit_id, is_shared=True)
    return SavedSearch.objects.filter(ours, removed_at=None).answered()


def changeable_searches(member):
    """His alone: renamed by another, the name that is taken would tell what else he keeps."""
    return own_searches(member).filter(by=member.pk).answered()


def restorable_searches(member):
    """His, that he took back less than a day ago."""
    if not may(Right.READ)(member):
        return SavedSearch.objects.none().answered()
    since = timezone.now() - timedelta(hours=SavedSearch.UNDO_HOURS)
    return SavedSearch.objects.filter(by=member.pk, removed_at__gt=since).answered()


def may_share_searches(member):
    """A guest is lodged by a unit and is none of its own."""
    return may(Right.READ)(member) and member.role != Role.GUEST


def running_alerts():
    """Of searches that are still kept, and still their member's: for the worker, in no name."""
    his = Q(search__by=F("member")) | (
        Q(search__is_shared=True, search__unit=F("member__unit"))
        & Q(search__by__unit=F("member__unit"))
        & ~Q(member__role=Role.GUEST)
    )
    return SearchAlert.objects.filter(his, search__removed_at=None)


def told_by_alerts(member):
    """What his alerts told him, of the reports that he still lists."""
    told = AlertedReport.objects.of_all(listed_reports(member))
    return told.filter(alert__member=member.pk, at__isnull=False)
