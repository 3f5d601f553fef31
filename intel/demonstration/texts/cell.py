"""What the cell and the units add to a report: subjects, comments, reasons, answers."""

from intel.demonstration.texts import NITROUS, QUARREL, VAGUE
from intel.models import Feedback, Restriction
from intel.models.choices import Mode
from intel.states import State

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
    Mode.CLOSED_PLACE: ("Vente dans un établissement, {town}", "Rassemblement festif, {town}"),
    Mode.LAUNDERING: ("Blanchiment présumé, {street}", "Flux d'espèces, {town}"),
    Mode.LABORATORY: ("Installation chimique suspecte, {street}",),
    NITROUS: ("Protoxyde d'azote, {place}",),
    QUARREL: ("Mise en cause entre proches, {town}",),
    VAGUE: ("Signalement imprécis, {town}",),
}

# What the analyst thinks, apart from the facts.
COMMENTS = (
    "Source unique. Description cohérente avec ce mode opératoire.",
    "Élément nouveau : la date. À confirmer avant toute orientation.",
    "Secteur déjà signalé en {month}. Les éléments décrits restent comparables.",
    "Intéresse aussi l'unité compétente pour {town2} : même mode, même période.",
    "À revoir après la prochaine réunion mensuelle, selon le retour de l'unité attributaire.",
    "Faits anciens de plus d'une semaine lors de la transmission.",
    "Vigilance moyenne. Pas d'élément sur des armes ni sur des mineurs.",
    "Pas d'élément antérieur sur ce secteur {of_town}. Première mention depuis {month}.",
    "Hypothèse : réserve distincte du lieu de remise. Rien ne le confirme pour le moment.",
    "Vérification simple à demander à l'unité de terrain, sans contact avec les intéressés.",
)
COMMENTS_ON_PLACES = (
    "Vraisemblable : le lieu offre deux issues et une vue dégagée sur la rue.",
    "Élément de contexte : fermeture récente d'un autre lieu de vente, déplacement possible.",
    "Les créneaux décrits ({hours}) sont à confirmer par un passage discret.",
    "Présence quotidienne à établir avant de parler de point de deal.",
)
COMMENTS_ON_HEARSAY = (
    "Le rédacteur n'a pas vu l'échange lui-même. Information à tenir pour indirecte.",
    "Le ton est excédé, mais les faits sont précis.",
    "Prudence : l'auteur parle aussi d'un différend de voisinage.",
    "Aucune vérification possible en l'état. Demander le créneau exact si l'auteur se manifeste.",
    "Description trop générale pour être exploitée seule ; utile si un second signalement arrive.",
)
COMMENTS_ON_VEHICLES = (
    "Le véhicule cité ({plate}) est à rechercher dans les autres fiches du trimestre.",
    "Recherche à conduire sur {plate}, possible véhicule de location.",
)
# These name an earlier report that every reader of this one can open.
COMMENTS_THAT_LINK = (
    "À rapprocher de {reference} : même lieu.",
    "Corrobore en partie {reference}.",
    "Même situation que {reference}, décrite autrement.",
    "Voir {reference} pour les faits antérieurs ; le lieu est inchangé.",
)

# Why a move was made, where the table of moves asks for a reason.
REASONS = {
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

FEEDBACKS = {
    State.EXPLOITED: (
        (Feedback.Outcome.EXPLOITED, "Votre information a été exploitée. Merci de signaler toute reprise."),
        (Feedback.Outcome.ACTED, "Une action a été menée sur place."),
        (Feedback.Outcome.USEFUL, "Information utile, elle a complété d'autres éléments."),
        (Feedback.Outcome.NOT_DISCLOSED, ""),
    ),
    State.NO_FURTHER_ACTION: (
        (Feedback.Outcome.NO_FURTHER_ACTION, "Les vérifications n'ont rien confirmé."),
        (Feedback.Outcome.KNOWN, "Ces faits étaient déjà connus."),
        (Feedback.Outcome.RECEIVED, ""),
    ),
}  # fmt: skip

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

INVITATION = "Prévention en milieu scolaire : avis demandé avant la prochaine réunion."
