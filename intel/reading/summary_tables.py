"""The tables of a summary: the rows of one level, and where each figure leads."""

from dataclasses import dataclass
from functools import cached_property

from intel.models import TerritoryScore
from intel.reading.behind import NAMES, behind_url
from intel.reading.summary_maps import territory_url
from intel.reading.summary_words import EFFORTS, foyer_of, sign_of
from intel.summaries import hexagons

Dimension = TerritoryScore.Dimension
# Levels in the order of their tabs, and how many of them.
LEVELS = {
    Dimension.COMMUNE: "Communes",
    Dimension.NEIGHBOURHOOD: "Quartiers",
    Dimension.EPCI: "Intercommunalités",
    Dimension.ARRONDISSEMENT: "Arrondissements",
    Dimension.DEPARTMENT: "Département",
    Dimension.HEXAGON: "Mailles",
    Dimension.PLACE: "Lieux",
}


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Line:
    """One row of a table, its signs in words, and where its figures lead."""

    row: TerritoryScore
    behind: str = ""  # the address of the list of its reports, nothing for who opens none
    url: str = ""  # of the page of the territory

    @property
    def facts_behind(self):
        """The same, of those by which a fact counts."""
        return self.behind and f"{self.behind}&faits=1"

    @property
    def sign(self):
        return sign_of(self.row)

    @property
    def effort(self):
        return EFFORTS.get(self.row.effort, "")

    @property
    def foyer(self):
        return foyer_of(self.row)


@dataclass(frozen=True)
class Values:
    """The rows of a list of values that tell something, and the others in one sentence: which of
    them hold few and which hold nothing is not to be told apart."""

    lines: list
    others: str

    def __bool__(self):
        return bool(self.lines or self.others)


def line_of(summary, row):
    return Line(row, behind_url(summary, row.dimension, row.code), territory_url(row))


class LevelTable:
    """One level of `tables`, the rows of a summary by dimension: `level` as the address asks for
    it. `hidden_communes`: how many of them are not told of."""

    def __init__(self, summary, tables, hidden_communes, level=""):
        self.summary, self.tables, self.hidden_communes = summary, tables, hidden_communes
        self.level = self._level_named(level)

    def _level_named(self, name):
        known = [level for level in LEVELS if self.tables[level]]
        asked = [level for level in known if NAMES[level] == name]
        return next(iter([*asked, *known]), Dimension.COMMUNE)

    @property
    def tabs(self):
        return [
            Tab(NAMES[level], label, level == self.level, self._many_in(level))
            for level, label in LEVELS.items()
            if self.tables[level]
        ]

    def _many_in(self, level):
        return sum(not self._is_aside(row) for row in self.tables[level])

    @property
    def name(self):
        return NAMES[self.level]

    @property
    def label(self):
        return LEVELS[self.level]

    @property
    def caption(self):
        if self.tells_no_fact:
            return f"{self.label} : foyers"
        return f"{self.label} : faits{'' if self.tells_no_report else ' et renseignements'}"

    @cached_property
    def _lines(self):
        return [
            line_of(self.summary, row)
            for row in self.tables[self.level]
            if not self._is_aside(row)
        ]

    def _is_aside(self, row):
        """The cells of towns lie within wider ones, and what is pointed at is no cell."""
        return row.dimension == Dimension.HEXAGON and not hexagons.is_wide(row.code)

    @property
    def lines(self):
        """Those where something is told of this period."""
        return [line for line in self._lines if line.row.facts != 0 or line.row.reports]

    @property
    def finer_lines(self):
        """The cells of towns, with the others."""
        if self.level != Dimension.HEXAGON:
            return []
        rows = [row for row in self.tables[self.level] if self._is_aside(row) and row.facts]
        return [line_of(self.summary, row) for row in rows if row.code != hexagons.POINTED]

    @property
    def tells_no_report(self):
        """Who opens none is told how many of the whole, never of a territory: no column then."""
        return self.summary.is_masked and all(line.row.reports is None for line in self._lines)

    @property
    def tells_no_fact(self):
        """Of twelve months, where the foyers are and no number: no column of « n.c. »."""
        counts = {line.row.facts for line in self._lines}
        return self.summary.is_masked and counts == {None}

    @property
    def is_of_cells(self):
        return self.level == Dimension.HEXAGON

    @property
    def earlier_lines(self):
        """Those that had facts before and have none now, or are on the edge of a foyer."""
        return [line for line in self._lines if line.row.facts == 0 and not line.row.reports]

    @property
    def hidden(self):
        """How many communes are not told of."""
        is_theirs = self.level == Dimension.COMMUNE and self.summary.is_masked
        return self.hidden_communes if is_theirs and self.summary.is_quarter else 0

    @property
    def compares(self):
        return any(line.sign or line.row.is_alarm for line in self._lines)

    @property
    def rates(self):
        return any(row.rate is not None for row in self.tables[self.level])

    @property
    def has_foyers(self):
        return any(row.hot or row.hot_zone or row.history for row in self.tables[self.level])
