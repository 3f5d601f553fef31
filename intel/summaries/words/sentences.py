"""A sentence of a summary, what it is about, and the first ones of many."""

from dataclasses import dataclass
from enum import StrEnum

from cross.ui.templatetags.words import counted
from intel.summaries.words.territories import LEVELS

MOST = 5  # sentences of one kind on one level


class Code(StrEnum):
    """What a sentence is about, in the order in which they are read."""

    OPENING = "ensemble"
    REVISED = "revision"
    ALARM = "semaine_inhabituelle"
    RISE = "hausse"
    FALL = "baisse"
    STEADY = "stable"
    TOO_FEW = "effectif_faible"
    FOYER = "foyer"
    WATCHED = "a_surveiller"
    WITH_TIPS = "foyer_de_signalements"
    FORMER = "ancien_foyer"
    NOT_SEARCHED = "foyers_non_cherches"
    REPEATED = "signalements_repetes"
    EMERGING = "emergent"
    SENSITIVE = "classement_sensible"
    HIDDEN = "non_detaille"
    # Of what is proposed alone.
    TO_CONFIRM = "a_recouper"
    SILENT = "zone_sans_fait"


OF_FOYERS = frozenset(
    {Code.FOYER, Code.WATCHED, Code.WITH_TIPS, Code.FORMER, Code.NOT_SEARCHED, Code.SENSITIVE}
)


@dataclass(frozen=True)
class Sentence:
    """`facts` is None where this audience is not told how many, or where none are counted.

    `doubt` says how sure it is and what else may explain it; `dimension` and `territory` name the
    row that it speaks of, empty when it speaks of the whole.
    """

    code: Code
    text: str
    facts: int | None = None
    doubt: str = ""
    dimension: str = ""
    territory: str = ""

    def __str__(self):
        return f"{self.text} {self.doubt}".strip()


def about(row, code, text, *, facts=None, doubt=""):
    """A sentence that speaks of one row."""
    return Sentence(code, text, facts, doubt, str(row.dimension), row.code)


KINDS = {
    Code.ALARM: "Semaine inhabituelle",
    Code.RISE: "Hausse",
    Code.FALL: "Baisse",
    Code.EMERGING: "Territoire émergent",
    Code.WATCHED: "Secteur à surveiller",
    Code.WITH_TIPS: "Foyer de signalements",
    Code.FORMER: "Ancien foyer",
}


def at_most(dimension, said):
    """The first ones, and how many more the table holds."""
    said = [each for each in said if each is not None]
    yield from said[:MOST]
    if left := said[MOST:]:
        level = LEVELS[dimension]
        more = counted(len(left), f"autre {level},autres {level}s")
        code = left[0].code
        facts = _sum(each.facts for each in left)
        text = f"{KINDS[code]} : {more} dans le tableau."
        yield Sentence(code, text, facts, dimension=str(dimension))


def _sum(counts):
    counts = list(counts)
    return None if None in counts else sum(counts)
