"""What the page of a summary shows, and the brief prints: figures as frozen, drawn."""

from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from cross.ui import charts, keyset, maps
from intel import periods
from intel.models import Summary, TerritoryScore
from intel.summaries.days import midnight
from intel.summaries.parameters import PARAMETERS
from intel.summaries.spans import consolidated_on
from intel.summaries.words import reading_note
from services.models import Commune

Dimension = TerritoryScore.Dimension
LABELS = ("période", "période précédente")
TOP_COMMUNES = 15
SMALL = {"width": 390, "towns": 4}  # a map at the width of a column
NARROW = 320  # units of a picture on a phone: shrunk or cut, a bar has no length any more


@dataclass(frozen=True)
class Drawn:
    """A summary ready for a page or a document. `tables` maps a dimension to its rows.

    Each picture is drawn twice, for a page and for a phone; each screen shows one of the two.
    """

    summary: Summary
    period: periods.Period
    tables: dict
    is_masked: bool
    has_details: bool
    hidden_communes: int
    charts: dict = field(default_factory=dict)
    small_charts: dict = field(default_factory=dict)
    caution: tuple = ()


def gather(summary):
    """Read the rows of a summary and draw its charts. Two queries, or one when drawn before."""
    tables: dict[str, list] = {dimension: [] for dimension in Dimension}
    for score in summary.scores.order_by("dimension", "rank"):
        tables[score.dimension].append(score)
    is_masked = summary.is_masked
    has_details = not is_masked or summary.is_quarter
    period = periods.read(summary.period)
    communes = tables[Dimension.COMMUNE]
    all_communes = communes_of(summary.department_id, summary.department.geography_year)
    drawn = Drawn(
        summary=summary,
        period=period,
        tables=tables,
        is_masked=is_masked,
        has_details=has_details,
        hidden_communes=len(all_communes) - len(communes) if is_masked else 0,
        caution=reading_note(is_masked=is_masked, has_details=has_details),
    )
    drawn.charts.update(_charts(drawn))
    drawn.small_charts.update(_charts(drawn, width=NARROW))
    return drawn


def small_map(pk):
    """The map of a summary at the width of a column."""
    return _map_of(pk, **SMALL)


def large_map(pk):
    """The same, where the map is what the page is about."""
    return _map_of(pk)


@lru_cache(maxsize=32)
def _map_of(pk, **options):
    """A summary is frozen: drawn once a process."""
    summary = Summary.objects.select_related("department").get(pk=pk)
    rows = list(summary.scores.filter(dimension=Dimension.COMMUNE))
    areas = communes_of(summary.department_id, summary.department.geography_year, summary.court_id)
    return _choropleth(summary, rows, areas, **options)


def value_of(row, name="facts"):
    """What a chart or a map may draw of that row."""
    value = getattr(row, name)
    return charts.Masked("n.c.") if value is None else value


@lru_cache(maxsize=8)
def communes_of(department, geography_year, court=None):
    """Outlines are reference data: read once a process and a vintage. (code, name, …) tuples.

    Of a `court`, those of its area: of the others its summaries tell nothing.
    """
    there = {} if court is None else {"court": court}
    rows = (
        Commune.objects.filter(department=department, **there)
        .statistical_units()
        .values_list("code", "name", "outline", "centre_x", "centre_y", "population")
    )
    return tuple(
        maps.Area(
            code=code,
            name=name,
            outline=outline,
            centre=(x, y) if x is not None else None,
            weight=population or 0,
        )
        for code, name, outline, x, y, population in rows
    )


def _choropleth(summary, scores, areas, **options):
    is_masked = summary.is_masked
    rows = {row.code: value_of(row) for row in scores}
    if is_masked:
        rows = {area.code: rows.get(area.code, charts.Masked("n.c.")) for area in areas}
    return maps.choropleth(
        areas,
        rows,
        title=f"Faits par commune, {summary.label}",
        least=PARAMETERS.threshold if is_masked else 1,
        wording=maps.Wording(
            legend="Faits enregistrés par commune",
            note="n.c. : moins de 5 ou non communicable." if is_masked else "",
            source=f"Source : cellule CROSS, {summary.label}, version "
            f"{summary.version}. "
            f"Fond : IGN, Insee {summary.department.geography_year}.",
        ),
        **options,
    )


def _charts(drawn, **options):
    found = {}
    compares = not drawn.summary.is_provisional
    for dimension, title in (
        (Dimension.PRODUCT, "Faits par produit"),
        (Dimension.ORIGIN, "Faits par origine"),
    ):
        rows = [
            charts.Bar(
                row.label,
                value_of(row),
                previous=value_of(row, "previous_facts") if compares else None,
            )
            for row in drawn.tables[dimension]
            if row.facts or (compares and row.previous_facts)
        ]
        if drawn.has_details:
            found[dimension] = charts.bars(
                rows,
                title=f"{title}, {drawn.period.label}",
                labels=_periods_named(drawn.period),
                **options,
            )
    found[Dimension.MONTH] = charts.columns(
        [
            charts.Column(
                label=periods.SHORT_MONTHS[int(row.code[5:]) - 1],
                value=value_of(row),
                group=row.code[:4],
                is_partial=consolidated_on(periods.read(row.code)) > drawn.summary.as_of,
            )
            for row in begun(drawn.tables[Dimension.MONTH], drawn.summary.as_of)
        ],
        title=f"Faits par mois, sur douze mois jusqu’à {drawn.period.months()[-1].label}",
        **options,
    )
    return found


def begun(months, as_of):
    """A month to come is not a month without a fact: it has no place in the series yet."""
    return [row for row in months if midnight(periods.read(row.code).start) < as_of]


def _periods_named(period):
    return (period.label, period.previous().label)


def page_of_latest(summaries, query, *, size):
    """The last version of each period, latest period first."""
    latest = summaries.latest_versions().select_related("department", "court")
    return keyset.page_of(latest, query, keys=("ends_on", "id"), size=size)


def job_named(jobs, text):
    """The job whose number stands in the address, or None."""
    try:
        return jobs.filter(pk=UUID(text or "")).first()
    except ValueError:
        return None


def choices_to_build(today):
    """Periods that a member may ask for: the running one and those closed last, latest first."""
    month, quarter = periods.month_of(today), periods.quarter_of(today)
    months, quarters = [month], [quarter]
    while len(months) < 6:
        months.append(months[-1].previous())
    while len(quarters) < 5:
        quarters.append(quarters[-1].previous())
    return [
        ("Mois", [(each.code, _in_choice(each, today)) for each in months]),
        ("Trimestres", [(each.code, _in_choice(each, today)) for each in quarters]),
        ("Douze mois", [(each.code, each.label) for each in map(_year_to, quarters[1:])]),
    ]


def _year_to(quarter):
    return periods.rolling_of(quarter.end)


def _in_choice(period, today):
    return period.label if period.is_closed(today) else f"{period.label} (en cours)"
