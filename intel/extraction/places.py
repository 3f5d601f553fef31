"""Streets, roads and named places in running French text, as one would write them on an envelope.

"12 bis rue des Lilas", "hall du 14 rue des Genêts", "parking du Leclerc", "derrière la gare",
"bâtiment C", "RN 57". A place ends where the name of a commune begins: "gare de Charmes" is a
gare, and Charmes. What is only a word ("la rue était vide", "à la place du livreur") is none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from intel.extraction.findings import Finding, without_overlaps
from intel.extraction.letters import fold

KIND = "place"

LINK = r"(?:de la |de l'|du |des |de |d'|aux? |a la |a l'|la |le |les |l')"
WORD = r"[^\W_][\w'-]*"
TITLE = (
    r"(?:general|marechal|docteur|dr|saint|sainte|st|ste|president|capitaine|commandant|colonel"
    r"|abbe|pere|jean|pierre|paul|jules|victor|charles|louis|alfred|maurice|jeanne|marie|grand"
    r"|grande|vieux|vieille|haut|haute|bas|basse|petit|petite)"
)

# --- Streets ----------------------------------------------------------------------------------

STREET = (
    r"(?:rues?|avenues?|av\.?|boulevards?|bd\.?|bld\.?|impasses?|allees?|places?|routes?|rte\.?"
    r"|quais?|squares?|faubourgs?|fbg\.?|ruelles?|sentiers?|chemins?|chaussees?|esplanades?"
    r"|ronds?[- ]points?|carrefours?|promenades?|venelles?|lotissements?|residences?|hameaux?"
    r"|lieu-?dit|cours|passages?|cites?)"
)
# "n° 12 bis, ", before a street; "R." is one only after it.
NUMBER = r"(?:n ?[°o] ?)?\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?(?:,? (?:de la |de l')?)"
NUMBERED = rf"(?P<number>(?<![\d.,/-]){NUMBER})"
HOUSE = (
    r"(?:(?:hall|parking|entree|cage d'escalier|porche|caves?|immeuble|pied|arret de bus|abribus"
    r"|local poubelles?|square|jardin) (?:du |au |de la |de l')?)?"
)
MAIN_STREET = re.compile(rf"(?<![\w-])(?:{NUMBERED})?grande?[- ]rue(?!\w)")
DOOR = r"(?: (?:bat(?:iment)?|hall|entree|escalier|esc|appt?|porte)\.? [a-z0-9]{1,2}(?!\w))"
STREETS = re.compile(
    rf"(?<![\w-])(?P<house>{HOUSE}){NUMBERED}?(?P<type>{STREET}|(?(number)r\.|(?!)))"
    rf"(?P<gap> ?(?<=[. ]))(?P<link>{LINK})?(?P<first>{WORD})"
)
# After "rue", without a name: "la rue était vide", "une route de campagne", "en route pour".
NO_NAME = frozenset(
    """
    est etait a ont sont sera reste et ou en qui que ou pour avec sans sur sous dans vers par
    vide calme pietonne barree bloquee passante deserte longue libre son sa ses leur leurs mon ma
    mes notre votre un une ce cette ces il elle ils on nous vous se ne pas plus tres trop campagne
    se ferme garage vente trafic monde gens homme femme hommes jeunes quartier ville nuit jour
    autre meme service puis ni y deal la le les devant derriere depuis jusqu'a quand car mais si
    """.split()  # noqa: SIM905
)
NO_PLACE_BEFORE = re.compile(
    r"(?:\ba la |\ben |\bsa |\bson |\bpris la |\bprend la |\bprendre la |\bprenait la |\bma "
    r"|\bleur |\bfaire |\bse mettre en |\b(?:une|sur|laisser) |\bpremiere |\bde la )$"
)
# These words seldom name a street; only a capital after them tells.
CAPITAL_WANTED = re.compile(r"(?:cours|passages?|cites?|residences?|lotissements?|hameaux?)$")
ADJECTIVES = frozenset(
    "principale neuve haute basse nationale centrale departementale royale".split()  # noqa: SIM905
)

# --- Places that have a name, or stand alone in their town --------------------------------------

BESIDE = (
    r"(?:devant|derriere|sous|face|en face|au pied|a cote|pres|aux abords|au bord|le long|cote"
    r"|bord|a l'arriere|autour)"
)
AT = (
    r"(?:a|au|aux|a la|a l'|sur|sur le|sur la|sur l'|sur les|dans|dans le|dans la|dans l'|vers"
    r"|vers le|vers la|vers l'|depuis|depuis le|depuis la|jusqu'a la|jusqu'au|chez)"
)
ARTICLE = (
    r"(?:le |la |les |l'|du |de la |de l'|des |d'un |d'une |de |d'|un |une |au |aux |a la |a l')"
)
KIND_OF_PLACE = (
    r"(?:gare(?: sncf| routiere)?|stade|piscine|poste|mairie|ecole|college|lycee|creche|eglise"
    r"|cimetiere|abbaye|chateau|pont|canal|lac|etang|parc|square|marche couvert|marche"
    r"|supermarche|superette|pharmacie|hopital|camping|moulin|fontaine|usine|riviere|gymnase"
    r"|mediatheque|cinema|hotel|salle (?:des fetes|polyvalente)|tabac|kebab|epicerie|boulangerie"
    r"|laverie|lavoir|dechetterie|plage|port|commissariat|gendarmerie|foyer|tribunal|prison"
    r"|terrain de (?:foot|football|sport|petanque|basket)|mosquee|temple|patinoire|bowling"
    r"|discotheque|boite de nuit|jardin public|theatre|musee|caserne|distributeur|conteneurs?"
    r"|carriere|decharge|voie ferree|passerelle|transformateur|chateau d'eau)"
)
BRAND = (
    r"(?:leclerc|super u|hyper u|intermarche|carrefour(?: market| city)?|lidl|aldi|auchan|cora"
    r"|match|mc ?do(?:nald'?s?)?|kfc|quick|burger king|action|gifi|decathlon|norma|casino|netto)"
)
STANDING = (
    r"(?:parking|skate-?park|city[- ]?stade|abribus|arret de (?:bus|car)"
    r"|aire de (?:jeux|repos|covoiturage|pique-nique|service)|aire|zone (?:commerciale"
    r"|industrielle|artisanale|d'activites?)|centre commercial|galerie marchande|station-?service"
    r"|gare routiere|salle des fetes|marche couvert|usine|friche)"
)
LETTERED = r"(?:batiment|bat\.?|immeuble|tour|hall|entree|bloc|barre|cage|porte|escalier)"
CALLED = r"(?:bar|cafe|restaurant|hotel|college|lycee|ecole|tour|immeuble|foyer|tabac|kebab|resto)"
OLD = r"(?:anciens? |ancienne |vieux |vieil |vieille |grande? |petite? )"

RELATED = re.compile(
    rf"(?<![\w-])(?P<beside>{BESIDE}) ?(?P<article>{ARTICLE})?"
    rf"(?P<noun>(?:{OLD})?(?:{STANDING}|{KIND_OF_PLACE}|{BRAND}))(?![\w'])"
)
LOCATED = re.compile(
    rf"(?<![\w-]){AT} ?(?:{ARTICLE})?(?P<noun>(?:{OLD})?(?:{KIND_OF_PLACE}|{BRAND}))(?![\w'])"
)
STOOD = re.compile(rf"(?<![\w-])(?P<noun>(?:{OLD})?{STANDING})(?![\w'])")
MARKED = re.compile(
    rf"(?<![\w-])(?:(?P<beside>au pied de|devant|derriere|sous|cave de|caves de|hall de)"
    rf" (?P<article>{ARTICLE})?)?"
    rf"(?P<noun>{LETTERED} (?:n ?[°o] ?)?(?P<mark>[a-z]|\d{{1,3}}))(?![\w'])"
)
NAMED = re.compile(rf"(?<![\w-])(?P<noun>{CALLED}) (?P<called>\"[^\"\n]{{2,30}}\"|{WORD})")
# Known by its article or its complement, wherever it stands in the sentence.
SAID = re.compile(
    r"(?<![\w-])(?P<noun>canal(?! (?:telegram|snap|insta|whatsapp|signal))"
    r"|(?:le )?col (?:du|de la|de l'|des)|ancienne (?:usine|gare|ecole|filature|caserne)"
    r"|quartier (?:de la gare|du stade|du port|du lac)|bord de|le long de(?: la| l'|s)?"
    rf"|lieu-?dit(?: le| la| les| l')?) ?(?P<called>{WORD})?"
)
COMPLEMENT = re.compile(
    r" (?:(?:du|de la|des|de|au|porte) |(?:de l'|d') ?"
    rf"|{BESIDE} (?:{ARTICLE})?(?={KIND_OF_PLACE}|{BRAND}))"
    rf"(?:(?:{OLD})?(?:{STANDING}|{KIND_OF_PLACE}|{BRAND}|pistes?|{STREET}|{LETTERED})(?!\w)"
    rf"|{WORD})"
)
NO_COMPLEMENT = frozenset(
    """
    nuit jour jours nouveau suite facon lundi mardi mercredi jeudi vendredi samedi dimanche
    matin soir midi loin temps l la le les un une deux trois ce cette ces son sa ses leur leurs
    """.split()  # noqa: SIM905
)

# --- Roads ------------------------------------------------------------------------------------

ROAD = re.compile(r"(?<![\w-])(?:A ?\d{1,3}|R?N ?\d{1,4}|R?D ?\d{1,4})(?: (?:BIS|bis))?(?![\w-])")
NOT_A_ROAD = re.compile(r"(?:audi|galaxy|samsung|format|classe|version|ds) $")


# What is left of a complement once the commune is taken away: "gare de" Charmes.
LEFT_OVER = re.compile(
    r"(?:[ ,]+(?:de la|de l'?|du|des?|d'?|aux?|a la|a|la|le|les|l'?|et|en|sur))*[ ,]*$"
)


def _before(folded: str, start: int) -> str:
    return folded[max(0, start - 24) : start]


class _Reader:
    """One text being read; ``stops`` are where communes and the like begin."""

    def __init__(self, text: str, stops: Sequence[Finding]) -> None:
        self.text = text
        self.folded = fold(text)
        self.stops = sorted(stops)
        letters = [char for char in text if char.isalpha()]
        upper = sum(char.isupper() for char in letters)
        self.shouts = upper >= 0.6 * max(len(letters), 1)
        self.whispers = upper <= 0.01 * len(letters) + 1

    def is_capital(self, place: int) -> bool:
        return self.text[place].isupper() and not self.shouts

    def finding(self, start: int, end: int, *, stops: str = "all") -> Iterator[Finding]:
        """The place from ``start``, ended by the communes in it: all, those "certain", or none."""
        for stop in self.stops:
            if start < stop.start < end and (stops == "all" or (stop.certain and stops)):
                end = stop.start
        end = start + len(LEFT_OVER.sub("", self.folded[start:end]))
        if end - start >= 3:
            raw = self.text[start:end]
            label = " ".join(raw.split())
            value = " ".join(self.folded[start:end].split())
            yield Finding(start, end, KIND, value, raw, label)

    # --- Streets ----------------------------------------------------------------------------

    def streets(self) -> Iterator[Finding]:
        for match in STREETS.finditer(self.folded):
            if not self.is_a_street(match):
                continue
            start = match.start("house") if match["house"] else match.start("type")
            if match["number"]:
                start = min(start, match.start("number"))
            end = self.end_of_name(match.start("first"), match.end("first"))
            yield from self.finding(start, self.with_doors(end), stops="certain")
        for match in MAIN_STREET.finditer(self.folded):
            yield from self.finding(*match.span())

    def is_a_street(self, match: re.Match[str]) -> bool:
        first = match["first"]
        if first in NO_NAME or (first.isdigit() and match["link"] not in {"du ", "de l'"}):
            return False
        if match["number"] or self.is_capital(match.start("first")):
            return True
        before = _before(self.folded, match.start("type"))
        is_a_word = match["type"].startswith("place") and NO_PLACE_BEFORE.search(before)
        if is_a_word or CAPITAL_WANTED.match(match["type"]):
            return False
        if match["link"] and not (first in ADJECTIVES or self.shouts):
            return match["link"].strip() not in {"la", "le", "les", "l'", "au", "a la", "a l'"}
        return first in ADJECTIVES or self.shouts or (self.whispers and len(first) > 3)

    def end_of_name(self, start: int, end: int) -> int:
        """Where the name that begins with the word at ``start`` ends."""
        for _ in range(6):
            after = re.compile(rf" (?:(?:{LINK})|et )?({WORD})").match(self.folded, end)
            if after is None:
                return end
            last = self.folded[start:end].rpartition(" ")[2]
            is_dated = last.isdigit() and re.fullmatch(r"[a-z]{3,9}|\d{4}", after[1])
            is_year = re.fullmatch(r"(?:19|20)\d\d", after[1]) and start != end
            is_name = self.is_capital(after.start(1)) and not after[1].isdigit()
            titled = start < end and re.fullmatch(TITLE, last) and not self.is_capital(start)
            if not (is_name or is_dated or is_year or (titled and after[1] not in NO_NAME)):
                return end
            end = after.end(1)
        return end

    def with_doors(self, end: int) -> int:
        for _ in range(3):
            door = re.compile(DOOR).match(self.folded, end)
            if door is None:
                break
            end = door.end()
        return end

    # --- Places -----------------------------------------------------------------------------

    def landmarks(self) -> Iterator[Finding]:
        for match in RELATED.finditer(self.folded):
            yield from self.finding(match.start(), self.completed(match.end("noun")))
        for match in MARKED.finditer(self.folded):
            if match["mark"] not in {"a", "y"} or self.text[match.start("mark")].isupper():
                yield from self.finding(match.start(), self.with_doors(match.end()))
        for match in NAMED.finditer(self.folded):
            if self.is_called(match):
                start = self.with_relation(match.start())
                end = self.end_of_name(match.start("called"), match.end("called"))
                yield from self.finding(start, end)
        for match in SAID.finditer(self.folded):
            yield from self.said(match)
        for match in STOOD.finditer(self.folded):
            yield from self.finding(match.start("noun"), self.completed(match.end("noun")))
        for match in LOCATED.finditer(self.folded):
            yield from self.finding(match.start("noun"), self.completed(match.end("noun")))

    def with_relation(self, start: int) -> int:
        before = re.search(
            rf"(?<![\w-]){BESIDE} ?(?:{ARTICLE})?$", self.folded[max(0, start - 30) : start]
        )
        return start - len(before[0]) if before else start

    def is_called(self, match: re.Match[str]) -> bool:
        first = match.start("called")
        return self.text[first] in '"«“' or match["called"] == "pmu" or self.is_capital(first)

    def said(self, match: re.Match[str]) -> Iterator[Finding]:
        noun, called = match["noun"], match["called"]
        needs_name = noun.startswith(("le col", "col", "bord", "le long", "lieu"))
        if not needs_name:
            yield from self.finding(match.start("noun"), match.end("noun"))
        elif called and self.is_capital(match.start("called")):
            start = match.start("noun") + (3 if noun.startswith("le col") else 0)
            end = self.end_of_name(match.start("called"), match.end("called"))
            yield from self.finding(start, end, stops="")

    def completed(self, end: int) -> int:
        """With what says which: "parking du Leclerc", "aire de repos A31"."""
        road = re.compile(rf" {ROAD.pattern}").match(self.text, end)
        if road:
            return road.end()
        end = self.end_of_name(end, end)
        for _ in range(3):
            after = COMPLEMENT.match(self.folded, end)
            if after is None:
                return end
            last = after[0].split()[-1].rpartition("'")[2]
            if last in NO_COMPLEMENT or last in NO_NAME or last.isdigit():
                return end
            end = self.end_of_name(after.end() - len(last), after.end())
        return end

    # --- Roads ------------------------------------------------------------------------------

    def roads(self) -> Iterator[Finding]:
        for match in ROAD.finditer(self.text):
            if not NOT_A_ROAD.search(_before(self.folded, match.start())):
                yield from self.finding(*match.span())


def find_places(text: str, stops: Iterable[Finding]) -> list[Finding]:
    """Streets, roads and places named in ``text``; none runs over what ``stops`` holds.

    ``value`` is folded, ``label`` as written, each on one line.
    """
    reader = _Reader(text, list(stops))
    found = [*reader.streets(), *reader.landmarks(), *reader.roads()]
    return without_overlaps(sorted(found, key=lambda place: (place.start, -place.end)))
