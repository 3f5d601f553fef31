"""What a section of the note shows, on a page and on paper: pictures and tables drawn from the
frozen figures. The same blocks serve the screen and the print.
"""

from functools import lru_cache

from cross.printing.content import Beside, Figure, Table, TableColumn
from cross.ui import charts, maps
from cross.ui.charts import Masked
from cross.ui.templatetags.words import counted, number, plural
from intel import periods
from intel.models import TerritoryScore
from intel.printing.content import KeyFigure
from intel.reading.brief_parts import blocks_of_part, glossary
from intel.reading.summaries import communes_of, value_of
from intel.reading.summary_words import CHANGES
from intel.statistics import ChangeLabel
from intel.statistics.masking import THRESHOLD

Dimension = TerritoryScore.Dimension
TOP_COMMUNES = 10
# Units of a chart: a whole line of the page, half of one, the map of the cover, that of an A3.
LINE, HALF, COVER, SHEET = 640, 310, 375, 1100
WITHHELD = f"moins de {THRESHOLD} ou non communicable"
MASKED = Masked("n.c.")
BY_MONTH = (
    "Un fait compte le mois où il a eu lieu. Chaque mois est arrêté une quinzaine après sa fin : "
    "ce qui a été saisi ensuite compte dans le trimestre seul, et leur somme peut différer."
)


def blocks_of(code, figures, department, *, width=LINE):
    """The pictures and tables of a section; none when it has no figure in this edition.

    `department` is the key of the one whose outlines are drawn; `width` is that of a line: below
    that of paper, nothing stands side by side.
    """
    draw = BLOCKS.get(code)
    return draw(figures, department, width) if draw else ()


def blocks_in(code, edition, figures, *, width=LINE):
    """All that a section of this edition shows: its figures, then its frozen parts."""
    return (
        *blocks_of(code, figures, edition.department_id, width=width),
        *blocks_of_part(code, edition.parts),
    )


def _communes(figures, department, width):
    if not figures.has_details:
        return ()
    return (_commune_table(figures), _map_figure(figures, department, width))


def _commune_table(figures):
    rows = figures.told(Dimension.COMMUNE)[:TOP_COMMUNES]
    title = "Communes détaillées"
    return Table(title, *_grid(figures, "Commune", rows, bar=True), _others(figures))


def _grid(figures, heading, rows, *, bar=False):
    """Columns and cells: the counts, those of the period before when some were told then, and
    what is said of the change; never a gap between two small counts."""
    columns = [
        (TableColumn(heading), [row.label for row in rows]),
        (TableColumn("Faits", "number", bar=bar), [row.facts for row in rows]),
    ]
    if any(row.previous_facts is not None for row in rows):
        before = TableColumn(_short(figures.previous), "number")
        columns.append((before, [value_of(row, "previous_facts") for row in rows]))
    if any(row.change for row in rows):
        columns.append((TableColumn("Évolution sur un an"), [_change(row) for row in rows]))
    heads, values = zip(*columns, strict=True)
    return heads, tuple(zip(*values, strict=True))


def _change(row):
    return CHANGES[ChangeLabel(row.change)].words if row.change else ""


def _short(period):
    """The head of a narrow column: "2e trim. 2026", "août 2026"."""
    return period.label.replace(" trimestre", "\u00a0trim.").replace("semaine", "sem.")


def _others(figures):
    """Where the figures of communes come from, and how many are not told."""
    hidden = figures.hidden_communes
    left = f"{counted(hidden, 'autre commune,autres communes')} : {WITHHELD}. " if hidden else ""
    return left + _scope(figures)


def _scope(figures):
    """What stands under each picture: number of facts, period, audience, source."""
    facts = figures.total("facts")
    told = f"faits : {facts}" if isinstance(facts, Masked) else counted(facts, "fait")
    return (
        f"{told}, {figures.period.label}. Cellule CROSS, synthèse "
        f"{figures.summary_reference} pour la {figures.audience_label}."
    )


def _map_figure(figures, department, width):
    return Figure(
        _map_of(figures, department, width, has_key=True),
        f"Faits par commune, {figures.period.label}",
        _map_words(figures),
        f"{_scope(figures)} Fond : IGN, Insee {figures.geography_year}.",
    )


def _map_words(figures):
    rows = figures.told(Dimension.COMMUNE)
    if not rows:
        return "Carte des communes : aucun nombre de faits n’est communicable."
    told = " ; ".join(f"{row.label} : {number(row.facts)}" for row in rows[:TOP_COMMUNES])
    return f"Carte des communes. Nombre de faits : {told}. Ailleurs : {WITHHELD}."


def _map_of(figures, department, width, *, has_key):
    told = tuple((row.code, row.facts) for row in figures.told(Dimension.COMMUNE))
    title = f"Faits par commune, {figures.period.label}"
    year = figures.geography_year
    return _map(
        department,
        year,
        told,
        title=title,
        description=_map_words(figures),
        width=width,
        has_key=has_key,
    )


@lru_cache(maxsize=24)
def _map(department, geography_year, told, *, title, description, width, has_key):
    """Drawn once for the same figures: several pages and every copy show the same map."""
    areas = communes_of(department, geography_year)
    values = dict.fromkeys((area.code for area in areas), MASKED) | dict(told)
    return maps.choropleth(
        areas,
        values,
        title=title,
        description=description,
        least=THRESHOLD,
        wording=maps.Wording(legend="Faits enregistrés par commune", masked=WITHHELD),
        width=width,
        has_key=has_key,
    )


def _trend(figures, department, width):
    columns = [
        charts.Column(
            periods.SHORT_MONTHS[int(row.code[5:]) - 1], value_of(row), group=row.code[:4]
        )
        for row in figures.tables[Dimension.MONTH]
    ]
    last = periods.read(figures.tables[Dimension.MONTH][-1].code).label
    title = f"Faits par mois, douze mois jusqu’à {last}"
    return (
        Figure(
            charts.columns(columns, title=title, width=width),
            title,
            charts.describe(columns),
            f"Cellule CROSS, synthèse {figures.summary_reference} pour la "
            f"{figures.audience_label}. {BY_MONTH}",
        ),
    )


def _ranking(dimension, heading, title):
    """Table and bars of the same rows, side by side on paper."""

    def draw(figures, department, width):
        if not figures.has_details:
            return ()
        rows = figures.told(dimension)
        hidden = len(figures.tables[dimension]) - len(rows)
        left = f"{counted(hidden, 'autre ligne,autres lignes')} : {WITHHELD}. " if hidden else ""
        caption = f"{title}, {figures.period.label}"
        table = Table(caption, *_grid(figures, heading, rows), left + _scope(figures))
        is_wide = width >= LINE
        is_told_twice = any(row.previous_facts is not None for row in rows)
        bars = [
            charts.Bar(
                row.label,
                row.facts,
                previous=value_of(row, "previous_facts") if is_told_twice else None,
            )
            for row in rows
        ]
        picture = Figure(
            charts.bars(
                bars,
                title=table.caption,
                width=HALF if is_wide else width,
                labels=(figures.period.label, figures.previous.label),
            ),
            f"{title}, sur deux périodes" if is_told_twice else caption,
            charts.describe(bars),
        )
        if not rows:
            return (table,)
        return (Beside(table, picture, share=0.52),) if is_wide else (picture, table)

    return draw


def _threat(figures, department, width):
    """Communes with their map; wider territories and neighbourhoods where they are told."""
    blocks = _communes(figures, department, width)
    for dimension, heading, title in WIDER:
        if figures.has_details and figures.told(dimension):
            rows = figures.told(dimension)
            caption = f"{title}, {figures.period.label}"
            blocks += (Table(caption, *_grid(figures, heading, rows), _scope(figures)),)
    return blocks


WIDER = (
    (Dimension.EPCI, "Intercommunalité", "Faits par intercommunalité"),
    (Dimension.NEIGHBOURHOOD, "Quartier prioritaire", "Faits par quartier prioritaire"),
)


def _forms(figures, department, width):
    if not (figures.has_details and figures.told(Dimension.MODE)):
        return ()
    return _ranking(Dimension.MODE, "Mode opératoire", "Faits par mode opératoire")(
        figures, department, width
    )


BLOCKS = {
    "threat": _threat,
    "forms": _forms,
    "trend": _trend,
    "products": _ranking(Dimension.PRODUCT, "Produit", "Faits par produit"),
    "origins": _ranking(Dimension.ORIGIN, "Origine", "Faits par origine"),
}


# --- Key figures ------------------------------------------------------------------------------


def key_figures(figures):
    """The figures of the cover, three or four."""
    found = [
        KeyFigure(label, figures.total(name), _against(figures, name))
        for name, label in (("facts", "faits"), ("reports", "renseignements"))
    ]
    if figures.has_details:
        communes = len(figures.told(Dimension.COMMUNE))
        label = plural(communes, "commune détaillée,communes détaillées")
        found.append(KeyFigure(label, communes, f"{THRESHOLD} faits ou plus, communicables"))
    months = figures.tables[Dimension.MONTH]
    if len(figures.told(Dimension.MONTH)) == len(months):
        total = sum(row.facts for row in months)
        found.append(KeyFigure("faits sur douze mois", total, f"depuis {months[0].label}"))
    return tuple(found)


def _against(figures, name):
    """ "61 au 2e trimestre 2026", or nothing when this audience was not told of it."""
    before = figures.total(f"previous_{name}")
    return "" if isinstance(before, Masked) else f"{number(before)} {figures.previous.during}"


# --- Cover, sheet, annexes ---------------------------------------------------------------------


def cover(figures, department):
    if not figures.has_details:
        return None
    return Figure(
        _map_of(figures, department, COVER, has_key=False),
        "Vue d’ensemble",
        _map_words(figures),
    )


def map_sheet(figures, department):
    """The map of communes for a page in A3, with the names of more towns."""
    return _map_figure(figures, department, SHEET) if figures.has_details else None


def annexes(figures):
    communes = figures.told(Dimension.COMMUNE)
    if len(communes) > TOP_COMMUNES:
        yield Table(
            f"Toutes les communes au chiffre communicable, {figures.period.label}",
            *_grid(figures, "Commune", communes),
            _others(figures),
            dense=len(communes) > 40,
        )
    yield Table(
        "Faits et renseignements par mois",
        (
            TableColumn("Mois"),
            TableColumn("Faits", "number"),
            TableColumn("Renseignements", "number"),
        ),
        tuple(
            (row.label, value_of(row), value_of(row, "reports"))
            for row in figures.tables[Dimension.MONTH]
        ),
        BY_MONTH,
    )
    yield glossary()
