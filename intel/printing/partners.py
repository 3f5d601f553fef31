"""What a note never says to partners, said once: a test prints this list and searches the file.

Partners are those outside the services that sit under the protocol: mayors, landlords, schools.
`intel.reading.brief_partners` leaves these out; the figures, the map and the axes stay.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Internal:
    code: str
    words: str


INTERNAL = (
    Internal("cell", "Le fonctionnement de la cellule, ses indicateurs et ses réunions"),
    Internal("unit", "Les unités au-dessous du service"),
    Internal("member", "Les noms d’agents : qui rédige, valide, agit ou imprime"),
    Internal("handling", "Les codes d’exploitation et ce que chacun réserve"),
    Internal("register", "Le motif de l’impression et le registre des exemplaires"),
)
# Sections that are internal whole, by their code in `intel.reading.brief_sections`.
SECTIONS = frozenset({"cell"})
# What stands for the name of somebody.
SOMEBODY = "un agent"
RESERVED = "réservé"
REASON = "Communication aux partenaires"
