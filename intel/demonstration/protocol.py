"""What was signed. The Vosges: the real protocol, as published; elsewhere, invented.

The names of those who signed are invented everywhere.
"""

import io
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from intel.actions import renewals
from protocols import actions, clauses
from protocols.actions import annexes
from protocols.models import Protocol, Rhythm, Signature
from protocols.reading import protocol as reading
from services.models import Member, Service
from services.roles import Role

KIND = Service.Kind
A4 = (827, 1169)  # pixels, at 100 to the inch


@dataclass(frozen=True)
class Signatory:
    kind: str
    capacity: str
    name: str
    for_another: bool = False  # a representative signed


@dataclass(frozen=True)
class Amended:
    """An amendment: its words, the clauses that it moves, and how many days from today the
    protocol then ends."""

    signed_on: date
    changes: str
    settled: dict = field(default_factory=dict)
    days_left: int | None = None


@dataclass(frozen=True)
class Agreement:
    signed_on: date
    legal_basis: str
    lead: str  # kind of the service that animates the cell
    is_permanent: bool
    signatories: tuple
    clauses: dict = field(default_factory=dict)  # columns of `Protocol`
    days_left: int | None = None  # from today to its end; None: it has none
    amendments: tuple[Amended, ...] = ()


NATIONAL_PLAN = (
    "Mesure n°\u00a014 du plan national de lutte contre les stupéfiants du 17 septembre 2019, qui "
    "prévoit une cellule du renseignement opérationnel sur les stupéfiants par département."
)

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
    clauses={"meets_every": "une fois par mois", "retention_months": 36},
    amendments=(
        Amended(
            date(2023, 6, 15),
            "Avenant inventé pour la démonstration. Appelle un référent de l’Éducation nationale "
            "sur le protoxyde d’azote, au cas par cas et pour un temps. Fixe le jour et le lieu "
            "des réunions. Ramène la durée de conservation de trois ans à deux.",
            {
                "rhythm": Rhythm.MONTH,
                "meets_on_day": 12,
                "meets_at": time(14, 30),
                "meets_where": "Préfecture, salle Jean-Moulin",
                "retention_months": 24,
            },
        ),
        Amended(
            date(2025, 9, 18),
            "Avenant inventé pour la démonstration. Donne au protocole une date de fin, avant "
            "laquelle les signataires font le bilan de la cellule.",
            days_left=330,
        ),
    ),
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
    clauses={
        "rhythm": Rhythm.WEEKS,
        "meets_every_weeks": 2,
        "meets_from": date(2020, 11, 17),
        "meets_at": time(10, 0),
        "meets_where": "Hôtel de police",
        "retention_months": 24,
    },
    # Near enough for its keeper to be told.
    days_left=26,
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
    clauses={"rhythm": Rhythm.MONTH, "meets_on_day": 10, "retention_months": 24},
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
        ends_on=_in_days(agreement.days_left),
        is_permanent=agreement.is_permanent,
        lead_service=services[agreement.lead],
        **agreement.clauses,
    )
    signed = [
        {
            "service": services[signatory.kind],
            "capacity": signatory.capacity,
            "signed_by": signatory.name,
            "is_representative": signatory.for_another,
        }
        for signatory in agreement.signatories
    ]
    Signature.objects.bulk_create(
        Signature(protocol=protocol, rank=rank, signed_on=agreement.signed_on, **said)
        for rank, said in enumerate(signed, start=1)
    )
    for amended in agreement.amendments:
        protocol.refresh_from_db()
        standing = {name: getattr(protocol, name) for name in clauses.COLUMNS}
        actions.amend(
            protocol,
            by=None,
            signed_on=amended.signed_on,
            changes=amended.changes,
            ends_on=_in_days(amended.days_left),
            settled=standing | amended.settled,
            signatories=signed,
        )
    protocol.refresh_from_db()
    return protocol


def _in_days(days):
    return timezone.localdate() + timedelta(days=days) if days else None


def keep(protocol):
    """What its keeper does once his cell is seated: its scanned paper, and what he is told."""
    renewals.remind()
    animators = Member.objects.filter(unit__department=protocol.department_id, unit__is_cell=True)
    animator = animators.filter(role=Role.ANIMATOR).order_by("pk").first()
    if animator is None or protocol.annexes.exists():
        return
    paper = SimpleUploadedFile("protocole-signe.pdf", _paper(protocol))
    kept = annexes.annex(protocol, by=animator, upload=paper)
    if kept.may_be_released:  # no scanner answers in a demonstration
        annexes.release(kept, by=animator)


def _paper(protocol):
    """One scanned page, that says itself to be invented."""
    page = Image.new("L", A4, 250)
    draw = ImageDraw.Draw(page)
    lines = [
        "PROTOCOLE (copie inventee pour la demonstration)",
        f"Departement {protocol.department.code}",
        f"Signe le {protocol.signed_on:%d/%m/%Y}",
        *(f"{each.rank}. ....................." for each in reading.signed(protocol)[None]),
    ]
    for rank, line in enumerate(lines):
        draw.text((90, 110 + 46 * rank), line, fill=40, font_size=22)
    held = io.BytesIO()
    page.save(held, "PDF", resolution=100)
    return held.getvalue()
