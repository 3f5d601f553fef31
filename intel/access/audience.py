"""Who reads a report: the units of its department, those named, those it is opened to."""

from django.db.models import Q
from django.utils import timezone

from intel.access.rule import followed_reports
from intel.access.seats import permission_id, running_seats
from intel.models import Report, ReportGroupGrant, ReportMemberGrant
from protocols.models import Participation
from services.models import Unit
from services.roles import Right, may


def seated_units(department, seats=None):
    """Open units that read reports of this department today; `department` is its key."""
    seats = running_seats() if seats is None else seats
    seats = seats.filter(content_object__department=department)
    return Unit.objects.filter(group__in=seats.values("group"), closed_on=None)


def nameable_units(member):
    """Units to which a report of this department may be named."""
    return seated_units(member.unit.department_id)


def lookable_units(member):
    """The units whose sight a member may look through: those of his department with a seat."""
    if not may(Right.LOOK_AS)(member):
        return Unit.objects.none()
    return nameable_units(member)


def audience_of(report):
    """The units that can open this report today: those of the seats, or those named."""
    if not report.is_restricted:
        return open_audience_of(report)
    named = ReportGroupGrant.objects.filter(content_object=report.pk)
    units = seated_units(report.department_id).filter(group__in=named.values("group"))
    return units.order_by("sort_key", "pk")


def open_audience_of(report):
    """Those that open it, or would if it were open; asked of a report not yet saved, too."""
    touches = Q(products__overlap=report.products)
    if report.commune_id:
        touches |= Q(communes=report.commune_id)
    whole = Q(standing=Participation.Standing.PERMANENT)
    own = Q(group__unit=report.owner_id)
    seats = running_seats().filter(whole | touches | own)
    return seated_units(report.department_id, seats).order_by("sort_key", "pk")


def names_everybody(department, groups):
    """Do these groups hold every permanent seat of the department, given by its key?"""
    seats = running_seats().filter(standing=Participation.Standing.PERMANENT)
    units = seated_units(department, seats)
    return not units.exclude(group__in=groups).exists()


def invitations_of(report):
    """Those that run and those to come."""
    return (
        ReportMemberGrant.objects.filter(
            content_object=report.pk,
            permission_id=permission_id(Report, "read_report"),
            expires_at__gt=timezone.now(),
        )
        .select_related("user__unit")
        .order_by("expires_at", "pk")
    )


def mentionable_units(report, member):
    """Those to whom somebody who follows the life of a report may speak there: its readers."""
    if not followed_reports(member).filter(pk=report.pk).exists():
        return Unit.objects.none()
    return audience_of(report).exclude(pk=member.unit_id)


def guests_of(report):
    """Running grants to persons, for the owner: who was invited, until when."""
    return invitations_of(report).filter(starts_at__lte=timezone.now())
