"""Units that handed a report over and asked to stay unnamed: whoever must not know reads nobody.

Everything that a page draws about the people of a report passes here: its author, and whatever
the unit wrote, joined or changed while it held the report. What the cell, or a unit in charge, did
meanwhile keeps its name: hiding that too would tell whom it hides.
"""

from dataclasses import dataclass

from intel import access
from intel.states import move_between
from services.models import Member, Unit
from services.roles import Right

UNTOLD = "Unité d’origine non communiquée"
NOBODY = Member(
    first_name="Agent",
    last_name="non communiqué",
    unit=Unit(name=UNTOLD, short_name=UNTOLD),
)


@dataclass(frozen=True)
class Silence:
    """What a member is not told of one report; `tenures` are `access.Tenure`.

    `author` is the key of whoever wrote the report, when it was for a unit that is not told.
    """

    tenures: tuple = ()
    author: int | None = None

    def __bool__(self):
        return bool(self.tenures)

    def covers(self, at):
        return any(
            at <= each.until and (each.since is None or at > each.since) for each in self.tenures
        )

    @property
    def units(self):
        return {each.unit for each in self.tenures}

    def is_of(self, unit):
        """Is this the key of a unit that is not told?"""
        return unit in self.units

    def over(self, rows, *, who=("by",), when="at"):
        """The same rows, nobody standing where `who` acted for the unit."""
        for row in rows if self else ():
            if self.covers(getattr(row, when)):
                for name in who:
                    if getattr(row, name) is not None:
                        setattr(row, name, NOBODY)
        return rows

    def over_steps(self, steps):
        """Of the moves, those alone that a contributor makes."""
        moves = ((step, move_between(step.origin, step.target)) for step in steps)
        made = [step for step, move in moves if move is None or move.right == Right.WRITE]
        self.over(made, who=("by", "undone_by"))
        return steps

    def over_feedbacks(self, feedbacks):
        """Told to a unit that is not: the answer is read, not to whom it was made."""
        for feedback in feedbacks:
            if self.is_of(feedback.unit_id):
                feedback.unit = NOBODY.unit
        return feedbacks

    def over_complements(self, complements):
        """Of its own people alone: another reader of that time speaks under his own name."""
        wrote = [
            each
            for each in complements
            if self.is_of(each.by.unit_id) or (self.author and each.by_id == self.author)
        ]
        self.over(wrote)
        return complements

    def over_annexes(self, annexes):
        """Neither who wrote one, nor that its unit reads it: it would be told by what is left."""
        for annex in annexes:
            if self.is_of(annex.unit_id):
                annex.unit = NOBODY.unit
            annex.named = [unit for unit in annex.named if not self.is_of(unit.pk)]
        return annexes

    def over_author(self, report):
        """The first tenure began with the report: its author wrote for that unit."""
        if self.author:
            report.author = NOBODY
        return report

    def name(self, unit):
        """What to call a unit of the report's past."""
        return UNTOLD if self.is_of(unit.pk) else str(unit)


def silence_of(report, member):
    """What `member` is not told of `report`, which he reads; asked once a request."""
    tenures = tuple(access.untold_tenures(report, member))
    wrote_for_it = any(each.since is None for each in tenures)
    return Silence(tenures, report.author_id if wrote_for_it else None)


def unit_alone(rows, *, who=("by",)):
    """The same rows, each person replaced by his unit: what another department is told."""
    for row in rows:
        for name in who:
            person = getattr(row, name)
            if person is not None:
                setattr(row, name, Member(first_name=str(person.unit), unit=person.unit))
    return rows
