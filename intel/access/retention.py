"""Who keeps the terms: their own department, counts and references, never a word of a report."""

from intel.models import LegalHold, Tombstone
from protocols.models import Protocol
from services.roles import Right, may


def _department(member):
    return member.unit.department_id if may(Right.RETENTION)(member) else None


def registered_protocols(member):
    """Those whose register he keeps: the signed ones of his department."""
    return Protocol.objects.signed().filter(department=_department(member))


def readable_holds(member):
    holds = LegalHold.objects.filter(department=_department(member))
    return holds.select_related("department", "by", "lifted_by")


def liftable_holds(member):
    return readable_holds(member).live()


def readable_tombstones(member):
    return Tombstone.objects.filter(department=_department(member))
