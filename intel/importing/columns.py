"""Which column of a file says what: recognised by its title, corrected by a person, remembered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from intel.extraction.letters import tokens

CLOSE_ENOUGH = 88


@dataclass(frozen=True, slots=True)
class Target:
    """What a column may feed. ``titles`` are those under which portals export it, folded."""

    name: str
    label: str
    titles: tuple[str, ...]
    hint: str = ""
    required: bool = False


TARGETS = (
    Target(
        "reference", "Référence du portail",
        ("reference portail", "reference", "ref", "numero", "numero signalement", "identifiant",
         "id", "n signalement", "numero de signalement", "reference signalement"),
        "Évite d’importer deux fois le même signalement.", required=True,
    ),
    Target(
        "received", "Date de réception",
        ("date reception", "recu le", "date de reception", "date depot", "date signalement",
         "date de signalement", "depose le", "horodatage", "date creation", "date"),
        "À défaut, la date de l’import.",
    ),
    Target(
        "occurred", "Date des faits",
        ("date faits", "date des faits", "faits", "survenu le", "periode", "quand"),
        "Un jour, une période, ou rien.",
    ),
    Target(
        "commune", "Commune",
        ("commune", "ville", "nom commune", "localite", "commune des faits", "libelle commune"),
        "La commune ou son code est nécessaire.",
    ),
    Target(
        "commune_code", "Code Insee ou code postal",
        ("code insee", "insee", "code commune", "code postal", "cp", "codeinsee", "codepostal"),
    ),
    Target(
        "place", "Lieu",
        ("lieu", "adresse", "lieu des faits", "adresse des faits", "rue", "emplacement", "ou"),
    ),
    Target("neighbourhood", "Quartier", ("quartier", "secteur", "nom quartier", "qpv")),
    Target(
        "description", "Description",
        ("description", "texte", "message", "contenu", "faits signales", "signalement", "detail",
         "details", "commentaire", "recit", "expose"),
        "Le texte du signalement, tel que reçu.", required=True,
    ),
    Target(
        "products", "Produits",
        ("produits", "produit", "stupefiants", "substance", "substances", "type de produit"),
    ),
    Target(
        "days_and_hours", "Jours et horaires",
        ("jours horaires", "jours et horaires", "horaires", "creneaux", "heures", "frequence",
         "jours et creneaux", "heure"),
    ),
    Target(
        "vehicles", "Véhicules",
        ("vehicules", "vehicule", "immatriculation", "immatriculations", "plaque"),
    ),
    Target(
        "persons", "Individus",
        ("personnes", "individus", "personne", "description individus", "auteurs", "nombre"),
    ),
    Target(
        "contact", "Coordonnées de l’auteur",
        ("contact", "coordonnees", "email", "mail", "telephone", "courriel", "declarant"),
        "Effacées au bout de 90 jours ; jamais recopiées dans la fiche.",
    ),
)  # fmt: skip

BY_NAME = {target.name: target for target in TARGETS}
# Without a commune, one way or the other, a tip belongs to no territory.
EITHER = ("commune", "commune_code")


def propose_mapping(
    header: Iterable[str], remembered: Mapping[str, str] | None = None
) -> dict[str, str]:
    """{target: column title}: what was remembered, then the same title, then a close one."""
    titles = list(header)
    mapping = {
        target: title
        for target, title in (remembered or {}).items()
        if target in BY_NAME and title in titles
    }
    folded = {title: " ".join(tokens(title)) for title in titles}
    for is_same in (_is_same, _is_close):
        for target in TARGETS:
            if target.name in mapping:
                continue
            free = [title for title in titles if title not in mapping.values()]
            found = next((title for title in free if is_same(folded[title], target)), None)
            if found is not None:
                mapping[target.name] = found
    return mapping


def _is_same(title: str, target: Target) -> bool:
    return title in target.titles


def _is_close(title: str, target: Target) -> bool:
    """A slip, or one word more: "date_recepion", "commune_lieu_des_faits"."""
    return len(title) >= 5 and any(
        fuzz.ratio(title, known) >= CLOSE_ENOUGH for known in target.titles if len(known) >= 5
    )


def faults_of_mapping(mapping: Mapping[str, str]) -> list[tuple[str, str]]:
    """What keeps a mapping from being used: (target, French sentence) pairs."""
    faults = [
        (target.name, "Indiquez la colonne\u00a0: sans elle, aucune ligne ne peut être importée.")
        for target in TARGETS
        if target.required and not mapping.get(target.name)
    ]
    if not any(mapping.get(name) for name in EITHER):
        faults.append(("commune", "Indiquez la colonne de la commune, ou celle de son code."))
    seen: dict[str, str] = {}
    for target in TARGETS:
        title = mapping.get(target.name, "")
        if title and title in seen:
            faults.append(
                (target.name, f"Cette colonne sert déjà pour «\u00a0{seen[title]}\u00a0».")
            )
        elif title:
            seen[title] = target.label
    return faults
