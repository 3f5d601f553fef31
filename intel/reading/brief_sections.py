"""The sections of the note as the prefecture writes them: order, titles, hints."""

from dataclasses import dataclass

from cross.printing.content import Signatory
from intel.printing.content import StrategyAxis


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
    Part(
        "since",
        "Depuis l’édition précédente",
        "Ce qui explique ce qui a bougé d’une note à l’autre.",
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
    Part(
        "plan",
        "Axes et actions",
        "Ce qui relie les axes, ce qui est attendu d’ici la note suivante. Les actions viennent "
        "de la stratégie.",
    ),
)
STEERING = Part("steering", "Pilotage et suivi", "Comité, rythme, prochaine échéance.")
SIGNATORIES = Part(
    "signatories", "Signataires", "Un par ligne : sa qualité, deux-points, son nom."
)
WRITTEN = (*SECTIONS, STEERING, SIGNATORIES)
LEFT_OUT = "Ce qui a été laissé de côté"


def typed_axes(edition):
    """The axes as typed in the note; none where the strategy gives them."""
    return () if edition.parts.get("strategy") else edition.words.get("axes", ())


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
