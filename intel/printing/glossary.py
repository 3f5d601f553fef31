"""The words of a brief that a reader from outside the services may not know."""

GLOSSARY = (
    ("AFD", "Amende forfaitaire délictuelle."),
    ("CROSS", "Cellule du renseignement opérationnel sur les stupéfiants."),
    ("EPCI", "Établissement public de coopération intercommunale : communauté de communes, "
     "d’agglomération, métropole."),
    ("Fait", "L’événement ou la situation dont parlent un ou plusieurs renseignements ; il compte "
     "une fois."),
    ("Foyer", "Commune qui, avec ses voisines, réunit plus de faits que le hasard n’en donne."),
    ("n.c.", "Non communicable : moins de 5, zéro compris, ou un chiffre qui en ferait retrouver "
     "un autre."),
    ("Point de deal", "Lieu de vente sur la voie publique où des vendeurs sont présents chaque "
     "jour."),
    ("QPV", "Quartier prioritaire de la politique de la ville."),
    ("Reconstitution", "Lieu démantelé où la vente reprend dans les 90 jours."),
    ("Renseignement", "Ce qu’une unité transmet à la cellule ; plusieurs peuvent parler du même "
     "fait."),
    ("Retour", "Ce que le contributeur apprend de la suite donnée à son renseignement."),
    ("SSMSI", "Service statistique ministériel de la sécurité intérieure."),
)  # fmt: skip
