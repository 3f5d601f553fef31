"""The reports behind one figure of a summary: those that its arrays counted, as a condition.

By the same days, delays and units as the figure, at the instant it was drawn up. What was
corrected since is read as it stands today.
"""

from datetime import date

from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from intel import periods
from intel.models import TerritoryScore
from intel.models.choices import Mode, Origin, Product
from intel.summaries import areas
from intel.summaries.figures import Figures
from intel.summaries.spans import Spans
from intel.summaries.told import WHY, counted_reports, first_tellings, read
from services.geography import numbers_by_commune, units_of

Dimension = TerritoryScore.Dimension


def counted_in(summary, dimension, code, *, facts=False):
    """A condition on reports: those that one row of `summary` counts.

    With `facts`, those by which a fact counts there, one a fact. None when no such row may be.
    Of a place, a fact is told of by any of its reports that cites it.
    """
    if summary.department is None:
        return None
    if dimension in NOT_A_COLUMN:
        return _counted_anew(summary, dimension, code, facts)
    if dimension not in ROWS:
        return None
    period = periods.read(summary.period)
    where = ROWS[dimension](summary.department, code)
    if dimension in SERIES:
        period, where = where, Q()
    if period is None or where is None:
        return None
    counted = (first_tellings if facts else counted_reports)(
        summary.department, summary.as_of, summary.court
    )
    span = Spans(periods.read(summary.period), summary.as_of).of(period)
    found = counted.annotate(entered_on=TruncDate("created_at")).filter(
        where,
        counted_on__gte=date.fromordinal(span.start),
        counted_on__lte=date.fromordinal(span.end),
        counted_on__lt=timezone.localdate(summary.as_of),
        entered_on__lte=date.fromordinal(span.known_by),
    )
    return Q(pk__in=found.unguarded(because=WHY).values("pk"))


def _counted_anew(summary, dimension, code, facts):
    """Of a level that no column of a report says: counted anew, as the figure was. Six queries."""
    department, period = summary.department, periods.read(summary.period)
    figures = Figures(read(department, summary.as_of), department, period)
    figures = areas.part_of(figures, summary.court)
    level = figures.levels.get(dimension)
    if level is None or code not in level.codes:
        return None
    counts, known, number = figures.counts, figures.told, level.codes.index(code)
    if facts:
        found = known.first[level.facts_in(number, counts.facts)]
    else:
        found = level.reports_in(number, counts.reports)
    return Q(pk__in=[known.rows[each].pk for each in found.tolist()])


def _everywhere(department, code):
    return Q() if code == department.code else None


def _in_communes(group_of):
    """The row of a level made of units: `group_of(units)` says the code of the group of each."""

    def condition(department, code):
        units = units_of(department)
        inside = {number for number, group in enumerate(group_of(units)) if group == code}
        if not inside:
            return None
        number = numbers_by_commune(units, department)
        return Q(commune__in=[key for key, unit in number.items() if unit in inside])

    return condition


def _codes_of(groups):
    return [groups.codes[group] if group >= 0 else None for group in groups.of.tolist()]


def _listed(choices, condition):
    return lambda department, code: condition(code) if code in choices else None


def _cited(column, unsaid):
    """A report that says nothing counts in the row of what is not said."""

    def condition(code):
        cites = Q(**{f"{column}__contains": [code]})
        return cites | Q(**{column: []}) if code == unsaid else cites

    return condition


def _period_named(department, code):
    try:
        return periods.read(code)
    except periods.UnreadablePeriod:
        return None


NOT_A_COLUMN = frozenset(
    {Dimension.NEIGHBOURHOOD, Dimension.HEXAGON, Dimension.PLACE, Dimension.HOURS}
)
SERIES = frozenset({Dimension.MONTH, Dimension.WEEK})
# The reports of a row, by its dimension: from the department and a code to a condition, or, for a
# row of a series, to its period. None when there is no such row.
ROWS = {
    Dimension.DEPARTMENT: _everywhere,
    Dimension.ARRONDISSEMENT: _in_communes(lambda units: _codes_of(units.arrondissements)),
    Dimension.EPCI: _in_communes(lambda units: _codes_of(units.epci)),
    Dimension.COMMUNE: _in_communes(lambda units: units.codes),
    Dimension.PRODUCT: _listed(Product.values, _cited("products", Product.UNKNOWN)),
    Dimension.MODE: _listed(Mode.values, _cited("modes", Mode.OTHER)),
    Dimension.ORIGIN: _listed(Origin.values, lambda code: Q(origin=code)),
    Dimension.MONTH: _period_named,
    Dimension.WEEK: _period_named,
}
