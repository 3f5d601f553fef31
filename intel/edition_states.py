"""The life of a note of local strategy: one table of moves, and whose word each needs.

Pure. Two seats bind themselves: the prefecture, then the prosecutor of each court that sits under
the protocol. A move with a reason takes the note back; nothing takes a published one back.
"""

from dataclasses import dataclass

from django.db import models


class EditionState(models.TextChoices):
    DRAFT = "brouillon", "En rédaction"
    PROPOSED = "proposee", "Attend le parquet"
    VALIDATED = "validee", "Validée"
    PUBLISHED = "publiee", "Publiée"
    REPLACED = "remplacee", "Remplacée"


class Bench(models.TextChoices):
    """On whose behalf somebody speaks."""

    PREFECTURE = "prefecture", "la préfecture"
    COURT = "parquet", "le parquet"


@dataclass(frozen=True)
class Move:
    """From one state to another. Without a bench, no person makes it: it follows another one."""

    origin: EditionState
    target: EditionState
    label: str
    benches: frozenset = frozenset()
    needs_reason: bool = False


S, BOTH = EditionState, frozenset(Bench)
OF_PREFECTURE, OF_COURT = frozenset({Bench.PREFECTURE}), frozenset({Bench.COURT})
MOVES = (
    Move(S.DRAFT, S.PROPOSED, "Valider pour la préfecture", OF_PREFECTURE),
    Move(S.PROPOSED, S.DRAFT, "Renvoyer en rédaction", BOTH, needs_reason=True),
    # Made by the last of the courts that were waited for.
    Move(S.PROPOSED, S.VALIDATED, "Valider pour le parquet", OF_COURT),
    Move(S.VALIDATED, S.DRAFT, "Renvoyer en rédaction", BOTH, needs_reason=True),
    Move(S.VALIDATED, S.PUBLISHED, "Publier", OF_PREFECTURE),
    Move(S.PUBLISHED, S.REPLACED, "Remplacée par sa rectification"),
)
del S, BOTH, OF_PREFECTURE, OF_COURT

# What every service that consults notes may read.
PUBLIC = (EditionState.PUBLISHED, EditionState.REPLACED)
# What is sealed: nobody writes in it any more.
SEALED = tuple(state for state in EditionState if state != EditionState.DRAFT)
BY_PAIR = {(move.origin, move.target): move for move in MOVES}


def may_move(origin, target, bench):
    """Is there such a move, and is it this bench's to make?"""
    move = BY_PAIR.get((EditionState(origin), EditionState(target)))
    return move is not None and bench in move.benches
