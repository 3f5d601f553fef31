"""The life of a place: one table of moves, as `intel.states` has for reports.

Pure. A reader's history holds what he reads and nothing else: a move is checked against the state
that its author is shown, never against what another unit keeps to itself.
"""

from django.db import models


class PlaceState(models.TextChoices):
    SIGNALLED = "signale", "Signalé"
    CONFIRMED = "confirme", "Confirmé"
    ACTIVE = "actif", "Actif"
    UNDER_PRESSURE = "sous_pression", "Sous pression"
    DISMANTLED = "demantele", "Démantelé"
    REBUILT = "reconstitue", "Reconstitué"
    MOVED = "deplace", "Déplacé"


# A place that a report cites is at least that, before anybody says more.
START = PlaceState.SIGNALLED

S = PlaceState
MOVES = {
    S.SIGNALLED: {S.CONFIRMED, S.ACTIVE, S.DISMANTLED},
    S.CONFIRMED: {S.ACTIVE, S.UNDER_PRESSURE, S.DISMANTLED, S.MOVED},
    S.ACTIVE: {S.UNDER_PRESSURE, S.DISMANTLED, S.MOVED},
    S.UNDER_PRESSURE: {S.ACTIVE, S.DISMANTLED, S.MOVED},
    S.DISMANTLED: {S.REBUILT, S.MOVED},
    S.REBUILT: {S.ACTIVE, S.UNDER_PRESSURE, S.DISMANTLED, S.MOVED},
    S.MOVED: {S.REBUILT},
}
del S

# Where people sell today, as far as is known.
AT_WORK = frozenset({PlaceState.ACTIVE, PlaceState.UNDER_PRESSURE, PlaceState.REBUILT})


def may_become(origin, target):
    """A state may always be said again: it is still so."""
    return origin == target or target in MOVES[PlaceState(origin)]


def next_states(state):
    """Those that may follow, in the order of the life of a place."""
    return [each for each in PlaceState if each in MOVES[PlaceState(state)]]
