"""What became of what a unit brought: its receipt, what triage decided, the return. Nothing else.

A member who reads the report finds its title and a link; one who does not, his unit having handed
it over or reading nothing at all, is told the reference, the days and a word.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from cross.ui import keyset
from intel import access
from intel.models import Complement, Feedback, Report, Step
from intel.reading.capped import Capped, count_each
from intel.states import AWAITING_TRIAGE, State

SIZE = 30
KEYS = ("received_at", "id")
S = State
# What a contributor is told of each state: a duplicate would name another report, an answer
# another unit; « retenue » says neither, archived without a return as before.
RECEIVED, TO_COMPLETE, KEPT, OUT, TOLD = (
    ("Reçue", "new"),
    ("À compléter", "waiting"),
    ("Retenue", "progress"),
    ("Hors champ", "quiet"),
    ("Retour fait", "done"),
)
STAGES = {
    S.RECEIVED: RECEIVED,
    S.URGENT: RECEIVED,
    S.TO_COMPLETE: TO_COMPLETE,
    S.OUT_OF_SCOPE: OUT,
    S.FED_BACK: TOLD,
}
# What comes next, in a sentence.
AWAITED = {
    RECEIVED[0]: "La cellule va en décider.",
    TO_COMPLETE[0]: "La cellule reprend l’examen dès votre réponse.",
    KEPT[0]: "La cellule vous dira la suite donnée.",
    OUT[0]: "L’information n’entre pas dans le champ de la cellule : elle n’a pas d’autre suite.",
}
# What a return means, for who is told one word.
MEANINGS = {
    Feedback.Outcome.RECEIVED: "La cellule a lu votre contribution.",
    Feedback.Outcome.USEFUL: "Votre contribution a aidé la cellule ou une unité dans son travail.",
    Feedback.Outcome.KNOWN: "Les faits étaient déjà connus de la cellule ou des unités.",
    Feedback.Outcome.EXPLOITED: "Une unité s’est servie de votre contribution.",
    Feedback.Outcome.ACTED: "Une action a été menée après votre contribution.",
    Feedback.Outcome.NO_FURTHER_ACTION: "Votre contribution n’aura pas d’autre suite.",
    Feedback.Outcome.NOT_DISCLOSED: "La suite donnée ne peut pas vous être dite.",
}
TRIAGED = (S.SORTED, S.DUPLICATE, S.OUT_OF_SCOPE, S.TO_COMPLETE)


@dataclass(frozen=True)
class Line:
    """One contribution, as its unit is told of it."""

    report: Report
    title: str  # "" once its words are not shown any more
    word: str
    tone: str
    sent_at: object
    decided_at: object  # when triage last decided, or None
    question: str  # what the cell asks for, while it waits
    outcome: str
    meaning: str  # of the outcome, in a sentence
    detail: str  # what was added to the outcome, for those who read the report
    told_at: object
    is_handed_over: bool
    is_read: bool  # may this member open the sheet?
    is_answerable: bool  # is it his to complete here?

    @property
    def decision(self):
        """What triage decided: the return, which has its own day, is no decision."""
        return self._decided[0]

    @property
    def decision_tone(self):
        return self._decided[1]

    @property
    def _decided(self):
        return KEPT if self.word == TOLD[0] else (self.word, self.tone)

    @property
    def awaited(self):
        return AWAITED.get(self.word, "")


@dataclass(frozen=True)
class Board:
    page: keyset.Page
    lines: list
    count: Capped
    waiting: Capped
    hands_in: bool  # reads nothing: this page is his whole application


def board_of(member, query=None):
    """One page of them, the last received first; two queries, and one for the access."""
    rows = access.brought_reports(member)
    count, waiting = count_each([rows, rows.filter(state=S.TO_COMPLETE)])
    page = keyset.page_of(_told_of(rows, member), query or {}, keys=KEYS, size=SIZE)
    lines = [_line(row, member) for row in page]
    return Board(page, lines, count, waiting, access.hands_in(member))


def shown(member):
    """The rows of the page of one contribution."""
    return _told_of(access.brought_reports(member), member)


def unfinished(member):
    """The rows of the page that answers the cell."""
    return _told_of(access.unfinished_contributions(member), member)


def _told_of(rows, member):
    """Their own columns alone, and what their unit is told: no comment, no grade, nobody else."""
    of_row = {"report": OuterRef("pk")}
    steps = Step.objects.filter(undone_at=None, **of_row).order_by("-at", "-pk")
    told = Feedback.objects.filter(unit=member.unit_id, **of_row).order_by("-at", "-pk")
    asked = steps.filter(target=S.TO_COMPLETE)
    return (
        rows.select_related("commune")
        .only(
            "reference", "department", "state", "owner", "first_owner", "created_at",
            "received_at", "subject", "commune__name", "occurred_on", "products",
        )
        .with_opening()
        .annotate(
            is_ours=Exists(access.worded_contributions(member).filter(pk=OuterRef("pk"))),
            is_read=Exists(
                access.readable_reports(member, for_page=True).filter(pk=OuterRef("pk"))
            ),
            was_out=Exists(Step.objects.archived_out_of_scope().filter(**of_row)),
            decided_at=Subquery(steps.filter(target__in=TRIAGED).values("at")[:1]),
            question=Subquery(asked.values("why")[:1]),
            outcome=Subquery(told.values("outcome")[:1]),
            detail=Subquery(told.values("text")[:1]),
            told_at=Subquery(told.values("at")[:1]),
        )
    )  # fmt: skip


def _line(row, member):
    word, tone = stage_of(row)
    waits = row.state == S.TO_COMPLETE and row.is_ours
    return Line(
        report=row,
        title=row.title if row.is_ours else "",
        word=word,
        tone=tone,
        sent_at=row.created_at,
        decided_at=None if row.state in AWAITING_TRIAGE else row.decided_at,
        question=row.question if waits else "",
        outcome=Feedback.Outcome(row.outcome).label if row.outcome else "",
        meaning=MEANINGS[Feedback.Outcome(row.outcome)] if row.outcome else "",
        detail=row.detail if row.outcome and row.is_read else "",
        told_at=row.told_at,
        is_handed_over=row.owner_id != member.unit_id,
        is_read=row.is_read,
        is_answerable=waits and access.hands_in(member),
    )


def stage_of(row):
    """(word, tone): the same word whatever the cell and the units do with it meanwhile."""
    if row.state == S.ARCHIVED and row.outcome:
        return TOLD
    if row.state == S.ARCHIVED and row.was_out:
        return OUT
    return STAGES.get(S(row.state), KEPT)


@dataclass(frozen=True)
class Said:
    """One turn of the exchange: what the cell asked, or what his own unit added."""

    text: str
    at: object
    is_question: bool


@dataclass(frozen=True)
class Page:
    line: Line
    facts: str  # as they were sent; "" once they are not shown any more
    added: list  # Said, in their order: what his own unit added since, and what was asked of it


def page_of(row, member):
    """One contribution: what was sent, and what is told of it."""
    added = Complement.objects.of(row).filter(by__unit=member.unit_id)
    if access.hands_in(member):
        added = added.filter(by__role=member.role)
    line = _line(row, member)
    said = [Said(each.text, each.at, is_question=False) for each in added]
    asked = [Said(each.why, each.at, is_question=True) for each in _asked(row)]
    # The one that waits is already at the head of the page.
    said += asked[:-1] if line.question else asked
    return Page(
        line=line,
        facts=row.facts if row.is_ours else "",
        added=sorted(said, key=lambda each: each.at),
    )


def _asked(row):
    """What the cell asked of the unit that brought it: a report that changed hands since may have
    been asked of another, and one that is not shown keeps its questions."""
    if not row.is_ours or row.first_owner_id is not None:
        return ()
    return Step.objects.of(row).filter(target=S.TO_COMPLETE, undone_at=None).order_by("at", "pk")
