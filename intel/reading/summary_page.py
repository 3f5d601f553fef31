"""One summary as its page shows it: what is said, one layer of the map, one level of the table."""

from functools import cached_property

from cross.ui.templatetags.words import counted
from intel.models import TerritoryScore
from intel.reading import summaries as drawing
from intel.reading.behind import behind_url
from intel.reading.summary_family import Family
from intel.reading.summary_maps import LAYERS, map_of, told_by
from intel.reading.summary_tables import LevelTable, Tab, Values, line_of
from intel.reading.summary_words import (
    before_of,
    found_of,
    known_after,
    late_of,
    maturity_of,
    moved_in,
    moved_of,
    not_told,
    points_of,
    tiers_of,
    values_not_told,
)
from intel.summaries import hours, since, words
from intel.summaries.parameters import PARAMETERS
from intel.summaries.words import Code

Dimension = TerritoryScore.Dimension
AT_ONCE = 3
MOST_MOVED = 5
MOVES = {Code.ALARM, Code.RISE, Code.FALL, Code.STEADY, Code.EMERGING}
FOYERS = {Code.FOYER, Code.WATCHED, Code.WITH_TIPS, Code.FORMER, Code.NOT_SEARCHED}
DOUBTS = {Code.REPEATED, Code.TOO_FEW, Code.SENSITIVE, Code.HIDDEN}


class SummaryPage:
    """What the page of `summary` shows: `layer` and `level` as the address asks for them.

    `family`: the other summaries that it speaks of.
    """

    def __init__(self, summary, family, *, layer="", level=""):
        self.summary, self.family = summary, family
        self.drawn = drawing.gather(summary)
        self.period, self.tables = self.drawn.period, self.drawn.tables
        self.rolling = summary if self.period.kind == "rolling" else family.rolling
        known = [tab.name for tab in self.layers_of(layer)]
        self.layer = layer if layer in known else known[0]
        self.table = LevelTable(summary, self.tables, self.drawn.hidden_communes, level)
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
    def moved_in(self):
        """Where: the first communes, and how many more."""
        found = moved_in(self.summary)
        left = len(found) - MOST_MOVED
        more = [f"et {counted(left, 'autre commune,autres communes')}"] if left > 0 else []
        return found[:MOST_MOVED] + more

    @property
    def versions(self):
        """[(version, what moved in words)] of the same period and audience, latest first."""
        return [(version, moved_of(version)) for version in self.family.versions]

    @cached_property
    def since(self):
        """What moved since the last note, or the period before; None where nothing is compared."""
        family = self.family
        if family.base is None or self.summary.is_provisional or family.base.is_provisional:
            return None
        now = [row for level in since.NEEDED for row in self.tables[level]]
        same = self.rolling is None or family.base_rolling is None
        return since.moved_since(
            now,
            self._others[family.base.pk],
            foyers_now=None if same else self._foyers_of(self.rolling),
            foyers_then=None if same else self._foyers_of(family.base_rolling),
        )

    @property
    def known_after(self):
        return known_after(self.summary)

    @property
    def late(self):
        return late_of(self.summary)

    @property
    def tiers(self):
        return tiers_of(self._whole)

    @property
    def first_heading(self):
        return "Combien, et de quelle solidité" if self.tiers else "Combien"

    @property
    def found(self):
        """How many of the facts the services went and found."""
        return found_of(self._whole)

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
        """Those that are read at once: the first ones, then the first commune that rises and the
        largest fall where these are not among them: whoever asks where to look needs a name."""
        found = self._moves[:AT_ONCE]
        rises = [each for each in self._moves if each.code == Code.RISE]
        commune = next((each for each in rises if each.dimension == Dimension.COMMUNE), None)
        falls = [each for each in self._moves if each.code == Code.FALL and each.territory]
        largest = max(falls, key=self._lost, default=None)
        return found + [each for each in (commune, largest) if each and each not in found]

    @property
    def more_moves(self):
        return [each for each in self._moves if each not in self.moves]

    def _lost(self, fall):
        """How many facts fewer than a period of the reference; 0 where no ratio is told."""
        [row] = [row for row in self.tables[fall.dimension] if row.code == fall.territory]
        return row.facts / row.ratio - row.facts if row.ratio else 0

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
        return self._foyers_of(self.rolling)

    @cached_property
    def _others(self):
        """Rows of the other summaries, by the key of each. One query, for all of them."""
        family = self.family
        keys = {each.pk for each in (self.rolling, family.base, family.base_rolling) if each}
        rows: dict[int, list] = {key: [] for key in keys - {self.summary.pk}}
        wanted = TerritoryScore.objects.filter(summary__in=rows, dimension__in=since.NEEDED)
        for row in wanted.order_by("dimension", "rank"):
            rows[row.summary_id].append(row)
        return rows

    def _foyers_of(self, rolling):
        """The communes of twelve months; None without any."""
        if rolling is None:
            return None
        if rolling.pk == self.summary.pk:
            return self.tables[Dimension.COMMUNE]
        return [row for row in self._others[rolling.pk] if row.dimension == Dimension.COMMUNE]

    # --- Map ----------------------------------------------------------------------------------

    @property
    def layers(self):
        return self.layers_of(self.layer)

    def layers_of(self, chosen):
        """Of twelve months, those who open no report are told where the foyers are, no more."""
        only = {"foyers"} if self.summary.is_masked and self.rolling is self.summary else LAYERS
        left_out = set() if self.tables[Dimension.HEXAGON] else {"mailles"}
        return [
            Tab(name, label, name == chosen)
            for name, label in LAYERS.items()
            if name in only and name not in left_out
        ]

    @property
    def has_map(self):
        """A masked summary of a month tells no commune."""
        return not self.summary.is_masked or self.period.kind in {"quarter", "rolling"}

    @property
    def is_drawn(self):
        """Is there an outline to draw it on?"""
        department = self.summary.department
        areas = drawing.communes_of(
            department.pk, department.geography_year, self.summary.court_id
        )
        return self.has_map and any(area.outline for area in areas)

    @property
    def mapped(self):
        """The summary that the map is of: foyers are told by twelve months."""
        return (self.rolling or self.summary) if self.layer == "foyers" else self.summary

    def map(self, size=""):
        return map_of(self.mapped.pk, self.layer, size=size)

    def map_told(self):
        """What the map shows, as lines and in one sentence, see `summary_maps.told_by`."""
        return told_by(self.mapped.pk, self.layer)

    def small_map(self):
        return self.map("small")

    # --- Tables -------------------------------------------------------------------------------

    @property
    def before(self):
        """The head of the figures of the period before, nothing where they are not shown."""
        return before_of(self.summary)

    def lines_of(self, dimension):
        return [line_of(self.summary, row) for row in self.tables[dimension]]

    @property
    def products(self):
        return self._values_of(Dimension.PRODUCT)

    @property
    def modes(self):
        return self._values_of(Dimension.MODE)

    @property
    def origins(self):
        return self._values_of(Dimension.ORIGIN)

    def _values_of(self, dimension):
        lines = self.lines_of(dimension)
        told = [line for line in lines if line.row.facts is not None]
        return Values(told, values_not_told(dimension, len(lines) - len(told), of=len(lines)))

    @property
    def months(self):
        months = drawing.begun(self.tables[Dimension.MONTH], self.summary.as_of)
        return [line_of(self.summary, row) for row in months]

    close_days = PARAMETERS.close_days
    days = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")

    @property
    def hours(self):
        """(how many facts say an hour, [("18 h", a line or None for each day)]), or None."""
        found = {
            row.code: line_of(self.summary, row)
            for row in self.tables[Dimension.HOURS]
            if row.facts
        }
        said = found.pop(hours.SAID, None)
        if said is None:
            return None
        grid = [
            (f"{hour}\u00a0h", [found.get(f"{day}-{hour:02}") for day in hours.DAYS])
            for hour in range(24)
        ]
        return said.row.facts, [(hour, days) for hour, days in grid if any(days)]

    # --- Where figures lead -------------------------------------------------------------------

    @property
    def whole_url(self):
        return behind_url(self.summary, Dimension.DEPARTMENT, self.summary.department.code)


def page_of(summary, summaries, query, editions=None):
    """The page that an address asks for; `summaries` and `editions` are those that the reader may
    open."""
    return SummaryPage(
        summary,
        Family.of(summary, summaries, editions),
        layer=query.get("couche", ""),
        level=query.get("niveau", ""),
    )
