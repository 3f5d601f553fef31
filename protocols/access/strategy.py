"""Who reads the strategy of a department, who writes it, who says how an action goes.

Its seat opens it to a unit, whatever the seat reads: a permanent one, under a protocol in force.
Drafts are for those who write. An action is followed by its own unit, or by who writes.
"""

from django.db.models import Q

from cross import gate
from protocols.models import (
    HAND_IN,
    Action,
    Axis,
    OutsideTotal,
    Participation,
    Protocol,
    Strategy,
)
from protocols.states import StrategyState
from services.models import Commune, Unit
from services.roles import Right, may


def consulted_departments(member):
    """The departments whose aggregates and strategy the unit consults today."""
    if not member.is_in_duty() or member.unit.closed_on:
        return []
    return gate.once(
        ("consulted_departments", member.pk),
        lambda: list(
            Participation.objects.running()
            .exclude(permission__codename=HAND_IN)
            .filter(
                group_id=member.unit.group_id,
                # A seat on a subject does not open figures about everything.
                standing=Participation.Standing.PERMANENT,
                content_object__in=Protocol.objects.in_force(),
            )
            .values_list("content_object__department", flat=True)
            .distinct()
        ),
    )


def _written_departments(member):
    """That of one's own unit, when it is seated there and its role writes."""
    own = member.unit.department_id
    if not may(Right.WRITE_STRATEGY)(member) or own not in consulted_departments(member):
        return []
    return [own]


def writes_strategy(member):
    return bool(_written_departments(member))


def readable_strategies(member):
    if not may(Right.READ_STRATEGY)(member):
        return Strategy.objects.none()
    written = Q(department__in=_written_departments(member))
    strategies = Strategy.objects.filter(
        written | ~Q(state=StrategyState.DRAFT), department__in=consulted_departments(member)
    )
    return strategies.select_related("department").defer("department__outline")


def keepable_strategies(member):
    """Those whose state a writer may change, ended ones included: they may come back."""
    return readable_strategies(member).filter(department__in=_written_departments(member))


def writable_strategies(member):
    return keepable_strategies(member).exclude(state=StrategyState.ENDED)


def writable_axes(member):
    return Axis.objects.filter(strategy__in=writable_strategies(member)).select_related(
        "strategy__department"
    )


def readable_actions(member):
    return (
        Action.objects.live()
        .filter(axis__strategy__in=readable_strategies(member))
        .select_related("axis__strategy__department", "unit__service")
        .defer("axis__strategy__department__outline")
    )


def writable_actions(member):
    return readable_actions(member).filter(axis__strategy__in=writable_strategies(member))


def restorable_actions(member):
    """Taken out of the strategy, by mistake perhaps."""
    return (
        Action.objects.exclude(undone_at=None)
        .filter(axis__strategy__in=writable_strategies(member))
        .select_related("axis__strategy__department", "unit")
    )


def followable_actions(member):
    """Those of which a member says how they go and what came: his unit's, or all for a writer."""
    adopted = readable_actions(member).filter(axis__strategy__state=StrategyState.ADOPTED)
    if writes_strategy(member):
        return adopted.filter(axis__strategy__department__in=_written_departments(member))
    if may(Right.ANSWER)(member):
        return adopted.filter(unit=member.unit_id)
    return adopted.none()


def own_actions(member):
    """Those that one's own unit is in charge of, while the strategy is adopted."""
    return readable_actions(member).filter(
        axis__strategy__state=StrategyState.ADOPTED, unit=member.unit_id
    )


def chargeable_units(department):
    """Whom an action may be given to: open units of the department with a permanent seat."""
    seated = Participation.objects.running().filter(
        content_object__in=Protocol.objects.in_force().filter(department=department),
        standing=Participation.Standing.PERMANENT,
    )
    return (
        Unit.objects.filter(department=department, closed_on=None)
        .filter(group__in=seated.values("group"))
        .select_related("service")
        .order_by("-is_cell", "sort_key", "pk")
    )


def communes_of(department):
    """Where traffic may have moved to, as far as the strategy of a department says."""
    return Commune.objects.in_force().filter(department=department)


def readable_totals(member):
    """What others counted: read by whoever reads the strategy of the department."""
    if not may(Right.READ_STRATEGY)(member):
        return OutsideTotal.objects.none()
    return OutsideTotal.objects.filter(department__in=consulted_departments(member))


def writable_totals(member):
    """Those that stand, for who writes: he corrects them, or takes them out."""
    return OutsideTotal.objects.standing().filter(department__in=_written_departments(member))


def restorable_totals(member):
    return OutsideTotal.objects.exclude(undone_at=None).filter(
        department__in=_written_departments(member)
    )
