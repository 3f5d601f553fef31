"""One summary as its page shows it: what is said, one layer of the map, one level of the table."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode

from intel.models import Summary, TerritoryScore
from intel.reading import summaries as drawing
from intel.reading.behind import NAMES
from intel.reading.summary_maps import LAYERS, map_of, territory_url
from intel.reading.summary_words import (
    EFFORTS,
    before_of,
    foyer_of,
    maturity_of,
    moved_of,
    not_told,
    points_of,
    sign_of,
    tiers_of,
)
from intel.summaries import behind, hours, words
from intel.summaries.parameters import PARAMETERS
from intel.summaries.words import Code

Dimension = TerritoryScore.Dimension
# Levels in the order of their tabs, and how many of them.
LEVELS = {
    Dimension.COMMUNE: "Communes",
    Dimension.NEIGHBOURHOOD: "Quartiers",
    Dimension.EPCI: "Intercommunalités",
    Dimension.ARRONDISSEMENT: "Arrondissements",
    Dimension.DEPARTMENT: "Département",
    Dimension.PLACE: "Lieux",
}
AT_ONCE = 3
# The dimensions whose figures lead to a list.
LISTED = behind.ROWS.keys() | behind.NOT_A_COLUMN
MOVES = {Code.ALARM, Code.RISE, Code.FALL, Code.STEADY, Code.EMERGING}
FOYERS = {Code.FOYER, Code.WATCHED, Code.WITH_TIPS, Code.FORMER, Code.NOT_SEARCHED}
DOUBTS = {Code.TOO_FEW, Code.SENSITIVE, Code.HIDDEN}


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


class SummaryPage:
    """What the page of `summary` shows: `layer` and `level` as the address asks for them.

    `rolling` is the summary of twelve months where its foyers are told, or None.
    """

    def __init__(self, summary, rolling=None, *, layer="", level=""):
        self.summary = summary
        self.drawn = drawing.gather(summary)
        self.period, self.tables = self.drawn.period, self.drawn.tables
        self.rolling = summary if self.period.kind == "rolling" else rolling
        known = [tab.name for tab in self.layers_of(layer)]
        self.layer = layer if layer in known else known[0]
        self.level = self._level_named(level)
        self.said = words.sentences(
            summary, self._territories(), communes=self._communes_to_tell()
        )

    # --- What is said -------------------------------------------------------------------------

    @property
    def opening(self):
        return next(each for each in self.said if each.code == Code.OPENING)

    @property
    def maturity(self):
        return maturity_of(self.summary)

    @property
    def moved(self):
        return moved_of(self.summary)

    @property
    def tiers(self):
        return tiers_of(self._whole)

    @property
    def points(self):
        """Of points de deal, in words; nothing when none is known, or none is told."""
        return points_of(self._whole)

    @property
    def _whole(self):
        """The row of the department, None where it has none."""
        return next(iter(self.tables[Dimension.DEPARTMENT]), None)

    @cached_property
    def _moves(self):
        """The whole department first, then rises, then the rest, as they come."""
        rank = {Code.ALARM: 1, Code.RISE: 2, Code.EMERGING: 3}
        found = [each for each in self.said if each.code in MOVES]
        whole = {str(Dimension.DEPARTMENT): 0}
        return sorted(
            found, key=lambda each: whole.get(each.dimension, rank.get(each.code, len(rank) + 1))
        )

    @property
    def moves(self):
        """Those that are read at once."""
        return self._moves[:AT_ONCE]

    @property
    def more_moves(self):
        return self._moves[AT_ONCE:]

    @property
    def foyers(self):
        """Of the twelve months that end with this period, or the last ones before."""
        if self.rolling is None:
            return []
        said = self.said
        if self.rolling is not self.summary:
            said = words.sentences(self.rolling, self._rolling_communes)
        return [each for each in said if each.code in FOYERS]

    @property
    def doubts(self):
        """What these figures do not say."""
        return [*not_told(self.summary), *(str(each) for each in self.said if each.code in DOUBTS)]

    def _territories(self):
        return [row for level in words.TERRITORIES for row in self.tables[level]]

    def _communes_to_tell(self):
        if not self.summary.is_masked or not self.summary.is_quarter:
            return None
        department = self.summary.department
        return len(drawing.communes_of(department.pk, department.geography_year))

    @cached_property
    def _rolling_communes(self):
        return list(self.rolling.scores.filter(dimension=Dimension.COMMUNE).order_by("rank"))

    # --- Map ----------------------------------------------------------------------------------

    @property
    def layers(self):
        return self.layers_of(self.layer)

    def layers_of(self, chosen):
        """Of twelve months, those who open no report are told where the foyers are, no more."""
        only = {"foyers"} if self.summary.is_masked and self.rolling is self.summary else LAYERS
        return [Tab(name, label, name == chosen) for name, label in LAYERS.items() if name in only]

    @property
    def has_map(self):
        """A masked summary of a month tells no commune."""
        return not self.summary.is_masked or self.period.kind in {"quarter", "rolling"}

    @property
    def is_drawn(self):
        """Is there an outline to draw it on?"""
        department = self.summary.department
        areas = drawing.communes_of(department.pk, department.geography_year)
        return self.has_map and any(area.outline for area in areas)

    @property
    def mapped(self):
        """The summary that the map is of: foyers are told by twelve months."""
        return (self.rolling or self.summary) if self.layer == "foyers" else self.summary

    def map(self):
        return map_of(self.mapped.pk, self.layer)

    def small_map(self):
        return map_of(self.mapped.pk, self.layer, is_small=True)

    # --- Table --------------------------------------------------------------------------------

    @property
    def levels(self):
        return [
            Tab(NAMES[level], label, level == self.level, len(self.tables[level]))
            for level, label in LEVELS.items()
            if self.tables[level]
        ]

    def _level_named(self, name):
        known = [level for level in LEVELS if self.tables[level]]
        asked = [level for level in known if NAMES[level] == name]
        return next(iter([*asked, *known]), Dimension.COMMUNE)

    @property
    def level_name(self):
        return NAMES[self.level]

    @property
    def level_label(self):
        return LEVELS[self.level]

    @cached_property
    def _lines(self):
        return [self.line(row) for row in self.tables[self.level]]

    @property
    def lines(self):
        """Those where something is told of this period."""
        return [line for line in self._lines if line.row.facts != 0 or line.row.reports]

    @property
    def earlier_lines(self):
        """Those that had facts before and have none now, or are on the edge of a foyer."""
        return [line for line in self._lines if line.row.facts == 0 and not line.row.reports]

    @property
    def hidden(self):
        """How many communes are not told of."""
        is_theirs = self.level == Dimension.COMMUNE and self.summary.is_masked
        return self.drawn.hidden_communes if is_theirs and self.summary.is_quarter else 0

    @property
    def compares(self):
        return any(line.sign or line.row.is_alarm for line in self._lines)

    @property
    def before(self):
        """The head of the figures of the period before, nothing where they are not shown."""
        return before_of(self.summary)

    @property
    def rates(self):
        return any(row.rate is not None for row in self.tables[self.level])

    @property
    def has_foyers(self):
        return any(row.hot or row.hot_zone or row.history for row in self.tables[self.level])

    def lines_of(self, dimension):
        return [self.line(row) for row in self.tables[dimension]]

    @property
    def products(self):
        return self.lines_of(Dimension.PRODUCT)

    @property
    def modes(self):
        return self.lines_of(Dimension.MODE)

    @property
    def origins(self):
        return self.lines_of(Dimension.ORIGIN)

    @property
    def months(self):
        return self.lines_of(Dimension.MONTH)

    close_days = PARAMETERS.close_days
    days = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")

    @property
    def hours(self):
        """(how many facts say an hour, [("18 h", a line or None for each day)]), or None."""
        found = {row.code: self.line(row) for row in self.tables[Dimension.HOURS] if row.facts}
        said = found.pop(hours.SAID, None)
        if said is None:
            return None
        grid = [
            (f"{hour}\u00a0h", [found.get(f"{day}-{hour:02}") for day in hours.DAYS])
            for hour in range(24)
        ]
        return said.row.facts, [(hour, days) for hour, days in grid if any(days)]

    def line(self, row):
        return Line(row, self.behind_url(row), territory_url(row))

    # --- Where figures lead -------------------------------------------------------------------

    def behind_url(self, row):
        return behind_url(self.summary, row.dimension, row.code)

    @property
    def whole_url(self):
        return behind_url(self.summary, Dimension.DEPARTMENT, self.summary.department.code)


def behind_url(summary, dimension, code):
    """The reader's own list of what a figure counts; nothing where readers open no report."""
    if summary.is_masked or dimension not in LISTED:
        return ""
    query = {"synthese": summary.pk, "territoire": f"{NAMES[dimension]}:{code}"}
    return f"{reverse('report_list')}?{urlencode(query)}"


def rolling_of(summary, summaries):
    """Of `summaries`, the latest twelve months of the same audience that end with this period."""
    found = summaries.filter(
        department=summary.department_id,
        audience=summary.audience,
        period__endswith="R12",
        ends_on__lte=summary.ends_on,
    )
    return found.select_related("department").order_by("-ends_on", "-version").first()


def page_of(summary, summaries, query):
    """The page that an address asks for; `summaries` are those that the reader may open."""
    is_rolling = summary.period.endswith("R12")
    rolling = None if is_rolling else rolling_of(summary, summaries)
    return SummaryPage(
        summary,
        rolling,
        layer=query.get("couche", ""),
        level=query.get("niveau", ""),
    )


def versions_of(summary, summaries):
    """[(version, what moved in words)] of the same period and audience, latest first."""
    same: list[Summary] = list(
        summaries.filter(
            department=summary.department_id, audience=summary.audience, period=summary.period
        ).order_by("-version")
    )
    return [(version, moved_of(version)) for version in same]
