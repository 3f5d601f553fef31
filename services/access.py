"""Who may see and change accounts, units and the reference data of a department."""

from services.models import Commune, FactorWithdrawal, Member, Neighbourhood, Service, Unit
from services.models.member import person_behind
from services.roles import GIVEN_BY_HEADS, Right, may, may_any


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


# Who has a page of lost factors; which of them are his to confirm: `waiting_withdrawals`.
confirms = may_any(Right.ACCOUNTS, Right.MANAGE_UNIT, Right.ADMIT)


def waiting_withdrawals(member):
    """Those that wait for this second person, of accounts that he keeps, or of his department when
    he directs it: nobody gives an account back alone, and never his own.

    A head and the accounts whose password he gave are one person, whichever of them asks. One
    whose first person has left can only be declined. Of whoever keeps none, nothing, and the
    database is not asked.
    """
    waiting = FactorWithdrawal.objects.filter(decision="")
    asked = waiting.select_related("member__unit", "asked_by__unit")
    if may(Right.ACCOUNTS)(member) or may(Right.ADMIT)(member):
        asked = asked.filter(member__unit__department=member.unit.department_id)
    else:
        asked = asked.filter(member__in=keepable_members(member))
    asked = asked.alias(first=person_behind("asked_by"))
    return asked.exclude(first=member.counts_as).exclude(member=member)


def own_withdrawals(member):
    """Those that he asked for, and that wait."""
    asked = FactorWithdrawal.objects.filter(asked_by=member, decision="")
    return asked.select_related("member__unit", "asked_by__unit")


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
