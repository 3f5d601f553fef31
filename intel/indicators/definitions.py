"""What each indicator of the cell is: one code, one name, one sentence, wherever it is shown."""

from dataclasses import dataclass
from enum import StrEnum

from intel.summaries.parameters import PARAMETERS


class Code(StrEnum):
    """In the order in which they are read."""

    RECEIVED = "recus"
    DIRECTION = "orientation"
    ACKNOWLEDGEMENT = "prise_en_compte"
    EXPLOITATION = "exploitation"
    RETURN = "retour"
    KNOWN = "deja_connu"
    CORROBORATION = "recoupement"
    CONFLICTS = "conflits"
    PLACES = "lieux"
    REBUILT = "reconstitution"
    SHARING = "partage"


@dataclass(frozen=True)
class Definition:
    """`sentence` goes with every figure; `cases` names what its denominator counts."""

    code: Code
    label: str
    sentence: str
    cases: str = "fiche"


ALL = (
    Definition(
        Code.RECEIVED,
        "Renseignements reçus",
        "Les fiches reçues pendant la période, doublons compris, brouillons exclus. Le service "
        "est celui de l’unité contributrice.",
    ),
    Definition(
        Code.DIRECTION,
        "De la réception à l’orientation",
        "Le délai médian entre la réception et la première orientation, pour les fiches orientées "
        "pour la première fois pendant la période : la moitié ont attendu moins longtemps.",
        "fiche orientée,fiches orientées",
    ),
    Definition(
        Code.ACKNOWLEDGEMENT,
        "De l’orientation à la prise en compte",
        "Le délai médian entre la première orientation et la première prise en compte, pour les "
        "fiches prises en compte pour la première fois pendant la période.",
        "fiche prise en compte,fiches prises en compte",
    ),
    Definition(
        Code.EXPLOITATION,
        "Taux d’exploitation",
        "Parmi les fiches reçues pendant la période et orientées depuis, celles que l’unité "
        "attributaire a déclarées exploitées. Une fiche compte à la date où elle est reçue, "
        "jamais à celle où elle est close. Les doublons et le hors champ ne comptent pas.",
        "fiche orientée,fiches orientées",
    ),
    Definition(
        Code.RETURN,
        "Taux de retour",
        "Parmi les fiches reçues pendant la période, celles dont le contributeur a reçu un "
        "retour. Les doublons et le hors champ ne comptent pas.",
    ),
    Definition(
        Code.KNOWN,
        "Déjà connu",
        "Parmi les fiches reçues pendant la période et dont le contributeur a reçu un retour, "
        "celles pour lesquelles il a appris que l’information était déjà connue.",
        "fiche avec retour,fiches avec retour",
    ),
    Definition(
        Code.CORROBORATION,
        "Recoupement",
        "Parmi les fiches reçues pendant la période, celles dont le fait est aussi rapporté par "
        "un autre service et une autre origine. Les doublons et le hors champ ne comptent pas.",
    ),
    Definition(
        Code.CONFLICTS,
        "Conflits",
        "Les rapprochements d’unités apparus pendant la période, par déconfliction, que vous "
        "connaissez : ceux de votre unité, et pour l’animateur ceux de deux opérations dont les "
        "deux unités sont averties.",
        "conflit",
    ),
    Definition(
        Code.PLACES,
        "Lieux de trafic",
        "Les lieux que citent des fiches ouvertes à toutes les unités, selon le dernier état dit "
        "à la fin de la période. Le solde est le nombre de lieux actifs, sous pression ou "
        "reconstitués à la fin, moins ce nombre la veille de la période.",
        "lieu,lieux",
    ),
    Definition(
        Code.REBUILT,
        f"Reconstitution dans les {PARAMETERS.rebuilt_within_days} jours",
        "Parmi les lieux démantelés pendant la période et depuis plus de "
        f"{PARAMETERS.rebuilt_within_days} jours, ceux dont une fiche dit qu’ils fonctionnaient "
        f"de nouveau dans les {PARAMETERS.rebuilt_within_days} jours.",
        "lieu démantelé,lieux démantelés",
    ),
    Definition(
        Code.SHARING,
        "Taux de partage",
        "La part des fiches de chaque service que toutes les unités peuvent lire, sur douze mois, "
        "par tranche, arrêtée à la fin de chaque mois.",
    ),
)
BY_CODE = {each.code: each for each in ALL}
