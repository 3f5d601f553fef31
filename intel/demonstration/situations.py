"""A situation that lasts: where, of what kind, until when, and what is known of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from random import Random

from intel.demonstration.places import typed
from intel.demonstration.scenes import Words, draw_phone, draw_plate, draw_vehicle, glue
from intel.demonstration.texts import NITROUS, QUARREL, VAGUE
from intel.demonstration.vocabulary import ALIASES
from intel.models.choices import Mode, Product

M, P = Mode, Product

# How likely each kind of situation is, by size of the town.
KINDS = {
    "town": {
        M.DEALING_POINT: 30, M.DELIVERY: 15, M.STORAGE: 10, M.SOCIAL_MEDIA: 8, M.CLOSED_PLACE: 5,
        M.POSTAL: 4, M.LAUNDERING: 7, M.TRANSPORT: 3,
        M.COURIER: 1, QUARREL: 6, VAGUE: 4, NITROUS: 4,
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
    M.DEALING_POINT: {
        P.CANNABIS_RESIN: 35, P.CANNABIS_HERB: 22, P.COCAINE: 22, P.CANNABIS: 8,
        P.HEROIN: 8, P.CRACK: 2, P.MEDICINE: 3,
    },
    M.DEALING_PLACE: {
        P.CANNABIS_RESIN: 30, P.CANNABIS_HERB: 30, P.COCAINE: 12, P.HEROIN: 14,
        P.MEDICINE: 6, P.MDMA: 5, P.UNKNOWN: 3,
    },
    M.DELIVERY: {
        P.COCAINE: 46, P.CANNABIS_HERB: 22, P.CANNABIS_RESIN: 14, P.MDMA: 7,
        P.KETAMINE: 6, P.CATHINONE: 5,
    },
    M.GROWING: {P.CANNABIS_HERB: 1},
    M.STORAGE: {P.CANNABIS_RESIN: 40, P.COCAINE: 30, P.HEROIN: 20, P.CANNABIS_HERB: 10},
    M.SOCIAL_MEDIA: {
        P.COCAINE: 25, P.CANNABIS_HERB: 20, P.MDMA: 15, P.KETAMINE: 12, P.LSD: 8,
        P.SYNTH_CANNABINOID: 12, P.MEDICINE: 8,
    },
    M.TRANSPORT: {P.CANNABIS_RESIN: 35, P.COCAINE: 35, P.HEROIN: 20, P.CANNABIS_HERB: 10},
    M.POSTAL: {
        P.MDMA: 30, P.CATHINONE: 20, P.LSD: 12, P.KETAMINE: 14, P.SYNTH_CANNABINOID: 12,
        P.OPIOID: 6, P.CANNABIS_HERB: 6,
    },
    M.COURIER: {P.COCAINE: 60, P.HEROIN: 30, P.MDMA: 10},
    M.CLOSED_PLACE: {P.MDMA: 30, P.COCAINE: 25, P.KETAMINE: 22, P.GHB: 8, P.CANNABIS_RESIN: 15},
    M.LAUNDERING: {P.UNKNOWN: 1},
    M.LABORATORY: {P.AMPHETAMINE: 60, P.CATHINONE: 40},
    NITROUS: {P.NITROUS_OXIDE: 1},
    QUARREL: {P.CANNABIS: 70, P.COCAINE: 30},
    VAGUE: {P.UNKNOWN: 1},
}  # fmt: skip
SECOND_PRODUCT = 0.2
# Identities that several departments meet: the same networks, seen from both sides.
NETWORKS = 12
MOVING = {M.DELIVERY, M.TRANSPORT, M.SOCIAL_MEDIA, M.COURIER}


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
    is_staged: bool = False  # of the story: told on its day, to everybody


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
    return situation


@cache
def network(name):
    """The vehicle, the numbers and the names of one network: the same anywhere, any day."""
    chance = Random(f"network {name}")  # noqa: S311 - invents data, protects none
    said = {"plate": draw_plate(chance), "phone": draw_phone(chance)}
    said["alias"] = chance.choice(ALIASES)
    said["vehicle"] = draw_vehicle(chance, said)
    return {slot: Words(words) for slot, words in said.items()}


def draw_products(chance, kind):
    first = pick(chance, PRODUCTS[kind])
    if chance.random() > SECOND_PRODUCT:
        return (first,)
    return tuple(dict.fromkeys((first, pick(chance, PRODUCTS[kind]))))
