"""Who reads a protocol, and who seats the units under it."""

from protocols.models import Participation, Protocol
from services.models import Unit
from services.roles import Right, may


def readable_protocols(member):
    """Those of one's own department, whatever their state: they say whom one works with."""
    return Protocol.objects.filter(department=member.unit.department_id)


def keepable_protocols(member):
    """Those whose seats this member gives and takes back."""
    if not may(Right.ADMIT)(member):
        return Protocol.objects.none()
    # A unit that has lost its seat does not give it back to itself.
    seated = Participation.objects.running().filter(group=member.unit.group_id)
    return readable_protocols(member).filter(pk__in=seated.values("content_object"))


def admissible_units(member):
    return Unit.objects.filter(department=member.unit.department_id, closed_on=None)
