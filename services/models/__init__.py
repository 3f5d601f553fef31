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
from services.models.withdrawal import FactorWithdrawal

__all__ = [
    "Arrondissement",
    "Commune",
    "Court",
    "Department",
    "Epci",
    "FactorWithdrawal",
    "Member",
    "NeighbourLink",
    "Neighbourhood",
    "Service",
    "Unit",
    "Zone",
]
