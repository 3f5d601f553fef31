"""Who and where."""

from services.models.member import Member
from services.models.service import Service, Unit
from services.models.territory import (
    Arrondissement,
    Commune,
    Court,
    Department,
    Epci,
    Neighbourhood,
    NeighbourLink,
    Zone,
)

__all__ = [
    "Arrondissement",
    "Commune",
    "Court",
    "Department",
    "Epci",
    "Member",
    "NeighbourLink",
    "Neighbourhood",
    "Service",
    "Unit",
    "Zone",
]
