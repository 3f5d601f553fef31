"""One operation and one French sentence a verb; one without a line here cannot be recorded."""

from dataclasses import dataclass

from cross.audit.models import Operation


@dataclass(frozen=True)
class Wording:
    operation: Operation
    sentence: str


VERBS = {
    "access.refused": Wording(Operation.REFUSAL, "Accès refusé"),
    "access.ended": Wording(Operation.REFUSAL, "Accès refusé : habilitation terminée"),
    "session.opened": Wording(Operation.CONSULTATION, "Ouverture de session"),
    "session.closed": Wording(Operation.CONSULTATION, "Fermeture de session"),
    "session.refused": Wording(Operation.REFUSAL, "Identifiants refusés"),
    "report.drafted": Wording(Operation.COLLECTION, "Brouillon enregistré"),
    "report.created": Wording(Operation.COLLECTION, "Renseignement enregistré"),
    "report.read": Wording(Operation.CONSULTATION, "Fiche consultée"),
    "report.listed": Wording(Operation.CONSULTATION, "Liste consultée"),
    "report.searched": Wording(Operation.CONSULTATION, "Recherche effectuée"),
    "report.changed": Wording(Operation.CHANGE, "Fiche modifiée"),
    "report.moved": Wording(Operation.CHANGE, "Étape franchie"),
    "report.move_undone": Wording(Operation.CHANGE, "Étape annulée"),
    "report.graded": Wording(Operation.CHANGE, "Cotation modifiée"),
    "report.restricted": Wording(Operation.CHANGE, "Diffusion restreinte"),
    "report.released": Wording(Operation.CHANGE, "Restriction levée"),
    "report.tasked": Wording(Operation.COMMUNICATION, "Orientation vers une unité"),
    "report.answered": Wording(Operation.CHANGE, "Réponse à une orientation"),
    "report.fed_back": Wording(Operation.COMMUNICATION, "Retour au contributeur"),
    "report.linked": Wording(Operation.COMBINATION, "Rapprochement de deux fiches"),
    "report.exported": Wording(Operation.COMMUNICATION, "Liste exportée"),
    "report.printed": Wording(Operation.COMMUNICATION, "Fiche imprimée"),
    "report.erased": Wording(Operation.ERASURE, "Fiche effacée"),
    "report.invited": Wording(Operation.COMMUNICATION, "Accès ponctuel ouvert"),
    "report.invitation_prolonged": Wording(Operation.CHANGE, "Accès ponctuel prolongé"),
    "report.invitation_ended": Wording(Operation.CHANGE, "Accès ponctuel terminé"),
    "report.shared": Wording(Operation.COMMUNICATION, "Fiche partagée avec un département"),
    "report.share_ended": Wording(Operation.CHANGE, "Partage avec un département terminé"),
    "access.asked": Wording(Operation.CONSULTATION, "Accès à une fiche demandé"),
    "access.withdrawn": Wording(Operation.CHANGE, "Demande d’accès retirée"),
    "access.granted": Wording(Operation.COMMUNICATION, "Demande d’accès accordée"),
    "access.declined": Wording(Operation.CHANGE, "Demande d’accès refusée"),
    "accord.asked": Wording(Operation.CONSULTATION, "Accord d’exploitation demandé"),
    "accord.given": Wording(Operation.COMMUNICATION, "Accord d’exploitation donné"),
    "accord.declined": Wording(Operation.CHANGE, "Accord d’exploitation refusé"),
    "accord.withdrawn": Wording(Operation.CHANGE, "Demande d’accord retirée"),
    "requests.listed": Wording(Operation.CONSULTATION, "Demandes consultées"),
    "draft.discarded": Wording(Operation.ERASURE, "Brouillon supprimé"),
    "attachment.added": Wording(Operation.COLLECTION, "Pièce jointe ajoutée"),
    "attachment.read": Wording(Operation.CONSULTATION, "Pièce jointe ouverte"),
    "attachment.removed": Wording(Operation.ERASURE, "Pièce jointe supprimée"),
    "identifier.confirmed": Wording(Operation.COLLECTION, "Identifiant confirmé"),
    "identifier.removed": Wording(Operation.ERASURE, "Identifiant retiré"),
    "tips.uploaded": Wording(Operation.COLLECTION, "Fichier de signalements déposé"),
    "tips.imported": Wording(Operation.COLLECTION, "Signalements importés"),
    "tips.undone": Wording(Operation.ERASURE, "Import annulé"),
    "tips.forgotten": Wording(Operation.ERASURE, "Coordonnées d’auteurs effacées"),
    "tips.read": Wording(Operation.CONSULTATION, "Import consulté"),
    "summary.requested": Wording(Operation.COMBINATION, "Synthèse demandée"),
    "summary.built": Wording(Operation.COMBINATION, "Synthèse construite"),
    "summary.read": Wording(Operation.CONSULTATION, "Synthèse consultée"),
    "edition.created": Wording(Operation.COLLECTION, "Note de stratégie créée"),
    "edition.read": Wording(Operation.CONSULTATION, "Note de stratégie consultée"),
    "edition.changed": Wording(Operation.CHANGE, "Note de stratégie modifiée"),
    "edition.validated": Wording(Operation.CHANGE, "Note de stratégie validée"),
    "edition.reopened": Wording(Operation.CHANGE, "Note de stratégie rouverte"),
    "edition.printed": Wording(Operation.COMMUNICATION, "Note de stratégie imprimée"),
    "protocol.read": Wording(Operation.CONSULTATION, "Protocole consulté"),
    "unit.admitted": Wording(Operation.CHANGE, "Unité admise au protocole"),
    "unit.withdrawn": Wording(Operation.CHANGE, "Unité retirée du protocole"),
    "member.created": Wording(Operation.COLLECTION, "Compte créé"),
    "member.changed": Wording(Operation.CHANGE, "Compte modifié"),
    "member.password_changed": Wording(Operation.CHANGE, "Mot de passe changé"),
    "commune.corrected": Wording(Operation.CHANGE, "Zone ou ressort corrigé"),
    "demonstration.filled": Wording(Operation.COLLECTION, "Données de démonstration créées"),
    "journal.read": Wording(Operation.CONSULTATION, "Journal consulté"),
}


def sentence(verb):
    return VERBS[verb].sentence
