"""The words that fill the slots of the templates, and how often each is said."""

from intel.models.choices import Product

P = Product

# The name, the name with its partitive article, and what people call it, with it and without.
WORDS = {
    P.CANNABIS_RESIN: ("résine de cannabis", "de la résine de cannabis", "du shit", "shit"),
    P.CANNABIS_HERB: ("herbe de cannabis", "de l'herbe de cannabis", "de l'herbe", "herbe"),
    P.CANNABIS: ("cannabis", "du cannabis", "du cannabis", "cannabis"),
    P.COCAINE: ("cocaïne", "de la cocaïne", "de la coke", "coke"),
    P.CRACK: ("crack", "du crack", "du crack", "crack"),
    P.HEROIN: ("héroïne", "de l'héroïne", "de l'héro", "héro"),
    P.MDMA: ("ecstasy", "de l'ecstasy", "des cachets d'ecstasy", "ecsta"),
    P.AMPHETAMINE: ("amphétamine", "de l'amphétamine", "du speed", "speed"),
    P.KETAMINE: ("kétamine", "de la kétamine", "de la kéta", "kéta"),
    P.GHB: ("GHB", "du GHB", "du GHB", "GHB"),
    P.CATHINONE: ("3-MMC", "de la 3-MMC", "de la 3-MMC", "3-MMC"),
    P.SYNTH_CANNABINOID: (
        "cannabinoïdes de synthèse", "des cannabinoïdes de synthèse", "du PTC", "PTC",
    ),
    P.LSD: ("LSD", "du LSD", "des buvards", "buvards"),
    P.OPIOID: ("opioïdes de synthèse", "des opioïdes de synthèse", "des opioïdes", "opioïdes"),
    P.MEDICINE: ("médicaments détournés", "des médicaments détournés", "des cachets", "cachets"),
    P.NITROUS_OXIDE: ("protoxyde d'azote", "du protoxyde d'azote", "du proto", "proto"),
    P.UNKNOWN: ("stupéfiants", "des stupéfiants", "de la drogue", "drogue"),
}  # fmt: skip
# What people pay at once, in euros.
CHEAP, DEAR = (10, 15, 20, 25, 30, 40, 50), (30, 40, 50, 60, 70, 80)
DEAR_PRODUCTS = {P.COCAINE, P.HEROIN, P.CRACK}

# Make and model, gender.
CARS = (
    ("Renault Clio", "f"), ("Renault Mégane", "f"), ("Peugeot 208", "f"), ("Peugeot 308", "f"),
    ("Peugeot 3008", "m"), ("Citroën C3", "f"), ("Citroën Berlingo", "m"),
    ("Dacia Sandero", "f"), ("Dacia Duster", "m"), ("Volkswagen Golf", "f"),
    ("Volkswagen Polo", "f"), ("Audi A3", "f"), ("Audi A4", "f"), ("BMW Série 1", "f"),
    ("Seat Leon", "f"), ("Mercedes Classe A", "f"), ("Fiat 500", "f"), ("Renault Trafic", "m"),
    ("Peugeot Partner", "m"), ("Renault Kangoo", "m"), ("Ford Transit", "m"),
    ("Toyota Yaris", "f"), ("Opel Corsa", "f"), ("Skoda Octavia", "f"),
)  # fmt: skip
COLOURS = (
    ("gris", "grise"), ("blanc", "blanche"), ("noir", "noire"), ("bleu", "bleue"),
    ("rouge", "rouge"), ("gris foncé", "gris foncé"), ("bleu nuit", "bleu nuit"),
    ("beige", "beige"), ("vert", "verte"),
)  # fmt: skip
# Series of French plates that will not be issued before decades; same letters left out as in life.
FIRST_LETTERS = "QRSTVXYZ"
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
# 06 39 98 00 00 to 99 99: numbers that the regulator keeps for fiction.
FICTION = "06 39 98 {:02} {:02}"

PIECES = {
    "group": (
        "deux jeunes hommes", "trois ou quatre jeunes", "deux hommes de 20 à 25 ans",
        "cinq ou six jeunes", "deux adolescents et un adulte",
        "plusieurs jeunes en survêtement", "trois hommes d'une trentaine d'années",
        "deux hommes encapuchonnés", "quatre individus", "deux jeunes hommes à trottinette",
    ),
    "man": (
        "un homme d'une trentaine d'années", "un jeune homme mince en veste grise",
        "un homme barbu d'environ 40 ans", "un jeune homme en survêtement noir",
        "un homme portant une casquette rouge", "un homme de grande taille en doudoune bleue",
        "un homme d'environ 25 ans aux cheveux courts", "un adolescent en veste de sport",
        "un homme avec une boucle d'oreille", "un jeune homme en capuche beige",
    ),
    "lookout": (
        "assis sur le muret", "posté à l'angle de la rue", "sur une trottinette électrique",
        "avec un talkie-walkie", "à une fenêtre du premier étage", "adossé à l'abribus",
        "sur une chaise de camping", "debout près des conteneurs", "à vélo au bout de la rue",
    ),
    "stash": (
        "dans la gaine technique", "derrière les boîtes aux lettres",
        "sous une plaque d'égout", "dans les buissons",
        "dans une chaussette coincée sous une rampe", "dans un coffret électrique",
        "sous une pierre au pied du mur", "dans un pneu abandonné",
        "derrière un panneau descellé", "dans le local à vélos", "dans une gouttière",
        "dans une boîte aimantée sous un banc",
    ),
    "clothes": (
        "une veste noire et une sacoche", "un survêtement gris et des baskets blanches",
        "une casquette rouge", "une doudoune sans manches", "un maillot de football",
        "un bonnet et un cache-cou", "une parka kaki", "un sweat à capuche bleu",
    ),
    "bag": (
        "un sac à dos bleu", "une sacoche noire", "un sac de sport", "un sac isotherme",
        "une banane en bandoulière", "un cabas de supermarché", "un sac à dos orange",
    ),
    "weeks": (
        "deux semaines", "trois semaines", "un mois", "six semaines", "deux mois",
        "trois mois",
    ),
    "floor": (
        "rez-de-chaussée", "premier étage", "deuxième étage", "troisième étage",
        "quatrième étage", "dernier étage",
    ),
    "price_high": (
        "150 €", "200 €", "250 €", "300 €", "400 €", "500 €", "1 000 €",
    ),
    "kilos": (
        "un kilogramme", "deux kilogrammes", "cinq kilogrammes", "dix kilogrammes",
        "trente kilogrammes",
    ),
    "abroad": (
        "la Belgique", "les Pays-Bas", "l'Espagne", "le Luxembourg", "l'Allemagne",
    ),
    "metres": (
        "quinze mètres", "trente mètres", "cinquante mètres", "quatre-vingts mètres",
        "cent mètres",
    ),
}  # fmt: skip
ALIASES = (
    "Titi", "Kiko", "Rico", "Tonton", "Snoop", "Jojo", "Nono", "Doudou", "Loulou", "Polo",
    "Toto", "Fanfan", "Zizou", "Bibi", "Coco", "Dédé", "Kiki", "Lolo", "Mimi", "Pépito",
    "Riri", "Sisco",
)  # fmt: skip
ACCOUNTS = (
    "livr_{place}{n}", "{place}_express{n}", "le_bon_plan_{n}", "resto_nuit{n}",
    "{place}.service{n}", "drive_{place}{n}", "menu_du_{n}", "cali_{place}{n}", "plug_est{n}",
    "nuit.blanche{n}",
)  # fmt: skip
# Days, how often, and from which hour on.
DAYS = (
    ("tous les jours", 5, 13), ("en semaine", 3, 13), ("du lundi au samedi", 2, 14),
    ("le week-end", 2, 15), ("le vendredi et le samedi", 3, 17),
    ("le mercredi et le samedi", 1, 13), ("presque tous les soirs", 1, 18),
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# Slots drawn as a number: from, to, step, and what follows.
NUMBERS = {
    "visits": (8, 60, 1, ""), "number": (1, 60, 1, ""), "grams": (2, 48, 1, " g"),
    "grams_high": (110, 950, 10, " g"), "doses": (4, 40, 1, ""),
    "plants": (12, 240, 1, ""), "cans": (3, 14, 1, ""), "litres": (10, 60, 10, ""),
    "palettes": (12, 33, 1, ""), "amount": (120, 1900, 10, " €"),
}  # fmt: skip

# Article and name, as said: « vers la rue… », « près du chemin… ».
STREETS = (
    ("la", "rue des Genêts"), ("la", "rue des Mésanges"), ("la", "rue du Lavoir"),
    ("l'", "avenue des Tilleuls"), ("la", "rue de la Scierie"), ("le", "chemin des Ruaux"),
    ("la", "rue des Tisserands"), ("la", "rue du Haut-Pré"), ("l'", "allée des Acacias"),
    ("le", "boulevard de la Filature"), ("la", "rue des Forgerons"), ("la", "rue du Canal"),
    ("la", "rue des Jonquilles"), ("l'", "impasse du Verger"), ("la", "rue des Bleuets"),
    ("la", "place aux Fleurs"), ("la", "rue du Champ-Clos"), ("la", "rue des Papetiers"),
    ("le", "quai des Bateliers"), ("la", "rue des Sorbiers"), ("l'", "allée des Charmilles"),
    ("la", "rue du Vieux-Pont"), ("la", "rue de la Corvée"), ("la", "rue des Brodeuses"),
    ("l'", "avenue du Stade"), ("la", "rue de la Verrerie"), ("la", "rue des Myrtilles"),
    ("le", "square des Hirondelles"), ("la", "rue de la Grange-Neuve"),
    ("la", "rue des Fougères"),
)  # fmt: skip
LANES = (
    ("le", "chemin du Haut-Bois"), ("la", "route de la Basse"), ("le", "chemin des Sapins"),
    ("le", "hameau des Granges"), ("la", "route du Moulin"), ("le", "chemin de la Croix"),
    ("le", "chemin de l'Étang"), ("la", "route des Hauts"), ("le", "chemin du Pré-Rond"),
    ("la", "rue de l'Église"), ("la", "rue du Lavoir"), ("le", "chemin de la Vierge-Clos"),
)  # fmt: skip

# Where dealing takes place: what leads to the noun, and the noun with its own slots.
BUILT_UP = (
    ("dans le", "hall du {n} {street}"), ("au", "pied de la tour {of_street}"),
    ("sur le", "parking du {n} {street}"), ("devant l'", "entrée {letter} du {n} {street}"),
    ("sous le", "porche du {n} {street}"), ("sur la", "dalle {of_street}"),
    ("dans la", "galerie marchande {of_street}"), ("dans le", "jardin public {of_street}"),
    ("sur le", "terrain de sport {of_street}"), ("derrière la", "supérette {of_street}"),
)  # fmt: skip
SMALL = (
    ("sur le", "parking du stade"), ("derrière la", "gare"),
    ("sur le", "parking de la piscine"), ("à l'", "arrêt de bus {of_street}"),
    ("sur la", "place du marché"), ("au", "bord du canal"),
    ("sur le", "parking du supermarché"), ("derrière la", "salle des fêtes"),
    ("sous les", "arcades {of_street}"), ("au", "skatepark {of_street}"),
    ("sur l'", "aire de jeux {of_street}"), ("derrière le", "gymnase {of_street}"),
)  # fmt: skip
COUNTRY = (
    ("sur le", "parking du cimetière"), ("à l'", "abribus {of_street}"),
    ("sur l'", "aire de pique-nique"), ("devant la", "salle polyvalente"),
    ("sur le", "parking de la carrière"), ("au", "point de tri {of_street}"),
)  # fmt: skip
