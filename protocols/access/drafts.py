"""Who writes a protocol before it is signed, and puts its scanned papers beside it.

Who writes a draft is said by `protocols.access.protocols.writes_drafts`.
"""

from django.db.models import Exists, OuterRef, Q

from protocols.access.protocols import (
    keepable_protocols,
    readable_protocols,
    writable_drafts,
    writes_drafts,
)
from protocols.models import ProtocolAnnex, Signature
from services.models import Department, Service, Unit


def draftable_departments(member):
    """One's own department, when a protocol of it may be written."""
    departments = Department.objects.defer("outline").filter(pk=member.unit.department_id)
    return departments if writes_drafts(member) else departments.none()


def writable_signatures(member):
    """Those of a draft: once signed, they stay as they are."""
    return (
        Signature.objects.filter(protocol__in=writable_drafts(member))
        .select_related("protocol__department", "service")
        .defer("protocol__department__outline")
    )


def signing_services(department):
    """Who may sign, or lead: services with an open unit in the department, given by its key."""
    units = Unit.objects.filter(service=OuterRef("pk"), department=department, closed_on=None)
    return Service.objects.filter(Exists(units)).order_by("name", "pk")


def annexable_protocols(member):
    """Those beside which he puts the scanned paper: what he keeps, and his draft."""
    ours = keepable_protocols(member).values("pk"), writable_drafts(member).values("pk")
    return readable_protocols(member).filter(Q(pk__in=ours[0]) | Q(pk__in=ours[1]))


def readable_annexes(member):
    """Whoever reads a protocol reads its annexes."""
    return (
        ProtocolAnnex.objects.filter(protocol__in=readable_protocols(member).values("pk"))
        .select_related("protocol__department", "amendment")
        .defer("protocol__department__outline")
    )


def removable_annexes(member):
    """Those of the draft: what stands beside a signed protocol stays there."""
    return readable_annexes(member).filter(protocol__in=writable_drafts(member).values("pk"))


def releasable_annexes(member):
    return readable_annexes(member).filter(protocol__in=annexable_protocols(member).values("pk"))
