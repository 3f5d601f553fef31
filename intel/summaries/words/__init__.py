"""What a summary says, in sentences built from its codes by rule: nothing is worded freely.

They are made from one stored summary and its rows alone, so that each audience is told what its
own summary holds. Each sentence carries its number of facts, and what is not sure in it.
"""

from intel import periods
from intel.models import Summary, TerritoryScore
from intel.summaries.words import changes, foyers, whole
from intel.summaries.words.note import reading_note
from intel.summaries.words.numbers import figure
from intel.summaries.words.sentences import OF_FOYERS, Code, Sentence, at_most
from intel.summaries.words.territories import TERRITORIES
from intel.summaries.words.whole import entered_of
from services.models import Commune

Dimension = TerritoryScore.Dimension
__all__ = [
    "OF_FOYERS",
    "TERRITORIES",
    "Code",
    "Sentence",
    "entered_of",
    "figure",
    "reading_note",
    "said_of",
    "said_of_territory",
    "said_with_foyers",
    "sentences",
    "twelve_months_with",
]


def said_of(summary):
    """Every sentence of a summary, in the order in which they are read. Two queries at most."""
    rows = list(summary.scores.filter(dimension__in=TERRITORIES).order_by("dimension", "rank"))
    return sentences(summary, rows, communes=_communes(summary))


def _communes(summary):
    """How many communes a masked summary could have told of; None where it is not said."""
    if not summary.is_masked or not summary.is_quarter or summary.department_id is None:
        return None
    return Commune.objects.filter(department=summary.department_id).statistical_units().count()


def sentences(summary, rows, *, communes=None):
    """The same, from rows at hand; of `communes` in all, those without a row are said hidden."""
    return [
        *whole.opening(summary, rows),
        *_found(summary, rows),
        *whole.hidden(rows, communes),
    ]


def _found(summary, rows):
    """All but the opening and what is hidden, the widest territories first."""
    for dimension in TERRITORIES:
        there = [row for row in rows if row.dimension == dimension]
        yield from at_most(dimension, [changes.alarm(summary, row) for row in there])
        yield from changes.of_level(summary, dimension, there)
        yield from at_most(dimension, [changes.emerging(summary, row) for row in there])
    yield from changes.repeated(
        summary, [row for row in rows if row.dimension == Dimension.COMMUNE]
    )
    yield from foyers.told(summary, rows)


def said_with_foyers(summary):
    """The same, and what the twelve months that end with this quarter tell of foyers."""
    found = said_of(summary)
    twelve_months = twelve_months_with(summary)
    if twelve_months is not None:
        found += [each for each in said_of(twelve_months) if each.code in OF_FOYERS]
    return found


def twelve_months_with(summary):
    """The twelve months of the same audience that end with the quarter of a summary, or None."""
    if not summary.is_quarter:
        return None
    same = Summary.objects.filter(
        department=summary.department_id,
        audience=summary.audience,
        court=summary.court_id,
        period=periods.rolling_of(summary.ends_on).code,
        stage=Summary.Stage.DONE,
    )
    return same.select_related("department").order_by("version").last()


def said_of_territory(summary, row):
    """What is said of one territory, the absence of a conclusion included."""
    alone = (say(summary, row) for say in (changes.alarm, changes.change, changes.emerging))
    return [*filter(None, alone), *changes.repeated(summary, [row]), *foyers.of_territories([row])]
