"""Communes as a setting: how likely, how people say them, which roads, which places known."""

from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate

from intel.demonstration.tables import lines
from intel.demonstration.vocabulary import STREETS
from intel.models.choices import Mode, Product
from services.models import Commune, Neighbourhood, NeighbourLink, Zone

# The exponent of the population: what is drawn is spread as people are, towns have their known
# places besides, and only the story gathers in villages.
CONCENTRATION = 0.9
FALLBACK_POPULATION = 50
TOWN, SMALL_TOWN = 8_000, 2_000  # inhabitants


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


# Without a direction of its own, a road leads to the next town.
LOCAL_ROAD = Road("la départementale", ())
# Where no landmark is known by name, the largest communes get one each.
DEFAULT_LANDMARKS = 8


def at(name):
    """« à Épinal », « au Thillot », « aux Forges »."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def split(text):
    """A cell of a table that holds several values."""
    return tuple(part for part in text.split("|") if part)


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

    def distance(self, other):
        """Squared, in metres of the department's projection: enough to compare."""
        return (self.x - other.x) ** 2 + (self.y - other.y) ** 2

    @property
    def size(self):
        """Which kinds of situation, and of places, it is a setting for."""
        if self.is_police or self.population >= TOWN:
            return "town"
        return "small_town" if self.population >= SMALL_TOWN else "country"


class Country:
    """The towns of one department, drawn by population."""

    def __init__(self, department):
        self.department = department
        self.towns = read_towns(department)
        self.by_name = {typed(town.name): town for town in self.towns}
        self.lay_roads()
        self.by_code = {town.code: town for town in self.towns}
        alone = {
            code
            for line in lines("chapters", department)
            if line["is_alone"]
            for code in split(line["towns"])
        }
        # Where only the story happens, whatever is drawn.
        self.drawn = [town for town in self.towns if town.code not in alone] or self.towns
        self.on_a_road = [town for town in self.drawn if town.roads]
        self.landmarks = self.read_landmarks()
        self.name_neighbourhoods()
        self.weights = list(accumulate(town.population**CONCENTRATION for town in self.drawn))

    def lay_roads(self):
        roads = [
            Road(line["name"], split(line["directions"]), split(line["communes"]))
            for line in lines("roads", self.department)
        ]
        for road in roads:
            for name in road.communes:
                if town := self.by_name.get(typed(name)):
                    town.roads.append(road)
        if not roads:
            for town in self.towns:
                town.roads.append(LOCAL_ROAD)

    def read_landmarks(self):
        known = [
            Landmark(
                **line
                | {
                    "products": split(line["products"]),
                    "since": float(line["since"]),
                    "until": float(line["until"]),
                }
            )
            for line in lines("landmarks", self.department)
        ]
        largest = sorted(self.towns, key=lambda town: -town.population)[:DEFAULT_LANDMARKS]
        return known or [
            Landmark(
                town.name,
                "devant l'",
                f"entrée A du {2 * rank + 3} {STREETS[rank][1]}",
                Mode.DEALING_POINT,
                (Product.CANNABIS_RESIN, Product.COCAINE),
                24 - rank,
            )
            for rank, town in enumerate(largest)
        ]

    def name_neighbourhoods(self):
        for landmark in self.landmarks:
            town = self.by_name.get(typed(landmark.commune))
            if town and landmark.neighbourhood:
                row, _ = Neighbourhood.objects.get_or_create(
                    commune_id=town.pk,
                    name=landmark.neighbourhood,
                    kind=Neighbourhood.Kind.DISTRICT,
                )
                town.neighbourhoods[landmark.neighbourhood] = row.pk

    def new_front(self):
        """Where something begins in a department of which nothing is known by name."""
        ranked = sorted(self.towns, key=lambda town: -town.population)
        heart = ranked[min(9, len(ranked) - 1)]
        return (heart, *heart.around[:5])

    def known_by(self, codes):
        """The towns of these Insee codes, those that are loaded, as often as they are given."""
        return tuple(self.by_code[code] for code in split(codes) if code in self.by_code)

    def draw(self, chance):
        return self.drawn[bisect(self.weights, chance.random() * self.weights[-1])]

    def settle(self, seats):
        """Tell every town its closest post of each kind; `seats` is {key: (kind, town name)}."""
        by_kind = defaultdict(list)
        for key, (kind, name) in seats.items():
            if seat := self.by_name.get(typed(name)):
                by_kind[kind].append((key, seat))
        for town in self.towns:
            for kind, placed in by_kind.items():
                town.nearest[kind] = min(placed, key=lambda post: town.distance(post[1]))[0]


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
