"""The register of processing, from what the protocol and the settings say: nothing is typed again.

No report and no figure of reports: what is declared to the authority, and how it is kept.
"""

from django.conf import settings
from django.utils.text import capfirst

from cross.printing.content import Bullets, Document, Paragraph, Run, Section, Table, TableColumn
from cross.printing.words import read_words
from cross.ui.templatetags.words import counted, day
from intel.models.choices import IdentifierKind, Origin
from intel.retention import SHORTENED, TERMS, Rule
from protocols.reading.seats import seats
from services.roles import DUTIES, Right, Role

NEVER_KEPT = "Aucune donnée d’origine, d’opinion, de religion ni de santé"
NEVER = (
    f"{NEVER_KEPT} ; aucune note qui réunisse la "
    "cotation de la source et celle de l’information ; aucune prédiction sur une personne."
)
SECURITY = (
    "Chaque fiche n’est lue que par les unités que le protocole admet, et le temps qu’il les "
    "admet ; celles qu’une unité réserve, par les seules unités qu’elle nomme.",
    "Comptes nominatifs, habilités pour un temps, à deux facteurs.",
    "Signalements d’origine, coordonnées de leurs auteurs et propos des sources humaines scellés, "
    "chacun sous une clé qui est détruite avec lui.",
    "Journal des six opérations de l’article 25 de la directive 2016/680 et des refus, chaîné et "
    "signé.",
    "Sauvegardes chiffrées ; effacement réel à l’échéance.",
)


def register_document(protocol, member, copy):
    """The entry of one protocol, as it stands today."""
    department = protocol.department
    return Document(
        title="Registre des traitements",
        subject=protocol.title,
        reference=f"Protocole {department.code}-{protocol.pk} registre",
        issuer=f"CROSS {department.of_name}",
        scope=f"{department.name} ({department.code})",
        notice="Données fictives" if settings.DEMONSTRATION else "",
        copy=copy,
        about=(
            ("Traitement", "Renseignement opérationnel sur les stupéfiants"),
            ("Service animateur", str(protocol.lead_service)),
            ("Protocole signé le", day(protocol.signed_on)),
        ),
        sections=(
            Section("Fondement et finalités", read_words(protocol.legal_basis)),
            Section("Données", (_said(_data()), Paragraph((Run(NEVER),)))),
            Section("Destinataires", (_recipients(protocol), _said(_without_content()))),
            Section("Durées", (_terms(protocol), _said([*SHORTENED, *_shorter()]))),
            Section("Sécurité", (_said(SECURITY),)),
        ),
        numbered=True,
    )


def _said(lines):
    return Bullets(tuple((Run(line),) for line in lines))


def identifiers():
    """The kinds of identifiers that are kept, in words."""
    return f"identifiants : {', '.join(_within(str(label)) for label in IdentifierKind.labels)}."


def _within(label):
    """As it is written inside a sentence: capitals of « IMEI » stay."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _data():
    origins = ", ".join(str(label).lower() for label in Origin.labels)
    yield f"Origine de l’information : {origins}."
    yield "Faits rapportés, commentaire de l’analyste, lieu, dates, véhicules, personnes citées."
    yield capfirst(identifiers())
    yield "Aucune identité de source humaine : une nature d’origine et un code de sa seule unité."


def _recipients(protocol):
    return Table(
        "Unités qui participent aujourd’hui",
        (TableColumn("Unité"), TableColumn("Accès"), TableColumn("Jusqu’au")),
        tuple(
            (line.unit.name, line.access, day(line.row.ends_on) or "Fin du protocole")
            for line in seats(protocol).running
        ),
    )


def _without_content():
    for role in Role:
        if Right.READ not in DUTIES[role].rights:
            yield f"{role.label} : {DUTIES[role].description}"


def _terms(protocol):
    told = protocol.retention_months
    ours = f"{counted(told, 'mois')} après son dernier élément utile" if told else ""
    rows = [
        (rule.label, ours if rule == Rule.REPORT and ours else TERMS[rule].words) for rule in Rule
    ]
    return Table(
        "Durées de conservation", (TableColumn("Règle"), TableColumn("Gardée")), tuple(rows)
    )


def _shorter():
    days = (
        ("Coordonnées de l’auteur d’un signalement", settings.TIP_CONTACT_DAYS),
        ("Saisie abandonnée, brouillon supprimé", settings.DISCARDED_DAYS),
        ("Valeur recherchée en déconfliction", settings.CHECKED_VALUE_DAYS),
        ("Opération déclarée, une fois finie", settings.PLANNED_EVENT_DAYS),
        ("Fichier déposé et non importé", settings.IMPORT_DAYS),
        ("Fichier d’exemplaires imprimés", settings.COPY_FILE_DAYS),
        ("Courriel d’avis", settings.LETTER_DAYS),
    )
    for what, many in days:
        yield f"{what} : {counted(many, 'jour')}."
    yield f"Ligne du journal : {counted(settings.JOURNAL_YEARS, 'an')}."
