"""The life of a meeting: one table of moves, as `intel.states` has for reports.

Pure: no query here. `intel.actions.meetings` makes the moves; both the page and the refusals are
drawn from the table.
"""

from dataclasses import dataclass

from django.db import models


class MeetingState(models.TextChoices):
    PREPARED = "preparee", "Préparée"
    CALLED = "convoquee", "Convoquée"
    SITTING = "en_seance", "En séance"
    TO_SIGN = "a_signer", "Compte rendu à signer"
    SIGNED = "signee", "Compte rendu signé"
    CANCELLED = "annulee", "Annulée"


@dataclass(frozen=True)
class Move:
    origin: MeetingState
    target: MeetingState
    label: str
    needs_reason: bool = False


S = MeetingState
MOVES = (
    Move(S.PREPARED, S.CALLED, "Convoquer"),
    Move(S.PREPARED, S.CANCELLED, "Annuler la réunion", needs_reason=True),
    Move(S.CALLED, S.SITTING, "Ouvrir la séance"),
    Move(S.CALLED, S.CANCELLED, "Annuler la réunion", needs_reason=True),
    Move(S.SITTING, S.CALLED, "Revenir avant l’ouverture"),
    Move(S.SITTING, S.TO_SIGN, "Lever la séance"),
    Move(S.TO_SIGN, S.SITTING, "Reprendre le compte rendu"),
    Move(S.TO_SIGN, S.SIGNED, "Signer"),
    # Taken back: it stands again where it stood.
    Move(S.CANCELLED, S.PREPARED, "Rétablir la réunion"),
    Move(S.CANCELLED, S.CALLED, "Rétablir la réunion"),
)
del S

BY_PAIR = {(move.origin, move.target): move for move in MOVES}
# Its day may change, and what it will speak of.
AHEAD = frozenset({MeetingState.PREPARED, MeetingState.CALLED})
# Its agenda is still written.
OPEN = AHEAD | {MeetingState.SITTING}
OVER = frozenset({MeetingState.TO_SIGN, MeetingState.SIGNED})
# Nobody but the cell knows of one that is not called yet.
TOLD = frozenset(MeetingState) - {MeetingState.PREPARED}


def move_between(origin, target):
    """The move, or None when the table has none."""
    return BY_PAIR.get((MeetingState(origin), MeetingState(target)))


def targets_from(state):
    return {move.target for move in MOVES if move.origin == state}
