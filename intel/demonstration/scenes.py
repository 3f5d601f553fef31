"""A situation that lasts, and the words drawn for each report of it.

What belongs to the situation (its street, its vehicle, its telephone) is drawn once and comes back
in every report; what belongs to the moment (the hour, the guard's place) is drawn each time.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random
from string import Formatter

from intel.demonstration.places import (
    BUILT_UP,
    COUNTRY,
    LANES,
    LOCAL_ROAD,
    SMALL,
    STREETS,
    at,
    typed,
)
from intel.demonstration.texts import NITROUS, QUARREL, VAGUE
from intel.models.choices import IdentifierKind, Mode, Product
from services.territory.names import folded

M, P = Mode, Product

# How likely each kind of situation is, by size of the town.
KINDS = {
    "town": {
        M.DEALING_POINT: 30, M.DELIVERY: 15, M.STORAGE: 10, M.SOCIAL_MEDIA: 8, M.CLOSED_PLACE: 5,
        M.POSTAL: 4, M.LAUNDERING: 7, M.TRANSPORT: 3, M.COURIER: 1, QUARREL: 6, VAGUE: 4, NITROUS: 4,
    },
    "small_town": {
        M.DEALING_PLACE: 24, M.DELIVERY: 16, M.GROWING: 10, M.STORAGE: 8, M.SOCIAL_MEDIA: 8,
        M.TRANSPORT: 7, M.POSTAL: 5, M.CLOSED_PLACE: 5, M.LAUNDERING: 5, M.LABORATORY: 2,
        QUARREL: 7, VAGUE: 4, NITROUS: 3,
    },
    "country": {
        M.GROWING: 34, M.TRANSPORT: 14, M.DELIVERY: 12, M.STORAGE: 8, M.DEALING_PLACE: 6,
        M.CLOSED_PLACE: 5, M.SOCIAL_MEDIA: 4, M.POSTAL: 4, M.LABORATORY: 4, QUARREL: 7, VAGUE: 3,
    },
}  # fmt: skip
# Days a situation lasts, and how often it comes back compared with the others.
LASTING = {
    M.DEALING_POINT: (120, 500, 6), M.DEALING_PLACE: (60, 300, 4), M.DELIVERY: (40, 200, 3),
    M.GROWING: (30, 120, 2), M.STORAGE: (30, 120, 2), M.SOCIAL_MEDIA: (20, 120, 2),
    M.TRANSPORT: (60, 250, 2), M.POSTAL: (20, 90, 1), M.COURIER: (1, 20, 1),
    M.CLOSED_PLACE: (20, 150, 1), M.LAUNDERING: (60, 200, 1), M.LABORATORY: (20, 60, 1),
    QUARREL: (10, 40, 1), VAGUE: (1, 5, 1), NITROUS: (20, 90, 2),
}  # fmt: skip
PRODUCTS = {
    M.DEALING_POINT: {P.CANNABIS_RESIN: 35, P.CANNABIS_HERB: 22, P.COCAINE: 22, P.CANNABIS: 8, P.HEROIN: 8, P.CRACK: 2, P.MEDICINE: 3},
    M.DEALING_PLACE: {P.CANNABIS_RESIN: 30, P.CANNABIS_HERB: 30, P.COCAINE: 12, P.HEROIN: 14, P.MEDICINE: 6, P.MDMA: 5, P.UNKNOWN: 3},
    M.DELIVERY: {P.COCAINE: 46, P.CANNABIS_HERB: 22, P.CANNABIS_RESIN: 14, P.MDMA: 7, P.KETAMINE: 6, P.CATHINONE: 5},
    M.GROWING: {P.CANNABIS_HERB: 1},
    M.STORAGE: {P.CANNABIS_RESIN: 40, P.COCAINE: 30, P.HEROIN: 20, P.CANNABIS_HERB: 10},
    M.SOCIAL_MEDIA: {P.COCAINE: 25, P.CANNABIS_HERB: 20, P.MDMA: 15, P.KETAMINE: 12, P.LSD: 8, P.SYNTH_CANNABINOID: 12, P.MEDICINE: 8},
    M.TRANSPORT: {P.CANNABIS_RESIN: 35, P.COCAINE: 35, P.HEROIN: 20, P.CANNABIS_HERB: 10},
    M.POSTAL: {P.MDMA: 30, P.CATHINONE: 20, P.LSD: 12, P.KETAMINE: 14, P.SYNTH_CANNABINOID: 12, P.OPIOID: 6, P.CANNABIS_HERB: 6},
    M.COURIER: {P.COCAINE: 60, P.HEROIN: 30, P.MDMA: 10},
    M.CLOSED_PLACE: {P.MDMA: 30, P.COCAINE: 25, P.KETAMINE: 22, P.GHB: 8, P.CANNABIS_RESIN: 15},
    M.LAUNDERING: {P.UNKNOWN: 1},
    M.LABORATORY: {P.AMPHETAMINE: 60, P.CATHINONE: 40},
    NITROUS: {P.NITROUS_OXIDE: 1},
    QUARREL: {P.CANNABIS: 70, P.COCAINE: 30},
    VAGUE: {P.UNKNOWN: 1},
}  # fmt: skip
# The name, the name with its partitive article, and what people call it, with it and without.
WORDS = {
    P.CANNABIS_RESIN: ("résine de cannabis", "de la résine de cannabis", "du shit", "shit"),
    P.CANNABIS_HERB: ("herbe de cannabis", "de l'herbe de cannabis", "de l'herbe", "herbe"),
    P.CANNABIS: ("cannabis", "du cannabis", "du cannabis", "cannabis"),
    P.COCAINE: ("cocaïne", "de la cocaïne", "de la coke", "coke"),
    P.CRACK: ("crack", "du crack", "du crack", "crack"),
    P.HEROIN: ("héroïne", "de l'héroïne", "de l'héro", "héro"),
    P.MDMA: ("ecstasy", "de l'ecstasy", "des cachets d'ecstasy", "ecsta"),
    P.AMPHETAMINE: ("amphétamine", "de l'amphétamine", "du speed", "speed"),
    P.KETAMINE: ("kétamine", "de la kétamine", "de la kéta", "kéta"),
    P.GHB: ("GHB", "du GHB", "du GHB", "GHB"),
    P.CATHINONE: ("3-MMC", "de la 3-MMC", "de la 3-MMC", "3-MMC"),
    P.SYNTH_CANNABINOID: ("cannabinoïdes de synthèse", "des cannabinoïdes de synthèse", "du PTC", "PTC"),
    P.LSD: ("LSD", "du LSD", "des buvards", "buvards"),
    P.OPIOID: ("opioïdes de synthèse", "des opioïdes de synthèse", "des opioïdes", "opioïdes"),
    P.MEDICINE: ("médicaments détournés", "des médicaments détournés", "des cachets", "cachets"),
    P.NITROUS_OXIDE: ("protoxyde d'azote", "du protoxyde d'azote", "du proto", "proto"),
    P.UNKNOWN: ("stupéfiants", "des stupéfiants", "de la drogue", "drogue"),
}  # fmt: skip
SECOND_PRODUCT = 0.2
CHEAP, DEAR = (10, 15, 20, 25, 30, 40, 50), (30, 40, 50, 60, 70, 80)

# Make and model, gender.
CARS = (
    ("Renault Clio", "f"), ("Renault Mégane", "f"), ("Peugeot 208", "f"), ("Peugeot 308", "f"),
    ("Peugeot 3008", "m"), ("Citroën C3", "f"), ("Citroën Berlingo", "m"), ("Dacia Sandero", "f"),
    ("Dacia Duster", "m"), ("Volkswagen Golf", "f"), ("Volkswagen Polo", "f"), ("Audi A3", "f"),
    ("Audi A4", "f"), ("BMW Série 1", "f"), ("Seat Leon", "f"), ("Mercedes Classe A", "f"),
    ("Fiat 500", "f"), ("Renault Trafic", "m"), ("Peugeot Partner", "m"), ("Renault Kangoo", "m"),
    ("Ford Transit", "m"), ("Toyota Yaris", "f"), ("Opel Corsa", "f"), ("Skoda Octavia", "f"),
)  # fmt: skip
COLOURS = (
    ("gris", "grise"), ("blanc", "blanche"), ("noir", "noire"), ("bleu", "bleue"), ("rouge", "rouge"),
    ("gris foncé", "gris foncé"), ("bleu nuit", "bleu nuit"), ("beige", "beige"), ("vert", "verte"),
)  # fmt: skip
# Series of French plates that will not be issued before decades; same letters left out as in life.
FIRST_LETTERS = "QRSTVXYZ"
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
# 06 39 98 00 00 to 99 99: numbers that the regulator keeps for fiction.
FICTION = "06 39 98 {:02} {:02}"
# Identities that several departments meet: the same network, seen from both sides.
SHARED_NETWORKS = 24
SHARED = 0.2
MOVING = {M.DELIVERY, M.TRANSPORT, M.SOCIAL_MEDIA, M.COURIER}

PIECES = {
    "group": (
        "deux jeunes hommes", "trois ou quatre jeunes", "deux hommes de 20 à 25 ans",
        "cinq ou six jeunes", "deux adolescents et un adulte", "plusieurs jeunes en survêtement",
        "trois hommes d'une trentaine d'années", "deux hommes encapuchonnés", "quatre individus",
        "deux jeunes hommes à trottinette",
    ),
    "man": (
        "un homme d'une trentaine d'années", "un jeune homme mince en veste grise",
        "un homme barbu d'environ 40 ans", "un jeune homme en survêtement noir",
        "un homme portant une casquette rouge", "un homme de grande taille en doudoune bleue",
        "un homme d'environ 25 ans aux cheveux courts", "un adolescent en veste de sport",
        "un homme avec une boucle d'oreille", "un jeune homme en capuche beige",
    ),
    "lookout": (
        "assis sur le muret", "posté à l'angle de la rue", "sur une trottinette électrique",
        "avec un talkie-walkie", "à une fenêtre du premier étage", "adossé à l'abribus",
        "sur une chaise de camping", "debout près des conteneurs", "à vélo au bout de la rue",
    ),
    "stash": (
        "dans la gaine technique", "derrière les boîtes aux lettres", "sous une plaque d'égout",
        "dans les buissons", "dans une chaussette coincée sous une rampe", "dans un coffret électrique",
        "sous une pierre au pied du mur", "dans un pneu abandonné", "derrière un panneau descellé",
        "dans le local à vélos", "dans une gouttière", "dans une boîte aimantée sous un banc",
    ),
    "clothes": (
        "une veste noire et une sacoche", "un survêtement gris et des baskets blanches",
        "une casquette rouge", "une doudoune sans manches", "un maillot de football",
        "un bonnet et un cache-cou", "une parka kaki", "un sweat à capuche bleu",
    ),
    "bag": (
        "un sac à dos bleu", "une sacoche noire", "un sac de sport", "un sac isotherme",
        "une banane en bandoulière", "un cabas de supermarché", "un sac à dos orange",
    ),
    "weeks": (
        "deux semaines", "trois semaines", "un mois", "six semaines", "deux mois", "trois mois",
    ),
    "floor": (
        "rez-de-chaussée", "premier étage", "deuxième étage", "troisième étage", "quatrième étage",
        "dernier étage",
    ),
    "price_high": ("150 €", "200 €", "250 €", "300 €", "400 €", "500 €", "1 000 €"),
    "kilos": ("un kilogramme", "deux kilogrammes", "cinq kilogrammes", "dix kilogrammes", "trente kilogrammes"),
    "abroad": ("la Belgique", "les Pays-Bas", "l'Espagne", "le Luxembourg", "l'Allemagne"),
    "metres": ("quinze mètres", "trente mètres", "cinquante mètres", "quatre-vingts mètres", "cent mètres"),
}  # fmt: skip
ALIASES = (
    "Titi", "Kiko", "Rico", "Tonton", "Snoop", "Jojo", "Nono", "Doudou", "Loulou", "Polo", "Toto",
    "Fanfan", "Zizou", "Bibi", "Coco", "Dédé", "Kiki", "Lolo", "Mimi", "Pépito", "Riri", "Sisco",
)  # fmt: skip
ACCOUNTS = (
    "livr_{place}{n}", "{place}_express{n}", "le_bon_plan_{n}", "resto_nuit{n}", "{place}.service{n}",
    "drive_{place}{n}", "menu_du_{n}", "cali_{place}{n}", "plug_est{n}", "nuit.blanche{n}",
)  # fmt: skip
# Days, how often, and from which hour on.
DAYS = (
    ("tous les jours", 5, 13), ("en semaine", 3, 13), ("du lundi au samedi", 2, 14),
    ("le week-end", 2, 15), ("le vendredi et le samedi", 3, 17), ("le mercredi et le samedi", 1, 13),
    ("presque tous les soirs", 1, 18),
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
# Slots drawn as a number: from, to, step, and what follows.
NUMBERS = {
    "visits": (8, 60, 1, ""), "number": (1, 60, 1, ""), "grams": (2, 48, 1, " g"),
    "grams_high": (110, 950, 10, " g"), "doses": (4, 40, 1, ""),
    "plants": (12, 240, 1, ""), "cans": (3, 14, 1, ""), "litres": (10, 60, 10, ""),
    "palettes": (12, 33, 1, ""), "amount": (120, 1900, 10, " €"),
}  # fmt: skip


class Words(str):
    """A slot's words: `:c` gives them a capital, `:de` elides « de » before them."""

    __slots__ = ()

    def __format__(self, how):
        if how == "c":
            return self[:1].upper() + self[1:]
        if how == "de":
            vowel = self[:1].lower() in "aeéèêiouhâîôû"
            return ("d'" if vowel else "de ") + str(self)
        return str(self)


def pick(chance, weighted):
    """One key of {key: weight}."""
    return chance.choices(list(weighted), list(weighted.values()))[0]


@dataclass(slots=True, eq=False)
class Situation:
    """What goes on somewhere for a while; its words are drawn as they are first needed."""

    town: object
    kind: str
    products: tuple
    until: object  # day on which nobody speaks of it any more
    said: dict = field(default_factory=dict)
    neighbourhood: int | None = None
    last: object = None  # the latest original report, see generate.Trace


def begin(chance, town, day, *, kind=None, products=None, until=None, where=None):
    """A new situation in `town`; `where` is (preposition, noun) when it is known."""
    kinds = KINDS[town.size]
    if not town.roads and kind is None:
        kinds = {name: weight for name, weight in kinds.items() if name != M.TRANSPORT}
    kind = kind or pick(chance, kinds)
    shortest, longest, _ = LASTING[kind]
    situation = Situation(
        town=town,
        kind=kind,
        products=products or draw_products(chance, kind),
        until=until or day + timedelta(days=chance.randint(shortest, longest)),
    )
    if where:
        situation.said["where"] = Words(where[0] + glue(where[0]) + typed(where[1]))
        situation.said["place"] = Words(typed(where[1]))
    if kind in MOVING and chance.random() < SHARED:
        situation.said |= network(chance.randrange(SHARED_NETWORKS))
    return situation


@cache
def network(rank):
    """The vehicle, the numbers and the names of one network, the same for every department."""
    chance = Random(f"network {rank}")  # noqa: S311 - invents data, protects none
    said = {"plate": draw_plate(chance), "phone": draw_phone(chance)}
    said["alias"] = chance.choice(ALIASES)
    said["vehicle"] = draw_vehicle(chance, said)
    return {slot: Words(words) for slot, words in said.items()}


def draw_products(chance, kind):
    first = pick(chance, PRODUCTS[kind])
    if chance.random() > SECOND_PRODUCT:
        return (first,)
    return tuple(dict.fromkeys((first, pick(chance, PRODUCTS[kind]))))


def glue(preposition):
    return "" if preposition.endswith("'") else " "


class Scene:
    """The words of one report of a situation: a mapping that templates are filled from.

    `used` keeps what was drawn or called up, so that the fields of the report say what its text says.
    """

    def __init__(self, chance, situation, when):
        self.chance = chance
        self.situation = situation
        self.town = situation.town
        self.when = when  # day of the facts
        self.used = {}

    def write(self, template):
        return Formatter().vformat(template, (), self)

    def __getitem__(self, slot):
        if slot in self.used:
            return self.used[slot]
        said = self.situation.said
        if slot in said:
            words = said[slot]
        elif slot in LASTING_SLOTS:
            words = said[slot] = Words(LASTING_SLOTS[slot](self))
        else:
            words = Words(self.passing(slot))
        self.used[slot] = words
        return words

    def passing(self, slot):
        """Words of the moment."""
        chance = self.chance
        if slot in PIECES:
            return chance.choice(PIECES[slot])
        if slot in NUMBERS:
            first, last, step, unit = NUMBERS[slot]
            return f"{chance.randrange(first, last + 1, step):,}{unit}".replace(",", " ")
        return PASSING_SLOTS[slot](self)

    def hour(self, first, last):
        minute = self.chance.randrange(0, 60, 5)
        return f"{self.chance.randint(first, last)} h" + (f" {minute:02}" if minute else "")


def draw_street(scene):
    """Article and name, kept in the situation for the other slots about it."""
    article, name = scene.chance.choice(LANES if scene.town.size == "country" else STREETS)
    scene.situation.said["the_street"] = Words(article + glue(article) + name)
    joined = {"le": "du ", "la": "de la ", "l'": "de l'"}[article]
    scene.situation.said["of_street"] = Words(joined + name)
    return name


def draw_where(scene):
    choices = {"town": BUILT_UP, "small_town": SMALL, "country": COUNTRY}[scene.town.size]
    preposition, noun = scene.chance.choice(choices)
    noun = noun.format(
        n=scene.chance.randint(1, 30),
        letter=scene.chance.choice("ABCD"),
        street=scene["street"],
        of_street=scene["of_street"],
    )
    scene.situation.said["place"] = Words(noun)
    return preposition + glue(preposition) + noun


def draw_hours(scene):
    [(days, _, earliest)] = scene.chance.choices(DAYS, [often for _, often, _ in DAYS])
    start = scene.chance.randint(earliest, 20)
    if scene.chance.random() < 0.4:
        return f"{days} à partir de {start} h"
    return f"{days} de {start} h à {min(start + scene.chance.randint(3, 7), 23)} h"


def draw_vehicle(chance, said):
    """Several ways of naming one vehicle, drawn together."""
    model, gender = chance.choice(CARS)
    colour = chance.choice(COLOURS)[gender == "f"]
    bare = f"{model} {colour}"
    said["car"] = Words(bare)
    if model[0] in "AEIO":
        said["of_the_vehicle"] = Words(f"de l'{bare}")
    else:
        said["of_the_vehicle"] = Words(f"de la {bare}" if gender == "f" else f"du {bare}")
    return f"{'une' if gender == 'f' else 'un'} {bare}"


def draw_plate(chance):
    first = chance.choice(FIRST_LETTERS) + chance.choice(LETTERS)
    last = chance.choice(LETTERS) + chance.choice(LETTERS)
    return f"{first}-{chance.randint(1, 999):03}-{last}"


def draw_foreign_plate(chance):
    """Spanish or Belgian, in series far from those in use."""
    if chance.random() < 0.5:
        return f"{chance.randint(0, 9999):04} " + "".join(chance.choices("XYZ", k=3))
    return f"7-{''.join(chance.choices(LETTERS, k=3))}-{chance.randint(1, 999):03}"


def draw_phone(chance):
    return FICTION.format(chance.randint(0, 99), chance.randint(0, 99))


def draw_account(scene):
    place = re.findall("[a-z]+", folded(scene.town.name))[-1]
    pattern = scene.chance.choice(ACCOUNTS)
    return pattern.format(place=place, n=scene.chance.randint(2, 99))


def other_town(scene):
    return scene.chance.choice(scene.town.around) if scene.town.around else scene.town


def draw_road(scene):
    road = scene.chance.choice(scene.town.roads or [LOCAL_ROAD])
    elsewhere = [name for name in road.directions if name != typed(scene.town.name)]
    leads_to = scene.chance.choice(elsewhere) if elsewhere else scene["town2"]
    scene.situation.said["direction"] = Words(leads_to)
    return f"sur {road.name}"


def first_of(slot, companion):
    """A slot that is drawn together with another one: ask for that one, then answer."""

    def answer(scene):
        scene[companion]
        return scene.situation.said[slot]

    return answer


def town2(scene):
    other = other_town(scene)
    scene.situation.said["at_town2"] = Words(typed(at(other.name)))
    scene.situation.said["of_town2"] = Words(typed(other.of))
    return typed(other.name)


def day_of(day):
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]}"


def ago(scene):
    return scene.chance.choice(
        ("hier", "avant-hier", "il y a trois jours", "la semaine dernière", "ce week-end",
         f"{scene.chance.choice(WEEKDAYS)} dernier")
    )  # fmt: skip


def hour_range(scene, link):
    start = scene.chance.randint(14, 20)
    return f"{start} h {link} {start + scene.chance.randint(1, 3)} h"


def parcel(scene):
    return f"XY{scene.chance.randint(10**8, 10**9 - 1)}FR"


def thousands(scene):
    return f"{scene.chance.randint(3, 30)} 000 €"


def prices(scene):
    """What people pay at once, in euros."""
    return DEAR if scene.situation.products[0] in {P.COCAINE, P.HEROIN, P.CRACK} else CHEAP


LASTING_SLOTS = {
    "town": lambda scene: typed(scene.town.name),
    "at_town": lambda scene: typed(at(scene.town.name)),
    "of_town": lambda scene: typed(scene.town.of),
    "town2": town2,
    "at_town2": first_of("at_town2", "town2"),
    "of_town2": first_of("of_town2", "town2"),
    "product": lambda scene: WORDS[scene.situation.products[0]][0],
    "some": lambda scene: WORDS[scene.situation.products[0]][1],
    "stuff": lambda scene: WORDS[scene.situation.products[0]][2],
    "slang": lambda scene: WORDS[scene.situation.products[0]][3],
    "street": draw_street,
    "the_street": first_of("the_street", "street"),
    "of_street": first_of("of_street", "street"),
    "where": draw_where,
    "place": first_of("place", "where"),
    "hours": draw_hours,
    "vehicle": lambda scene: draw_vehicle(scene.chance, scene.situation.said),
    "car": first_of("car", "vehicle"),
    "of_the_vehicle": first_of("of_the_vehicle", "vehicle"),
    "plate": lambda scene: draw_plate(scene.chance),
    "foreign_plate": lambda scene: draw_foreign_plate(scene.chance),
    "phone": lambda scene: draw_phone(scene.chance),
    "account": draw_account,
    "alias": lambda scene: scene.chance.choice(ALIASES),
    "on_axis": draw_road,
    "direction": first_of("direction", "on_axis"),
    "floor": lambda scene: scene.chance.choice(PIECES["floor"]),
    "number": lambda scene: scene.chance.randint(1, 60),
}
PASSING_SLOTS = {
    "date": lambda scene: day_of(scene.when),
    "day": lambda scene: scene.chance.choice(WEEKDAYS),
    "month": lambda scene: scene.chance.choice(MONTHS),
    "time": lambda scene: scene.hour(14, 23),
    "night": lambda scene: scene.hour(1, 5),
    "evening": lambda scene: scene.hour(19, 23),
    "daytime": lambda scene: scene.hour(8, 17),
    "price": lambda scene: f"{scene.chance.choice(prices(scene))} €",
    "ago": ago,
    "hour_range": lambda scene: hour_range(scene, "et"),
    "hours_span": lambda scene: hour_range(scene, "à"),
    "parcel": parcel,
    "amount_high": thousands,
}

# Which words make an identifier that can be matched.
IDENTIFYING = {
    "plate": IdentifierKind.PLATE,
    "foreign_plate": IdentifierKind.PLATE,
    "phone": IdentifierKind.PHONE,
    "account": IdentifierKind.ACCOUNT,
    "alias": IdentifierKind.ALIAS,
    "parcel": IdentifierKind.PARCEL,
}
