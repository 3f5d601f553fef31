"""What is done to a strategy, its axes and its actions. Nothing followed is written over."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import day
from protocols import access, quarters
from protocols.models import (
    Action,
    ActionMove,
    Axis,
    QuarterLine,
    Strategy,
    StrategyStep,
)
from protocols.states import ActionState, StrategyState, check_action_move, check_strategy_move

ENDED = "Cette stratégie est terminée : reprenez-la avant de la modifier."


# --- A strategy -------------------------------------------------------------------------------


@transaction.atomic
def begin(*, by, title, starts_on, ends_on):
    """A draft, that only those who write strategies see."""
    if not access.writes_strategy(by):
        raise PermissionDenied
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "La fin de la stratégie doit suivre son début."})
    strategy = Strategy.objects.create(
        department=by.unit.department, title=title, starts_on=starts_on, ends_on=ends_on, by=by
    )
    journal.record(by, "strategy.created", strategy)
    return strategy


@transaction.atomic
def change(strategy, *, by, title, starts_on, ends_on):
    current = _held(strategy)
    if current.is_ended:
        raise ValidationError(ENDED)
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "La fin de la stratégie doit suivre son début."})
    current.title, current.starts_on, current.ends_on = title, starts_on, ends_on
    current.save(update_fields=["title", "starts_on", "ends_on"])
    journal.record(by, "strategy.changed", current)
    return current


@transaction.atomic
def move(strategy, *, by, state, why=""):
    """Adopted, back to a draft, ended, taken up again; each step is kept."""
    current = _held(strategy)
    check_strategy_move(current.state, state)
    if current.state != StrategyState.DRAFT and not why.strip():
        raise ValidationError({"why": "Dites pourquoi : l’historique le garde."})
    if state == StrategyState.ADOPTED:
        _check_adoptable(current)
    current.state = state
    current.save(update_fields=["state"])
    StrategyStep.objects.create(strategy=current, state=state, why=why, by=by)
    journal.record(by, "strategy.moved", current, why=why, recipients=StrategyState(state).label)
    return current


@transaction.atomic
def discard(strategy, *, by):
    """Delete a draft that was never adopted, its axes and its actions: nobody has followed it."""
    current = _held(strategy)
    if current.state != StrategyState.DRAFT or current.steps.exists():
        raise ValidationError("Une stratégie qui a été adoptée se termine, et reste.")
    journal.record(by, "strategy.discarded", current)
    Action.objects.filter(axis__strategy=current).delete()
    current.delete()


def _check_adoptable(strategy):
    others = Strategy.objects.filter(
        department=strategy.department_id, state=StrategyState.ADOPTED
    )
    if other := others.first():
        raise ValidationError(f"« {other} » est encore adoptée : mettez-y fin d’abord.")
    if not Action.objects.live().filter(axis__strategy=strategy).exists():
        raise ValidationError(
            "Une stratégie s’adopte avec au moins une action : ajoutez un axe, puis une action."
        )


def _held(strategy):
    """The strategy as it stands, nobody else changing it meanwhile."""
    return (
        Strategy.objects.select_for_update(of=["self"])
        .select_related("department")
        .get(pk=strategy.pk)
    )


# --- Its axes ---------------------------------------------------------------------------------


@transaction.atomic
def add_axis(strategy, *, by, title, objective):
    current = _held(strategy)
    if current.is_ended:
        raise ValidationError(ENDED)
    last = current.axes.aggregate(rank=Max("rank"))["rank"] or 0
    axis = Axis.objects.create(strategy=current, rank=last + 1, title=title, objective=objective)
    journal.record(by, "strategy.axis_added", axis)
    return axis


@transaction.atomic
def change_axis(axis, *, by, title, objective):
    if _held(axis.strategy).is_ended:
        raise ValidationError(ENDED)
    axis.title, axis.objective = title, objective
    axis.save(update_fields=["title", "objective"])
    journal.record(by, "strategy.axis_changed", axis)
    return axis


@transaction.atomic
def remove_axis(axis, *, by):
    """One that never held an action; the others keep their rank."""
    if _held(axis.strategy).is_ended:
        raise ValidationError(ENDED)
    if axis.actions.exists():
        raise ValidationError("Cet axe a des actions : il reste à la stratégie.")
    journal.record(by, "strategy.axis_removed", axis)
    axis.delete()


@transaction.atomic
def reorder_axis(axis, *, by, up):
    """One place up or down: it takes the rank of its neighbour, which takes its own."""
    current = _held(axis.strategy)
    if current.is_ended:
        raise ValidationError(ENDED)
    axis = current.axes.get(pk=axis.pk)
    others = (
        current.axes.filter(rank__lt=axis.rank) if up else current.axes.filter(rank__gt=axis.rank)
    )
    other = others.order_by("-rank" if up else "rank").first()
    if other is None:
        return
    free = current.axes.aggregate(rank=Max("rank"))["rank"] + 1
    for row, rank in ((other, free), (axis, other.rank), (other, axis.rank)):
        current.axes.filter(pk=row.pk).update(rank=rank)
    journal.record(by, "strategy.axis_changed", current, why="ordre des axes")


# --- Its actions ------------------------------------------------------------------------------


@transaction.atomic
def add_action(
    axis,
    *,
    by,
    title,
    unit,
    partners="",
    starts_on=None,
    due_on=None,
    indicator="",
    indicator_unit="",
    start_value=None,
    target_value=None,
):
    """An action to start, under `axis`, given to `unit`.

    Refused (`PermissionDenied`) to who may not write that axis; a unit that has no seat, or an end
    before its beginning, is a `ValidationError` beside its field.
    """
    _check_writes(axis, by)
    _check_told(axis, unit=unit, starts_on=starts_on, due_on=due_on)
    action = Action.objects.create(
        axis=axis,
        title=title,
        unit=unit,
        partners=partners,
        starts_on=starts_on,
        due_on=due_on,
        indicator=indicator,
        indicator_unit=indicator_unit,
        start_value=start_value,
        target_value=target_value,
        by=by,
    )
    journal.record(by, "action.added", action, recipients=str(unit))
    return action


@transaction.atomic
def change_action(action, *, by, **told):
    """Its words, its unit, its days, its indicator; its state moves by `move_action`."""
    current = held_action(action)
    axis = told.get("axis", current.axis)
    _check_writes(axis, by)
    _check_told(
        axis,
        unit=told.get("unit", current.unit),
        starts_on=told.get("starts_on", current.starts_on),
        due_on=told.get("due_on", current.due_on),
        former_unit=current.unit,
    )
    if axis.strategy_id != current.axis.strategy_id:
        raise ValidationError({"axis": "Choisissez un axe de la même stratégie."})
    changed = [name for name, value in told.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, told[name])
    if changed:
        current.save(update_fields=changed)
        journal.record(by, "action.changed", current, why=_in_words(changed, current))
    return current


def _in_words(changed, action):
    """Which fields, and for those that commit somebody, to what."""
    words = {field.name: str(field.verbose_name) for field in Action._meta.fields}
    said = [words[name] for name in changed]
    if "unit" in changed:
        said.append(f"à {action.unit}")
    if "due_on" in changed and action.due_on:
        said.append(f"pour le {day(action.due_on)}")
    return ", ".join(said)


@transaction.atomic
def remove_action(action, *, by):
    """Out of the strategy: entered by mistake. What is given up is dropped instead, and stays."""
    current = held_action(action)
    _check_writes(current.axis, by)
    if current.lines.exists() or current.moves.exists() or current.outcomes.exists():
        raise ValidationError(
            "Cette action a une histoire : dites-la abandonnée, elle restera à la stratégie."
        )
    current.undone_by, current.undone_at = by, timezone.now()
    current.save(update_fields=["undone_by", "undone_at"])
    journal.record(by, "action.removed", current)


@transaction.atomic
def restore_action(action, *, by):
    _check_writes(action.axis, by)
    action.undone_by = action.undone_at = None
    action.save(update_fields=["undone_by", "undone_at"])
    journal.record(by, "action.restored", action)


@transaction.atomic
def move_action(action, *, by, state, why=""):
    """From one state to another, by its unit or by who writes."""
    current = held_action(action)
    check_follows(current, by)
    check_action_move(current.state, state, why)
    return _moved(current, by=by, state=state, why=why)


def _moved(current, *, by, state, why):
    ActionMove.objects.create(action=current, before=current.state, after=state, why=why, by=by)
    current.state = state
    current.save(update_fields=["state"])
    label = ActionState(state).label
    journal.record(by, "action.moved", current, why=why, recipients=label)
    return current


@transaction.atomic
def write_line(action, *, by, quarter, state, words, value=None, why=""):
    """What is said of an action for a quarter; its state moves with it.

    Said again for the same quarter, it is one more line: the former stays below it.
    """
    current = held_action(action)
    check_follows(current, by)
    if quarter not in quarters_of(current):
        raise ValidationError(
            {"quarter": "Choisissez un trimestre de la stratégie, déjà commencé."}
        )
    if state != current.state:
        check_action_move(current.state, state, why)
        _moved(current, by=by, state=state, why=why)
    line = QuarterLine.objects.create(
        action=current, quarter=quarter, state=state, value=value, words=words, by=by
    )
    journal.record(by, "action.followed", current, why=line.in_words)
    return line


def quarters_of(action):
    """Those of which something may be said today, the latest first."""
    begun = quarters.quarter_of(timezone.localdate())
    return [each for each in reversed(action.axis.strategy.quarters) if each <= begun]


def check_follows(action, by):
    if not access.followable_actions(by).filter(pk=action.pk).exists():
        raise PermissionDenied


def held_action(action):
    return (
        Action.objects.select_for_update(of=["self"])
        .select_related("axis__strategy__department", "unit")
        .get(pk=action.pk)
    )


def _check_writes(axis, by):
    if not access.writable_axes(by).filter(pk=axis.pk).exists():
        raise PermissionDenied


def _check_told(axis, *, unit, starts_on, due_on, former_unit=None):
    units = access.chargeable_units(axis.strategy.department_id)
    if unit != former_unit and not units.filter(pk=unit.pk).exists():
        raise ValidationError({"unit": "Choisissez une unité qui siège au titre du protocole."})
    if starts_on and due_on and due_on < starts_on:
        raise ValidationError({"due_on": "L’échéance doit suivre le début."})
