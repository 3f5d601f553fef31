"""What services write, each in its own manner: gendarmerie notes, police minutes, customs…"""

from intel.demonstration.texts import NITROUS
from intel.models.choices import Mode

GENDARMERIE = {
    Mode.DEALING_POINT: (
        "CONTEXTE : surveillance générale {at_town}, le {date} vers {time}.\nFAITS : {group} stationnent {where}. À la vue du véhicule sérigraphié, l'un d'eux quitte les lieux en courant et abandonne un sachet contenant {grams} {product:de}. Guetteur {lookout}.",
        "CONTEXTE : service de sécurisation du quartier, {at_town}.\nFAITS : entre {hour_range}, {visits} personnes s'arrêtent {where} moins de deux minutes chacune. Le vendeur porte {clothes} et se sert {stash}.\nPARTENAIRES : police municipale, bailleur.",
        "Renseignement recueilli au contact d'un commerçant {of_town} le {date}. La vente a lieu {where}, {hours}. Les clients règlent en espèces, {price} l'unité. Le lieu serait tenu par un nommé {alias}, sans autre précision.",
    ),
    Mode.DEALING_PLACE: (
        "CONTEXTE : patrouille à pied {at_town}, le {date}.\nFAITS : à {time}, {vehicle}, plaque {plate}, stationne {where}. {man:c} s'approche, échange un objet contre des billets et repart à pied.",
        "Le {date} à {time}, contact avec l'agent d'entretien de la commune : il retrouve depuis {weeks} des emballages {where}. Passages constatés {hours}.",
        "CONTEXTE : contrôle de zone, {at_town}.\nFAITS : {group} {where}. Contrôle de l'un d'eux, porteur de {grams} {product:de} pour son usage. Il déclare avoir acheté sur place {price}, {ago}.",
        "Échange avec le maire {of_town} le {date}. Rassemblements {where}, {hours}. Véhicule habituel : {car}, plaque {plate}. Pas de constat direct à ce jour.",
    ),
    Mode.DELIVERY: (
        "CONTEXTE : contrôle routier {on_axis}, commune {of_town}, le {date}.\nFAITS : {car}, plaque {plate}, deux téléphones allumés, {amount} en petites coupures, {grams} {product:de} conditionnés en {doses} pochons. Le conducteur se dit livreur de repas.",
        "Lors d'un contrôle d'alcoolémie le {date} à {time}, un conducteur remet {grams} {product:de}. Il indique commander au {phone} et se faire livrer {at_town}, {street}.",
        "FAITS : un usager entendu sur un autre sujet explique le mode de vente : message au {phone}, réponse avec l'heure, remise à la vitre {of_the_vehicle}. Secteur : {town}, {town2}.\nCOMMENTAIRE DU RÉDACTEUR : à recouper avec les contrôles routiers.",
        "Patrouille du {date}, {time}, {street}, {at_town} : {vehicle}, plaque {plate}, effectue trois arrêts de moins d'une minute. Le passager remet un objet à des piétons. Pas d'intervention, pour ne pas donner l'alerte.",
    ),
    Mode.GROWING: (
        "CONTEXTE : reconnaissance en forêt à la suite d'un signalement, commune {of_town}, le {date}.\nFAITS : {plants} pieds sous bâche, arrosage par goutte-à-goutte depuis un ruisseau. Traces de pas récentes. Aucune personne sur place.",
        "Survol du secteur {of_town} le {date} : clairière géométrique de {metres} de long, non visible du chemin. Accès par la route {of_town2}. Cliché joint au dossier de l'unité.",
        "CONTEXTE : visite d'un pavillon pour un dégât des eaux, {at_town}, {street}.\nFAITS : les pompiers ont vu une pièce équipée de lampes, de ventilateurs et de {plants} pots. L'occupant a refusé l'accès à l'étage.",
        "Renseignement d'un exploitant agricole : {vehicle}, plaque {plate}, emprunte chaque {day} le chemin qui mène à une grange isolée, {street}. Ventilation audible, vitres peintes en noir.",
        "FAITS : consommation électrique sans rapport avec l'occupation d'un corps de ferme situé {street}, {at_town}. Deux personnes y logent sans en sortir. Ravitaillement {hours} par {vehicle}.",
    ),
    Mode.TRANSPORT: (
        "CONTEXTE : service de nuit {on_axis}, {at_town}, le {date}.\nFAITS : à {night}, convoi de deux véhicules à très vive allure, direction {direction}. Second véhicule : {car}, plaque {plate}. Premier véhicule non identifié.",
        "Lecture de plaque le {date} à {night} {on_axis} : {plate} ({car}), quatrième passage en {weeks}, toujours dans le sens {direction} et retour dans la nuit.",
        "Contact avec un employé de l'aire {of_town} le {date} : {vehicle} et un fourgon {foreign_plate} se retrouvent vers {night}. Des sacs passent d'un coffre à l'autre, les conducteurs ne se parlent pas.",
        "FAITS : contrôle {of_the_vehicle} ({plate}) {on_axis}. Rien de découvert, mais odeur marquée, coffre vide et doublé, téléphone neuf sans contact. Le conducteur dit se rendre chez un ami, direction {direction}, et ne sait pas donner d'adresse.",
    ),
    Mode.STORAGE: (
        "Renseignement d'un bailleur privé : box loué en espèces depuis {weeks}, {street}, {at_town}. Passages {hours}. Véhicules relevés : {car}, plaque {plate}.",
        "CONTEXTE : différend familial, {at_town}, le {date}.\nFAITS : la compagne indique que des sacs sont déposés chez elle par un nommé {alias} et qu'elle ne doit pas les ouvrir. Elle refuse d'être entendue par écrit.",
    ),
    Mode.SOCIAL_MEDIA: (
        "FAITS : au cours d'une intervention au collège, des élèves {of_town} citent le compte {account}. Il propose {some}, remise en main propre {where}.",
        "Exploitation volontaire d'un téléphone remis par les parents d'un mineur : offres {product:de} par le compte {account}, numéro de contact {phone}, créneau annoncé {hours}.",
    ),
    Mode.CLOSED_PLACE: (
        "CONTEXTE : contrôle d'un débit de boissons {of_town}, le {date} à {evening}.\nFAITS : {grams} {product:de} trouvés derrière un radiateur, trois clients quittent les lieux. Le nommé {alias} est décrit comme le fournisseur.",
        "Rassemblement festif annoncé sur un terrain privé, commune {of_town}. {visits} véhicules attendus. Vente {product:de} évoquée sur le groupe de préparation.",
    ),
    Mode.POSTAL: (
        "Le {date}, la factrice {of_town} signale des plis bombés adressés à une maison inoccupée, {street}. Numéro relevé sur le dernier : {parcel}.",
    ),
    Mode.LABORATORY: (
        "CONTEXTE : odeur de solvants signalée {street}, {at_town}.\nFAITS : fenêtres occultées, extracteur artisanal en toiture, {cans} bidons de {litres} litres près du garage. Aucun contact avec l'occupant.",
    ),
    NITROUS: (
        "Patrouille du {date} à {time} : {group} autour d'un véhicule {where}, bonbonnes au sol. Vente à l'unité, {price}. Véhicule : {car}, plaque {plate}.",
    ),
}

POLICE = {
    Mode.DEALING_POINT: (
        "Le {date} à {time}, les effectifs de la brigade anticriminalité observent {where} un va-et-vient caractéristique. {group:c} y tiennent la place, un guetteur est {lookout}. Quatre acheteurs contrôlés à distance, porteurs {product:de}.",
        "Surveillance discrète du {date}, de {hours_span}. {visits} transactions relevées {where}. Le vendeur se ravitaille {stash}. Il porte {clothes}.",
        "Opération de pilonnage {where} le {date} : un sachet de {grams} {product:de} découvert {stash}, pas d'interpellation. Reprise de l'activité constatée à {time}.",
        "Un acheteur interpellé le {date} déclare s'être fourni {where} pour {price}. Il décrit {man} et un second qui garde {bag}.",
        "Reprise de la vente {where} après l'opération du mois dernier. Horaires avancés : {hours}. Le guetteur est désormais {lookout}.",
        "Le gardien d'immeuble remet au commissariat un carnet trouvé {stash}, {where} : chiffres, initiales et le surnom {alias}. Remis le {date}.",
        "Renseignement de voie publique du {date}. Les vendeurs {where} auraient reçu des véhicules de location : {car}, plaque {plate}. Changement toutes les deux semaines.",
    ),
    Mode.DEALING_PLACE: (
        "Contrôle sur réquisitions le {date} à {time}, {where}. {group:c}, l'un porteur de {grams} {product:de}. Véhicule à proximité : {car}, plaque {plate}.",
        "Riverains contactés lors d'un îlotage le {date} : ventes rapides {where}, {hours}, par {man} qui arrive à vélo.",
    ),
    Mode.DELIVERY: (
        "Le {date}, contrôle {of_the_vehicle} ({plate}) {street}, {at_town}. Le conducteur détient trois téléphones et {amount}. Un appel entrant affiche une commande {product:de}.",
        "Un usager verbalisé le {date} explique passer commande au {phone}. Délai annoncé : quarante minutes. Le livreur change, la voiture reste : {car}.",
        "Point sur les livraisons {at_town} : le {phone} diffuse une offre chaque {day}. Les remises se font {street} et {at_town2}, toujours à la vitre de la voiture.",
    ),
    Mode.STORAGE: (
        "Information recueillie le {date} : un logement du {floor}, {street}, servirait de dépôt au point voisin. Une personne vulnérable y serait hébergée sous contrainte.",
        "Lors d'une ronde dans les caves du {number} {street}, le {date}, découverte de {doses} pochons vides, d'une balance et d'un reste {product:de}. La cave n'est attribuée à personne.",
        "Un parking souterrain {at_town} abriterait un véhicule ventouse, {car}, plaque {plate}, jamais déplacé mais ouvert {hours}.",
    ),
    Mode.SOCIAL_MEDIA: (
        "Veille du {date} : le compte {account} propose {some}, tarif {price}, retrait {where}. Une vidéo montre un paysage reconnaissable {of_town}.",
        "Une mère remet des captures d'écran : son fils a acheté {some} auprès de {account}. Paiement par recharge prépayée.",
    ),
    Mode.TRANSPORT: (
        "Le {date} à {night}, un équipage croise {vehicle} ({plate}) et un second véhicule à très vive allure {on_axis}. Pas de poursuite, danger pour les usagers.",
    ),
    Mode.CLOSED_PLACE: (
        "Contrôle d'un établissement de nuit {at_town}, le {date} : des sachets {product:de} jetés au sol à l'arrivée des effectifs. Le personnel désigne un client surnommé {alias}.",
        "Selon un agent de sécurité entendu le {date}, la vente {product:de} se fait aux toilettes de l'établissement, {street}, après {evening}.",
    ),
    Mode.POSTAL: (
        "Un point relais {at_town} signale le retrait répété de colis par {man}, sous trois noms différents. Numéro conservé : {parcel}.",
    ),
    Mode.LAUNDERING: (
        "Contrôle administratif d'un commerce, {number} {street}, le {date}. Stock dérisoire, caisse de {amount} en espèces, aucun client en deux heures. {car} à l'usage du gérant.",
    ),
    Mode.LABORATORY: (
        "Le {date}, intervention pour une odeur suspecte {street}, {at_town}. Verrerie et {cans} bidons vus par l'entrebâillement. Le locataire a quitté les lieux avant l'arrivée des effectifs spécialisés.",
    ),
    NITROUS: (
        "Le {date} à {time}, vente de bonbonnes constatée {where} depuis {vehicle}, plaque {plate}. {visits} cartons vides dans le coffre.",
    ),
}

CUSTOMS = {
    Mode.TRANSPORT: (
        "Contrôle dynamique {on_axis}, sens {direction}, le {date} à {time}. {car}, plaque {plate}. Le chien marque l'arrière du véhicule. Fouille négative, mais fixations de sièges récentes.",
        "Ensemble routier contrôlé {on_axis} le {date}. Documents de transport incohérents : {palettes} palettes, dont une sans étiquette. Chargement déclaré pour {abroad}. Plaque {foreign_plate}.",
        "Le {date} à {night}, {car} ({plate}) fait demi-tour avant le point de contrôle {of_town}. Reprise de vue quinze minutes plus tard direction {direction}.",
        "Véhicule de location {car} ({plate}), conducteur seul, aller et retour dans la journée vers {abroad}, {amount} en espèces non déclarées. Passage {on_axis} le {date}.",
        "Ciblage à partir des péages : {plate} ({car}), {visits} passages en {weeks}, toujours dans la nuit du {day}, parcours {direction} et retour.",
        "Fourgon {foreign_plate} contrôlé le {date} {on_axis}. Cache aménagée vide dans le plancher, traces {product:de} au test. Le conducteur dit ignorer son existence.",
    ),
    Mode.POSTAL: (
        "Contrôle postal du {date} : envoi {parcel} à destination {of_town}, {grams_high} de produit déclarés « complément alimentaire ». Destinataire inconnu à l'adresse, {street}.",
        "Envoi {parcel} retenu le {date}, {grams_high} {product:de} dans une doublure de vêtement. Livraison prévue {street}, {at_town}. Troisième envoi du même expéditeur en {weeks}.",
        "Transporteur privé : colis {parcel}, poids déclaré sans rapport avec le contenu, adressé à un point relais {of_town}. Le téléphone indiqué est le {phone}.",
        "Série de plis venus de l'étranger, même écriture, adresses différentes {at_town} et {at_town2}. Dernier numéro : {parcel}. Présomption {product:de}.",
    ),
    Mode.COURIER: (
        "Contrôle en gare {of_town} le {date} à {time}. {man:c}, sans bagage en soute, billet acheté une heure avant, nervosité marquée, itinéraire passant par {abroad}. Test positif sur les mains.",
        "Passager d'un autocar contrôlé {on_axis} le {date}. Il transporte {grams_high} {product:de} et déclare devoir remettre le sac {at_town}, contre {price_high}.",
    ),
    Mode.LAUNDERING: (
        "Contrôle {on_axis} le {date} : {amount_high} en petites coupures sous le siège {of_the_vehicle} ({plate}). Aucun justificatif. Le conducteur indique travailler pour un commerce {of_town}.",
    ),
    Mode.DELIVERY: (
        "Contrôle du {date} à {time}, {at_town} : {car} ({plate}), {doses} doses {product:de} sous le tapis, sac isotherme vide. Application de livraison ouverte sans aucune course.",
    ),
}

JUDICIAL_POLICE = {
    Mode.DEALING_POINT: (
        "Selon un renseignement recoupé, le point situé {where} serait approvisionné chaque {day} par {vehicle}, plaque {plate}. Chiffre d'affaires estimé à {amount_high} par semaine.",
        "Changement d'équipe {where} depuis {weeks}. La nouvelle organisation dépendrait d'un nommé {alias}, joignable au {phone}. Tensions possibles avec la précédente.",
    ),
    Mode.DELIVERY: (
        "Une ligne {phone} centralise les commandes {product:de} sur {town}, {town2} et les communes voisines. Deux livreurs identifiés par leurs véhicules, dont {car} ({plate}).",
        "La plateforme {account} renvoie vers le {phone}. Livraisons {hours}. Le réapprovisionnement se ferait depuis {direction}, une à deux fois par semaine.",
    ),
    Mode.TRANSPORT: (
        "Un approvisionnement serait prévu {on_axis} dans la nuit de {day}, en deux véhicules. Ouvreur : {car}, plaque {plate}. Arrivée vers {night}, {at_town}.",
        "Équipe itinérante utilisant des véhicules faussement plaqués. Dernière plaque connue : {plate} sur {vehicle}. Trajets réguliers entre {direction} et {town}.",
    ),
    Mode.STORAGE: (
        "Un appartement conspiratif aurait été pris {street}, {at_town}, au nom d'un tiers. Ravitaillement {hours}. Véhicule associé : {car}, plaque {plate}.",
        "Recherche d'un lieu de stockage de repli {at_town} après les contrôles. Un garage {street} a été visité par {man} le {date}.",
    ),
    Mode.LABORATORY: (
        "Achats groupés de solvants et d'acide réglés en espèces, livrés {at_town}, {street}. Volume sans rapport avec l'activité déclarée. Dernière livraison le {date}.",
    ),
    Mode.LAUNDERING: (
        "Un commerce {of_town}, {number} {street}, encaisserait les recettes de deux points de vente. Retraits d'espèces fractionnés, {amount_high} en {weeks}.",
    ),
}

BORDER_POLICE = {
    Mode.TRANSPORT: (
        "Contrôle d'un fourgon {foreign_plate} {on_axis} le {date} à {night}. Passager sans bagage, deux téléphones, trajet vers {abroad} répété {visits} fois depuis le début de l'année.",
        "Signalement d'un équipage le {date} : {vehicle} ({plate}) attend chaque {day} un autocar international sur l'aire {of_town} et récupère un sac.",
        "Vérification {on_axis} le {date}. Carte grise {of_the_vehicle} falsifiée, plaque {plate}. Le véhicule a été vu deux fois cette semaine direction {direction}.",
    ),
    Mode.COURIER: (
        "Contrôle à bord d'un autocar {on_axis} le {date}. {man:c} porteur de {grams_high} {product:de} dans une ceinture. Il devait descendre {at_town} et appeler le {phone}.",
    ),
}

RESEARCH_SECTION = {
    Mode.TRANSPORT: (
        "Surveillance {on_axis}, le {date} : rencontre de vingt minutes entre {vehicle} ({plate}) et un fourgon {foreign_plate}. Retour direct vers {town}.",
        "Départs observés {at_town} vers {direction} tous les dix à douze jours, autour de {night}, toujours avec {vehicle} ({plate}). Dernier départ le {date}.",
    ),
    Mode.STORAGE: (
        "Repérage d'un entrepôt {street}, {at_town}. Trois serrures neuves, caméra autonome. Passage {of_the_vehicle} ({plate}) {hours}.",
    ),
    Mode.GROWING: (
        "Site de culture présumé dans un ancien atelier, {street}, {at_town}. Isolation refaite, groupe électrogène, {plants} pots livrés en {weeks}. Gardiennage permanent.",
        "Réseau de plusieurs cultures sous abri entre {town} et {town2}. Le même véhicule, {car} ({plate}), dessert les sites chaque {day}.",
    ),
    Mode.DELIVERY: (
        "Exploitation en cours sur une ligne de commande ({phone}). Secteurs : {town}, {town2}. Le donneur d'ordre, surnommé {alias}, ne se déplace jamais.",
    ),
}

GIR = {
    Mode.LAUNDERING: (
        "Train de vie sans rapport avec les revenus déclarés : {car} ({plate}), travaux réglés en espèces, {street}, {at_town}. Rapprochement utile avec les points de vente voisins.",
        "Société de location de véhicules domiciliée {at_town}, {number} {street}. {visits} voitures au parc, aucun site, clientèle connue pour trafic. Plaque relevée : {plate}.",
        "Commerce d'alimentation {of_town} : dépôts d'espèces de {amount_high} en {weeks}, achats fournisseurs presque nuls.",
        "Acquisition d'un bien {street}, {at_town}, au nom d'un proche sans ressources, apport de {amount_high}. Travaux en cours, artisans payés en liquide.",
    ),
    Mode.STORAGE: (
        "Un box et un appartement, {street}, {at_town}, sont loués par la même société écran. Visites {hours} par {man}.",
    ),
}

OPEN_SOURCES = {
    Mode.SOCIAL_MEDIA: (
        "Canal public consulté le {date} : {account}. Carte des produits avec photographies, {product} à {price}, secteurs {town} et {town2}. {visits} abonnés de plus en une semaine.",
        "Annonce de recrutement vue le {date} : {account} cherche « deux guetteurs et un chauffeur » pour {town}, payés {price_high} par jour.",
        "Story publique du compte {account} : offre spéciale du {day}, livraison {town} - {town2}, numéro affiché {phone}.",
        "Un avis laissé en ligne vante la rapidité du vendeur {account} et cite {town}. Le profil renvoie vers une messagerie chiffrée.",
    ),
    Mode.CLOSED_PLACE: (
        "Évènement annoncé sur un réseau social pour ce week-end, « secteur {town} », lieu communiqué la veille. Les commentaires évoquent {some}.",
    ),
    Mode.DEALING_POINT: (
        "Vidéo publique mise en ligne le {date} : on y voit une file d'attente {where}, {at_town}, et un tarif affiché au mur. Le compte est {account}.",
    ),
}

HUMAN_SOURCES = {
    Mode.DEALING_POINT: (
        "La source indique que le point tenu {where} est ravitaillé chaque {day}. Le responsable, surnommé {alias}, ne touche pas la marchandise. Recette déposée vers {time}.",
        "Selon la source, les vendeurs {where} sont payés {price_high} par jour et changés toutes les trois semaines. Un conflit couve au sujet d'une dette.",
    ),
    Mode.DELIVERY: (
        "La source donne le numéro de commande en service : {phone}. L'ancien a été abandonné {ago}. Le livreur principal circule avec {vehicle}.",
        "D'après la source, l'équipe de livraison {of_town} a recruté deux conducteurs. Véhicules connus : {car} ({plate}) et un scooter.",
    ),
    Mode.STORAGE: (
        "La source situe la réserve dans un logement du {floor}, {street}. Elle serait déplacée chaque {day}. Quantité évoquée : {kilos} {product:de}.",
        "La source indique qu'un véhicule sert de cache : {car}, plaque {plate}, stationné {street}. Il n'est déplacé que la nuit.",
    ),
    Mode.TRANSPORT: (
        "La source annonce une remontée pour {day} en huit, {on_axis}. Deux véhicules, dont {car}. Quantité évoquée : {kilos} {product:de}.",
        "Selon la source, le transporteur change de plaque à chaque trajet. La dernière était {plate}. Il dort {at_town2} avant de repartir vers {direction}.",
    ),
    Mode.GROWING: (
        "La source indique qu'une culture d'intérieur est en place depuis {weeks} {street}, {at_town}. Récolte attendue dans un mois, {plants} pieds.",
    ),
    Mode.LAUNDERING: (
        "La source affirme que la recette est comptée chaque {day} dans l'arrière-boutique du {number} {street}, {at_town}.",
    ),
}
