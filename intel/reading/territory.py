"""One territory over time: what the summaries of the reader's audience hold of it, and no more."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from cross.ui import charts
from cross.ui.templatetags.words import day
from intel import access, periods
from intel.models import TerritoryScore
from intel.reading.behind import behind_url
from intel.reading.summary_tables import Line
from intel.reading.summary_words import found_of, foyer_of, maturity_of, tiers_of
from intel.summaries import words
from intel.summaries.areas import area_of
from services.geography import REST, part_in, rest_of_commune
from services.models import Arrondissement, Commune, Department, Neighbourhood, NeighbourLink

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display
LEVELS = {
    Dimension.DEPARTMENT: "département",
    Dimension.ARRONDISSEMENT: "arrondissement",
    Dimension.EPCI: "intercommunalité",
    Dimension.COMMUNE: "commune",
    Dimension.NEIGHBOURHOOD: "quartier",
}
# How many periods of each kind are shown, latest last.
SHOWN = {"quarter": 8, "month": 13, "week": 26}
NARROW = 320


@dataclass(frozen=True)
class Territory:
    """A unit of the department whose summaries are read."""

    dimension: str
    code: str
    name: str
    department: Department

    @property
    def level(self):
        return LEVELS[self.dimension]

    @property
    def url(self):
        return reverse("territory_page", args=[self.code])


def territory_named(member, code):
    """The territory of that code where the member reads summaries, or None.

    Codes never meet: two or three signs for a department, three or four for an arrondissement,
    five for a commune, nine for an intercommunality, others for a neighbourhood.
    """
    departments, court = access.summary_departments(member), access.court_of(member)
    communes = Commune.objects.filter(department__in=departments)
    if court is not None:
        communes = communes.filter(court=court)  # of the others his summaries tell nothing
    if len(code) == 5:
        return _commune(communes, code)
    if len(code) == 9 and code.isdigit():
        return _epci(communes, code)
    if len(code) > 5:
        return _neighbourhood(communes, code)
    return _department(departments, code, court) or _arrondissement(communes, code)


def _department(departments, code, court):
    found = Department.objects.filter(pk__in=departments, code=code).first()
    name = found and (area_of(court) if court else found.name)
    return found and Territory(Dimension.DEPARTMENT, found.code, name, found)


def _arrondissement(communes, code):
    rows = Arrondissement.objects.filter(pk__in=communes.values("arrondissement"), code=code)
    found = rows.select_related("department").first()
    return found and Territory(Dimension.ARRONDISSEMENT, code, found.name, found.department)


def _epci(communes, code):
    """The part of it in the department."""
    inside = communes.filter(epci__siren=code)
    found = inside.select_related("department", "epci").defer("outline").first()
    if found is None:
        return None
    department, epci = found.department, found.epci
    name = part_in(department, epci.name, epci.is_across_departments)
    return Territory(Dimension.EPCI, code, name, department)


def _commune(communes, code):
    rows = communes.statistical_units().filter(code=code)
    found = rows.select_related("department").defer("outline").first()
    return found and Territory(Dimension.COMMUNE, code, found.name, found.department)


def _neighbourhood(communes, code):
    if code.endswith(REST):
        return _rest_of(communes, code)
    rows = Neighbourhood.objects.filter(commune__in=communes.values("pk"), code=code)
    found = rows.select_related("commune__department").defer("outline").first()
    return found and Territory(Dimension.NEIGHBOURHOOD, code, found.name, found.commune.department)


def _rest_of(communes, code):
    """What is left of a commune beside its neighbourhoods."""
    commune = _commune(communes, code.removesuffix(REST))
    name = commune and rest_of_commune(commune.name)
    return commune and Territory(Dimension.NEIGHBOURHOOD, code, name, commune.department)


@dataclass(frozen=True)
class Told:
    """What one summary says of the territory; `row` is None where it holds nothing of it."""

    summary: object
    row: TerritoryScore | None

    @property
    def period(self):
        return periods.read(self.summary.period)

    @property
    def facts(self):
        """None where it is not told; a cell's summary without a row tells none."""
        if self.row is None:
            return None if self.summary.is_masked else 0
        return self.row.facts

    @property
    def reports(self):
        if self.row is None:
            return None if self.summary.is_masked else 0
        return self.row.reports

    @property
    def line(self):
        """As the tables of summaries show it, None without a row."""
        if self.row is None:
            return None
        return Line(self.row, behind_url(self.summary, self.row.dimension, self.row.code))

    @property
    def maturity(self):
        return maturity_of(self.summary)


class TerritoryPage:
    """What the page of a territory shows, from `summaries`, those that the member may open."""

    def __init__(self, territory, summaries):
        self.territory = territory
        known = list(
            summaries.latest_versions()
            .filter(department=territory.department)
            .select_related("department")
            .order_by("starts_on", "-ends_on")
        )
        rows = {
            row.summary_id: row
            for row in TerritoryScore.objects.filter(
                summary__in=[summary.pk for summary in known],
                dimension=territory.dimension,
                code=territory.code,
            )
        }
        self.told: dict[str, list[Told]] = {}
        for summary in known:
            kind = periods.read(summary.period).kind
            self.told.setdefault(kind, []).append(Told(summary, rows.get(summary.pk)))

    @property
    def is_empty(self):
        return not self.told

    # --- Now ----------------------------------------------------------------------------------

    @cached_property
    def last(self):
        """The last quarter whose figures are drawn up for good, or the last one."""
        quarters = self.told.get("quarter", [])
        whole = [told for told in quarters if not told.summary.is_provisional]
        return next(iter([*whole[::-1], *quarters[::-1]]), None)

    @cached_property
    def year(self):
        """The last twelve months."""
        return next(iter(self.told.get("rolling", [])[::-1]), None)

    @property
    def tiers(self):
        return tiers_of(self.last.row) if self.last and self.last.row else []

    @property
    def found(self):
        return found_of(self.last.row) if self.last else ""

    @property
    def sentences(self):
        """Of the last quarter, then of the twelve months, each with its doubt."""
        return [
            sentence
            for told in (self.last, self.year)
            if told and told.row
            for sentence in words.said_of_territory(told.summary, told.row)
        ]

    # --- Over time ----------------------------------------------------------------------------

    @property
    def series(self):
        """[(title, large chart, small chart, told, latest first)] by quarter, month and week."""
        titles = {
            "quarter": "Par trimestre", "month": "Par mois", "week": "Par semaine",
        }  # fmt: skip
        return [
            (
                titles[kind],
                self._chart(kind, told),
                self._chart(kind, told, width=NARROW),
                told[::-1],
            )
            for kind, many in SHOWN.items()
            if (told := self._shown(kind, many))
        ]

    def _shown(self, kind, many):
        """Nothing where not one of them is told."""
        told = self.told.get(kind, [])[-many:]
        return told if any(each.facts is not None for each in told) else []

    def _chart(self, kind, told, **options):
        return charts.columns(
            [
                charts.Column(
                    label=SHORT[kind](each.period),
                    value=charts.Masked("n.c.") if each.facts is None else each.facts,
                    group=str(each.period.end.year),
                    is_partial=each.summary.is_provisional,
                )
                for each in told
            ],
            title=f"Faits, {self.territory.name}",
            **options,
        )

    @property
    def history(self):
        """[(period, what is said of foyers there)] by quarter, latest first."""
        return [
            (told, foyer_of(told.row) if told.row else "")
            for told in self.told.get("rolling", [])[::-1]
        ]

    @property
    def has_history(self):
        return any(said for _, said in self.history)

    # --- Around -------------------------------------------------------------------------------

    @cached_property
    def neighbours(self):
        """[(name, address, told)] of the communes that touch this one, in the last quarter."""
        if self.territory.dimension != Dimension.COMMUNE or self.last is None:
            return []
        links = NeighbourLink.objects.filter(first__code=self.territory.code).values("second")
        back = NeighbourLink.objects.filter(second__code=self.territory.code).values("first")
        units = Commune.objects.statistical_units().filter(department=self.territory.department)
        if court := self.last.summary.court_id:
            units = units.filter(court=court)
        near = list(
            (units.filter(pk__in=links) | units.filter(pk__in=back))
            .distinct()
            .order_by("sort_key")
            .values_list("code", "name")
        )
        rows = {
            row.code: row
            for row in self.last.summary.scores.filter(
                dimension=Dimension.COMMUNE, code__in=[code for code, _ in near]
            )
        }
        return [
            (name, reverse("territory_page", args=[code]), Told(self.last.summary, rows.get(code)))
            for code, name in near
        ]

    # --- Beside another -----------------------------------------------------------------------

    def periods_to_compare(self, editions):
        """[(code, words)] latest first; `editions` that were written on one of them are named."""
        written = {
            period: number for number, period in editions.values_list("number", "summary__period")
        }
        known = [told for kind in ("quarter", "month", "rolling") for told in self._known(kind)]
        return [
            (told.period.code, f"{told.period.label}{_noted(written.get(told.period.code))}")
            for told in known
        ]

    def _known(self, kind):
        return self.told.get(kind, [])[::-1]

    def territories_to_compare(self):
        """[(code, name)] of the same level, where something is told of the last quarter."""
        if self.last is None:
            return []
        rows = self.last.summary.scores.filter(dimension=self.territory.dimension)
        others = rows.exclude(code=self.territory.code).order_by("label")
        return list(others.values_list("code", "label"))

    def compared(self, period, *, other_period="", other=""):
        """[(what, Told, tiers)]: this territory, then what it is looked at beside."""
        by_code = {told.period.code: told for many in self.told.values() for told in many}
        here = by_code.get(period) or self.last
        if here is None or not (other_period or other):
            return []
        found = [(self.territory.name, here)]
        if other_period in by_code:
            found.append((self.territory.name, by_code[other_period]))
        if other:
            rows = here.summary.scores.filter(dimension=self.territory.dimension, code=other)
            row = rows.first()
            names = dict(self.territories_to_compare()) if row is None else {other: row.label}
            found.append((names.get(other, other), Told(here.summary, row)))
        return [(f"{name}, {told.period.label}", told, tiers_of(told.row)) for name, told in found]

    @property
    def is_masked(self):
        return bool(self.last and self.last.summary.is_masked)

    @property
    def drawn_up(self):
        """When the latest of these figures were drawn up."""
        found = [told.summary.as_of for many in self.told.values() for told in many]
        return day(max(found)) if found else ""


def _noted(number):
    return f" (note {number})" if number else ""


SHORT = {
    "quarter": lambda period: f"T{(period.start.month + 2) // 3}",
    "month": lambda period: periods.SHORT_MONTHS[period.start.month - 1],
    "week": lambda period: f"S{period.start.isocalendar().week}",
}
