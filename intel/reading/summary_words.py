"""Codes of a summary as a table and a map show them: a sign, and always its words."""

from dataclasses import dataclass

from cross.ui.templatetags.words import counted, day, listed, number, percent, plural, signed
from intel import periods
from intel.models import TerritoryScore
from intel.statistics import ChangeLabel, EffortStatus, History, HotSpotLabel
from intel.summaries.words import entered_of
from intel.summaries.words.changes import emerges

Dimension = TerritoryScore.Dimension


@dataclass(frozen=True)
class Sign:
    """`shape` is drawn on maps, `mark` is written in tables; neither without its words.

    `brief`: those of a narrow column.
    """

    shape: str
    mark: str
    words: str
    brief: str = ""


CHANGES = {
    ChangeLabel.CLEAR_RISE: Sign("rise", "▲", "Hausse nette"),
    ChangeLabel.POSSIBLE_RISE: Sign("maybe_rise", "△", "Hausse à confirmer"),
    ChangeLabel.STEADY: Sign("steady", "=", "Pas d’évolution nette"),
    ChangeLabel.POSSIBLE_FALL: Sign("maybe_fall", "▽", "Baisse à confirmer"),
    ChangeLabel.CLEAR_FALL: Sign("fall", "▼", "Baisse nette"),
    ChangeLabel.TOO_FEW: Sign(
        "few", "•", "Effectif trop faible pour conclure", "Effectif trop faible"
    ),
}
EMERGING = Sign("new", "◇", "Territoire émergent")
EFFORTS = {
    EffortStatus.INDEPENDENT: "ne s’explique pas par la seule activité des services",
    EffortStatus.CONCOMITANT: "va avec une hausse de l’activité des services",
    EffortStatus.UNKNOWN: "part de l’activité des services inconnue",
}
HISTORIES = {
    History.NEW: "foyer nouveau",
    History.CONSECUTIVE: "foyer qui se maintient",
    History.INTENSIFYING: "foyer qui se renforce",
    History.LASTING: "foyer persistant",
    History.FADING: "foyer qui s’atténue",
    History.SPORADIC: "foyer sporadique",
    History.OSCILLATING: "foyer oscillant",
    History.HISTORICAL: "ancien foyer durable",
    History.FORMER: "ancien foyer",
}
WATCHED, EDGE = "Secteur à surveiller", "En bordure du foyer"
TIERS = (
    ("facts_corroborated", "recoupé", "par deux origines indépendantes au moins"),
    ("facts_probable", "probable", "d’une origine jugée fiable"),
    ("facts_to_confirm", "à confirmer,à confirmer", "d’une seule origine, ou de citoyens"),
    ("facts_set_aside", "écarté", "source et information jugées sans valeur"),
)


def sign_of(row):
    """The sign of a row, None where nothing was compared."""
    return EMERGING if emerges(row) else CHANGES.get(row.change)


def foyer_of(row):
    """In words: « Foyer persistant », « En bordure du foyer », nothing elsewhere."""
    if row.hot == HotSpotLabel.FOYER:
        return HISTORIES.get(row.history, "foyer").capitalize()
    if row.hot_zone:
        return EDGE if row.facts == 0 else "Dans la zone du foyer"
    if row.hot == HotSpotLabel.WATCHED:
        return WATCHED
    return HISTORIES.get(row.history, "").capitalize()


def maturity_of(summary):
    """« Chiffres provisoires, arrêtés au 23 novembre 2026 : environ 84 % des faits survenus
    jusqu’au 22 novembre 2026 sont déjà enregistrés. »"""
    drawn_up = f"arrêtés au {day(summary.as_of)}"
    if not summary.is_provisional:
        return f"Chiffres consolidés, {drawn_up}."
    entered = entered_of(summary)
    return f"Chiffres provisoires, {drawn_up}{f' : {entered}' if entered else ''}."


# What a column of the period before is headed by, where its own name is too long.
BEFORE = {
    "week": "Semaine précédente",
    "year": "Année précédente",
    "rolling": "Douze mois précédents",
}


def before_of(summary):
    """« Au 2e trimestre »: the head of the figures of the period before.

    Nothing of provisional figures, which are compared with nothing.
    """
    if summary.is_provisional:
        return ""
    period = periods.read(summary.period)
    before = period.previous()
    said = before.during
    if before.start.year == period.start.year:
        said = said.removesuffix(f" {before.start.year}")
    return BEFORE.get(period.kind) or f"{said[0].upper()}{said[1:]}"


def moved_of(summary):
    """« révisée le 3 octobre 2026, écart +3 faits », nothing when nothing moved."""
    gaps = [
        f"{signed(gap)}\u00a0{plural(gap, noun)}"
        for name, noun in (("facts", "fait"), ("reports", "renseignement"))
        if (gap := summary.moved.get(name))
    ]
    done = "actualisée" if summary.is_provisional else "révisée"
    if not gaps:
        same = f"{done} le {day(summary.built_at)}, sans écart sur le total"
        return same if summary.moved.get("where") else ""
    return f"{done} le {day(summary.built_at)}, écart {listed(gaps)}"


def moved_in(summary):
    """« Épinal : 3 faits, au lieu de 2 », of each commune where a revision moved something."""
    return [
        f"{label} : {counted(now, 'fait') if now else 'aucun fait'}, au lieu de {number(before)}"
        for label, before, now in summary.moved.get("where", ())
    ]


def known_after(summary):
    """[(period, facts known when it ended, 15 and 90 days later)], latest first, of those of
    which something was told; None for a day to come."""
    return [
        (periods.read(code).label, counts)
        for code, *counts in (summary.known_after or ())[::-1]
        if any(counts)
    ]


def late_of(summary):
    """« Avec 90 jours de recul (sur 5 périodes), 12 % des faits ont été saisis après… »."""
    whole = [counts for _, *counts in summary.known_after or () if counts[-1]]
    if not whole:
        return ""
    at_the_end, closed, later = map(sum, zip(*whole, strict=True))
    return (
        f"Avec 90 jours de recul (sur {counted(len(whole), 'période')}), "
        f"{percent(1 - at_the_end / later)} des faits ont été saisis après la fin de la période, "
        f"dont {percent(1 - closed / later)} plus de 15 jours après : ceux-là manquent aux "
        "chiffres consolidés, sauf révision."
    )


def tiers_of(row):
    """[(number, words, what it means)] of the facts of a territory, those that are none too."""
    if row is None or row.facts_corroborated is None:
        return []
    return [(getattr(row, name), words, meaning) for name, words, meaning in TIERS]


def found_of(row):
    """« 34 faits sur 52 ont été trouvés par les services eux-mêmes, les autres leur ont été
    signalés. »: what one night of work may have brought. Nothing where it is not told."""
    if row is None or row.reactive is None or not row.facts:
        return ""
    found = row.facts - row.reactive
    if not found:
        return "Tous ont été signalés aux services, aucun n’a été trouvé par eux-mêmes."
    if not row.reactive:
        return "Tous ont été trouvés par les services eux-mêmes, aucun ne leur a été signalé."
    were = plural(found, "a été trouvé,ont été trouvés")
    others = plural(row.reactive, "l’autre leur a été signalé,les autres leur ont été signalés")
    return (
        f"{counted(found, 'fait')} sur {number(row.facts)} {were} par les services eux-mêmes, "
        f"{others}."
    )


POINTS = (
    ("active_points", "actif à la fin de la période,actifs à la fin de la période"),
    ("points_opened", "ouvert"),
    ("points_dismantled", "démantelé"),
    ("points_rebuilt", "reconstitué"),
    ("points_moved", "déplacé"),
)


def points_of(row):
    """« 3 actifs à la fin de la période et 1 ouvert »: of points de deal, what is not none."""
    if row is None:
        return ""
    return listed(counted(count, words) for name, words in POINTS if (count := getattr(row, name)))


VALUES = {
    Dimension.PRODUCT: ("produit", "autre produit,autres produits"),
    Dimension.MODE: ("mode opératoire,modes opératoires", "autre mode,autres modes"),
    Dimension.ORIGIN: ("origine", "autre origine,autres origines"),
}


def values_not_told(dimension, count, *, of):
    """« n.c. pour 15 autres produits. »: how many of a list are not told, never which."""
    if not count:
        return ""
    all_of_them, others = VALUES[dimension]
    return f"n.c. pour {counted(count, all_of_them if count == of else others)}."


def not_told(summary):
    """What stands in no table, each as a sentence; what is none is not said."""
    said = []
    if summary.undated:
        said.append(
            f"{counted(summary.undated, 'renseignement')} sans date de faits, dans aucun chiffre."
        )
    if summary.to_come:
        said.append(
            f"{counted(summary.to_come, 'renseignement')} daté"
            f"{'s' if summary.to_come > 1 else ''} dans l’avenir, dans aucun chiffre."
        )
    if summary.unlocated:
        is_one = summary.unlocated == 1
        said.append(
            f"{counted(summary.unlocated, 'fait')} sans commune connue : "
            f"{'il compte' if is_one else 'ils comptent'} pour le département seul."
        )
    return said
