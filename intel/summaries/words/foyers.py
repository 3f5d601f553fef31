"""What is said of foyers, of what is watched, and of ranks that hold by little."""

from cross.ui.templatetags.words import counted, listed, of
from intel.models import TerritoryScore
from intel.statistics import History, HotSpotLabel, NotTested
from intel.summaries.parameters import PARAMETERS
from intel.summaries.words.numbers import expected, one_in
from intel.summaries.words.sentences import Code, Sentence, about, at_most

Dimension = TerritoryScore.Dimension
TOP = 10  # ranks that are said to be sensitive
# What is said of a foyer over the last two years.
HISTORIES = {
    History.NEW: "Ce foyer est nouveau : il n’apparaissait pas aux trimestres précédents.",
    History.CONSECUTIVE: "Ce foyer se maintient depuis plusieurs trimestres de suite.",
    History.INTENSIFYING: "Ce foyer dure depuis deux ans et se renforce.",
    History.LASTING: "Ce foyer est persistant : il apparaît presque à chaque trimestre.",
    History.FADING: "Ce foyer dure depuis deux ans et s’atténue.",
    History.SPORADIC: "Ce foyer apparaît et disparaît d’un trimestre à l’autre.",
    History.OSCILLATING: "Ce foyer alterne avec des périodes de faits très peu nombreux.",
}
VARIOUS = "Son évolution n’est pas la même dans toutes ses communes."
FORMER = {
    History.HISTORICAL: "a été un foyer presque sans interruption et ne l’est plus",
    History.FORMER: "a été un foyer au cours des deux dernières années et ne l’est plus",
}
REASONS = {
    NotTested.TOO_FEW_FACTS: (
        f"moins de {PARAMETERS.hot_least_facts} faits utilisables sur douze mois"
    ),
    NotTested.TOO_FEW_UNITS: (
        f"moins de {PARAMETERS.hot_least_units} communes dont la population est connue"
    ),
}
AROUND = "ainsi que les communes voisines"
ELSEWHERE = "L’absence de foyer ailleurs ne veut pas dire absence de trafic."


def told(summary, rows):
    """All that is said of foyers."""
    yield from of_territories(rows)
    yield from not_searched(summary, rows)
    yield from sensitive(rows)


def of_territories(rows):
    """Of what rows say, and not of what they do not hold."""
    yield from zones(rows)
    yield from watched(rows)
    yield from with_tips(rows)
    yield from former(rows)


def zones(rows):
    """One sentence a zone."""
    members_of: dict[str, list] = {}
    for row in rows:
        if row.hot == HotSpotLabel.FOYER:
            members_of.setdefault(row.hot_zone or row.code, []).append(row)
    names = {row.code: row.label for row in rows}
    for code, members in members_of.items():
        yield _foyer(code, names, members)


def _foyer(code, names, members):
    heart = max(members, key=lambda row: (row.code == code, row.hot_count or 0))
    name = names.get(code) or ", ".join(row.label for row in members[:3])
    text = f"Foyer : {name} {AROUND}"
    if heart.hot_count is not None:
        is_elsewhere = heart.code != code and code in names
        text += f". Autour {of(heart.label)}, " if is_elsewhere else ", "
        text += (
            f"{counted(heart.hot_count, 'fait')} sur douze mois (hors faits connus des seuls "
            f"citoyens) contre {expected(heart.hot_expected)} au vu de la population et des "
            "écarts habituels entre communes"
        )
    doubt = [_history(heart, members)]
    doubt.append("Une telle concentration est très peu probable par hasard.")
    if heart.hot_with_tips == HotSpotLabel.WATCHED:
        doubt.append(
            "Si l’on comptait aussi, partout, les faits connus des seuls citoyens, il se "
            "détacherait moins des autres communes : ce ne serait qu’un secteur à surveiller."
        )
    if any(row.on_border for row in members):
        doubt.append("Il touche un autre département, dont les faits ne sont pas comptés.")
    return about(
        heart,
        Code.FOYER,
        f"{text}.",
        facts=heart.hot_count,
        doubt=" ".join(filter(None, doubt)),
    )


def _history(heart, members):
    """Of its heart; without counts its heart is not known, and one is not told for all."""
    told = {row.history for row in members if row.history in HISTORIES}
    if heart.hot_count is None and len(told) > 1:
        return VARIOUS
    return HISTORIES.get(heart.history, "")


def watched(rows):
    found = [row for row in rows if row.hot == HotSpotLabel.WATCHED and not row.hot_zone]
    found.sort(key=lambda row: (row.hot_q is None, row.hot_q or 0))
    yield from at_most(Dimension.COMMUNE, [_watched(row) for row in found])


def _watched(row):
    counted_there = (
        ""
        if row.hot_count is None
        else f", {counted(row.hot_count, 'fait')} sur douze mois contre "
        f"{expected(row.hot_expected)}"
    )
    return about(
        row,
        Code.WATCHED,
        f"Secteur à surveiller : {row.label} {AROUND}{counted_there}.",
        facts=row.hot_count,
        doubt=f"Jusqu’à {one_in(PARAMETERS.watched_q)}, un tel secteur ne tient qu’au hasard.",
    )


def with_tips(rows):
    """Where there is a foyer only once what the public alone tells is counted."""
    found = [
        row
        for row in rows
        if row.hot_with_tips == HotSpotLabel.FOYER and row.hot != HotSpotLabel.FOYER
    ]
    yield from at_most(
        Dimension.COMMUNE,
        [
            about(
                row,
                Code.WITH_TIPS,
                f"Foyer de signalements : {row.label} {AROUND}, si l’on compte "
                "aussi les faits connus des seuls citoyens.",
                facts=row.hot_count,
                doubt="Ces signalements n’ont été vérifiés par aucun service.",
            )
            for row in found
        ],
    )


def former(rows):
    # A commune beside a foyer of today belongs to it, whatever it was alone.
    found = [row for row in rows if row.history in FORMER and not row.hot_zone]
    yield from at_most(
        Dimension.COMMUNE,
        [
            about(
                row,
                Code.FORMER,
                f"{row.label} {FORMER[History(row.history)]}.",
                facts=row.facts,
                doubt="Des faits peuvent s’être déplacés dans les communes voisines.",
            )
            for row in found
        ],
    )


def not_searched(summary, rows):
    status = summary.hot_status
    if status in set(NotTested):
        yield Sentence(
            Code.NOT_SEARCHED,
            f"Les foyers n’ont pas été recherchés : {REASONS[NotTested(status)]}.",
            summary.facts,
            "Ce n’est pas une absence de foyer.",
        )
    elif status and not any(row.hot == HotSpotLabel.FOYER for row in rows):
        yield Sentence(
            Code.NOT_SEARCHED,
            "Aucun foyer ne se détache sur douze mois.",
            summary.facts,
            ELSEWHERE,
        )


def sensitive(rows):
    """The first ranks by what is active that another way of counting would change."""
    found = [
        row
        for row in rows
        if row.dimension == Dimension.COMMUNE
        and row.rank_is_sensitive
        and row.stock_rank
        and row.stock_rank <= TOP
    ]
    if found:
        found.sort(key=lambda row: row.stock_rank)
        one = len(found) == 1
        yield Sentence(
            Code.SENSITIVE,
            f"Classement sensible : {listed(row.label for row in found)} "
            f"{'sort' if one else 'sortent'} des {TOP} premières communes, classées par faits "
            "encore actifs et selon leur solidité, si l’on compte les faits autrement.",
            sum(row.facts or 0 for row in found),
            f"{'Sa' if one else 'Leur'} place dépend du calcul : n’en tirez pas de rang.",
            str(Dimension.COMMUNE),
        )
