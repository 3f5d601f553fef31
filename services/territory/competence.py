"""Who is competent in a commune: police or gendarmerie, and which judicial court.

No open national list gives either. What follows are rules of thumb, **starting points to be
corrected** in each department against the official lists: the order that sets the police
districts, the annexes of the *code de l'organisation judiciaire* for the courts. Every commune has
an override for each, with a reason, and loading a territory again never touches the overrides.
"""

from dataclasses import dataclass

# Paris and the three departments around it are wholly under the prefect of police.
ALL_POLICE = {"75", "92", "93", "94"}
POLICE_FROM = 20_000
POLICE_SEAT_FROM = 10_000

# Arrondissements that have a court of their own; the others go to the seat of the department.
# Épinal keeps Épinal and Neufchâteau; Nancy keeps Nancy, Lunéville and Toul.
COURT_BY_ARRONDISSEMENT = {
    "883": "88413",  # Saint-Dié-des-Vosges
    "541": "54099",  # Val de Briey
}


@dataclass(frozen=True, slots=True)
class CourtRecord:
    code: str  # Insee code of the commune where it sits
    name: str


def is_police_zone(line, *, seats):
    """The rule for one commune; `seats` are the seats of the department and its arrondissements.

    Police from 20,000 inhabitants, from 10,000 in a seat, everywhere in Paris and its three
    neighbours; gendarmerie elsewhere. A population that is unknown counts as none.
    """
    if line.department in ALL_POLICE:
        return True
    return (line.population or 0) >= (POLICE_SEAT_FROM if line.code in seats else POLICE_FROM)


def seats_of(department, arrondissements):
    """Insee codes of the prefecture and sub-prefectures, from the records of official.py."""
    return {department.seat_code} | {one.seat_code for one in arrondissements}


def court_of(line, department):
    """Insee code of the seat of the court: that of the arrondissement, else of the department."""
    return COURT_BY_ARRONDISSEMENT.get(line.arrondissement, department.seat_code)


def court_record(seat):
    """From the line of the commune where it sits."""
    return CourtRecord(seat.code, f"Tribunal judiciaire {seat.of_name}")
