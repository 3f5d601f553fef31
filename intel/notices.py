"""What members may be told of: one line a kind, in words for people. The whole list.

Pure: no query here. `intel.actions.telling` tells, `intel.access.notices` says who still reads
what he was told. A kind without a line here is a KeyError; one more is one more line.
"""

from dataclasses import dataclass

from django.db import models

from services.roles import Right, may, may_any, roles_with


class Way(models.TextChoices):
    """How a member is told; a mail holds a number and a link, never more."""

    NONE = "none", "Rien"
    HERE = "here", "Dans l’application"
    DAILY = "daily", "Dans l’application, et un courriel par jour"
    NOW = "now", "Dans l’application, et un courriel aussitôt"


@dataclass(frozen=True)
class Notice:
    """One kind: its line on the page, when it is told, and to whom it may be.

    `right` is what its reader's role must hold. `is_inside` tells it to those who follow the life
    of the report, not to whoever reads its text from outside (a guest, another department).
    `asks` waits for an answer: to stop following a report does not silence it. `to_followers`
    adds whoever follows the report. `page` names where one answers, when it is not the sheet.
    """

    words: str
    when: str
    right: Right = Right.READ
    is_inside: bool = True
    asks: bool = False
    to_followers: bool = False
    usual: Way = Way.HERE
    page: str = ""
    anchor: str = ""

    @property
    def is_brought(self):
        """Told to a unit that reads nothing, of what it brought itself."""
        return self.right == Right.CONTRIBUTE


NOTICES = {
    # What waits for an answer.
    "tasking.received": Notice(
        "Une fiche est orientée vers votre unité",
        "La cellule confie une fiche à mon unité",
        Right.ANSWER, asks=True, usual=Way.NOW,
    ),
    "tasking.unacknowledged": Notice(
        "Une orientation attend que votre unité la prenne en compte",
        "Mon unité n’a pas pris une orientation dans les temps",
        Right.ANSWER, asks=True, usual=Way.DAILY, page="tasking_list",
    ),
    "tasking.unanswered": Notice(
        "Une orientation attend la réponse de votre unité",
        "Mon unité n’a pas répondu à une orientation à sa date",
        Right.ANSWER, asks=True, usual=Way.DAILY, page="tasking_list",
    ),
    "report.to_complete": Notice(
        "La cellule demande un complément",
        "La cellule demande de compléter une fiche de mon unité",
        Right.WRITE, asks=True, usual=Way.DAILY,
    ),
    "feedback.due": Notice(
        "Un retour est à faire au contributeur",
        "L’unité attributaire a fini : un retour est à faire",
        Right.DIRECT, asks=True,
    ),
    "access.asked": Notice(
        "Quelqu’un demande à lire une fiche de votre unité",
        "On demande l’accès à une fiche de mon unité",
        Right.WRITE, asks=True, usual=Way.DAILY, page="request_list",
    ),
    "release.asked": Notice(
        "Une levée de restriction attend une seconde personne",
        "Un collègue demande la levée d’une restriction",
        Right.WRITE, asks=True, usual=Way.DAILY, page="request_list",
    ),
    "accord.asked": Notice(
        "Une unité demande votre accord pour une fiche H2",
        "On demande l’accord de mon unité pour une fiche H2",
        Right.WRITE, asks=True, usual=Way.DAILY, page="request_list",
    ),
    "handover.asked": Notice(
        "Une fiche est proposée à votre unité",
        "Une unité propose de transférer une fiche à la mienne",
        Right.WRITE, asks=True, usual=Way.DAILY, page="request_list",
    ),
    "correction.proposed": Notice(
        "Une unité propose une correction",
        "Une unité propose de corriger une fiche de la mienne",
        Right.WRITE, asks=True, page="request_list",
    ),
    "mention.made": Notice(
        "On s’adresse à votre unité dans la discussion d’une fiche",
        "On s’adresse à mon unité dans la discussion d’une fiche",
        asks=True, usual=Way.DAILY, anchor="complements",
    ),
    "task.given": Notice(
        "Une tâche vous est donnée sur une fiche",
        "On me donne une tâche sur une fiche, ou à mon unité",
        Right.WRITE, is_inside=False, asks=True, anchor="travail",
    ),
    "restriction.due": Notice(
        "Une restriction est à revoir",
        "Une restriction de mon unité arrive à son jour de revue",
        Right.WRITE, asks=True, usual=Way.DAILY, page="restriction_list",
    ),
    "silence.due": Notice(
        "Un mode silencieux est à revoir",
        "Un mode silencieux de mon unité arrive à son jour de revue",
        Right.WRITE, asks=True, usual=Way.DAILY, page="deconfliction",
    ),
    "units.met": Notice(
        "Une autre unité travaille au même endroit ou sur la même cible",
        "La déconfliction met mon unité en rapport avec une autre",
        Right.WRITE, asks=True, usual=Way.NOW,
    ),
    "protocol.ending": Notice(
        "Le protocole du département prend fin bientôt",
        "Le protocole arrive à 90, 30 puis 7 jours de sa fin",
        Right.ADMIT, is_inside=False, asks=True, usual=Way.DAILY,
    ),
    "action.silent": Notice(
        "Des actions de votre unité attendent leur point trimestriel",
        "Mon unité n’a rien dit, pour un trimestre, d’une action de la stratégie",
        Right.ANSWER, is_inside=False, asks=True, usual=Way.DAILY, page="strategy_list",
    ),
    "action.overdue": Notice(
        "Une action de votre unité a passé son échéance",
        "Une action de la stratégie confiée à mon unité passe son échéance",
        Right.ANSWER, is_inside=False, asks=True, usual=Way.DAILY, page="strategy_list",
    ),
    # What has happened.
    "report.triaged": Notice(
        "La cellule a trié une fiche de votre unité",
        "La cellule trie ou écarte une fiche de mon unité",
        Right.WRITE,
    ),
    "feedback.received": Notice(
        "La cellule vous fait un retour",
        "La cellule fait un retour sur une fiche de mon unité",
        usual=Way.DAILY, anchor="retour",
    ),
    "tasking.informed": Notice(
        "Une fiche est signalée à votre unité, pour information",
        "La cellule signale une fiche à mon unité, pour information",
        Right.ANSWER,
    ),
    "tasking.answered": Notice(
        "L’unité attributaire a répondu",
        "Une unité répond à une orientation",
        Right.DIRECT, to_followers=True,
    ),
    "complement.added": Notice(
        "Une unité a ajouté un complément",
        "On complète une fiche de mon unité, ou une fiche que je suis",
        to_followers=True, anchor="complements",
    ),
    "match.made": Notice(
        "La cellule rapproche deux fiches",
        "La cellule rapproche une fiche de mon unité d’une autre que je lis",
    ),
    "report.corrected": Notice(
        "Une fiche que vous avez lue est corrigée",
        "Une fiche que j’ai reçue ou lue est corrigée",
        is_inside=False, to_followers=True,
    ),
    "report.withdrawn": Notice(
        "Une fiche que vous avez lue est écartée",
        "Une fiche que j’ai reçue ou lue est écartée (doublon, hors champ)",
        is_inside=False, to_followers=True, usual=Way.DAILY,
    ),
    "search.found": Notice(
        "Une fiche entre dans une recherche que vous suivez",
        "Une fiche entre dans une recherche suivie dès qu’elle change",
        is_inside=False, usual=Way.NOW,
    ),
    "search.gathered": Notice(
        "Une fiche est entrée dans une recherche que vous suivez",
        "Des fiches sont entrées dans une recherche suivie par jour ou par semaine",
        is_inside=False, usual=Way.DAILY,
    ),
    "report.moved": Notice(
        "Une fiche que vous suivez a avancé",
        "Une fiche que je suis change d’étape",
        to_followers=True,
    ),
    "report.invited": Notice(
        "On vous invite à lire une fiche",
        "On m’invite à lire une fiche",
        is_inside=False, usual=Way.DAILY,
    ),
    "access.granted": Notice(
        "L’accès que vous demandiez est accordé",
        "L’accès que je demandais m’est accordé",
        is_inside=False, usual=Way.NOW,
    ),
    "release.decided": Notice(
        "Votre demande de levée a une réponse",
        "Un collègue répond à ma demande de levée",
        Right.WRITE,
    ),
    "accord.decided": Notice(
        "Votre demande d’accord a une réponse",
        "On répond à une demande d’accord de mon unité",
        is_inside=False, page="request_list",
    ),
    "correction.decided": Notice(
        "Votre correction a une réponse",
        "On répond à une correction que mon unité a proposée",
        Right.WRITE, page="request_list",
    ),
    "handover.decided": Notice(
        "Votre proposition de transfert a une réponse",
        "On répond à un transfert que mon unité a proposé",
        Right.WRITE,
    ),
    "copies.superseded": Notice(
        "Des exemplaires que vous avez imprimés sont périmés",
        "Une note dont j’ai imprimé des exemplaires est réécrite ou remplacée",
        Right.PRINT_EDITIONS,
    ),
    # What a unit that reads nothing is told of its own contributions.
    "contribution.asked": Notice(
        "La cellule demande une précision sur une contribution",
        "La cellule demande une précision sur une de mes contributions",
        Right.CONTRIBUTE, asks=True, usual=Way.DAILY,
    ),
    "contribution.triaged": Notice(
        "La cellule a décidé d’une contribution",
        "La cellule retient ou écarte une de mes contributions",
        Right.CONTRIBUTE, usual=Way.DAILY,
    ),
    "contribution.told": Notice(
        "La cellule vous fait un retour sur une contribution",
        "La cellule fait un retour sur une de mes contributions",
        Right.CONTRIBUTE, usual=Way.DAILY,
    ),
}  # fmt: skip


def kinds_of(member):
    """The kinds that the role of this member may be told of."""
    return [kind for kind, notice in NOTICES.items() if may(notice.right)(member)]


def roles_told(kind):
    """The roles that may be told of this kind."""
    return roles_with(NOTICES[kind].right)


# Whoever may be told of anything has a page for it.
may_be_told = may_any(*{notice.right for notice in NOTICES.values()})
