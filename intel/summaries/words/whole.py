"""What is said of the whole: the count, what moved since, what is not detailed."""

from datetime import timedelta

from django.utils.timezone import localdate

from cross.ui.templatetags.words import counted, day, listed, number, percent, plural
from intel import periods
from intel.models import TerritoryScore
from intel.summaries.parameters import PARAMETERS
from intel.summaries.words.sentences import Code, Sentence

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display


def opening(summary, rows):
    during = periods.read(summary.period).during
    start = during[0].upper() + during[1:]
    facts, corroborated = summary.facts, _corroborated(rows)
    if facts is None:
        text = f"{start}, le nombre de faits n’est pas communicable."
    elif facts == 0:
        text = f"{start}, aucun fait n’a été enregistré."
    else:
        verb = plural(facts, "a été enregistré,ont été enregistrés")
        found = counted(facts, "fait,faits distincts")
        text = f"{start}, {found} {verb}{_out_of(summary)}. {corroborated}"
    yield Sentence(Code.OPENING, text.strip(), facts, _caveats(summary))
    yield from _revised(summary)


def _out_of(summary):
    known = [
        counted(value, noun)
        for value, noun in (
            (summary.reports, "renseignement"),
            (summary.services, "service contributeur,services contributeurs"),
        )
        if value
    ]
    return f" ({', '.join(known)})" if known else ""


def _corroborated(rows):
    top = next((row for row in rows if row.dimension == Dimension.DEPARTMENT), None)
    count = top.facts_corroborated if top else None
    if count is None:
        return ""
    if count == 0:
        return "Aucun n’est recoupé par deux origines indépendantes."
    said = plural(count, "est recoupé,sont recoupés")
    return f"{number(count)} {said} par au moins deux origines indépendantes."


def _caveats(summary):
    """What is still to come in, and what stands in no table."""
    said = []
    if summary.is_provisional:
        said.append(f"Chiffres provisoires, arrêtés au {day(summary.as_of)}.")
        if entered := entered_of(summary):
            said.append(f"{entered[0].upper()}{entered[1:]}.")
    if summary.undated:
        verb = plural(summary.undated, "n’entre,n’entrent")
        said.append(
            f"{counted(summary.undated, 'renseignement')} sans date {verb} dans aucun chiffre."
        )
    if summary.unlocated:
        verb = plural(summary.unlocated, "n’est placé,ne sont placés")
        said.append(f"{counted(summary.unlocated, 'fait')} {verb} dans aucune commune.")
    return " ".join(said)


def entered_of(summary):
    """« environ 94 % des faits survenus jusqu’au 22 novembre 2026 sont déjà enregistrés ».

    Of a running period the days to come are in no share; nothing where no share is known.
    """
    if summary.share_entered is None:
        return ""
    last = min(summary.ends_on, localdate(summary.as_of) - timedelta(days=1))
    return (
        f"environ {percent(summary.share_entered)} des faits survenus jusqu’au {day(last)} sont "
        "déjà enregistrés"
    )


def _revised(summary):
    moved = [
        f"{counted(abs(gap), noun)} de {'plus' if gap > 0 else 'moins'}"
        for name, noun in (("facts", "fait"), ("reports", "renseignement"))
        if (gap := summary.moved.get(name))
    ]
    if moved:
        yield Sentence(
            Code.REVISED,
            f"Chiffres révisés le {day(summary.built_at)} : {listed(moved)} que dans la "
            "version précédente.",
            summary.facts,
        )


def hidden(rows, communes):
    """How many communes are not told of: their number alone."""
    if communes is None:
        return
    told = [row for row in rows if row.dimension == Dimension.COMMUNE]
    left = communes - sum(row.display == Display.EXACT for row in told)
    if left < 1:
        return
    verb = plural(left, "compte,comptent")
    are = plural(left, "n’est pas détaillée,ne sont pas détaillées")
    few = f"moins de {PARAMETERS.threshold} faits ou un nombre non communicable"
    yield Sentence(
        Code.HIDDEN,
        f"{counted(left, 'commune')} {verb} {few}, et {are}.",
    )
