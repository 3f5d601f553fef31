"""What is said of more, of less, of a week out of the ordinary and of what is new."""

from cross.ui.templatetags.words import counted, listed, number, plural
from intel import periods
from intel.models import TerritoryScore
from intel.statistics import ChangeLabel, EffortStatus, smallest_visible_rise
from intel.summaries.parameters import PARAMETERS
from intel.summaries.spans import REFERENCES
from intel.summaries.words.numbers import figure, less_than, more, one_in, times
from intel.summaries.words.sentences import Code, Sentence, about, at_most
from intel.summaries.words.territories import LEVELS, where

Dimension = TerritoryScore.Dimension
# A period of the reference, and the whole of it.
AVERAGED = {
    "week": "par semaine en moyenne sur un an",
    "month": "par mois en moyenne sur un an",
    "quarter": "par trimestre en moyenne sur un an",
    "rolling": "sur les douze mois précédents",
}
# The same, where the reference is not told.
USUAL = {
    "week": "la semaine moyenne des douze mois précédents",
    "month": "le mois moyen des douze mois précédents",
    "quarter": "le trimestre moyen des douze mois précédents",
    "rolling": "les douze mois précédents",
}
SURE = "Un tel écart est très peu probable par hasard."
UNSURE = (
    "À confirmer : parmi tous les territoires comparés, le hasard suffit à en montrer un tel de "
    "temps en temps."
)
LABELS = {
    ChangeLabel.CLEAR_RISE: ("Hausse nette", SURE),
    ChangeLabel.POSSIBLE_RISE: ("Hausse à confirmer", UNSURE),
    ChangeLabel.CLEAR_FALL: ("Baisse nette", SURE),
    ChangeLabel.POSSIBLE_FALL: ("Baisse à confirmer", UNSURE),
}
RISES = frozenset({ChangeLabel.CLEAR_RISE, ChangeLabel.POSSIBLE_RISE})
FALLS = frozenset({ChangeLabel.CLEAR_FALL, ChangeLabel.POSSIBLE_FALL})


def of_level(summary, dimension, rows):
    """The rises, then the falls; how many territories tell too little to conclude."""
    if dimension == Dimension.DEPARTMENT:
        yield from filter(None, (change(summary, row) for row in rows))
        return
    for labels in (RISES, FALLS):
        yield from at_most(
            dimension, [change(summary, row) for row in rows if row.change in labels]
        )
    few = [row for row in rows if row.change == ChangeLabel.TOO_FEW and row.facts]
    if few and not summary.is_masked:
        told = sum(bool(row.facts) for row in rows)
        yield Sentence(
            Code.TOO_FEW,
            f"Effectif trop faible pour conclure dans {counted(len(few), LEVELS[dimension])} "
            f"sur {number(told)} où des faits ont été enregistrés.",
            sum(row.facts for row in few),
            "Une hausse a pu y avoir lieu sans se voir.",
            str(dimension),
        )


def change(summary, row):
    """Rise, fall, nothing clear or too few; None where nothing was compared."""
    there = where(row, summary.department)
    if row.change in LABELS:
        heading, doubt = LABELS[row.change]
        is_rise = row.change in RISES
        text = f"{heading} {there} : {_compared(summary, row, is_rise=is_rise)}."
        code = Code.RISE if is_rise else Code.FALL
        said = [_effort(summary, row), _found(row), _repeated(row)] if is_rise else []
        doubt = " ".join(filter(None, [*said, doubt, _in_bursts(row)]))
        return about(row, code, text, facts=row.facts, doubt=doubt)
    if row.change == ChangeLabel.STEADY:
        text = f"Pas d’évolution nette {there} : {_compared(summary, row)}."
        doubt = " ".join(filter(None, [_would_not_show(summary, row), _in_bursts(row)]))
        return about(row, Code.STEADY, text, facts=row.facts, doubt=doubt)
    if row.change == ChangeLabel.TOO_FEW and row.facts is not None:
        text = f"Effectif trop faible pour conclure {there} : {_compared(summary, row)}."
        return about(row, Code.TOO_FEW, text, facts=row.facts, doubt=_would_not_show(summary, row))
    return None


def _compared(summary, row, *, is_rise=None):
    """« 12 faits contre 3 par trimestre en moyenne sur un an (multiplié par 4 ; …) »."""
    kind = periods.read(summary.period).kind
    facts = counted(row.facts, "fait") if row.facts else "aucun fait"
    if row.reference_facts is None:
        # This audience is not told the reference, which a ratio would give back.
        side = {True: "plus que", False: "moins que"}.get(is_rise)
        return f"{facts}, {side} {USUAL[kind]}" if side else facts
    if row.reference_facts == 0:
        return f"{facts}, aucun dans les douze mois précédents"
    wanted, _ = REFERENCES[kind]
    said = f"{facts} contre {figure(row.reference_facts / wanted)} "
    said += AVERAGED[kind]
    by = times(row, is_rise=is_rise) if is_rise is not None else ""
    return f"{said} ({by})" if by else said


def _effort(summary, row):
    """What the activity of the services leaves of a rise."""
    ratio = row.effort_ratio
    by = f" ({more(ratio)})" if ratio is not None and ratio > 1 else ""
    if row.effort == EffortStatus.INDEPENDENT:
        if ratio is None and not summary.is_masked:
            return "La hausse se voit aussi dans les appels et signalements."
        # By the calls and tips, or by what is left once this activity is taken off.
        return "La hausse ne s’explique pas par la seule activité des services."
    if row.effort == EffortStatus.CONCOMITANT:
        return (
            f"Cette hausse accompagne une hausse de l’activité des services{by}. Elle ne "
            "prouve pas une aggravation."
        )
    return "On ne sait pas si cette hausse vient de l’activité des services."


def _found(row):
    """How many of them the services went and found: one night of work may make a rise."""
    found = row.facts - row.reactive if row.reactive is not None else 0
    if not found:
        return ""
    if found == row.facts:
        them = plural(found, "Ce fait a été trouvé,Tous ces faits ont été trouvés")
    else:
        were = plural(found, "a été trouvé,ont été trouvés")
        them = f"Sur ces {counted(row.facts, 'fait')}, {number(found)} {were}"
    return f"{them} par les services eux-mêmes."


def _in_bursts(row):
    """What one operation brings comes at once: only a larger gap then says something."""
    times = row.overdispersion
    if not times or times <= PARAMETERS.overdispersed_above:
        return ""
    return (
        f"D’un mois à l’autre, les faits y varient {figure(times)} fois plus que par hasard, "
        "comme lorsqu’une opération en révèle plusieurs : la comparaison en tient compte."
    )


ONE_PERSON = "Ils peuvent venir d’une seule personne : ils ne comptent que pour une origine."
MOST_NAMES = 5


def _repeated(row):
    if not row.repeated_facts:
        return ""
    told = plural(row.repeated_facts, "est connu,sont connus")
    return (
        f"{counted(row.repeated_facts, 'fait')} {told} par des signalements qui disent la même "
        f"chose presque mot pour mot. {ONE_PERSON}"
    )


def repeated(summary, rows):
    """Where tips repeat each other, in one sentence."""
    found = sorted(
        (row for row in rows if row.repeated_facts),
        key=lambda row: (-row.repeated_facts, row.label),
    )
    if found:
        names = [
            f"{where(row, summary.department)} ({counted(row.repeated_facts, 'fait')})"
            for row in found[:MOST_NAMES]
        ]
        left = len(found) - len(names)
        names += [f"dans {counted(left, 'autre commune,autres communes')}"] if left else []
        yield Sentence(
            Code.REPEATED,
            f"Des signalements disent la même chose presque mot pour mot {listed(names)}.",
            sum(row.repeated_facts for row in found),
            ONE_PERSON,
            str(found[0].dimension),
        )


def _would_not_show(summary, row):
    """How large a rise would have gone unseen."""
    kind = periods.read(summary.period).kind
    if not row.reference_facts or kind not in REFERENCES:
        return ""
    wanted, length = REFERENCES[kind]
    least = float(
        smallest_visible_rise(
            row.reference_facts,
            length,
            wanted * length,
            overdispersion=row.overdispersion or 1.0,
            alpha=PARAMETERS.alpha,
        )
    )
    return f"{less_than(least)} ne se verrait pas."


def alarm(summary, row):
    if not row.is_alarm:
        return None
    text = (
        f"Semaine inhabituelle {where(row, summary.department)} : "
        f"{counted(row.facts, 'fait')} pour {figure(row.usual)} d’habitude."
    )
    doubt = (
        f"Sans changement, une semaine en compterait autant moins "
        f"d’{one_in(PARAMETERS.weekly_alpha)}. Une opération des services peut y suffire."
    )
    return about(row, Code.ALARM, text, facts=row.facts, doubt=doubt)


def emerges(row):
    """Told to be new where it is not told to rise: a territory goes by one word, the same for who
    is told of no emergence."""
    return row.is_emerging and row.change not in RISES


def emerging(summary, row):
    if not emerges(row):
        return None
    # None is a count too: it is not told to whoever is told of none.
    before = "très peu" if summary.is_masked else "aucun"
    text = (
        f"Territoire émergent : {row.label}, {counted(row.facts, 'fait')} "
        f"{periods.read(summary.period).during}, {before} dans les douze mois précédents."
    )
    doubt = (
        "Règle de vigilance sur de très petits nombres : il peut s’agir d’un trafic ancien "
        "que personne ne signalait."
    )
    return about(row, Code.EMERGING, text, facts=row.facts, doubt=doubt)
