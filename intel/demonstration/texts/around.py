"""What is written around a report: greetings, subjects, comments, reasons, answers."""

from intel.demonstration.texts import NITROUS, QUARREL, VAGUE
from intel.models import Feedback, Restriction
from intel.models.choices import Mode, TaskingOutcome
from intel.states import State

# Around a tip, not always.
OPENERS = (
    "Bonjour.",
    "Bonsoir.",
    "Bonjour, je souhaite rester anonyme.",
    "Signalement anonyme.",
    "Je vous écris parce que je n'en peux plus.",
    "C'est la deuxième fois que j'écris.",
    "Je ne sais pas si c'est le bon endroit pour le dire.",
    "J'ai hésité {weeks} avant de vous écrire.",
    "Message à transmettre au service compétent.",
)
CLOSERS = (
    "Merci de faire quelque chose.",
    "Merci d'avance.",
    "Ne dites surtout pas que cela vient d'un voisin.",
    "Tout le quartier est au courant.",
    "Je ne souhaite pas être recontacté.",
    "On ne se sent plus en sécurité.",
    "D'autres habitants peuvent le confirmer, mais ils n'osent pas.",
    "Cela dure depuis {weeks}.",
    "J'espère que vous passerez {day} ou un autre soir.",
    "Je ne laisse pas mon nom, je crains des représailles.",
)

SUBJECTS = {
    Mode.DEALING_POINT: (
        "Point de deal, {place}",
        "Vente {product:de}, {place}",
        "Activité {hours}, {place}",
    ),
    Mode.DEALING_PLACE: ("Échanges constatés, {place}", "Vente {product:de}, {place}"),
    Mode.DELIVERY: ("Livraison {product:de}, secteur {town}", "Ligne de commande, secteur {town}"),
    Mode.GROWING: ("Culture de cannabis, {street}", "Culture sous abri présumée, {town}"),
    Mode.STORAGE: ("Lieu de stockage, {street}", "Appartement nourrice, {street}"),
    Mode.SOCIAL_MEDIA: ("Vente en ligne, compte {account}", "Compte {account}"),
    Mode.TRANSPORT: ("Convoi {on_axis}", "Transport {product:de} {on_axis}"),
    Mode.POSTAL: ("Colis suspects, {town}", "Envois postaux {product:de}, {town}"),
    Mode.COURIER: ("Transport sur soi {product:de}, {town}",),
    Mode.CLOSED_PLACE: ("Vente {product:de} en milieu fermé, {town}",),
    Mode.LAUNDERING: ("Blanchiment présumé, {street}", "Flux d'espèces, {town}"),
    Mode.LABORATORY: ("Installation chimique suspecte, {street}",),
    NITROUS: ("Protoxyde d'azote, {place}",),
    QUARREL: ("Mise en cause entre proches, {town}",),
    VAGUE: ("Signalement imprécis, {town}",),
}

# What the analyst thinks, apart from the facts.
COMMENTS = (
    "Source unique. Description cohérente avec ce mode opératoire.",
    "À confirmer par un second élément avant toute action sur place.",
    "Intéresse aussi l’unité compétente pour {town2}.",
    "À revoir à la prochaine réunion mensuelle, selon le retour de l’unité attributaire.",
    "Vigilance moyenne. Pas d’élément sur des armes.",
    "Hypothèse : plusieurs personnes se partagent les tâches. Rien ne le confirme pour le moment.",
    "Vérification simple à demander à l’unité de terrain, sans contact avec les intéressés.",
    "Information transmise oralement à l’unité compétente le jour même.",
    "Élément utile pour la synthèse {of_town}, même sans suite opérationnelle immédiate.",
    "Le mode décrit gagne des communes voisines : à suivre sur le trimestre.",
)
COMMENTS_ON_PLACES = (
    "Vraisemblable : le lieu offre deux issues et une vue dégagée.",
    "Déplacement possible depuis un lieu de vente contrôlé récemment.",
    "Créneaux à confirmer par un passage discret.",
    "Présence quotidienne à établir avant de parler de point de deal.",
)
COMMENTS_ON_HEARSAY = (
    "Un seul auteur, anonyme : à tenir pour indirect tant qu'un second élément ne le recoupe pas.",
    "À relire si un second signalement arrive sur le même lieu.",
    "Les habitants craignent d'être reconnus : aucune prise de contact directe.",
    "Le niveau de détail laisse penser à un témoin direct.",
)
COMMENTS_ON_NOTHING = (
    "Mise en cause personnelle ou rumeur, sans fait vérifiable.",
    "Aucun élément matériel. Conservé pour la seule statistique.",
    "Rien ne permet de vérifier. Aucune suite proposée.",
)
COMMENTS_ON_VEHICLES = (
    "Le véhicule cité ({plate}) est à rechercher dans les autres fiches du trimestre.",
    "Recherche à conduire sur {plate}, possible véhicule de location.",
)
# These name an earlier report that every reader of this one can open.
LINKING_COMMENTS = (
    "À rapprocher de {reference} : même lieu.",
    "Corrobore en partie {reference}.",
    "Même situation que {reference}, décrite autrement.",
    "Voir {reference} pour les faits antérieurs ; le lieu est inchangé.",
)

# What the cell expects of the unit in charge; not always said.
INSTRUCTIONS = (
    "",
    "Confirmer ou infirmer par deux passages à des heures différentes.",
    "Identifier le véhicule et son utilisateur habituel, sans contact.",
    "Relever les jours et les heures d’affluence sur deux semaines.",
    "Dire si ces faits rejoignent un travail en cours chez vous.",
)

# Why a move was made, where the table of moves asks for a reason.
REASONS = {
    State.RECEIVED: (
        "Le maire a rappelé avec des précisions.",
        "Un second signalement parle du même lieu.",
    ),
    State.TO_COMPLETE: (
        "Préciser l'adresse et le créneau horaire.",
        "Demander au rédacteur s'il a vu l'échange lui-même.",
        "Indiquer l'origine exacte de l'information.",
    ),
    State.OUT_OF_SCOPE: (
        "Conflit privé sans élément vérifiable.",
        "Aucun fait : ni lieu, ni heure, ni description.",
        "Ne concerne pas les stupéfiants ; transmis au service compétent.",
    ),
    State.URGENT: (
        "Transaction annoncée pour le soir même : patrouille avisée.",
        "Mineur exposé : permanence prévenue par téléphone.",
    ),
    State.DECLINED: (
        "Hors de notre zone de compétence.",
        "Plan de charge : nous ne pouvons pas y donner suite avant deux mois.",
        "Déjà suivi par une autre unité sous un autre angle.",
    ),
    State.EXPLOITED: (
        "Intégré à un travail en cours.",
        "Contrôles menés sur place, fréquentation en baisse.",
        "Lieu surveillé à trois reprises, organisation confirmée.",
        "Élément utile, transmis à l'autorité judiciaire.",
    ),
    State.NO_FURTHER_ACTION: (
        "Vérifications faites, rien de confirmé.",
        "Information trop ancienne pour être exploitée.",
        "Lieu visité deux fois, aucune activité.",
    ),
}

# What the unit in charge came to when it wrote that, with the numbers that it gave.
OUTCOMES = {
    "Intégré à un travail en cours.": ((TaskingOutcome.JOINED,), {}),
    "Contrôles menés sur place, fréquentation en baisse.": (
        (TaskingOutcome.SEIZURE, TaskingOutcome.FINES),
        {"grams": 45, "fines": 6},
    ),
    "Lieu surveillé à trois reprises, organisation confirmée.": (
        (TaskingOutcome.CONFIRMED,),
        {},
    ),
    "Élément utile, transmis à l'autorité judiciaire.": (
        (TaskingOutcome.ARREST, TaskingOutcome.JUDICIAL),
        {"arrested": 2},
    ),
    "Vérifications faites, rien de confirmé.": ((TaskingOutcome.NOTHING,), {}),
    "Information trop ancienne pour être exploitée.": ((TaskingOutcome.KNOWN,), {}),
    "Lieu visité deux fois, aucune activité.": ((TaskingOutcome.DISPLACED,), {}),
}

FEEDBACKS = {
    State.EXPLOITED: (
        (Feedback.Outcome.EXPLOITED, "Information exploitée. Merci de signaler toute reprise."),
        (Feedback.Outcome.ACTED, "Une action a été menée sur place."),
        (Feedback.Outcome.USEFUL, "Information utile, elle a complété d’autres éléments."),
        (Feedback.Outcome.NOT_DISCLOSED, ""),
    ),
    State.NO_FURTHER_ACTION: (
        (Feedback.Outcome.NO_FURTHER_ACTION, "Les vérifications n’ont rien confirmé."),
        (Feedback.Outcome.KNOWN, "Ces faits étaient déjà connus."),
        (Feedback.Outcome.RECEIVED, ""),
    ),
}

RESTRICTIONS = {
    Restriction.Reason.SOURCE: ("", "Peu de personnes pouvaient le savoir."),
    Restriction.Reason.INQUIRY: ("", "Suivi en cours par l'unité nommée."),
    Restriction.Reason.OPERATION: ("", "Opération prévue dans les prochaines semaines."),
    Restriction.Reason.PERSON: ("Mineur cité.", "Personne hébergée sous contrainte."),
    Restriction.Reason.OTHER: ("À la demande de la hiérarchie, jusqu'à la prochaine réunion.",),
}

HANDLING_NOTES = (
    "Exploitation réservée à l'unité contributrice jusqu'à la fin de la surveillance.",
    "Ne pas évoquer au contact du public ni des partenaires locaux.",
)

RELEASE = "La surveillance est terminée : rien ne s’oppose plus à ce que tous la lisent."
INVITATION = "Prévention en milieu scolaire\u00a0: avis demandé avant la prochaine réunion."
