"""The words that a new brief starts with: sentences drawn from its frozen figures.

They state counts, and what the summary itself says of them (`intel.summaries.words`), never the
gap between two small counts: what the figures mean is for the person who rewrites them. Text of
the brief's own light marks (see `cross.printing.words`).
"""

from cross.ui.charts import Masked, french_number
from cross.ui.templatetags.words import at, counted, listed, number, of, plural
from intel import periods
from intel.models import TerritoryScore
from intel.models.choices import Product
from intel.summaries.words import OF_FOYERS, Code

Dimension = TerritoryScore.Dimension
MOST = 3  # names quoted in one sentence
CHANGES = (Code.RISE, Code.FALL, Code.STEADY, Code.TOO_FEW)
FINDINGS = (Code.RISE, Code.FALL, Code.EMERGING, *OF_FOYERS)
CELL_AT_WORK = "La cellule se réunit {rhythm}."
STEERING = (
    "Chaque axe est revu une fois par trimestre, à la parution de la note suivante : ce qui a été "
    "fait, ce que dit l’indicateur, ce qui change."
)


def first_words(figures, *, signatures=(), rhythm="", courts=()):
    """A text per section that figures or the protocol can start; the others begin empty."""
    return {
        "opening": _opening(figures),
        "threat": _threat(figures) if figures.has_details else _quarterly(),
        "trend": _trend(figures),
        "products": _ranked(figures, Dimension.PRODUCT),
        "origins": _ranked(figures, Dimension.ORIGIN),
        "steering": _paragraphs(CELL_AT_WORK.format(rhythm=rhythm) if rhythm else "", STEERING),
        "signatories": "\n".join(
            [
                *(f"{signature.capacity} : {signature.signed_by}" for signature in signatures),
                *(f"Procureur de la République, {court.name}" for court in courts),
            ]
        ),
    }


def _paragraphs(*texts):
    return "\n\n".join(text for text in texts if text)


def _counted(value, noun):
    if isinstance(value, Masked):
        return f"un nombre de {plural(2, noun)} non communicable"
    return counted(value, noun)


def _opening(figures):
    facts, reports = figures.total("facts"), figures.total("reports")
    start = [
        f"{_capital(figures.period.during)}, la cellule a enregistré "
        f"**{_counted(facts, 'fait')}**, d’après {_counted(reports, 'renseignement')}.",
        _before_it(figures.total("previous_facts"), figures.previous),
    ]
    whole = [each for each in figures.said_of(*CHANGES) if each.dimension == Dimension.DEPARTMENT]
    start += [str(each) for each in whole]
    bullets = [
        f"- **{heading}** : {', '.join(_named(row) for row in rows[:MOST])}."
        for heading, rows in (
            ("Communes détaillées", figures.told(Dimension.COMMUNE)),
            ("Produits les plus cités", _known_products(figures)),
            ("Origines les plus fréquentes", figures.told(Dimension.ORIGIN)),
        )
        if rows
    ]
    return _paragraphs(
        " ".join(filter(None, start)), "\n".join(bullets) if figures.has_details else ""
    )


def _before_it(before, period):
    """The period before, when this audience was told of it then."""
    if isinstance(before, Masked):
        return ""
    return f"Elle en avait enregistré {french_number(before)} {period.during}."


def _named(row):
    """A place keeps its capital inside a sentence; « Cocaïne » loses it, « LSD » does not."""
    label = row.label
    if row.dimension != Dimension.COMMUNE and label[1:2].islower():
        label = label[0].lower() + label[1:]
    return f"{label} ({counted(row.facts, 'fait')})"


def _known_products(figures):
    return [row for row in figures.told(Dimension.PRODUCT) if row.code != Product.UNKNOWN]


def _quarterly():
    return (
        "Le détail par commune, par produit et par origine est communiqué au trimestre : il "
        "figure dans la note de fin de trimestre."
    )


def _threat(figures):
    rows = figures.told(Dimension.COMMUNE)
    if not rows:
        return _paragraphs(
            f"{_capital(figures.period.during)}, aucune commune n’atteint un nombre de faits "
            "communicable.",
            _found(figures),
        )
    return _paragraphs(
        f"{_shared(figures, rows)} {_hidden(figures.hidden_communes)}".strip(),
        "\n".join(_bullet(figures, row) for row in rows[:MOST]),
        _found(figures),
    )


def _bullet(figures, row):
    """« À Épinal : 16 faits, contre 12 au 2e trimestre 2026 », when it was told of them then."""
    before = row.previous_facts
    against = "" if before is None else f", contre {number(before)} {figures.previous.during}"
    return f"- {_capital(at(row.label))} : {counted(row.facts, 'fait')}{against}."


def _found(figures):
    """What rises, falls, comes up or concentrates, territory by territory."""
    said = figures.said_of(*FINDINGS, elsewhere_than=Dimension.DEPARTMENT)
    return "\n".join(f"- {each}" for each in said)


def _shared(figures, rows):
    """How many communes have a figure, and what part of all facts they hold."""
    held, total = sum(row.facts for row in rows), figures.total("facts")
    part = "" if isinstance(total, Masked) else f" sur {number(total)}"
    if len(rows) == 1:
        return (
            f"Le nombre de faits est communicable pour une seule commune, {rows[0].label} : "
            f"{counted(held, 'fait')}{part}."
        )
    return (
        f"Le nombre de faits est communicable pour {number(len(rows))} communes. Elles réunissent "
        f"ensemble {counted(held, 'fait')}{part}."
    )


def _hidden(count):
    if not count:
        return ""
    if count == 1:
        return "Pour l’autre commune, l’effectif est inférieur à 5 ou n’est pas communicable."
    return (
        f"Pour chacune des {number(count)} autres, l’effectif est inférieur à 5, ou n’est pas "
        "communicable."
    )


def _trend(figures):
    months = figures.tables[Dimension.MONTH]
    told = figures.told(Dimension.MONTH)
    if not told:
        return "Le nombre de faits par mois n’est pas communicable."
    spoken = [_month_words(row) for row in (months[0], months[-1])]
    if len(told) < len(months):
        hidden = len(months) - len(told)
        said = (
            f"{_capital(of(spoken[0]))} à {spoken[1]}, le nombre de faits n’est pas communicable "
            f"pour {counted(hidden, 'mois')} sur {number(len(months))}."
        )
    else:
        total = sum(row.facts for row in told)
        said = (
            f"{_capital(of(spoken[0]))} à {spoken[1]}, la cellule a enregistré "
            f"{counted(total, 'fait')}, soit {number(total / len(told))} par mois en moyenne."
        )
    return f"{said} {_extremes(told)}".strip()


def _month_words(row):
    return periods.read(row.code).label


def _extremes(rows):
    """The heaviest and the lightest months, when they differ."""
    most, least = max(row.facts for row in rows), min(row.facts for row in rows)
    if most == least:
        return ""
    return " ".join(
        (
            _extreme("plus", [row for row in rows if row.facts == most], most),
            _extreme("moins", [row for row in rows if row.facts == least], least),
        )
    )


def _extreme(word, rows, facts):
    names = listed(_month_words(row) for row in rows)
    if len(rows) == 1:
        return f"Le mois le {word} chargé est {names} ({counted(facts, 'fait')})."
    return f"Les mois les {word} chargés sont {names} ({counted(facts, 'fait')} chacun)."


# Dimension to how its list begins, what is said when no row is told, and what to know of it.
LISTS = {
    Dimension.PRODUCT: (
        "Produits dont le nombre de faits est communicable",
        "Aucun produit n’a un nombre de faits communicable.",
        "Un fait qui concerne deux produits compte pour chacun d’eux : la somme des lignes peut "
        "dépasser le total.",
    ),
    Dimension.ORIGIN: (
        "Origines dont le nombre de faits est communicable",
        "Aucune origine n’a un nombre de faits communicable.",
        "L’origine est celle du premier renseignement qui a fait connaître le fait.",
    ),
}


def _ranked(figures, dimension):
    """The rows of a dimension that are told, in one sentence; nothing without details."""
    if not figures.has_details:
        return ""
    start, none, remark = LISTS[dimension]
    rows = figures.told(dimension)
    if not rows:
        return none
    return _paragraphs(f"{start} : {', '.join(_named(row) for row in rows)}.", remark)


def _capital(words):
    return words[0].upper() + words[1:]
