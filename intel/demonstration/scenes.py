"""The words drawn for one report of a situation.

What belongs to the situation (its street, its vehicle, its telephone) is drawn once and comes back
in every report; what belongs to the moment (the hour, the guard's place) is drawn each time.
"""

from string import Formatter
from typing import cast

from cross.ui.templatetags.words import MONTHS
from intel.demonstration.places import LOCAL_ROAD, at, typed
from intel.demonstration.vocabulary import (
    ACCOUNTS,
    ALIASES,
    BUILT_UP,
    CARS,
    CHEAP,
    COLOURS,
    COUNTRY,
    DAYS,
    DEAR,
    DEAR_PRODUCTS,
    FICTION,
    FIRST_LETTERS,
    LANES,
    LETTERS,
    NUMBERS,
    PIECES,
    SMALL,
    STREETS,
    WEEKDAYS,
    WORDS,
)
from intel.models.choices import IdentifierKind
from services.territory.names import search_words


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


def glue(preposition):
    return "" if preposition.endswith("'") else " "


class Scene:
    """The words of one report of a situation: a mapping that templates are filled from.

    `used` keeps what was said, so that the fields of the report say what its text says.
    """

    def __init__(self, chance, situation, when):
        self.chance = chance
        self.situation = situation
        self.town = situation.town
        self.when = when  # day of the facts
        self.used = {}

    def write(self, template):
        return Formatter().vformat(template, (), cast("dict", self))

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
    words = [word for word in search_words(scene.town.name) if len(word) > 3]
    place = next((word for word in words if word not in {"saint", "sainte"}), "est")
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
    return DEAR if scene.situation.products[0] in DEAR_PRODUCTS else CHEAP


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
