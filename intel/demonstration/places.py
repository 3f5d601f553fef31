"""Communes as a setting: how likely, how people say them, who is competent, which roads."""

from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate

from intel.models.choices import Mode, Product
from services.models import Commune, NeighbourLink, Neighbourhood, Zone

# Reports gather in towns faster than people do: the exponent of the population.
CONCENTRATION = 1.15
FALLBACK_POPULATION = 50
TOWN, SMALL_TOWN = 8_000, 2_000  # inhabitants

# Article and name, as said: « vers la rue… », « près du chemin… ».
STREETS = (
    ("la", "rue des Genêts"), ("la", "rue des Mésanges"), ("la", "rue du Lavoir"),
    ("l'", "avenue des Tilleuls"), ("la", "rue de la Scierie"), ("le", "chemin des Ruaux"),
    ("la", "rue des Tisserands"), ("la", "rue du Haut-Pré"), ("l'", "allée des Acacias"),
    ("le", "boulevard de la Filature"), ("la", "rue des Forgerons"), ("la", "rue du Canal"),
    ("la", "rue des Jonquilles"), ("l'", "impasse du Verger"), ("la", "rue des Bleuets"),
    ("la", "place aux Fleurs"), ("la", "rue du Champ-Clos"), ("la", "rue des Papetiers"),
    ("le", "quai des Bateliers"), ("la", "rue des Sorbiers"), ("l'", "allée des Charmilles"),
    ("la", "rue du Vieux-Pont"), ("la", "rue de la Corvée"), ("la", "rue des Brodeuses"),
    ("l'", "avenue du Stade"), ("la", "rue de la Verrerie"), ("la", "rue des Myrtilles"),
    ("le", "square des Hirondelles"), ("la", "rue de la Grange-Neuve"), ("la", "rue des Fougères"),
)  # fmt: skip
LANES = (
    ("le", "chemin du Haut-Bois"), ("la", "route de la Basse"), ("le", "chemin des Sapins"),
    ("le", "hameau des Granges"), ("la", "route du Moulin"), ("le", "chemin de la Croix"),
    ("le", "chemin de l'Étang"), ("la", "route des Hauts"), ("le", "chemin du Pré-Rond"),
    ("la", "rue de l'Église"), ("la", "rue du Lavoir"), ("le", "chemin de la Vierge-Clos"),
)  # fmt: skip

# Where dealing takes place: what leads to the noun, and the noun. {n} is a number, the street is drawn.
BUILT_UP = (
    ("dans le", "hall du {n} {street}"), ("au", "pied de la tour {of_street}"),
    ("sur le", "parking du {n} {street}"), ("devant l'", "entrée {letter} du {n} {street}"),
    ("sous le", "porche du {n} {street}"), ("sur la", "dalle {of_street}"),
    ("dans la", "galerie marchande {of_street}"), ("dans le", "jardin public {of_street}"),
    ("sur le", "terrain de sport {of_street}"), ("derrière la", "supérette {of_street}"),
)  # fmt: skip
SMALL = (
    ("sur le", "parking du stade"), ("derrière la", "gare"), ("sur le", "parking de la piscine"),
    ("à l'", "arrêt de bus {of_street}"), ("sur la", "place du marché"), ("au", "bord du canal"),
    ("sur le", "parking du supermarché"), ("derrière la", "salle des fêtes"),
    ("sous les", "arcades {of_street}"), ("au", "skatepark {of_street}"),
    ("sur l'", "aire de jeux {of_street}"), ("derrière le", "gymnase {of_street}"),
)  # fmt: skip
COUNTRY = (
    ("sur le", "parking du cimetière"), ("à l'", "abribus {of_street}"),
    ("sur l'", "aire de pique-nique"), ("devant la", "salle polyvalente"),
    ("sur le", "parking de la carrière"), ("au", "point de tri {of_street}"),
)  # fmt: skip


@dataclass(frozen=True)
class Road:
    """A road of traffic: how it is named, where it leads, which communes it crosses."""

    name: str
    directions: tuple
    communes: tuple = ()


@dataclass(frozen=True)
class Landmark:
    """A place that comes back: from and to in months before today."""

    commune: str
    preposition: str
    name: str
    mode: str
    products: tuple
    since: float
    until: float = 0
    neighbourhood: str = ""


@dataclass(frozen=True)
class Setting:
    """What is known by name of a department."""

    roads: tuple
    landmarks: tuple = ()
    # Insee codes of neighbouring communes where something new began last quarter.
    new_front: tuple = ()


M, P = Mode, Product
VOSGES = Setting(
    roads=(
        Road("l'A31", ("Nancy", "Dijon"), ("Bulgnéville", "Châtenois", "Contrexéville", "Neufchâteau")),
        Road("la N57", ("Nancy", "Besançon"), ("Charmes", "Thaon-les-Vosges", "Épinal", "Remiremont", "Plombières-les-Bains")),
        Road("la N59", ("Lunéville", "Strasbourg"), ("Saint-Dié-des-Vosges", "Raon-l’Étape", "Étival-Clairefontaine")),
        Road("la N66", ("Remiremont", "Mulhouse"), ("Rupt-sur-Moselle", "Le Thillot", "Bussang", "Ramonchamp")),
        Road("la D166", ("Épinal", "Neufchâteau"), ("Mirecourt", "Châtenois", "Dompaire")),
        Road("la D420", ("Épinal", "Saint-Dié"), ("Bruyères", "Rambervillers")),
        Road("la D417", ("Remiremont", "Colmar"), ("Gérardmer", "Le Tholy", "Saint-Étienne-lès-Remiremont")),
    ),
    landmarks=(
        Landmark("Épinal", "dans le", "hall du 14 rue des Genêts", M.DEALING_POINT, (P.CANNABIS_RESIN, P.COCAINE), 24, 9, "La Vierge"),
        Landmark("Épinal", "devant l'", "entrée B du 3 allée des Acacias", M.DEALING_POINT, (P.CANNABIS_RESIN, P.COCAINE), 8, 0, "La Vierge"),
        Landmark("Épinal", "au", "pied de la tour des Sorbiers", M.DEALING_POINT, (P.CANNABIS_HERB,), 24, 0, "Bitola"),
        Landmark("Épinal", "sous les", "arcades du quai des Bateliers", M.DEALING_POINT, (P.HEROIN, P.MEDICINE), 17, 2),
        Landmark("Saint-Dié-des-Vosges", "dans le", "hall du 8 rue des Tisserands", M.DEALING_POINT, (P.CANNABIS_RESIN,), 24, 0, "Kellermann"),
        Landmark("Saint-Dié-des-Vosges", "derrière la", "gare routière", M.DEALING_POINT, (P.HEROIN, P.COCAINE), 14, 0),
        Landmark("Golbey", "sur le", "parking derrière le stade", M.DEALING_PLACE, (P.CANNABIS_HERB,), 20, 0),
        Landmark("Thaon-les-Vosges", "à l'", "arrêt de bus du lycée", M.DEALING_PLACE, (P.CANNABIS_RESIN,), 18, 0),
        Landmark("Remiremont", "sous les", "arcades de la place aux Fleurs", M.DEALING_PLACE, (P.COCAINE, P.MDMA), 21, 4),
        Landmark("Gérardmer", "sur le", "parking du ponton", M.DEALING_PLACE, (P.MDMA, P.CANNABIS_HERB), 15, 0),
        Landmark("Raon-l’Étape", "derrière la", "salle des sports", M.DEALING_PLACE, (P.CANNABIS_RESIN,), 12, 0),
        Landmark("Neufchâteau", "sur l'", "aire de covoiturage de l'échangeur", M.TRANSPORT, (P.COCAINE,), 22, 0),
    ),
    # The upper Moselle valley: Le Thillot, Ramonchamp, Fresse, Bussang, Saint-Maurice, Rupt.
    new_front=("88468", "88369", "88188", "88081", "88426", "88408"),
)  # fmt: skip
MEURTHE_ET_MOSELLE = Setting(
    roads=(
        Road("l'A31", ("Metz", "Dijon"), ("Pont-à-Mousson", "Toul", "Nancy", "Dieulouard")),
        Road("l'A33", ("Nancy", "Lunéville"), ("Saint-Nicolas-de-Port", "Dombasle-sur-Meurthe")),
        Road("la N4", ("Strasbourg", "Paris"), ("Lunéville", "Foug", "Toul")),
        Road("la N52", ("Thionville", "Longwy"), ("Longwy", "Mont-Saint-Martin")),
    ),
)  # fmt: skip
# Without a direction of its own, a road leads to the next town.
LOCAL_ROAD = Road("la départementale", ())
ANYWHERE = Setting(roads=(LOCAL_ROAD,))
SETTINGS = {"88": VOSGES, "54": MEURTHE_ET_MOSELLE}
# Where no landmark is known by name, the largest communes get one each.
DEFAULT_LANDMARKS = 8


def at(name):
    """« à Épinal », « au Thillot », « aux Forges »."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def typed(text):
    """As a keyboard gives it."""
    return text.replace("’", "'")


@dataclass(slots=True)
class Town:
    """A commune as the texts and the draws need it; `pk` is its key in the database."""

    pk: int
    code: str
    name: str
    of: str
    population: int
    is_police: bool
    x: int
    y: int
    court: int | None
    around: list = field(default_factory=list)  # neighbouring towns
    roads: list = field(default_factory=list)
    nearest: dict = field(default_factory=dict)  # kind of service: key of the closest post
    neighbourhoods: dict = field(default_factory=dict)  # name: key

    @property
    def size(self):
        """Which kinds of situation, and of places, it is a setting for."""
        if self.is_police or self.population >= TOWN:
            return "town"
        return "small_town" if self.population >= SMALL_TOWN else "country"


class Country:
    """The towns of one department, drawn by population."""

    def __init__(self, department):
        self.setting = SETTINGS.get(department.code, ANYWHERE)
        self.towns = read_towns(department)
        self.by_name = {typed(town.name): town for town in self.towns}
        self.by_code = {town.code: town for town in self.towns}
        self.lay_roads()
        self.name_neighbourhoods()
        self.weights = list(
            accumulate((town.population or FALLBACK_POPULATION) ** CONCENTRATION for town in self.towns)
        )

    def lay_roads(self):
        for road in self.setting.roads:
            crossed = [self.by_name.get(typed(name)) for name in road.communes] or self.towns
            for town in filter(None, crossed):
                town.roads.append(road)
        self.on_a_road = [town for town in self.towns if town.roads]

    def name_neighbourhoods(self):
        for landmark in self.landmarks():
            town = self.by_name.get(typed(landmark.commune))
            if town and landmark.neighbourhood:
                row, _ = Neighbourhood.objects.get_or_create(
                    commune_id=town.pk,
                    name=landmark.neighbourhood,
                    kind=Neighbourhood.Kind.DISTRICT,
                )
                town.neighbourhoods[landmark.neighbourhood] = row.pk

    def landmarks(self):
        if self.setting.landmarks:
            return self.setting.landmarks
        largest = sorted(self.towns, key=lambda town: -town.population)[:DEFAULT_LANDMARKS]
        return [
            Landmark(
                town.name, "devant l'", f"entrée A du {2 * rank + 3} {STREETS[rank][1]}",
                M.DEALING_POINT, (P.CANNABIS_RESIN, P.COCAINE), 24 - rank,
            )
            for rank, town in enumerate(largest)
        ]  # fmt: skip

    def new_front(self):
        """The towns where something began last quarter: named ones, or a mid-sized one and around."""
        named = [self.by_code[code] for code in self.setting.new_front if code in self.by_code]
        if named:
            return named
        ranked = sorted(self.towns, key=lambda town: -town.population)
        heart = ranked[min(9, len(ranked) - 1)]
        return [heart, *heart.around[:5]]

    def draw(self, chance):
        return self.towns[bisect(self.weights, chance.random() * self.weights[-1])]

    def settle(self, seats):
        """Tell every town its closest post of each kind; `seats` is {key: (kind, town name)}."""
        placed = [
            (key, kind, self.by_name[typed(name)])
            for key, (kind, name) in seats.items()
            if typed(name) in self.by_name
        ]
        for town in self.towns:
            for key, kind, seat in sorted(
                placed, key=lambda post: -((post[2].x - town.x) ** 2 + (post[2].y - town.y) ** 2)
            ):
                town.nearest[kind] = key


def read_towns(department):
    communes = (
        Commune.objects.statistical_units()
        .filter(department=department)
        .order_by("code")
        .only(
            "code", "name", "of_name", "population", "zone", "centre_x", "centre_y", "court",
        )
    )  # fmt: skip
    towns = {
        commune.pk: Town(
            pk=commune.pk,
            code=commune.code,
            name=commune.name,
            of=commune.of_name,
            population=commune.population or FALLBACK_POPULATION,
            is_police=commune.zone == Zone.POLICE,
            x=commune.centre_x or 0,
            y=commune.centre_y or 0,
            court=commune.court_id,
        )
        for commune in communes
    }
    pairs = NeighbourLink.objects.filter(first__department=department).order_by("pk")
    for first, second in pairs.values_list("first_id", "second_id"):
        if first in towns and second in towns:
            towns[first].around.append(towns[second])
            towns[second].around.append(towns[first])
    for town in towns.values():
        town.around.sort(key=lambda other: other.code)
    return list(towns.values())
