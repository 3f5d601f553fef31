"""Sums, prices and quantities in running French text.

"50 €", "2 k€", "20 balles", "40 euros le gramme", "une demi-livre", "10 pochons d'herbe". A unit
that ordinary life also counts ("3 paquets", "40 pieds") is taken beside a product only.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from intel.extraction.cleaning import spaced
from intel.extraction.findings import Finding, without_overlaps
from intel.extraction.letters import fold
from intel.extraction.numbers import ABOUT, NUMBER, plainly, read_about, read_number
from intel.models.choices import AmountKind, AmountUnit, Product

MOST = Decimal(10) ** 9  # above, it is no amount: a number of something else
FINEST = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a unit; ``product`` is a code of ``Product``, or nothing when the text is silent.

    A price is in euros for one ``unit``.
    """

    kind: str
    number: Decimal
    unit: str
    product: str = ""

    @property
    def value(self) -> str:
        """ "40 EUR/g cocaine", "250 g cannabis_resine", "50 EUR"."""
        unit = f"EUR/{self.unit}" if self.kind == AmountKind.PRICE else self.unit
        return f"{plainly(self.number)} {unit} {self.product}".strip()


@dataclass(frozen=True, slots=True)
class Measure:
    """A way of writing a unit. ``alone``: does it need no product beside it to be meant?"""

    unit: AmountUnit
    pattern: str
    factor: Decimal = Decimal(1)
    alone: bool = True
    unless: str = ""
    unless_before: str = ""
    beside: str = ""  # words that make up for the product

    @property
    def is_measured(self) -> bool:
        """Weighed or poured, rather than counted: "un gramme" is one, "un pochon" any."""
        return self.unit in {AmountUnit.GRAM, AmountUnit.MILLILITRE}


MEASURES = (
    Measure(AmountUnit.GRAM, r"(?:demi|1/2)[ -]livres?", Decimal(250)),
    Measure(AmountUnit.GRAM, r"(?:demi|1/2)[ -](?:kilos?|kg)", Decimal(500)),
    Measure(AmountUnit.GRAM, r"(?:demi|1/2)[ -]grammes?", Decimal("0.5")),
    Measure(AmountUnit.GRAM, r"livres?", Decimal(500), alone=False),
    Measure(
        AmountUnit.GRAM,
        r"kgs?|kilos?|kilogrammes?|kils?",
        Decimal(1000),
        unless_before=r"\b\d ?m ?\d\d\b|\b\d[,.]\d\d ?m\b|\btaille|\bpes[ea]|\bcorpulence",
    ),
    Measure(AmountUnit.GRAM, r"mgs?|milligrammes?", Decimal("0.001")),
    Measure(AmountUnit.GRAM, r"g|grs?|gs|grammes?|meujs?|meuges?"),
    Measure(AmountUnit.GRAM, r"tonnes?", Decimal(1_000_000)),
    Measure(AmountUnit.MILLILITRE, r"ml|millilitres?"),
    Measure(AmountUnit.MILLILITRE, r"cl|centilitres?", Decimal(10), alone=False),
    Measure(AmountUnit.MILLILITRE, r"l|litres?", Decimal(1000), alone=False),
    Measure(AmountUnit.POUCH, r"pochons?|pochtons?"),
    Measure(AmountUnit.SACHET, r"sachets?", unless=r" (?:de the|de sucre|plastique|poubelle)"),
    Measure(AmountUnit.DOSE, r"doses?", unless=r" de (?:vaccin|rappel)"),
    Measure(AmountUnit.WRAP, r"kepas?|paras?"),
    Measure(AmountUnit.BAR, r"barrettes?", unless=r" (?:de ram|memoire|a cheveux)"),
    Measure(AmountUnit.SOAP, r"savonnettes?"),
    Measure(AmountUnit.SLAB, r"plaquettes?", unless=r" (?:de frein|de beurre|de chocolat)"),
    Measure(AmountUnit.PLATE, r"plaques?", alone=False),
    Measure(
        AmountUnit.PILL,
        r"cachets?|comprimes?|pilules?|pilons?",
        unless=r" (?:d'aspirine|de doliprane|de poulet)",
    ),
    Measure(AmountUnit.CAPSULE, r"gelules?"),
    Measure(AmountUnit.BLOTTER, r"buvards?|cartons? de lsd"),
    Measure(AmountUnit.PHIAL, r"fioles?|flacons?", unless=r" de parfum"),
    Measure(AmountUnit.ROCK, r"caillou[sx]?|galettes?", alone=False),
    Measure(AmountUnit.PELLET, r"boulettes?|bonbonnes? avalees?|ovules?", alone=False),
    Measure(AmountUnit.BRICK, r"pains?", alone=False),
    Measure(AmountUnit.JOINT, r"joints?|spliffs?", unless=r" de "),
    Measure(AmountUnit.PARCEL, r"paquets?|ballots?|valises?|sacs?", alone=False),
    Measure(AmountUnit.CYLINDER, r"bonbonnes?|bouteilles?", alone=False),
    Measure(AmountUnit.CARTRIDGE, r"cartouches?|capsules?", alone=False),
    Measure(
        AmountUnit.PLANT,
        r"pieds?|plants?",
        alone=False,
        beside=r"\bcultures?\b|\bplantation|\bserre\b|\brecolte|\blampes?\b|\barros",
    ),
)
PER_PIECE = Measure(AmountUnit.PIECE, r"pieces?|unites?")

EUROS = r"(?: ?(?:€|euros?\b|eur\b|balles?\b|boules?\b)|e(?![\w']))"
# "20e" is twenty euros, "3e étage" and "20e arrondissement" are not.
ORDINAL = re.compile(r"e (?!le\b|la\b|les\b|l'|par\b|et\b|ou\b|pour\b|un\b|de\b|en\b)[a-z]")
THOUSANDS = r"(?P<thousand> ?k(?= ?€| ?euros?\b| ?eur\b|e\b))?"
PER = r"(?: ?/ ?| (?:le |la |par |l'|du )|(?= pieces?\b| unites?\b) )"
# "entre 50 et 80 euros", "20 à 30 €", "2 ou 3 pochons".
RANGE = rf"(?:(?P<least>{NUMBER}) ?(?P<joint>a|ou|-|et) ?)?"
PAID_BY_THE_HOUR = re.compile(r" ?(?:/ ?h\b|/ ?heure|de l'heure|l'heure|par heure)")
ENDS = r"(?= ?[.,;:!?)]| ?$| et\b| ou\b| chacune?\b)"
# What may stand between an amount and the product that it is of.
OF = re.compile(r" (?:de la |de l'|de |d'|du |en )| ?")
FOR = re.compile(
    r" (?:(?:est|etait|vendue?|proposee?|coute) )?(?:a |pour |contre |: ?|= ?)?| ?[:=] ?| ?"
)
NEARBY = 24
AROUND = 80


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    units = "|".join(f"(?P<m{rank}>{each.pattern})" for rank, each in enumerate(MEASURES))
    return re.compile(
        rf"{RANGE}(?:(?P<number>{NUMBER}) ?|(?P<about>{ABOUT}))(?:{units})(?![\w']|-\w)"
    )


@lru_cache(maxsize=1)
def _money() -> re.Pattern[str]:
    return re.compile(
        rf"{RANGE}(?:(?P<number>{NUMBER}){THOUSANDS}|(?P<about>{ABOUT}))(?P<euros>{EUROS})"
    )


@lru_cache(maxsize=1)
def _per_unit() -> re.Pattern[str]:
    units = "|".join(
        f"(?P<m{rank}>{each.pattern})" for rank, each in enumerate((*MEASURES, PER_PIECE))
    )
    return re.compile(rf"{PER}(?:{units})(?![\w'-])")


# "60 le g", "5 gr pour 40", "C à 70": euros that go without saying.
BARE = re.compile(rf"(?P<number>{NUMBER})")
BARE_SUM = re.compile(rf" ?(?:pour|a|=) (?P<number>{NUMBER}){ENDS}")


def _measure(match: re.Match[str]) -> Measure:
    rank = int(str(match.lastgroup)[1:])
    return (*MEASURES, PER_PIECE)[rank]


def _said(match: re.Match[str]) -> tuple[int, Decimal, bool]:
    """Where the number begins, the number, and whether it is exact: "une vingtaine de" is not."""
    if match["number"]:
        return match.start("number"), read_number(match["number"]), True
    return match.start("about"), read_about(match["about"]), False


@dataclass(slots=True)
class _Reader:
    """One text being read, with the products named in it."""

    text: str
    folded: str
    products: Sequence[Finding]

    def product_at(self, start: int, end: int) -> str:
        """The product named just after ``end``, or just before ``start``."""
        for product in self.products:
            if end <= product.start <= end + NEARBY and OF.fullmatch(
                self.folded, end, product.start
            ):
                return product.value
        for product in self.products:
            if product.end <= start <= product.end + NEARBY and FOR.fullmatch(
                self.folded, product.end, start
            ):
                return product.value
        return ""

    def finding(
        self, span: tuple[int, int], amount: Amount, *, certain: bool = True
    ) -> Iterator[Finding]:
        if 0 < amount.number < MOST:
            start, end = span
            yield Finding(
                start, end, amount.kind, amount.value, self.text[start:end], spell(amount),
                certain=certain,
            )  # fmt: skip

    # --- Quantities -------------------------------------------------------------------------

    def quantities(self) -> Iterator[Finding]:
        for match in _counted().finditer(self.folded):
            measure = _measure(match)
            written = match["number"]
            if not measure.is_measured and written in {"un", "une"}:
                continue
            if self.is_something_else(measure, match):
                continue
            start, number, certain = _said(match)
            product = self.product_at(start, match.end())
            if not (measure.alone or product or self.is_told_beside(measure, match)):
                continue
            for span, many in self.with_least(match, (start, match.end()), number):
                amount = Amount(AmountKind.QUANTITY, many * measure.factor, measure.unit, product)
                yield from self.finding(span, amount, certain=certain)

    def is_told_beside(self, measure: Measure, match: re.Match[str]) -> bool:
        around = self.folded[max(0, match.start() - AROUND) : match.end() + AROUND]
        return bool(measure.beside and re.search(measure.beside, around))

    def is_something_else(self, measure: Measure, match: re.Match[str]) -> bool:
        """ "2 doses de vaccin", "1m80, 75 kg"."""
        before = self.folded[max(0, match.start() - NEARBY) : match.start()]
        after = self.folded[match.end() :][:NEARBY]
        return bool(
            (measure.unless and re.match(measure.unless, after))
            or (measure.unless_before and re.search(measure.unless_before, before))
        )

    def with_least(
        self, match: re.Match[str], span: tuple[int, int], number: Decimal
    ) -> Iterator[tuple[tuple[int, int], Decimal]]:
        """The number, and the lower one of "20 à 30 €" with its own place."""
        least = match["least"]
        if least:
            is_between = self.folded[: match.start()].endswith("entre ")
            lower = read_number(least)
            if lower < number and (match["joint"] != "et" or is_between):
                yield match.span("least"), lower
        yield span, number

    # --- Money ------------------------------------------------------------------------------

    def money(self) -> Iterator[Finding]:
        for match in _money().finditer(self.folded):
            end = match.end()
            if match["euros"] == "e" and not self.is_euro(match):
                continue
            if PAID_BY_THE_HOUR.match(self.folded, end):
                continue
            start, number, _ = _said(match)
            factor = 1000 if match["thousand"] else 1
            for span, many in self.with_least(match, (start, end), number):
                yield from self.paid(span, many * factor, end)

    def is_euro(self, match: re.Match[str]) -> bool:
        """Whether a bare "e" stands for euros: after figures, and not in an ordinal."""
        number = match["number"] or ""
        return number[:1].isdigit() and not ORDINAL.match(self.folded, match.end() - 1)

    def paid(self, span: tuple[int, int], number: Decimal, end: int) -> Iterator[Finding]:
        """A sum, or the price of one of something when that is said at ``end``."""
        start = span[0]
        per = _per_unit().match(self.folded, end)
        if per is None:
            product = self.product_at(start, end)
            amount = Amount(AmountKind.SUM, number, AmountUnit.EURO, product)
            yield from self.finding(span, amount)
            return
        measure = _measure(per)
        product = self.product_at(start, per.end())
        each = (number / measure.factor).quantize(FINEST)
        price = Amount(AmountKind.PRICE, each, measure.unit, product)
        whole = (start, per.end()) if span[1] == end else span
        yield from self.finding(whole, price)

    def unsaid(self, found: Sequence[Finding]) -> Iterator[Finding]:
        """ "60 le g", and the sum after "5 gr pour" or "C à"."""
        for match in BARE.finditer(self.folded):
            per = _per_unit().match(self.folded, match.end())
            if per and not per[0].startswith((" du", "/")) and self.is_a_figure(match):
                number = read_number(match["number"])
                yield from self.paid(match.span(), number, match.end())
        for known in (*found, *self.products):
            after = BARE_SUM.match(self.folded, known.end)
            if known.kind in {AmountKind.QUANTITY, "product"} and after:
                product = known.value if known.kind == "product" else ""
                number = read_number(after["number"])
                amount = Amount(AmountKind.SUM, number, AmountUnit.EURO, product)
                yield from self.finding(after.span("number"), amount, certain=False)

    @staticmethod
    def is_a_figure(match: re.Match[str]) -> bool:
        return match["number"][0].isdigit()


def find_amounts(text: str, products: Sequence[Finding]) -> list[Finding]:
    """Sums, prices and quantities said in ``text``; ``products`` are those found in it.

    ``kind`` is a member of ``AmountKind``, ``value`` that of ``Amount.value``.
    """
    reader = _Reader(text, fold(text), products)
    said = [*reader.money(), *reader.quantities()]
    return without_overlaps([*said, *reader.unsaid(said)])


# --- Read again, and shown --------------------------------------------------------------------

VALUE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) (EUR/)?(\w{1,12})(?: (\w{1,20}))?")


def read_value(kind: str, value: str) -> Amount:
    """The amount whose ``Amount.value`` is ``value``. Raises ``ValueError``."""
    match = VALUE.fullmatch(value)
    if match is None or (match[2] is not None) != (kind == AmountKind.PRICE):
        raise ValueError(f"no such amount: {value}")
    unit, product = AmountUnit(match[3]), match[4] or ""
    is_money = unit == AmountUnit.EURO
    if is_money != (kind == AmountKind.SUM) or not Decimal(match[1]):
        raise ValueError(f"no such amount: {value}")
    if product:
        Product(product)
    return Amount(AmountKind(kind), Decimal(match[1]), unit, product)


PLURALS = {AmountUnit.ROCK: "cailloux"}
LARGER = {AmountUnit.GRAM: ("g", "kg"), AmountUnit.MILLILITRE: ("ml", "l")}


def _decimal(number: Decimal) -> str:
    """ "1 250,5", as French print writes it."""
    whole, _, part = plainly(number).partition(".")
    return spaced(int(whole)) + (f",{part}" if part else "")


def spell(amount: Amount) -> str:
    """ "40 € le gramme, cocaïne", "2,5 kg", "10 pochons"."""
    said = _spell_price(amount) if amount.kind == AmountKind.PRICE else _spell_count(amount)
    if not amount.product:
        return said
    label = str(Product(amount.product).label)
    return f"{said}, {label if label.isupper() else label[0].lower() + label[1:]}"


def _spell_count(amount: Amount) -> str:
    number, unit = amount.number, AmountUnit(amount.unit)
    if unit == AmountUnit.EURO:
        return f"{_decimal(number)}\u00a0€"
    if unit in LARGER:
        small, large = LARGER[unit]
        if number >= 1000:
            return f"{_decimal(number / 1000)}\u00a0{large}"
        return f"{_decimal(number)}\u00a0{small}"
    plural = PLURALS.get(unit, f"{unit.label}s")
    return f"{_decimal(number)}\u00a0{unit.label if number < 2 else plural}"


def _spell_price(amount: Amount) -> str:
    unit = AmountUnit(amount.unit)
    if unit == AmountUnit.PIECE:
        return f"{_decimal(amount.number)}\u00a0€ pièce"
    if unit == AmountUnit.GRAM and amount.number < 1:
        return f"{_decimal(amount.number * 1000)}\u00a0€ le kilogramme"
    if unit == AmountUnit.MILLILITRE:
        return f"{_decimal(amount.number * 1000)}\u00a0€ le litre"
    article = "la" if unit in FEMININE else "le"
    return f"{_decimal(amount.number)}\u00a0€ {article} {unit.label}"


FEMININE = {
    AmountUnit.DOSE, AmountUnit.BAR, AmountUnit.SOAP, AmountUnit.SLAB, AmountUnit.PLATE,
    AmountUnit.CAPSULE, AmountUnit.PHIAL, AmountUnit.PELLET, AmountUnit.CYLINDER,
    AmountUnit.CARTRIDGE,
}  # fmt: skip
