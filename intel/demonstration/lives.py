"""What became of a report: a path along the table of moves, with who, when and why.

Every path is followed until today: a report of last week is still on its first steps.
"""

from dataclasses import dataclass
from datetime import time, timedelta

from django.conf import settings

from intel.actions.life import answer_of
from intel.demonstration.texts import QUARREL, VAGUE, around
from intel.models import Feedback, Revision, Step, Tasking
from intel.states import BY_PAIR, State
from services.roles import Right

S = State

# The rest of a report's life, once it was received; how many cards of the deck carry it.
_TO_ANSWER = (S.SORTED, S.GRADED, S.DIRECTED)
_TOLD = (S.FED_BACK, S.ARCHIVED)
SETTLED = (
    (9, (*_TO_ANSWER, S.ACKNOWLEDGED, S.EXPLOITED, *_TOLD)),
    (6, (S.SORTED, S.GRADED, S.ENRICHED, S.DIRECTED, S.ACKNOWLEDGED, S.EXPLOITED, *_TOLD)),
    (4, (S.SORTED, S.GRADED, S.ENRICHED, S.DIRECTED, S.ACKNOWLEDGED, S.NO_FURTHER_ACTION, *_TOLD)),
    (5, (*_TO_ANSWER, S.ACKNOWLEDGED, S.NO_FURTHER_ACTION, *_TOLD)),
    (4, (S.SORTED, S.GRADED, S.NO_FURTHER_ACTION, *_TOLD)),
    (3, (*_TO_ANSWER, S.ACKNOWLEDGED, S.EXPLOITED, S.FED_BACK)),
    (1, (*_TO_ANSWER, S.DECLINED, S.DIRECTED, S.ACKNOWLEDGED, S.EXPLOITED, *_TOLD)),
    (1, (*_TO_ANSWER, S.DECLINED, S.NO_FURTHER_ACTION, S.FED_BACK)),
    (2, (S.URGENT, *_TO_ANSWER, S.ACKNOWLEDGED, S.EXPLOITED, *_TOLD)),
    (1, (S.TO_COMPLETE, *_TO_ANSWER, S.ACKNOWLEDGED, S.EXPLOITED, *_TOLD)),
    (1, (S.TO_COMPLETE, S.RECEIVED, *_TO_ANSWER, S.ACKNOWLEDGED, S.NO_FURTHER_ACTION, *_TOLD)),
)
# Some of the last months' reports are left where they are: what the cell has to chase.
RECENT = (
    (5, (*_TO_ANSWER, S.ACKNOWLEDGED, S.EXPLOITED, *_TOLD)),
    (2, (S.SORTED, S.GRADED, S.ENRICHED, S.DIRECTED, S.ACKNOWLEDGED, S.EXPLOITED, *_TOLD)),
    (2, (S.SORTED, S.GRADED, S.NO_FURTHER_ACTION, *_TOLD)),
    (1, (S.TO_COMPLETE,)),
    (1, (S.SORTED,)),
    (1, (S.SORTED, S.GRADED)),
    (1, (S.SORTED, S.GRADED, S.ENRICHED)),
    (1, _TO_ANSWER),
    (1, (*_TO_ANSWER, S.DECLINED)),
    (2, (*_TO_ANSWER, S.ACKNOWLEDGED)),
    (1, (*_TO_ANSWER, S.ACKNOWLEDGED, S.EXPLOITED)),
    (1, (*_TO_ANSWER, S.ACKNOWLEDGED, S.NO_FURTHER_ACTION)),
    (1, (*_TO_ANSWER, S.ACKNOWLEDGED, S.EXPLOITED, S.FED_BACK)),
)
NOTHING_IN_IT = (
    (3, (S.OUT_OF_SCOPE, S.ARCHIVED)),
    (2, (S.OUT_OF_SCOPE,)),
    (1, (S.TO_COMPLETE, S.OUT_OF_SCOPE, S.ARCHIVED)),
    (3, (S.SORTED, S.GRADED, S.NO_FURTHER_ACTION, *_TOLD)),
)
DUPLICATED = (
    (3, (S.DUPLICATE, S.ARCHIVED)),
    (2, (S.DUPLICATE,)),
    (1, (S.SORTED, S.DUPLICATE, S.ARCHIVED)),
)
STILL_RECEIVED = ()
STILL_URGENT = (S.URGENT,)
# The latest reports: most wait for the cell, some are drafts (None).
LATEST = ((7, STILL_RECEIVED), (1, STILL_URGENT), (2, None), (2, SETTLED[0][1]))

# Days between a move and the one before it.
DELAYS = {
    S.RECEIVED: (2, 15), S.SORTED: (0, 6), S.TO_COMPLETE: (0, 6), S.URGENT: (0, 0.2),
    S.DUPLICATE: (0, 7), S.OUT_OF_SCOPE: (0, 8), S.GRADED: (0, 6), S.ENRICHED: (1, 12),
    S.DIRECTED: (1, 20), S.ACKNOWLEDGED: (1, 14), S.DECLINED: (2, 15), S.EXPLOITED: (8, 75),
    S.NO_FURTHER_ACTION: (5, 60), S.FED_BACK: (1, 25), S.ARCHIVED: (40, 160),
}  # fmt: skip
OPENS, CLOSES = time(8, 30), time(17, 45)
COMMENTED = 0.7
MISTAKEN = 0.02  # share of triages taken back and made again


class Deck:
    """Cards drawn without putting back, then shuffled again: rare fates come as often as said."""

    def __init__(self, chance, cards):
        self.chance = chance
        self.cards = [card for number, card in cards for _ in range(number)]
        self.left = []

    def draw(self):
        if not self.left:
            self.left = self.chance.sample(self.cards, len(self.cards))
        return self.left.pop()


@dataclass
class Hands:
    """Who may act on one report."""

    analysts: list
    takers: list  # units that see the report and may be put in charge, the likeliest first
    members: dict  # unit pk: its members who may answer


def at_work(chance, moment, least, most):
    """Some days later, on a working day, in office hours."""
    later = moment + timedelta(days=chance.uniform(least, most), minutes=7)
    if later.time() > CLOSES:
        later = later.replace(hour=OPENS.hour, minute=chance.randint(30, 59)) + timedelta(days=1)
    elif later.time() < OPENS:
        later = later.replace(hour=OPENS.hour, minute=chance.randint(30, 59))
    while later.weekday() >= 5:
        later += timedelta(days=1)
    return later.replace(second=0, microsecond=0)


class Life:
    """Follows one report along a path until today, changing it and telling the steps."""

    def __init__(self, chance, case, hands, *, now):
        self.chance = chance
        self.case = case
        self.report = case.report
        self.hands = hands
        self.now = now
        self.moment = self.report.created_at
        self.taskings = []
        self.told = []

    def follow(self, path):
        """The rows that tell the life, to be written after their report."""
        for target in path:
            move = BY_PAIR[State(self.report.state), target]
            moment = at_work(self.chance, self.moment, *DELAYS[target])
            if moment >= self.now:
                break
            self.moment = moment
            if target == S.SORTED and self.chance.random() < MISTAKEN:
                self.mistake()
            if target == S.GRADED:
                self.evaluate()
            self.make(move)
        return self.told

    def make(self, move):
        why = ""
        if move.needs_reason:
            why = self.chance.choice(around.REASONS[move.target])
        by = self.actor(move)
        undo = EFFECTS.get(move.target, Life.nothing)(self, move, by, why)
        self.step(move, by, why, undo)
        self.report.state = move.target

    def step(self, move, by, why, undo):
        step = Step(
            report=self.report,
            origin=move.origin,
            target=move.target,
            by=by,
            at=self.moment,
            why=why,
            undo=undo,
        )
        self.told.append(step)
        self.report.version += 1
        return step

    def actor(self, move):
        if move.right == Right.WRITE:
            return self.report.author
        if move.right == Right.ANSWER:
            return self.chance.choice(self.hands.members[self.taskings[-1].unit_id])
        return self.chance.choice(self.hands.analysts)

    def mistake(self):
        """Out of scope, then taken back a little later by the same analyst."""
        if self.report.state != S.RECEIVED:
            return
        move = BY_PAIR[S.RECEIVED, S.OUT_OF_SCOPE]
        by = self.actor(move)
        step = self.step(move, by, self.chance.choice(around.REASONS[S.OUT_OF_SCOPE]), {})
        step.undone_by = by
        self.moment += timedelta(minutes=self.chance.randint(2, 9))
        step.undone_at = self.moment
        self.moment += timedelta(minutes=self.chance.randint(1, 9))
        self.report.version += 1

    def evaluate(self):
        """Both grades, and often what the analyst thinks; the former values are kept."""
        source, information = self.case.grade(self.chance)
        by = self.chance.choice(self.hands.analysts)
        self.revise(by, {"source_grade": "", "information_grade": ""})
        self.report.source_grade, self.report.information_grade = source, information
        if self.chance.random() < COMMENTED:
            self.revise(by, {"comment": "", "comment_by": None})
            self.report.comment, self.report.comment_by = self.case.comment(), by

    def revise(self, by, before):
        self.told.append(
            Revision(
                report=self.report,
                by=by,
                at=self.moment,
                version=self.report.version,
                before=before,
            )
        )
        self.report.version += 1
        self.moment += timedelta(minutes=self.chance.randint(1, 4))

    def nothing(self, move, by, why):
        return {}

    def hand_over(self, move, by, why):
        """The next unit that may take it; the same one again when there is no other."""
        takers = self.hands.takers
        unit = takers[len(self.taskings) % len(takers)]
        tasking = Tasking(
            report=self.report,
            unit=unit,
            by=by,
            at=self.moment,
            answer_by=self.moment.date() + timedelta(days=settings.ANSWER_DAYS),
            instruction=self.chance.choice(around.INSTRUCTIONS),
        )
        self.taskings.append(tasking)
        self.told.append(tasking)
        return {"tasking": tasking}

    def answer(self, move, by, why):
        if not self.taskings or move.right != Right.ANSWER:
            return {}
        tasking = self.taskings[-1]
        undo = {"answer": [tasking, *answer_of(tasking)]}
        tasking.answer, tasking.outcome = move.target, why
        tasking.answered_by, tasking.answered_at = by, self.moment
        outcomes, numbers = around.OUTCOMES.get(why, ((), {}))
        tasking.outcomes = list(outcomes)
        for name, value in numbers.items():
            setattr(tasking, name, value)
        return undo

    def tell(self, move, by, why):
        outcome, text = self.chance.choice(around.FEEDBACKS[move.origin])
        feedback = Feedback(
            report=self.report,
            unit=self.report.owner,
            outcome=outcome,
            text=text,
            by=by,
            at=self.moment,
        )
        self.told.append(feedback)
        return {"feedback": feedback}

    def join(self, move, by, why):
        """A duplicate joins the fact of its original; its own is kept to be put back."""
        undo = {"fact": [self.report.fact, []]}
        self.report.duplicate_of = self.case.original
        self.report.fact = self.case.original.fact
        return undo


EFFECTS = {
    S.DUPLICATE: Life.join,
    S.DIRECTED: Life.hand_over,
    S.ACKNOWLEDGED: Life.answer,
    S.DECLINED: Life.answer,
    S.EXPLOITED: Life.answer,
    S.NO_FURTHER_ACTION: Life.answer,
    S.FED_BACK: Life.tell,
}
HOLLOW = {QUARREL, VAGUE}  # nothing that could be told twice
