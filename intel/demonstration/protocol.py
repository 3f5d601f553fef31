"""What was signed. The Vosges: the real protocol, as published; elsewhere, invented.

The names of those who signed are invented everywhere.
"""

from dataclasses import dataclass
from datetime import date

from protocols import actions
from protocols.models import Protocol, Signature
from services.models import Service

KIND = Service.Kind


@dataclass(frozen=True)
class Signatory:
    kind: str
    capacity: str
    name: str
    for_another: bool = False  # a representative signed


@dataclass(frozen=True)
class Agreement:
    signed_on: date
    legal_basis: str
    lead: str  # kind of the service that animates the cell
    is_permanent: bool
    meets_every: str
    signatories: tuple
    amendment: str = ""


NATIONAL_PLAN = (
    "Mesure n°\u00a014 du plan national de lutte contre les stupéfiants du 17 septembre 2019, qui "
    "prévoit une cellule du renseignement opérationnel sur les stupéfiants par département."
)

AMENDED_ON = date(2023, 6, 15)
VOSGES = Agreement(
    signed_on=date(2020, 9, 24),
    legal_basis=NATIONAL_PLAN + "\n\n"
    "La cellule a trois missions. Centraliser et analyser toutes les informations sur les trafics "
    "locaux, y compris celles des citoyens, pour établir une territorialisation de la menace. "
    "Mettre l’ensemble du renseignement à la disposition de tous les services et unités "
    "contributeurs. Proposer une stratégie locale.\n\n"
    "Cellule non permanente, animée par le groupement de gendarmerie départementale, avec des "
    "représentants permanents de la gendarmerie, de la police et de la douane. Des référents "
    "d’autres domaines y sont appelés au cas par cas.",
    lead=KIND.GENDARMERIE,
    is_permanent=False,
    meets_every="une fois par mois",
    amendment="Avenant inventé pour la démonstration. Appelle un référent de l’Éducation "
    "nationale sur le protoxyde d’azote, au cas par cas et pour un temps.",
    signatories=(
        Signatory(KIND.PREFECTURE, "Préfet des Vosges", "Étienne Vauclaire"),
        Signatory(
            KIND.GENDARMERIE,
            "Commandant du groupement de gendarmerie départementale",
            "Colonel Sylvain Marchal",
        ),
        Signatory(
            KIND.POLICE,
            "Directeur départemental de la sécurité publique",
            "Commissaire divisionnaire Valérie Pierrat",
        ),
        Signatory(
            KIND.JUDICIAL_POLICE,
            "Directeur interrégional de la police judiciaire",
            "Commissaire général Philippe Astier",
            for_another=True,
        ),
        Signatory(
            KIND.BORDER_POLICE,
            "Directeur zonal de la police aux frontières",
            "Commissaire Delphine Ruault",
            for_another=True,
        ),
        Signatory(
            KIND.CUSTOMS,
            "Directeur interrégional des douanes",
            "Gérard Tisserand",
            for_another=True,
        ),
        Signatory(
            KIND.RESEARCH_SECTION,
            "Commandant de la section de recherches",
            "Lieutenant-colonel Arnaud Feltin",
        ),
        Signatory(
            KIND.GIR,
            "Chef du groupe interministériel de recherches",
            "Commandante Nathalie Grandjean",
        ),
    ),
)

INVENTED = (
    NATIONAL_PLAN + "\n\nProtocole inventé pour la démonstration. Ni sa date, ni ses signataires, "
    "ni son organisation ne sont ceux d’un protocole existant."
)

MEURTHE_ET_MOSELLE = Agreement(
    signed_on=date(2020, 11, 12),
    legal_basis=INVENTED,
    lead=KIND.POLICE,
    is_permanent=True,
    meets_every="toutes les deux semaines",
    signatories=(
        Signatory(KIND.PREFECTURE, "Préfet de Meurthe-et-Moselle", "Marie-Laure Castel"),
        Signatory(
            KIND.POLICE, "Directeur départemental de la sécurité publique", "Jean-Marc Oudin"
        ),
        Signatory(
            KIND.GENDARMERIE,
            "Commandant du groupement de gendarmerie départementale",
            "Colonel Xavier Bastien",
        ),
        Signatory(KIND.CUSTOMS, "Directeur interrégional des douanes", "Gérard Tisserand"),
    ),
)

ANYWHERE = Agreement(
    signed_on=date(2021, 3, 3),
    legal_basis=INVENTED,
    lead=KIND.GENDARMERIE,
    is_permanent=False,
    meets_every="une fois par mois",
    signatories=(
        Signatory(KIND.PREFECTURE, "Préfet du département", "Pascale Morvan"),
        Signatory(
            KIND.GENDARMERIE,
            "Commandant du groupement de gendarmerie départementale",
            "Colonel Hugo Ferrand",
        ),
        Signatory(KIND.POLICE, "Directeur départemental de la sécurité publique", "Inès Courtois"),
        Signatory(KIND.CUSTOMS, "Directeur régional des douanes", "Bastien Royer"),
    ),
)

AGREEMENTS = {"88": VOSGES, "54": MEURTHE_ET_MOSELLE}


def sign(department, services):
    """The protocol of the department, made with its signatures if there is none.

    `services` are those of the department by kind.
    """
    found = Protocol.objects.filter(department=department).order_by("-starts_on", "-pk").first()
    if found:
        return found
    agreement = AGREEMENTS.get(department.code, ANYWHERE)
    protocol = Protocol.objects.create(
        department=department,
        title="Protocole de mise en place de la cellule du renseignement opérationnel sur les "
        f"stupéfiants {department.of_name}",
        legal_basis=agreement.legal_basis,
        signed_on=agreement.signed_on,
        starts_on=agreement.signed_on,
        is_permanent=agreement.is_permanent,
        lead_service=services[agreement.lead],
        meets_every=agreement.meets_every,
    )
    Signature.objects.bulk_create(
        Signature(
            protocol=protocol,
            rank=rank,
            service=services[signatory.kind],
            capacity=signatory.capacity,
            signed_by=signatory.name,
            is_representative=signatory.for_another,
            signed_on=agreement.signed_on,
        )
        for rank, signatory in enumerate(agreement.signatories, start=1)
    )
    if agreement.amendment:
        actions.amend(protocol, by=None, signed_on=AMENDED_ON, changes=agreement.amendment)
    return protocol
