"""Who reads a protocol, and who keeps it: its state, and the seats of the units under it."""

from django.db.models import Exists, OuterRef, Q

from protocols.models import Participation, Protocol
from services.models import Commune, Member, Unit
from services.roles import ROLES_WITHOUT_CONTENT, Right, may


def readable_protocols(member):
    """Those of one's own department, whatever their state: they say whom one works with, which
    is not for who reads nothing."""
    protocols = Protocol.objects.filter(department=member.unit.department_id)
    if may(Right.CONTRIBUTE)(member):
        protocols = protocols.none()
    return protocols.select_related("department", "lead_service").defer("department__outline")


def keepable_protocols(member):
    """Those that the animator of the cell keeps: he suspends, resumes, ends, amends, and seats.

    Nobody else does, and nobody by his role alone: his unit is the cell of the department, open,
    and its own permanent seat under that protocol runs today. The state of the protocol does not
    count: a suspension closes the reports, not the page from which it is lifted. A cell that has
    lost its seat does not give it back to itself.
    """
    unit = member.unit
    if not may(Right.ADMIT)(member) or not unit.is_cell or unit.closed_on:
        return Protocol.objects.none()
    seated = Participation.objects.running().filter(
        group=unit.group_id, standing=Participation.Standing.PERMANENT
    )
    return readable_protocols(member).filter(pk__in=seated.values("content_object"))


def keepable_seats(member):
    """Running seats and seats to come of the units, but that of one's own: see the actions."""
    return (
        Participation.objects.running_or_to_come()
        .filter(content_object__in=keepable_protocols(member))
        .exclude(group=member.unit.group_id)
        .select_related("group__unit__service", "content_object__department", "permission")
    )


def admissible_units(protocol):
    """Open units of its department, those without a seat (`is_seated`) first; not one where
    everybody controls or keeps accounts, to whom a seat opens nothing."""
    members = Member.objects.filter(unit=OuterRef("pk"))
    without_content = Q(role__in=ROLES_WITHOUT_CONTENT)
    seats = protocol.participations.running_or_to_come().filter(group=OuterRef("group"))
    return (
        Unit.objects.filter(department=protocol.department_id, closed_on=None)
        .exclude(
            Exists(members.filter(without_content)) & ~Exists(members.exclude(without_content))
        )
        .annotate(is_seated=Exists(seats))
        .order_by("is_seated", "sort_key", "pk")
    )


def seatable_communes(protocol):
    """What a seat may be about: communes of the protocol's own department."""
    return Commune.objects.in_force().filter(department=protocol.department_id)
