"""The closed lists of the trade: one code for the machine, one French label for people.

Codes are stored and never renamed; labels may be reworded. Sources of each list: the French
labels of the Admiralty scale and Europol's handling codes. A list without an official source
(products, modes) is ours: it names what services write today.
"""

from dataclasses import dataclass

from django.db import models

from protocols.outcomes import OutcomeKind


class Origin(models.TextChoices):
    """Where the information comes from, whoever carried it."""

    SERVICE = "service", "Constatation d’un service"
    CITIZEN = "citizen", "Signalement citoyen"
    LETTER = "letter", "Courrier"
    CALL = "call", "Appel téléphonique"
    PARTNER = "partner", "Partenaire (mairie, bailleur, établissement scolaire…)"
    OPEN_SOURCE = "open_source", "Source ouverte"
    HUMAN_SOURCE = "human_source", "Source humaine"


# Brought by persons who are no service: never enough alone to hold a fact as corroborated.
TOLD_BY_THE_PUBLIC = frozenset({Origin.CITIZEN, Origin.LETTER, Origin.CALL})
# What services go and find, which grows with their presence; the rest comes to them by itself.
PROACTIVE = frozenset({Origin.SERVICE, Origin.OPEN_SOURCE, Origin.HUMAN_SOURCE})


class Product(models.TextChoices):
    """What is sold. Nitrous oxide is not a narcotic: it is here because tips speak of it."""

    CANNABIS_RESIN = "cannabis_resine", "Cannabis (résine)"
    CANNABIS_HERB = "cannabis_herbe", "Cannabis (herbe)"
    CANNABIS = "cannabis", "Cannabis (forme non précisée)"
    COCAINE = "cocaine", "Cocaïne"
    CRACK = "crack", "Crack"
    HEROIN = "heroine", "Héroïne"
    MDMA = "mdma", "MDMA / ecstasy"
    AMPHETAMINE = "amphetamine", "Amphétamine"
    KETAMINE = "ketamine", "Kétamine"
    GHB = "ghb", "GHB / GBL"
    CATHINONE = "cathinone", "Cathinones de synthèse (3-MMC…)"
    SYNTH_CANNABINOID = "synth_cannabinoid", "Cannabinoïdes de synthèse"
    LSD = "lsd", "LSD"
    OPIOID = "opioid", "Opioïdes de synthèse"
    MEDICINE = "medicine", "Médicaments détournés"
    NITROUS_OXIDE = "nitrous_oxide", "Protoxyde d’azote (hors stupéfiants)"
    OTHER = "other", "Autre produit"
    UNKNOWN = "unknown", "Produit non précisé"


class Mode(models.TextChoices):
    """How it is sold, moved, made or paid for.

    A *point de deal* is on the public way with dealers there every day; anything else that has
    a place is a *lieu de trafic*.
    """

    DEALING_POINT = "dealing_point", "Point de deal"
    DEALING_PLACE = "dealing_place", "Autre lieu de trafic"
    DELIVERY = "delivery", "Livraison"
    CALL_CENTRE = "call_centre", "Centre d’appel"
    SOCIAL_MEDIA = "social_media", "Réseaux sociaux, messagerie"
    POSTAL = "postal", "Internet, voie postale"
    TRANSPORT = "transport", "Transport, go-fast"
    COURIER = "courier", "Mule"
    STORAGE = "storage", "Stockage, nourrice"
    GROWING = "growing", "Cannabiculture"
    LABORATORY = "laboratory", "Laboratoire"
    LAUNDERING = "laundering", "Blanchiment"
    CLOSED_PLACE = "closed_place", "Milieu fermé"
    OTHER = "other", "Autre mode"


class SourceGrade(models.TextChoices):
    """Reliability of the source. F means unknown, not worst."""

    A = "A", "A : totalement fiable"
    B = "B", "B : habituellement fiable"
    C = "C", "C : assez fiable"
    D = "D", "D : rarement fiable"
    E = "E", "E : non fiable"
    F = "F", "F : fiabilité non estimable"


class InformationGrade(models.TextChoices):
    """Worth of the information, judged apart from its source. 6 means unknown, not worst."""

    ONE = "1", "1 : corroborée par d’autres sources"
    TWO = "2", "2 : probablement vraie"
    THREE = "3", "3 : peut-être vraie"
    FOUR = "4", "4 : douteuse"
    FIVE = "5", "5 : improbable"
    SIX = "6", "6 : véracité non estimable"


class Handling(models.TextChoices):
    """What recipients may do with it; set by the contributor, travels with the report."""

    H0 = "H0", "H0 : exploitable par les destinataires pour prévenir et combattre les infractions"
    H1 = "H1", "H1 : ne pas verser en procédure sans accord du service d’origine"
    H2 = "H2", "H2 : ne pas rediffuser sans accord du service d’origine"
    H3 = "H3", "H3 : autres restrictions, à préciser"


# What leaves a unit that does not own it only with the owner's recorded accord.
ACCORD_WANTED = frozenset({Handling.H2})


class IdentifierKind(models.TextChoices):
    """What can be matched exactly once normalised (see ``intel.extraction.identifiers``)."""

    PHONE = "phone", "Téléphone"
    PLATE = "plate", "Immatriculation"
    EMAIL = "email", "Adresse électronique"
    ACCOUNT = "account", "Compte en ligne, pseudonyme"
    ALIAS = "alias", "Surnom"
    NAME = "name", "Nom et date de naissance"
    ADDRESS = "address", "Adresse"
    IMEI = "imei", "IMEI"
    VIN = "vin", "Numéro de série d’un véhicule"
    WEAPON = "weapon", "Numéro d’une arme"
    BANK = "bank", "Compte bancaire (IBAN)"
    WALLET = "wallet", "Portefeuille de cryptoactifs"
    PARCEL = "parcel", "Numéro de colis"


class AmountKind(models.TextChoices):
    """What a figure of the text measures; a price is euros for one of its unit."""

    SUM = "sum", "Somme"
    PRICE = "price", "Prix"
    QUANTITY = "quantity", "Quantité"


class AmountUnit(models.TextChoices):
    """What is counted. Weights are in grams and volumes in millilitres, so that they add up."""

    EURO = "EUR", "euro"
    GRAM = "g", "gramme"
    MILLILITRE = "ml", "millilitre"
    POUCH = "pochon", "pochon"
    SACHET = "sachet", "sachet"
    DOSE = "dose", "dose"
    WRAP = "kepa", "képa"
    BAR = "barrette", "barrette"
    SOAP = "savonnette", "savonnette"
    SLAB = "plaquette", "plaquette"
    PLATE = "plaque", "plaque"
    PILL = "cachet", "cachet"
    CAPSULE = "gelule", "gélule"
    BLOTTER = "buvard", "buvard"
    PHIAL = "fiole", "fiole"
    ROCK = "caillou", "caillou"
    PELLET = "boulette", "boulette"
    BRICK = "pain", "pain"
    JOINT = "joint", "joint"
    PARCEL = "paquet", "paquet"
    CYLINDER = "bonbonne", "bonbonne"
    CARTRIDGE = "cartouche", "cartouche"
    PLANT = "pied", "pied"
    PIECE = "piece", "pièce"


def _said(kind):
    """The code and the words of an outcome that `protocols` knows too."""
    return kind.value, kind.label


class TaskingOutcome(models.TextChoices):
    """What came of a direction, in the words of the services; never of whom."""

    SEIZURE = _said(OutcomeKind.SEIZURE)
    ARREST = _said(OutcomeKind.ARREST)
    ASSETS = _said(OutcomeKind.ASSETS)
    WEAPONS = "armes", "Saisie d’armes"
    FINES = "amendes", "Amendes forfaitaires"
    CLOSURE = _said(OutcomeKind.CLOSURE)
    JUDICIAL = "judiciarise", "Procédure judiciaire"
    JOINED = "joint", "Joint à un travail en cours"
    CONFIRMED = "confirme", "Information confirmée"
    DISPLACED = _said(OutcomeKind.DISPLACED)
    KNOWN = "connu", "Information déjà connue"
    NOTHING = _said(OutcomeKind.NOTHING)


# What nothing follows from; the others say that the information was used.
WITHOUT_FURTHER_ACTION = (
    TaskingOutcome.DISPLACED,
    TaskingOutcome.KNOWN,
    TaskingOutcome.NOTHING,
)
EXPLOITATIONS = tuple(
    outcome
    for outcome in TaskingOutcome
    if outcome not in {TaskingOutcome.KNOWN, TaskingOutcome.NOTHING}
)


@dataclass(frozen=True)
class Figure:
    """A number that goes with an outcome: a column of `Tasking`, and its unit agreed with it."""

    name: str
    outcome: TaskingOutcome
    label: str
    unit: str
    most: int


FIGURES = (
    Figure("arrested", TaskingOutcome.ARREST, "Personnes interpellées", "personne", 500),
    Figure("grams", TaskingOutcome.SEIZURE, "Produits saisis, en grammes", "g,g", 50_000_000),
    Figure(
        "pieces",
        TaskingOutcome.SEIZURE,
        "Produits saisis, en unités (cachets, plants, bouteilles)",
        "unité",
        1_000_000,
    ),
    Figure("euros", TaskingOutcome.ASSETS, "Avoirs saisis, en euros", "€,€", 1_000_000_000),
    Figure("weapons", TaskingOutcome.WEAPONS, "Armes saisies", "arme", 10_000),
    Figure("fines", TaskingOutcome.FINES, "Amendes forfaitaires dressées", "amende", 10_000),
)
