"""Whom the night reminds of the strategy, once: a unit that has said nothing of the quarter that
ended, a unit whose action has passed its day.

Told once of each: a quarter, or a day, is told again to nobody.
"""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from intel.actions.telling import tell
from intel.models import Notification
from protocols import access, quarters
from protocols.models import Action, Protocol
from protocols.states import StrategyState


def remind(today=None):
    """How many units were told now, where a protocol is in force."""
    today = today or timezone.localdate()
    running = Protocol.objects.in_force(today).values("department")
    actions = (
        Action.objects.live()
        .filter(axis__strategy__state=StrategyState.ADOPTED)
        .filter(axis__strategy__department__in=running)
        .select_related("unit", "axis__strategy__department")
        .defer("axis__strategy__department__outline")
    )
    silent, overdue = defaultdict(list), actions.overdue(today).order_by("pk")
    for action in actions.silent(today).order_by("pk"):
        silent[action.axis.strategy, action.unit].append(action)
    told = sum(_of_quarter(*key, today) for key in silent)
    return told + sum(_of_day(action) for action in overdue)


@transaction.atomic
def _of_quarter(strategy, unit, today):
    quarter = quarters.before(quarters.quarter_of(today))
    about = f"strategy {strategy.pk} {quarter}"
    return _told("action.silent", strategy, unit, about, quarters.in_words(quarter))


@transaction.atomic
def _of_day(action):
    about = f"action {action.pk} {action.due_on}"
    return _told("action.overdue", action.axis.strategy, action.unit, about, str(action.due_on))


def _told(kind, strategy, unit, about, why):
    """A unit that has lost its seat reads the strategy no more, and is told nothing of it."""
    if not access.chargeable_units(strategy.department_id).filter(pk=unit.pk).exists():
        return 0
    told = Notification.objects.filter(kind=kind, about=about, unit=unit)
    if told.exists() or not tell(kind, to=[unit], about=about):
        return 0
    journal.record(None, "action.reminded", strategy, why=why, recipients=str(unit))
    return 1
