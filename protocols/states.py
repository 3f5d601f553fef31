"""The life of a strategy and of an action, as tables of moves."""

from django.core.exceptions import ValidationError
from django.db import models


class StrategyState(models.TextChoices):
    DRAFT = "projet", "Projet"
    ADOPTED = "adoptee", "Adoptée"
    ENDED = "terminee", "Terminée"


class ActionState(models.TextChoices):
    TO_START = "a_lancer", "À lancer"
    ENGAGED = "engagee", "Engagée"
    DONE = "realisee", "Réalisée"
    SUSPENDED = "suspendue", "Suspendue"
    DROPPED = "abandonnee", "Abandonnée"


STRATEGY_MOVES = {
    StrategyState.DRAFT: {StrategyState.ADOPTED},
    StrategyState.ADOPTED: {StrategyState.DRAFT, StrategyState.ENDED},
    StrategyState.ENDED: {StrategyState.ADOPTED},
}
ACTION_MOVES = {
    ActionState.TO_START: {ActionState.ENGAGED, ActionState.SUSPENDED, ActionState.DROPPED},
    ActionState.ENGAGED: {
        ActionState.TO_START,
        ActionState.DONE,
        ActionState.SUSPENDED,
        ActionState.DROPPED,
    },
    ActionState.SUSPENDED: {ActionState.ENGAGED, ActionState.DROPPED},
    ActionState.DONE: {ActionState.ENGAGED},
    ActionState.DROPPED: {ActionState.TO_START},
}
# Moves that somebody must be able to understand later: into a halt, and back out of an end.
WITH_A_REASON = {
    (before, after)
    for before, moves in ACTION_MOVES.items()
    for after in moves
    if after in {ActionState.SUSPENDED, ActionState.DROPPED}
    or before in {ActionState.DONE, ActionState.DROPPED}
}
# Those in which something is still to be done: they are late past their day.
OPEN_STATES = (ActionState.TO_START, ActionState.ENGAGED, ActionState.SUSPENDED)


def check_strategy_move(before, after):
    if StrategyState(after) not in STRATEGY_MOVES[StrategyState(before)]:
        raise ValidationError(
            f"Une stratégie « {StrategyState(before).label.lower()} » ne devient pas "
            f"« {StrategyState(after).label.lower()} »."
        )


def check_action_move(before, after, why):
    before, after = ActionState(before), ActionState(after)
    if after not in ACTION_MOVES[before]:
        raise ValidationError(
            {
                "state": f"Une action « {before.label.lower()} » ne devient pas "
                f"« {after.label.lower()} »."
            }
        )
    if (before, after) in WITH_A_REASON and not why.strip():
        raise ValidationError({"why": "Dites pourquoi : l’historique de l’action le garde."})
