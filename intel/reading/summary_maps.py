"""The layers of the map of a summary, never mixed: facts, foyers, change, and cells."""

from functools import lru_cache
from itertools import chain

from django.urls import reverse

from cross.ui import maps
from cross.ui.templatetags.words import counted, day, number, plural
from intel.models import Summary, TerritoryScore
from intel.reading.behind import behind_url
from intel.reading.summaries import communes_of
from intel.reading.summary_words import CHANGES, EMERGING, foyer_of, sign_of
from intel.statistics import HotSpotLabel
from intel.summaries import hexagons
from services.models import Commune
from services.territory.points import metres_of

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display
LAYERS = {"faits": "Faits", "foyers": "Foyers", "evolution": "Évolution", "mailles": "Mailles"}
# Units of width, so that the words of a map are as tall on a phone and on paper as elsewhere.
SIZES = {"": {}, "small": {"width": 390, "towns": 3}, "a4": {"width": 600, "towns": 6}}
NOT_SEEN = (
    "Une commune en gris n’est pas une commune sans trafic : aucun fait n’y a été enregistré."
)

FOYER = (
    "Un foyer : une commune et ses voisines où les faits sont bien plus nombreux que la "
    "population ne le laisse attendre."
)


@lru_cache(maxsize=8)
def groups_of(department, geography_year):
    """{dimension: {code of a commune: code of its group}}, read once a process and a vintage."""
    rows = list(
        Commune.objects.filter(department=department)
        .statistical_units()
        .values_list("code", "arrondissement__code", "epci__siren")
    )
    return {
        Dimension.ARRONDISSEMENT: {code: group for code, group, _ in rows},
        Dimension.EPCI: {code: group for code, _, group in rows},
        Dimension.COMMUNE: {code: code for code, *_ in rows},
    }


# The levels whose territories have a page of their own.
PAGES = frozenset(
    {
        Dimension.DEPARTMENT,
        Dimension.ARRONDISSEMENT,
        Dimension.EPCI,
        Dimension.COMMUNE,
        Dimension.NEIGHBOURHOOD,
    }
)


def territory_url(row):
    """The page of the territory of a row, nothing where it has none."""
    return reverse("territory_page", args=[row.code]) if row.dimension in PAGES else ""


@lru_cache(maxsize=64)
def map_of(pk, layer, *, size=""):
    """One layer of a summary, drawn once a process: a summary is frozen. Two queries."""
    return _read(pk).drawn(layer, **SIZES[size])


@lru_cache(maxsize=16)
def told_by(pk, layer):
    """The same layer as lines, for a paper: heads of the two columns, then all that it shows, as
    one reads it without seeing the map."""
    drawn = _read(pk)
    return drawn.heads(layer), drawn.told(layer), drawn.in_words(layer)


def _read(pk):
    summary = Summary.objects.select_related("department", "court").get(pk=pk)
    tables: dict[str, list] = {
        Dimension.COMMUNE: [], Dimension.EPCI: [], Dimension.HEXAGON: [],
    }  # fmt: skip
    for row in summary.scores.filter(dimension__in=tables).order_by("dimension", "rank"):
        tables[row.dimension].append(row)
    return SummaryMap(summary, tables)


class SummaryMap:
    """What is drawn of `summary`, from its rows by dimension."""

    def __init__(self, summary, tables):
        self.summary, self.tables = summary, tables
        department = summary.department
        self.areas = communes_of(department.pk, department.geography_year, summary.court_id)
        self.groups = groups_of(department.pk, department.geography_year)
        self.centres = {area.code: area.centre for area in self.areas if area.centre}
        self.communes = {row.code: row for row in tables[Dimension.COMMUNE]}

    def drawn(self, layer, **options):
        made, legend = LAYERS_OF[layer](self)
        return maps.layer_map(
            self.areas,
            made,
            title=f"{LAYERS[layer]}, {self.summary.label}",
            description=self.in_words(layer),
            wording=maps.Wording(legend=legend, note=self._note(layer), source=self._source()),
            **options,
        )

    # --- Layers -------------------------------------------------------------------------------

    def facts(self):
        symbols = [
            maps.Symbol(
                *self.centres[row.code],
                title=f"{row.label} : {counted(row.facts, 'fait')}",
                code=row.code,
                count=row.facts,
                url=territory_url(row),
            )
            for row in self.communes.values()
            if row.facts and row.code in self.centres
        ]
        return maps.Layer(self._ground(), symbols), "Faits enregistrés, par commune"

    def foyers(self):
        kinds = self._ground()
        rows = self.communes.values()
        is_searched = self.summary.is_masked or self.summary.hot_status == "faite"
        if not is_searched:
            kinds = {area.code: maps.NOT_COMPUTED for area in self.areas}
        kinds |= {row.code: maps.WATCHED for row in rows if row.hot == HotSpotLabel.WATCHED}
        zones: dict[str, list] = {}
        for row in rows:
            if row.hot_zone:
                zones.setdefault(row.hot_zone, []).append(row)
        drawn = []
        for code, members in zones.items():
            codes = {row.code for row in members}
            for each in codes:
                kinds[each] = self._inside(self.communes[each])
            name = f"Foyer : {self._name(code, members)}"
            drawn.append(maps.Zone(frozenset(codes), name))
        return maps.Layer(
            kinds, zones=drawn
        ), "Foyers, sur douze mois : la commune et ses voisines"

    def _name(self, code, members):
        return self.communes[code].label if code in self.communes else members[0].label

    def _inside(self, row):
        if self.summary.is_masked:
            return maps.MASKED
        return maps.TOLD if row.facts else maps.ON_EDGE

    def change(self):
        """At the finest level that is compared: communes in a quarter, wider in other periods."""
        level = self.level_compared
        if level is None:
            kinds = {area.code: maps.NOT_COMPUTED for area in self.areas}
            return maps.Layer(kinds, words={}), "Évolution : non calculée pour cette période"
        symbols, groups = [], self.groups[level]
        for row in self.tables[level]:
            sign = sign_of(row)
            codes = [code for code, group in groups.items() if group == row.code]
            at = self._middle(codes)
            if sign and at:
                title = f"{row.label} : {sign.words.lower()}"
                symbols.append(
                    maps.Symbol(
                        *at,
                        title=title,
                        code=row.code if level == Dimension.COMMUNE else "",
                        sign=sign.shape,
                        url=territory_url(row),
                    )
                )
        zones = []
        if level != Dimension.COMMUNE:
            members: dict[str, set] = {}
            for code, group in groups.items():
                members.setdefault(group, set()).add(code)
            zones = [maps.Zone(frozenset(codes)) for codes in members.values()]
        words = {sign.shape: sign.words for sign in (*CHANGES.values(), EMERGING)}
        legend = f"Évolution par {COMPARED[level]}, contre les douze mois précédents"
        return maps.Layer(self._ground(), symbols, zones, words), legend

    def cells(self):
        """The wide ones: those of towns lie within them, and are in the table."""
        srid = self.summary.department.srid
        cells = [
            maps.Cell(
                _outline(row.code, srid),
                title=f"{row.label}\u00a0: {counted(row.facts, 'fait')}",
                count=row.facts,
                url=behind_url(self.summary, row.dimension, row.code),
            )
            for row in self.tables[Dimension.HEXAGON]
            if row.facts and hexagons.is_wide(row.code)
        ]
        return maps.Layer(self._ground(), cells=cells), (
            "Faits dont un lieu est pointé, par maille d’environ 5 km²"
        )

    @property
    def level_compared(self):
        for level in (Dimension.COMMUNE, Dimension.EPCI):
            if any(row.change or row.is_emerging for row in self.tables[level]):
                return level
        return None

    def _middle(self, codes):
        """Of the communes of a group, by their inhabitants."""
        inside = [area for area in self.areas if area.code in set(codes) and area.centre]
        weight = sum(area.weight or 1 for area in inside)
        if not inside:
            return None
        return tuple(
            sum(area.centre[axis] * (area.weight or 1) for area in inside) / weight
            for axis in (0, 1)
        )

    # --- Ground and words ---------------------------------------------------------------------

    def _ground(self):
        kind = maps.TOLD_APART if self.summary.is_masked else maps.TOLD
        told = {code: kind for code, row in self.communes.items() if row.facts}
        if not self.summary.is_masked:
            return told
        return {area.code: maps.MASKED for area in self.areas} | told

    def _note(self, layer):
        defined = f"{FOYER} " if layer == "foyers" else ""
        return f"{defined}{self._not_seen(layer)}"

    def _not_seen(self, layer):
        if self.summary.is_masked:
            return "Hachures : moins de 5 faits, zéro compris, ou nombre non communicable."
        if layer == "mailles":
            return f"{self._not_pointed()} {NOT_SEEN}"
        if layer == "foyers":
            return f"{NOT_SEEN} L’absence de foyer n’est pas une absence de trafic."
        return NOT_SEEN

    def _not_pointed(self):
        """How many facts are in no cell: what is known by its commune is never spread over it."""
        rows = {row.code: row for row in self.tables[Dimension.HEXAGON]}
        left = (self.summary.facts or 0) - rows[hexagons.POINTED].facts
        if not left:
            return "Chaque fait a un lieu pointé."
        verb = plural(left, "n’a,n’ont")
        are = plural(left, "il n’est,ils ne sont")
        return (
            f"{counted(left, 'fait')} sur {number(self.summary.facts)} {verb} aucun lieu pointé : "
            f"{are} dans aucune maille."
        )

    def _source(self):
        summary = self.summary
        counts = " et ".join(
            counted(value, noun)
            for value, noun in ((summary.facts, "fait"), (summary.reports, "renseignement"))
            if value is not None
        )
        return " · ".join(
            filter(
                None,
                (
                    f"Pour : {summary.for_whom[0].lower()}{summary.for_whom[1:]}",
                    summary.label,
                    summary.get_maturity_display().lower(),
                    counts,
                    f"version {summary.version}, arrêtée au {day(summary.as_of)}",
                    f"fond IGN, Insee {summary.department.geography_year}",
                ),
            )
        )

    def in_words(self, layer):
        """For who does not see it; the table beside it says all."""
        said = [f"{label} : {value}" for label, value in self.told(layer)[: MOST_SAID[layer]]]
        return " ; ".join(said) + "." if said else "Rien à montrer sur cette couche."

    def told(self, layer):
        """((territory, what the layer says of it), …), the most first where it counts."""
        return tuple(TOLD_OF[layer](self))

    def heads(self, layer):
        """What the two are called."""
        if layer == "evolution":
            return COMPARED.get(self.level_compared, "territoire").capitalize(), "Évolution"
        return HEADS[layer]

    def facts_told(self):
        return _counted(self.communes.values())

    def cells_told(self):
        return _counted(
            row for row in self.tables[Dimension.HEXAGON] if hexagons.is_wide(row.code)
        )

    def foyers_told(self):
        return [(row.label, foyer_of(row)) for row in self.communes.values() if row.hot_zone]

    def change_told(self):
        level = self.level_compared
        return [
            (row.label, sign.words)
            for row in (self.tables[level] if level else [])
            if (sign := sign_of(row)) and sign.shape != "few"
        ]


def _counted(rows):
    told = sorted((row for row in rows if row.facts), key=lambda row: -row.facts)
    return [(row.label, row.facts) for row in told]


COMPARED = {Dimension.COMMUNE: "commune", Dimension.EPCI: "intercommunalité"}
LAYERS_OF = {
    "faits": SummaryMap.facts,
    "foyers": SummaryMap.foyers,
    "evolution": SummaryMap.change,
    "mailles": SummaryMap.cells,
}
TOLD_OF = {
    "faits": SummaryMap.facts_told,
    "foyers": SummaryMap.foyers_told,
    "evolution": SummaryMap.change_told,
    "mailles": SummaryMap.cells_told,
}
HEADS = {
    "faits": ("Commune", "Faits"),
    "foyers": ("Commune", "Foyer"),
    "mailles": ("Maille", "Faits"),
}
# How many are said to who does not see the map, before it is a list to sit through.
MOST_SAID = {"faits": 12, "foyers": None, "evolution": 20, "mailles": 12}


def _outline(cell, srid):
    """A cell as one polygon of whole metres, as communes are."""
    corners = (
        metres_of(latitude, longitude, srid) for latitude, longitude in hexagons.corners_of(cell)
    )
    return [[list(chain.from_iterable(corners))]]
