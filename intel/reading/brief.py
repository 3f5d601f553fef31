"""The local strategy brief: its sections, and what a section shows on a page and on paper.

A section is words, which the prefecture writes, above pictures and tables drawn from the frozen
figures. The same blocks serve the screen and the print.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from cross.ui import charts, maps
from cross.ui.charts import Masked
from cross.ui.templatetags.words import counted, day, number, plural
from intel import periods
from intel.models import Edition, TerritoryScore
from intel.printing.content import (
    Beside,
    BriefContent,
    Figure,
    KeyFigure,
    Origin,
    Section,
    Signatory,
    StrategyAxis,
    Table,
    TableColumn,
)
from intel.printing.words import read_words
from intel.reading import frozen
from intel.reading.summaries import communes_of, value_of
from intel.reading.summary_words import CHANGES
from intel.statistics import ChangeLabel
from intel.statistics.masking import THRESHOLD

Dimension = TerritoryScore.Dimension
TOP_COMMUNES = 10
# Units of a chart: a whole line of the page, half of one, and the map of the cover.
LINE, HALF, COVER = 640, 310, 375
WITHHELD = f"moins de {THRESHOLD} ou non communicable"
MASKED = Masked("n.c.")


@dataclass(frozen=True)
class Part:
    """A section as it is written: `code` in `Edition.words`, and a hint of what to say in it."""

    code: str
    title: str
    hint: str


# In the order of the pages; the axes come before the steering. A part without words nor figures
# is not printed.
SECTIONS = (
    Part(
        "opening",
        "L’essentiel",
        "Ce que le lecteur doit retenir s’il ne lit que cette page.",
    ),
    Part("trend", "Évolution sur douze mois", "Ce qui explique les variations, si on le sait."),
    Part(
        "threat",
        "État de la menace",
        "Où les faits se concentrent, ce qui a changé, ce que l’on ignore.",
    ),
    Part("products", "Produits", "Produits nouveaux, en hausse, disparus ; prix constatés."),
    Part(
        "origins",
        "Origine des renseignements",
        "Qui signale, et ce que cela dit de la présence des services.",
    ),
    Part(
        "places",
        "Points de deal",
        "Points ouverts, démantelés, reconstitués, déplacés. Donnez pour chaque chiffre sa source "
        "et sa date ; ni adresse, ni enquête en cours.",
    ),
    Part(
        "forms",
        "Formes nouvelles",
        "Livraison, réseaux sociaux, culture, transport : ce qui apparaît ou se déplace.",
    ),
    Part(
        "action",
        "Action des services",
        "Opérations et résultats, avec la source et la date de chaque total.",
    ),
    Part(
        "cell",
        "Fonctionnement de la cellule",
        "Réunions tenues, délais, retours aux contributeurs.",
    ),
)
STEERING = Part("steering", "Pilotage et suivi", "Comité, rythme, prochaine échéance.")
SIGNATORIES = Part(
    "signatories", "Signataires", "Un par ligne : sa qualité, deux-points, son nom."
)
WRITTEN = (*SECTIONS, STEERING, SIGNATORIES)


# --- What a section shows ---------------------------------------------------------------------


def blocks_of(code, figures, department, *, width=LINE):
    """The pictures and tables of a section; none when it has no figure in this edition.

    `department` is the key of the one whose outlines are drawn; `width` is that of a line: below
    that of paper, nothing stands side by side.
    """
    draw = BLOCKS.get(code)
    return draw(figures, department, width) if draw else ()


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
            f"{figures.audience_label}. Un fait compte le mois où il a eu lieu.",
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


BLOCKS = {
    "threat": _communes,
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


# --- The printed brief ------------------------------------------------------------------------


def gather(edition, copy):
    """The brief of an edition for the press. `copy` is the `Print` of this very copy."""
    figures = frozen.figures_of(edition)
    words = edition.words
    department = figures.department
    return BriefContent(
        department=department["name"],
        department_code=department["code"],
        period=figures.period.label,
        previous_period=figures.previous.label,
        edition=edition.number,
        version=edition.version,
        state=state_in_words(edition),
        issuer=f"Préfecture {department['of_name']}",
        title=edition.title,
        notice=_notice(edition),
        copy=copy,
        origin=_origin(figures),
        cover=_cover(figures, edition.department_id),
        key_figures=key_figures(figures),
        opening=read_words(words.get("opening", "")),
        sections=tuple(_printed_sections(edition, figures)),
        axes=tuple(axis_of(axis) for axis in words.get("axes", ())),
        steering=read_words(words.get("steering", "")),
        signatories=signatories_of(words.get("signatories", "")),
        annexes=tuple(_annexes(figures)),
    )


def state_in_words(edition):
    if edition.state == Edition.State.DRAFT:
        return "Projet"
    return f"Validée le {day(edition.validated_at)} par {edition.validated_by.get_full_name()}"


def _notice(edition):
    """On every page: what is not yet decided, what is not true."""
    said = ["Projet"] if edition.state == Edition.State.DRAFT else []
    if settings.DEMONSTRATION:
        said.append("Données fictives")
    return " – ".join(said)


def _origin(figures):
    return Origin(
        summary=figures.summary_reference,
        digest=figures.input_digest,
        frozen_at=timezone.localtime(figures.built_at),
        audience=figures.audience_label,
        reports=figures.total("reports"),
        facts=figures.total("facts"),
        caution=figures.caution,
        left_out=figures.left_out,
    )


def _cover(figures, department):
    if not figures.has_details:
        return None
    return Figure(
        _map_of(figures, department, COVER, has_key=False),
        "Vue d’ensemble",
        _map_words(figures),
    )


def _printed_sections(edition, figures):
    for part in SECTIONS[1:]:
        words = read_words(edition.words.get(part.code, ""))
        blocks = blocks_of(part.code, figures, edition.department_id)
        if words or blocks:
            yield Section(part.title, (*words, *blocks))


def axis_of(held):
    """An axis as stored in `Edition.words`, for print and page."""
    return StrategyAxis(
        title=held["title"],
        objective=held["objective"],
        actions=_lines(held["actions"]),
        pilot=held["pilot"],
        partners=_lines(held["partners"]),
        deadline=held["deadline"],
        indicator=held["indicator"],
        state=held["state"],
    )


def _lines(text):
    """The lines of a text, without the dash that people put before each."""
    lines = (line.strip().removeprefix("- ").strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def signatories_of(text):
    """ "Préfet des Vosges : Étienne Vauclaire", one a line; without colon, the capacity alone."""
    pairs = (line.partition(":") for line in _lines(text))
    return tuple(Signatory(capacity.strip(), name.strip()) for capacity, _, name in pairs)


def _annexes(figures):
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
        "Un fait compte le mois où il a eu lieu.",
    )
