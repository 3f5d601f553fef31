"""Who may see and change accounts, units and the reference data of a department."""

from services.models import Commune, Member, Neighbourhood, Service, Unit
from services.roles import GIVEN_BY_HEADS, Right, may


def listed_units(member):
    """Units of one's own department: everybody there may know whom to call; who reads nothing
    calls the cell."""
    units = Unit.objects.filter(department=member.unit.department_id, closed_on=None)
    return units.filter(is_cell=True) if may(Right.CONTRIBUTE)(member) else units


def listed_services(member):
    return Service.objects.filter(units__in=listed_units(member)).distinct()


def manageable_members(member):
    """Accounts of one's own department, for those who keep them."""
    if not may(Right.ACCOUNTS)(member):
        return Member.objects.none()
    return Member.objects.filter(unit__department=member.unit.department_id)


def own_unit_members(member):
    """Everybody of the unit that this member heads, himself included, while it is open."""
    if not may(Right.MANAGE_UNIT)(member) or member.unit.closed_on:
        return Member.objects.none()
    return Member.objects.filter(unit=member.unit_id)


def keepable_members(member):
    """The accounts that a head keeps: of his unit, of the roles he gives, and never his own."""
    return own_unit_members(member).filter(role__in=GIVEN_BY_HEADS).exclude(pk=member.pk)


def helped_members(member):
    """Whose lost factor this member withdraws: accounts that he keeps, and never his own."""
    kept = manageable_members if may(Right.ACCOUNTS)(member) else keepable_members
    return kept(member).exclude(pk=member.pk)


def manageable_units(member):
    if not may(Right.ACCOUNTS)(member):
        return Unit.objects.none()
    return listed_units(member)


def correctable_communes(member):
    """Zone and court come from a rule; whoever keeps the protocol may correct them."""
    if not may(Right.ADMIT)(member):
        return Commune.objects.none()
    return Commune.objects.in_force().filter(department=member.unit.department_id)


def listed_neighbourhoods(member):
    """Reference data as it was loaded, for who keeps the protocol and who loads it."""
    if not (may(Right.ADMIT)(member) or may(Right.ACCOUNTS)(member)):
        return Neighbourhood.objects.none()
    return Neighbourhood.objects.of(member.unit.department_id)
