"""What came of an action, of a report or of a place: one closed list, in the words of services.

`intel` says the same words of what a unit answers when it was asked to act on a report.
"""

from dataclasses import dataclass

from django.db import models


class OutcomeKind(models.TextChoices):
    SEIZURE = "saisie", "Saisie de produits"
    ARREST = "interpellation", "Interpellation"
    CLOSURE = "fermeture", "Fermeture d’un lieu"
    ASSETS = "avoirs", "Avoirs saisis"
    DISPLACED = "deplace", "Trafic déplacé"
    NOTHING = "rien", "Sans résultat"


@dataclass(frozen=True)
class Measure:
    """The figure that goes with an outcome; `unit` is agreed with it by `counted`."""

    label: str
    unit: str
    most: int


MEASURES = {
    OutcomeKind.SEIZURE: Measure("Quantité saisie, en grammes", "g,g", 50_000_000),
    OutcomeKind.ARREST: Measure("Personnes interpellées", "personne", 500),
    OutcomeKind.ASSETS: Measure("Avoirs saisis, en euros", "€,€", 1_000_000_000),
}
