"""Products in running text, by their name or by the words of the street.

The list holds what services and tips write today. A word that also means something else is
taken only beside a neighbour that settles it: "joint" near "fument", "herbe" not after "haute".
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from intel.extraction.findings import Finding
from intel.extraction.letters import fold
from intel.models.choices import Product

AROUND = 30
SMOKING = r"\bfum|\broul|\bodeur|\bmegots?\b|\bbouts? de\b|\bvend"
DEALING = (
    r"\bvend|\bachet|\bdeal|\btraf|\blivr|\bpochon|\bsachet|\bdose|\bparas?\b|\bgr?\b|\bdu\b|,"
)
PRICE = r"\d+ ?(?:€|e\b|euros?\b|balles\b)"
SOLD = rf"\b(?:de la|du|(?:g|gr|grammes?|pochons?) de) $|^ (?:a )?{PRICE}"


@dataclass(frozen=True, slots=True)
class Word:
    """A way to name a product, on folded text.

    ``needs`` must be found within ``AROUND`` characters on either side; ``unless`` must not be
    found just before or just after.
    """

    product: Product
    pattern: str
    needs: str = ""
    unless: str = ""
    is_capital: bool = False  # as written: "de la C", and never "de la c"


# Tried from top to bottom: "résine de cannabis" comes before "cannabis".
WORDS = (
    Word(Product.SYNTH_CANNABINOID, r"can+abis (?:de synthese|synthetique)"),
    Word(Product.SYNTH_CANNABINOID, r"cannabino[iy]des?(?: de synthese| synthetiques?)?"),
    Word(Product.SYNTH_CANNABINOID, r"pete[ -]ton[ -]crane|ptc|buddha[ -]blue|hhc|thcp"),
    Word(Product.SYNTH_CANNABINOID, r"spice", needs=DEALING, unless=r"old $"),
    Word(Product.CANNABIS_RESIN, r"resines?(?: de can+abis)?", unless=r"^ (?:epoxy|de pin|synth)"),
    Word(
        Product.CANNABIS_RESIN, r"pollen de can+abis|hash+|hac?h?is?ch[eh]?|haschisch|hashi[sc]h"
    ),
    Word(
        Product.CANNABIS_RESIN,
        r"shit+|chichons?|teuch?i?|teushi?|savonnettes?(?= de (?:shit|can))",
    ),
    Word(Product.CANNABIS_HERB, r"(?:herbe|tetes?) de can+abis"),
    # The plants themselves are counted: "40 pieds" is a quantity.
    Word(
        Product.CANNABIS_HERB,
        r"(?:(?<=pied de )|(?<=pieds de )|(?<=plant de )|(?<=plants de ))can+abis",
    ),
    Word(
        Product.CANNABIS_HERB, r"beuh+|weed|ganja|mari[jh]uana|marie-?jeanne|skunk|amnesia|zamal"
    ),
    Word(Product.CANNABIS_HERB, r"kush|sinsemilla|cali", needs=DEALING),
    Word(
        Product.CANNABIS_HERB,
        r"herbe",
        unless=r"(?:dans|sur|coupe|tond) l'$|\bhautes? $|mauvaises? $|(?:brins?|touffes?) d'$"
        r"|^ (?:haute|seche|verte|folle|fraiche|tondue|coupee|a chat)",
    ),
    Word(Product.CANNABIS, r"can+abis+|cannabicult\w+|bedo+s?|spliffs?|oinjs?|tarpes?"),
    Word(
        Product.CANNABIS,
        r"joints?",
        needs=SMOKING,
        unless=r"^ (?:de\b|d'|torique|culasse)|\best $",
    ),
    Word(Product.CANNABIS, r"petards?", needs=SMOKING),
    Word(Product.OTHER, r"coca[iy]ne rose|tus[iy]|2c-?b|dmt|mescaline|khat|ayahuasca|opium"),
    Word(Product.OTHER, r"champignons? hallucinogenes?|psilo(?:cybes?|cybine)?"),
    Word(Product.COCAINE, r"coca[iy]ne|coke|zipette"),
    Word(Product.COCAINE, r"coco?|cc", needs=PRICE),
    Word(
        Product.COCAINE,
        "c",
        needs=rf"\b(?:de la|(?:g|gr|grammes?|pochons?|doses?|traces?) de) $|^ ?[a:=]? ?{PRICE}"
        r"|^ ?[a:=] ?\d{2}(?:[ ,.;]|$)",
        unless=r"\b(?:vitamine|plan|classe|serie|batiment|bat|hall|entree|ligne|tour|bloc) $",
        is_capital=True,
    ),
    Word(Product.CRACK, r"crack|free-?base", unless=r"\bun $|\ble $|^ (?:en|du|au|boursier)\b"),
    Word(
        Product.CRACK,
        r"caillou[sx]?",
        needs=rf"\bvend|\bdeal|\bfum|\bdose|\bkepa|^ (?:a )?{PRICE}",
    ),
    Word(Product.HEROIN, r"hero[iy]ne", unless=r"^ (?:de|du|des)\b"),
    Word(Product.HEROIN, r"hero(?: brune| blanche)?|rabla|brown(?: sugar)?"),
    Word(Product.MDMA, r"mdma|(?:ecsta|exta)(?:s|sy|sys|sie|zy)?|taz+"),
    Word(Product.MDMA, r"md", needs=r"\b(?:de la|du|et|ou|g de|grammes? de|,) ?$|" + PRICE),
    Word(Product.AMPHETAMINE, r"(?:meth)?amphetamines?|amphets?|captagon|crystal(?: meth)?"),
    Word(Product.AMPHETAMINE, r"speed", needs=DEALING, unless=r"\b(?:trop|tres|etait|est|go) $"),
    Word(Product.KETAMINE, r"keta(?:mine)?"),
    Word(Product.KETAMINE, r"ket", needs=SOLD),
    Word(Product.GHB, r"ghb|gbl|gamma-?butyrolactone"),
    Word(Product.CATHINONE, r"[34] ?-? ?[mc]mc|mephedrone|cathinones?(?: de synthese)?|mdpv"),
    Word(Product.CATHINONE, r"[34]m", needs=SOLD),  # glued: "3 m" is a length
    Word(Product.CATHINONE, r"alpha-?pvp|sels? de bain", needs=DEALING),
    Word(Product.LSD, r"lsd(?:-?25)?"),
    Word(Product.LSD, r"buvards?|trips?|acides?", needs=rf"\blsd\b|\btaz|\bextas|\becsta|{PRICE}"),
    Word(Product.OPIOID, r"(?:car)?fentan[yi]ls?|nitazenes?|opio[iy]des?(?: de synthese)?"),
    Word(Product.OPIOID, r"oxycodone|oxycontin"),
    Word(Product.MEDICINE, r"subutex|subu|methadone|lyrica|pregabaline|rivotril|valium|xanax"),
    Word(Product.MEDICINE, r"tramadol|codeine|skenan|ritaline|benzo(?:diazepine)?s?|artane"),
    Word(Product.MEDICINE, r"medicaments? detournes?|fausses? ordonnances?|purple drank"),
    Word(Product.NITROUS_OXIDE, r"proto(?:x[iy]des?)?(?: d'azote)?|gaz hilarants?"),
)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """All the words at once; the group that matched tells which."""
    alternatives = "|".join(f"(?P<w{place}>{word.pattern})" for place, word in enumerate(WORDS))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])")


def _is_meant(word: Word, folded: str, start: int, end: int) -> bool:
    before, after = folded[max(0, start - AROUND) : start], folded[end : end + AROUND]
    if word.unless and (re.search(word.unless, before) or re.search(word.unless, after)):
        return False
    return not word.needs or bool(re.search(word.needs, before) or re.search(word.needs, after))


def find_products(text: str) -> list[Finding]:
    """Products named in ``text``; ``value`` is a code of ``Product``."""
    folded = fold(text)
    found = []
    for match in _pattern().finditer(folded):
        word = WORDS[int(str(match.lastgroup)[1:])]
        start, end = match.span()
        if word.is_capital and not text[start].isupper():
            continue
        if _is_meant(word, folded, start, end):
            code, label = word.product.value, str(word.product.label)
            found.append(Finding(start, end, "product", code, text[start:end], label))
    return found


@lru_cache(maxsize=4096)
def products_of_list(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes in a cell such as "résine, herbe", and the words that name no product."""
    codes: dict[str, None] = {}
    unknown = []
    for word in re.split(r"[,;/+|]|\bet\b", cell):
        named = [found.value for found in find_products(word)]
        codes.update(dict.fromkeys(named))
        if word.strip() and not named:
            unknown.append(word.strip())
    return tuple(codes), tuple(unknown)
