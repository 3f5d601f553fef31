"""What is a unit's or a person's own, whatever they read: lists, imports, long works."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cross.outbox.models import Job
from intel.access.figures import buildable_departments
from intel.access.seats import contributes, standing
from intel.models import DiscardedReport, DistributionList, TipImport
from services.models import Department
from services.roles import Right, may

FAILURES_STAY = timedelta(days=3)


def own_lists(member):
    """The distribution lists of one's own unit; no other unit knows of them."""
    if not may(Right.WRITE)(member):
        return DistributionList.objects.none()
    return DistributionList.objects.filter(unit=member.unit_id)


def readable_imports(member):
    """The imports of one's own unit: their faults quote nothing, their tips are its reports."""
    if not may(Right.IMPORT)(member):
        return TipImport.objects.none()
    departments = standing(member).departments
    return TipImport.objects.filter(unit=member.unit_id, department__in=departments)


def discarded_reports(member):
    """The drafts that one's unit threw away, as long as they may be brought back.

    A report is of the department of the unit that wrote it: with its seat there ends what it may
    read of them.
    """
    is_writer = may(Right.WRITE)(member) and not standing(member).is_guest
    if not is_writer or not contributes(member, member.unit.department):
        return DiscardedReport.objects.none().answered()
    since = timezone.now() - timedelta(days=settings.DISCARDED_DAYS)
    return DiscardedReport.objects.filter(unit=member.unit_id, at__gte=since).answered()


def own_jobs(member):
    """The long works that this member asked for: their state and result, no content."""
    return Job.objects.filter(requested_by_id=member.pk)


def failed_builds(member):
    """The summaries of his own department that the night did not build, nor anybody since.

    Asked for in nobody's name: what a colleague asked for himself is his own business.
    """
    departments = Department.objects.filter(pk__in=buildable_departments(member))
    built = Job.objects.filter(kind="build_summaries")
    return built.filter(
        ~Exists(
            built.filter(
                state=Job.State.DONE,
                args__department=OuterRef("args__department"),
                args__period=OuterRef("args__period"),
                finished_at__gt=OuterRef("finished_at"),
            )
        ),
        state=Job.State.FAILED,
        requested_by_id=None,
        args__department__in=[department.code for department in departments],
        finished_at__gt=timezone.now() - FAILURES_STAY,
    )
