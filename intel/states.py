"""The life of a report: one table of moves, who may make each, and what it requires.

Pure: no query here. `intel.actions.life` makes the moves, `intel.reading.sheet` shows those that
are open, and the help page draws the table. Every move but erasure can be undone.
"""

from dataclasses import dataclass

from django.db import models

from services.roles import Right


class State(models.TextChoices):
    DRAFT = "brouillon", "Brouillon"
    RECEIVED = "recu", "Reçu"
    TO_COMPLETE = "a_completer", "À compléter"
    URGENT = "urgent", "Urgent"
    DUPLICATE = "doublon", "Doublon"
    OUT_OF_SCOPE = "hors_champ", "Hors champ"
    SORTED = "trie", "Trié"
    GRADED = "cote", "Coté"
    ENRICHED = "enrichi", "Enrichi"
    DIRECTED = "oriente", "Orienté"
    ACKNOWLEDGED = "pris_en_compte", "Pris en compte"
    DECLINED = "refuse", "Refusé"
    EXPLOITED = "exploite", "Exploité"
    NO_FURTHER_ACTION = "sans_suite", "Sans suite"
    FED_BACK = "retour_fait", "Retour fait"
    ARCHIVED = "archive", "Archivé"
    ERASED = "efface", "Effacé"


class Requirement(models.TextChoices):
    """What must be true or given before a move; the sentence is what the member reads if not."""

    BOTH_GRADES = "both_grades", "Cotez d’abord la source et l’information."
    REASON = "reason", "Indiquez le motif."
    ORIGINAL = "original", "Indiquez la fiche dont celle-ci est le doublon."
    UNIT = "unit", "Choisissez l’unité attributaire."
    OUTCOME = "outcome", "Choisissez au moins un résultat."
    FEEDBACK = "feedback", "Choisissez le retour à faire au contributeur."


@dataclass(frozen=True)
class Move:
    """From one state to another. `key` is its single-key shortcut in the triage queue."""

    origin: State
    target: State
    label: str
    right: Right
    requires: frozenset = frozenset()
    key: str = ""

    @property
    def needs_reason(self):
        return Requirement.REASON in self.requires


def _move(origin, target, label, right, *requires, key=""):
    return Move(origin, target, label, right, frozenset(requires), key)


# Of both grades, wherever they are given: with the move that validates them, or without.
GRADE_KEY = "g"

S, R, Q = State, Right, Requirement

MOVES = (
    _move(S.DRAFT, S.RECEIVED, "Transmettre à la cellule", R.WRITE),
    # Triage and its outcomes.
    _move(S.RECEIVED, S.SORTED, "Recevable", R.TRIAGE, key="v"),
    _move(S.RECEIVED, S.TO_COMPLETE, "À compléter", R.TRIAGE, Q.REASON, key="c"),
    _move(S.RECEIVED, S.DUPLICATE, "Doublon", R.TRIAGE, Q.ORIGINAL, key="d"),
    _move(S.RECEIVED, S.OUT_OF_SCOPE, "Hors champ", R.TRIAGE, Q.REASON, key="x"),
    _move(S.RECEIVED, S.URGENT, "Urgent", R.TRIAGE, Q.REASON, key="!"),
    _move(S.URGENT, S.SORTED, "Recevable", R.TRIAGE, key="v"),
    _move(S.URGENT, S.DUPLICATE, "Doublon", R.TRIAGE, Q.ORIGINAL, key="d"),
    _move(S.URGENT, S.OUT_OF_SCOPE, "Hors champ", R.TRIAGE, Q.REASON, key="x"),
    _move(S.TO_COMPLETE, S.RECEIVED, "Complété", R.WRITE),
    _move(S.TO_COMPLETE, S.SORTED, "Recevable", R.TRIAGE, key="v"),
    _move(S.TO_COMPLETE, S.OUT_OF_SCOPE, "Hors champ", R.TRIAGE, Q.REASON, key="x"),
    _move(S.DUPLICATE, S.ARCHIVED, "Archiver", R.TRIAGE),
    _move(S.OUT_OF_SCOPE, S.ARCHIVED, "Archiver", R.TRIAGE),
    _move(S.OUT_OF_SCOPE, S.RECEIVED, "Rouvrir", R.TRIAGE, Q.REASON),
    # No direction before a grade.
    _move(S.SORTED, S.GRADED, "Valider la cotation", R.TRIAGE, Q.BOTH_GRADES, key=GRADE_KEY),
    _move(S.SORTED, S.OUT_OF_SCOPE, "Hors champ", R.TRIAGE, Q.REASON, key="x"),
    _move(S.SORTED, S.DUPLICATE, "Doublon", R.TRIAGE, Q.ORIGINAL, key="d"),
    _move(S.GRADED, S.ENRICHED, "Enrichi", R.TRIAGE, key="e"),
    _move(S.GRADED, S.DIRECTED, "Orienter", R.DIRECT, Q.UNIT, Q.BOTH_GRADES, key="o"),
    _move(S.GRADED, S.NO_FURTHER_ACTION, "Sans suite", R.DIRECT, Q.REASON),
    _move(S.ENRICHED, S.DIRECTED, "Orienter", R.DIRECT, Q.UNIT, Q.BOTH_GRADES, key="o"),
    _move(S.ENRICHED, S.NO_FURTHER_ACTION, "Sans suite", R.DIRECT, Q.REASON),
    # The unit in charge answers.
    _move(S.DIRECTED, S.ACKNOWLEDGED, "Prendre en compte", R.ANSWER),
    _move(S.DIRECTED, S.DECLINED, "Refuser", R.ANSWER, Q.REASON),
    _move(S.DECLINED, S.DIRECTED, "Orienter de nouveau", R.DIRECT, Q.UNIT, Q.BOTH_GRADES, key="o"),
    _move(S.DECLINED, S.NO_FURTHER_ACTION, "Sans suite", R.DIRECT, Q.REASON),
    _move(S.ACKNOWLEDGED, S.EXPLOITED, "Déclarer exploité", R.ANSWER, Q.OUTCOME, Q.REASON),
    _move(S.ACKNOWLEDGED, S.NO_FURTHER_ACTION, "Sans suite", R.ANSWER, Q.OUTCOME, Q.REASON),
    # The contributor hears what became of it.
    _move(S.EXPLOITED, S.FED_BACK, "Faire le retour", R.DIRECT, Q.FEEDBACK),
    _move(S.NO_FURTHER_ACTION, S.FED_BACK, "Faire le retour", R.DIRECT, Q.FEEDBACK),
    _move(S.FED_BACK, S.ARCHIVED, "Archiver", R.DIRECT),
    _move(S.ARCHIVED, S.ERASED, "Effacer", R.ERASE, Q.REASON),
)

del S, R, Q

BY_PAIR = {(move.origin, move.target): move for move in MOVES}

# What waits for somebody, and for whom: the queues of the home pages.
AWAITING_TRIAGE = frozenset({State.RECEIVED, State.URGENT})
IN_EVALUATION = frozenset({State.SORTED, State.GRADED, State.ENRICHED})
WAITING = AWAITING_TRIAGE | IN_EVALUATION | {State.TO_COMPLETE}
AWAITING_FEEDBACK = frozenset({State.EXPLOITED, State.NO_FURTHER_ACTION})
LIVE = WAITING | {State.DIRECTED, State.ACKNOWLEDGED, State.DECLINED} | AWAITING_FEEDBACK
CLOSED = frozenset({State.FED_BACK, State.ARCHIVED, State.ERASED})
# Nobody else adds to what has not left its unit, nor to what is put away.
NOT_COMPLETED = frozenset({State.DRAFT, State.ARCHIVED, State.ERASED})
# Neither an event of its own nor our subject: never counted as a fact.
NOT_COUNTED = frozenset({State.DRAFT, State.OUT_OF_SCOPE, State.ERASED})


def moves_from(state):
    return [move for move in MOVES if move.origin == state]


def move_between(origin, target):
    """The move, or None when the table has none."""
    return BY_PAIR.get((State(origin), State(target)))


def answers(origin, target):
    """Is this move what the unit in charge says?"""
    move = move_between(origin, target)
    return move is not None and move.right == Right.ANSWER
