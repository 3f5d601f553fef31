"""What citizens and partners write or say: the portal, letters, telephone calls, institutions."""

from intel.demonstration.texts import NITROUS, QUARREL, VAGUE
from intel.models.choices import Mode

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

TIPS = {
    Mode.DEALING_POINT: (
        "Ça vend {where} {hours}. {group:c} se relaient et on n'ose plus passer avec les enfants.",
        "Je signale un trafic {where}. Ce sont toujours les mêmes, {group}, avec un guetteur {lookout}. Ils cachent la marchandise {stash}.",
        "Il y a un point de deal {where}. J'ai compté {visits} passages en une heure {ago}. Le vendeur porte {clothes} et ne quitte jamais {bag}.",
        "Mon fils de quinze ans s'est vu proposer {stuff} {where}, {ago} vers {time}. Ils étaient trois, dont un qui surveillait, {lookout}.",
        "Depuis la descente de police, ils se sont décalés de quelques mètres : maintenant c'est {where}. Même équipe, mêmes horaires, {hours}.",
        "L'éclairage est cassé exprès, on rentre chez nous dans le noir. Ça se passe {where}, {hours}. Ils demandent aux gens où ils vont.",
        "Ceux qui vendent {where} ne sont pas du quartier, ils arrivent avec {vehicle} et repartent dans la nuit. {ago:c} ils étaient encore là à {time}.",
        "Je travaille en décalé et je rentre vers {time}. Chaque fois {group} sont {where}. L'un d'eux va chercher quelque chose {stash} et revient vers les clients.",
        "Un guetteur, {lookout}, crie dès qu'une voiture de police approche. Le point de vente est {where}. Ils vendent {stuff}, j'ai vu les sachets.",
        "J'habite juste au-dessus et j'entends tout : {price} le pochon, {hours}. C'est {where}. Quand il y a un contrôle, ils courent se cacher dans les caves.",
        "Deux équipes tournent {where}, une l'après-midi et une le soir. Les clients viennent de loin, j'ai vu des plaques de trois départements en une seule soirée.",
        "On ramasse des emballages tous les matins {where}. Le soir, {group} occupent les lieux et personne n'ose rien leur dire.",
        "Pouvez-vous passer {where} {at_town} ? {hours:c}, ça vend devant tout le monde. L'un des vendeurs se fait appeler {alias}.",
        "Ils ont installé des chaises {where}. {hours:c}, c'est un vrai commerce : {stuff} pour {price}, et on paye même par téléphone.",
        "Un petit de treize ou quatorze ans fait le guet {where}, {lookout}. Il rate l'école pour ça. Le vendeur, {man}, lui donne des billets.",
    ),
    Mode.DEALING_PLACE: (
        "Des échanges ont lieu {where}, {hours}. Une voiture arrive, une autre la rejoint, ça dure trente secondes. J'ai relevé {vehicle}, plaque {plate}.",
        "Toujours la même voiture {where} : {vehicle}, plaque {plate}. Le conducteur ne descend pas, les gens viennent à la vitre. C'est surtout {hours}.",
        "Je promène mon chien vers {time} et je vois presque chaque jour {group} attendre {where}. Une personne passe à vélo, prend quelque chose et repart.",
        "{where:c}, {hours}, il y a du passage alors que rien n'est ouvert. J'ai trouvé un sachet vide et des feuilles de papier aluminium.",
        "Le nouveau lieu de rendez-vous est {where}. {man:c} attend là avec {bag}. Les clients se garent plus loin et viennent à pied.",
        "On nous avait dit que ça n'existait pas chez nous, mais {where} {at_town} il y a du trafic {hours}. {vehicle:c} et un scooter font des allers-retours.",
        "Des emballages vides ont été retrouvés {where}. Le soir, des voitures immatriculées hors du département tournent puis repartent vers {town2}.",
    ),
    Mode.DELIVERY: (
        "On m'a proposé {stuff} par message, livraison à domicile en moins d'une heure {at_town} et {at_town2}. Le numéro est le {phone}.",
        "Un livreur passe dans ma rue {hours}. {vehicle:c}, plaque {plate}. Il ne sort jamais de la voiture, on vient le voir à la portière, {street}.",
        "Mon collègue reçoit des offres le vendredi : « promo {slang} », avec le numéro {phone}. Ils livrent jusqu'{at_town2}, il suffit d'envoyer un emoji.",
        "Des jeunes en trottinette livrent {stuff} dans le lotissement, {street}. Ils ont des sacs de repas mais je ne vois jamais de repas. C'est {hours}.",
        "Ma fille m'a montré son téléphone : on commande {stuff} au {phone} comme une pizza. Le livreur conduit {vehicle} et il encaisse {price}.",
        "La même voiture s'arrête cinq minutes devant chez mes voisins, {street}, puis repart vers {town2}. {vehicle:c}, plaque {plate}, {hours}.",
        "Sur le parking de mon travail {at_town}, un livreur passe à la pause, vers {daytime}. Il vend {stuff}. Il prévient ses clients depuis le {phone}.",
    ),
    Mode.GROWING: (
        "Mon voisin fait pousser du cannabis dans son garage, {street}. Forte odeur, lumière toute la nuit, volets toujours fermés.",
        "Une maison louée depuis {weeks} {street} : personne n'y habite, mais le compteur tourne jour et nuit et {vehicle} livre du terreau.",
        "En me promenant au-dessus {of_town}, je suis tombé sur une trentaine de plants cachés au milieu des ronces, avec un tuyau depuis le ruisseau.",
        "Il y a une serre neuve derrière la ferme de la route {of_town2}. L'odeur ne trompe pas quand le vent tourne. Deux hommes y dorment sur place.",
        "L'appartement sous le mien sent l'herbe en permanence, les fenêtres sont masquées par du plastique noir et il y a un bruit de ventilation jour et nuit. C'est {street}.",
        "Des sacs de terre et des lampes sont déchargés la nuit {street}. Ils utilisent {vehicle}, plaque {plate}. La vieille grange a été isolée de l'intérieur.",
        "La neige ne tient pas sur le toit d'une seule maison, {street}. Tout le monde plaisante là-dessus mais personne ne le signale.",
    ),
    Mode.STORAGE: (
        "Une dame âgée garde des sachets chez elle, {street}. Elle a peur, on lui a dit qu'elle leur devait de l'argent.",
        "Un box de garage {street} est ouvert plusieurs fois par nuit. {group:c} viennent y prendre des paquets, avec {vehicle}.",
        "L'appartement du {floor}, {street}, est vide mais ils ont la clé. Ils montent {hours} et redescendent avec {bag}.",
        "J'ai vu {man} descendre à la cave avec un grand sac et remonter les mains vides. C'est {street}, la cave n'est pas à son nom. C'était {ago} vers {time}.",
        "Une jeune femme du {floor}, {street}, héberge des affaires pour un certain {alias}. Elle pleure souvent, je crois qu'elle n'a pas le choix.",
    ),
    Mode.SOCIAL_MEDIA: (
        "Un compte vend {stuff} sur une messagerie : {account}. Il donne les prix, les photos et les secteurs livrés, dont {town}.",
        "Ma fille de seize ans est dans un groupe où l'on propose {stuff} contre {price}. Le vendeur s'appelle {account} et donne rendez-vous {where}.",
        "Publicité pour {stuff} vue dans une story publique, compte {account}. Il écrit « livraison {town} et {town2} » et annonce ses horaires, {hours}.",
        "Un canal affiche chaque jour le « menu » avec les prix. Le pseudo est {account}, le numéro indiqué {phone}. Il parle {of_town} et des environs.",
    ),
    Mode.TRANSPORT: (
        "Deux voitures roulent très vite l'une derrière l'autre {on_axis} vers {night}, direction {direction}. C'est la troisième fois en {weeks}. La seconde est {vehicle}.",
        "{vehicle:c}, plaque {plate}, s'arrête sur l'aire à la sortie {of_town}. Une autre voiture se met à côté, des cartons passent de l'une à l'autre.",
        "Un fourgon étranger, plaque {foreign_plate}, stationne chaque semaine près de l'échangeur {of_town}. Un homme attend dans {vehicle} et ils repartent ensemble {on_axis}.",
        "Go-fast ? Chaque {day} vers {night}, trois grosses voitures traversent {town} à toute allure, direction {direction}. Ça réveille toute la rue.",
        "Je suis routier. On m'a proposé {price_high} pour emmener un sac vers {direction}. J'ai refusé. L'homme roulait avec {vehicle}, plaque {plate}.",
    ),
    Mode.POSTAL: (
        "Des colis arrivent au point relais {of_town} toujours au même nom, mais ce sont chaque fois des personnes différentes qui les prennent. Surtout le {day}.",
        "Le facteur laisse des petits paquets venant de l'étranger dans une boîte aux lettres qui n'appartient à aucun locataire, {street}. Quelqu'un les vide {hours}.",
        "Mon colocataire commande {stuff} sur internet et reçoit ça dans des pochettes de disques. La dernière est arrivée {ago}. Je n'ai rien à voir avec ça.",
        "J'ai ouvert par erreur une enveloppe qui n'était pas pour moi : un sachet était glissé dans un boîtier de jeu vidéo. L'adresse était {street}, avec un nom inconnu dans l'immeuble.",
    ),
    Mode.CLOSED_PLACE: (
        "Dans un bar {of_town}, on vend {stuff} aux habitués après {evening}. Il faut demander {alias}. Le patron laisse faire.",
        "Une fête est annoncée ce week-end dans les bois près {of_town}. On parle de vente {product:de} sur le groupe de préparation.",
        "Au club où je vais {at_town}, on propose {stuff} dans les vestiaires. {man:c}, il vient le {day} et repart avant la fermeture.",
        "Des lycéens achètent dans les toilettes de l'établissement, {street}. Celui qui vend arrive avec {bag} et change d'heure tous les jours.",
    ),
    Mode.LAUNDERING: (
        "Le commerce du {number} {street} est toujours vide, mais la caisse est pleine. Le gérant roule pourtant avec {vehicle}. À mon avis ça blanchit.",
        "Une boutique ouverte depuis {weeks} {street}, sans clients ni livraisons. Le soir, {group} y entrent par derrière avec des enveloppes.",
    ),
    Mode.LABORATORY: (
        "Forte odeur de produits chimiques dans un pavillon {street}. Les fenêtres sont occultées et {vehicle} livre des bidons la nuit.",
        "Des bidons vides ont été jetés au bord du ruisseau à la sortie {of_town}, étiquettes arrachées. Une maison isolée sur la route {of_town2} a des extracteurs au grenier.",
    ),
    NITROUS: (
        "Des bonbonnes de gaz partout {where}. {vehicle:c} passe {hours} et les vend par cartons.",
        "Protoxyde d'azote vendu à la sortie du collège, {price} la bonbonne. Le vendeur se gare {street}, il conduit {vehicle}.",
        "{group:c} se garent {where} et gonflent des ballons jusqu'à {night}. Ensuite ils reprennent le volant.",
    ),
    QUARREL: (
        "C'est mon ex-mari qui deale, allez chez lui, {street}. Il ne paye pas la pension mais il a de l'argent pour changer de voiture.",
        "Mon voisin du {floor}, {street}, est un trafiquant. Il met la musique jusqu'à {night} et il a garé {vehicle} devant mon portail.",
        "La nouvelle copine de mon frère vend {stuff}, j'en suis sûre. Depuis qu'elle est là, il ne nous parle plus. Elle habite {street}.",
        "Mon propriétaire doit tremper dans quelque chose. Il refuse de rendre ma caution et il s'est acheté {vehicle}.",
        "Les locataires du {number} {street} ont forcément un trafic : ils se lèvent à midi et reçoivent du monde. En plus leur chien aboie.",
        "Je dénonce mon ancien patron, {street}. Il m'a licencié {ago} et tout le monde sait qu'il consomme.",
        "Ma belle-sœur cache de la drogue, c'est certain, venez fouiller. On est en conflit pour la maison {of_street} depuis {weeks}.",
    ),
    VAGUE: (
        "Personne ne fait rien depuis des mois {at_town}. On se demande à quoi servent les impôts. Regardez donc du côté {of_street}.",
        "Tout le monde sait qui vend {at_town}, il suffit de demander. Je ne citerai pas de nom.",
        "Il paraît que ça deale vers {the_street}. C'est une collègue qui l'a entendu {ago}, je n'ai rien vu moi-même.",
        "Trop de jeunes dehors le soir {at_town}, surtout le {day}. Il y a forcément de la drogue.",
        "J'ai vu {man} près {of_street} {ago}. Il regardait son téléphone d'un air bizarre. Je préfère vous prévenir.",
    ),
}

LETTERS = {
    Mode.DEALING_POINT: (
        "Courrier non signé, reçu le {date}. L'auteur indique que {group} vendent {some} {where}, {hours}, et que les occupants ont cessé de se plaindre par crainte. Il cite un guetteur {lookout}.",
        "Lettre d'une habitante {of_town} : elle ne laisse plus ses petits-enfants descendre seuls, on vend {where} {hours}. Elle joint un croquis où figure la cachette, {stash}.",
        "Pétition de {visits} riverains transmise par la mairie {of_town} : vente de produits {where}, {hours}, insultes et intimidations. Les signataires demandent une présence visible.",
    ),
    Mode.GROWING: (
        "Lettre anonyme dactylographiée, postée {at_town2}. Elle situe une culture sous abri {street}, {at_town}, avec {plants} pieds « au moins », arrosée par une citerne.",
        "Courrier d'un propriétaire forestier : il a trouvé le {date} des bâches, des tuyaux et une quinzaine de pots vides dans sa parcelle, en limite {of_town}.",
    ),
    Mode.STORAGE: (
        "Courrier anonyme signalant qu'un box fermé, {street}, sert de dépôt. L'auteur a noté le passage {vehicle:de}, plaque {plate}, à trois reprises, la dernière fois le {date}.",
    ),
    QUARREL: (
        "Lettre de quatre pages mettant en cause un beau-frère domicilié {street}. L'essentiel porte sur une succession ; la vente {product:de} est affirmée sans aucun fait.",
        "Courrier reprochant à un voisin du {floor}, {street}, des nuisances sonores, un chien et, en dernière ligne, « sûrement de la drogue ».",
    ),
}

CALLS = {
    Mode.DEALING_POINT: (
        "Appel du {date} à {time}. Le correspondant, qui refuse de donner son nom, signale une vente en cours {where} : {group}, l'un avec {bag}. Il raccroche avant toute question.",
        "Appel d'une riveraine le {date} : {visits} clients comptés depuis sa fenêtre entre {hour_range}, {where}. Le vendeur porte {clothes}.",
        "Un commerçant {of_town} appelle à {time} : des clients de son magasin se font aborder {where}. On leur propose {some}. Le guetteur se tient {lookout}.",
    ),
    Mode.DEALING_PLACE: (
        "Appel anonyme le {date}, {time} : transaction vue {where} entre le conducteur {vehicle:de}, plaque {plate}, et {man}. L'échange a duré moins d'une minute.",
    ),
    Mode.DELIVERY: (
        "Appel du {date}. Une mère de famille a trouvé le numéro {phone} dans le téléphone de son fils, avec des commandes {product:de} livrées {street}.",
        "Le correspondant a relevé la plaque {plate} ({car}) après trois passages dans la même soirée, {street}. Il parle de livraisons {product:de}.",
    ),
    Mode.GROWING: (
        "Appel d'un chasseur le {date} : plants repérés en lisière, à environ {metres} du chemin qui mène {at_town2}. Il peut conduire une patrouille sur place.",
        "Un agent de relevé de compteurs signale à son employeur, qui appelle à {time}, une consommation très anormale dans un pavillon {street}.",
    ),
    Mode.TRANSPORT: (
        "Appel d'un gérant de station-service {on_axis}, le {date} : {vehicle}, plaque {plate}, fait le plein en espèces chaque {day} vers {time}, puis repart vers {direction}.",
    ),
    Mode.STORAGE: (
        "Appel du {date} à {time} : {man} dépose des sacs dans un local à vélos, {street}, et d'autres viennent les chercher {hours}.",
    ),
    VAGUE: (
        "Appel du {date} à {time}. Le correspondant se dit excédé par « le trafic » {at_town}, sans lieu, sans heure et sans description. Invité à rappeler, il refuse.",
    ),
}

PARTNERS = {
    Mode.DEALING_POINT: (
        "Le bailleur signale une occupation des parties communes {where}, {hours}. Le gardien a retrouvé le {date} des sachets {stash}. Deux locataires demandent à déménager.",
        "La mairie {of_town} transmet les constats de son service de propreté : emballages et embouts ramassés chaque matin {where}. Les agents évitent le secteur après {time}.",
        "Police municipale {of_town}, main courante du {date} : {group} {where}, dispersion à l'arrivée de l'équipage, retour après dix minutes. Un guetteur {lookout}.",
        "Le bailleur indique que la porte d'entrée a été forcée quatre fois en {weeks}. Les images montrent {group} s'installer {where} vers {time}.",
    ),
    Mode.DEALING_PLACE: (
        "Le chef d'établissement signale des échanges à l'arrêt de bus du lycée, {street}, {hours}. Le vendeur change, le sac reste le même : {bag}.",
        "La conseillère principale d'éducation du lycée rapporte que plusieurs élèves {of_town} achètent {some} {where}. Les faits auraient lieu vers {daytime}.",
        "Le maire {of_town} a constaté lui-même, le {date}, un manège de voitures {where}. Il a relevé {vehicle}, plaque {plate}.",
    ),
    Mode.GROWING: (
        "Le fournisseur d'énergie signale un branchement sauvage constaté le {date} {street}. Puissance appelée sans rapport avec un logement.",
        "L'agent de l'Office national des forêts a découvert le {date} une trentaine de trous préparés, avec engrais et grillage, dans une coupe proche {of_town}.",
    ),
    Mode.STORAGE: (
        "Le bailleur signale un logement inoccupé du {floor}, {street}, dont la serrure a été changée. Les voisins décrivent des passages {hours}.",
    ),
    Mode.SOCIAL_MEDIA: (
        "L'infirmière du lycée de secteur rapporte que des élèves {of_town} se fournissent en {product} auprès du compte {account}. Aucun nom n'a été recueilli.",
    ),
    Mode.CLOSED_PLACE: (
        "La direction d'un internat scolaire signale une revente {product:de}, la nuit, depuis {weeks}, par des élèves {of_town}. Un élève aurait fait un malaise le {date}.",
        "Le gérant d'une salle de concert {at_town} indique avoir exclu, le {date}, {man} qui proposait {some} dans les vestiaires.",
    ),
    Mode.POSTAL: (
        "Le responsable d'un point relais {of_town} signale des colis retirés par des personnes différentes au même nom, le {day}. Dernier numéro relevé : {parcel}.",
    ),
    NITROUS: (
        "La mairie {of_town} signale {visits} bonbonnes de protoxyde d'azote ramassées {where} en une semaine, et une vente depuis {vehicle}.",
    ),
}
