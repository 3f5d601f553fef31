"""What a summary says, in sentences built from its codes by rule: nothing is worded freely.

They are made from one stored summary and its rows alone, so that each audience is told what its
own summary holds. Each sentence carries its number of facts, and what is not sure in it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.timezone import localdate

from cross.ui.templatetags.words import at, counted, day, listed, number, of, percent, plural
from intel import periods
from intel.models import Summary, TerritoryScore
from intel.statistics import (
    ChangeLabel,
    EffortStatus,
    History,
    HotSpotLabel,
    NotTested,
    smallest_visible_rise,
)
from intel.summaries.parameters import PARAMETERS
from intel.summaries.spans import REFERENCES
from services.models import Commune

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display
TERRITORIES = (
    Dimension.DEPARTMENT,
    Dimension.ARRONDISSEMENT,
    Dimension.EPCI,
    Dimension.COMMUNE,
    Dimension.NEIGHBOURHOOD,
)
MOST = 5  # sentences of one kind on one level
TOP = 10  # ranks that are said to be sensitive


class Code(StrEnum):
    """What a sentence is about, in the order in which they are read."""

    OPENING = "ensemble"
    REVISED = "revision"
    ALARM = "semaine_inhabituelle"
    RISE = "hausse"
    FALL = "baisse"
    STEADY = "stable"
    TOO_FEW = "effectif_faible"
    FOYER = "foyer"
    WATCHED = "a_surveiller"
    WITH_TIPS = "foyer_de_signalements"
    FORMER = "ancien_foyer"
    NOT_SEARCHED = "foyers_non_cherches"
    EMERGING = "emergent"
    SENSITIVE = "classement_sensible"
    HIDDEN = "non_detaille"
    # Of what is proposed alone.
    TO_CONFIRM = "a_recouper"
    SILENT = "zone_sans_fait"


OF_FOYERS = frozenset(
    {Code.FOYER, Code.WATCHED, Code.WITH_TIPS, Code.FORMER, Code.NOT_SEARCHED, Code.SENSITIVE}
)


@dataclass(frozen=True)
class Sentence:
    """`facts` is None where this audience is not told how many, or where none are counted.

    `doubt` says how sure it is and what else may explain it; `dimension` and `territory` name the
    row that it speaks of, empty when it speaks of the whole.
    """

    code: Code
    text: str
    facts: int | None = None
    doubt: str = ""
    dimension: str = ""
    territory: str = ""

    def __str__(self):
        return f"{self.text} {self.doubt}".strip()


def said_of(summary):
    """Every sentence of a summary, in the order in which they are read. Two queries at most."""
    rows = list(summary.scores.filter(dimension__in=TERRITORIES).order_by("dimension", "rank"))
    return sentences(summary, rows, communes=_communes(summary))


def _communes(summary):
    """How many communes a masked summary could have told of; None where it is not said."""
    if not summary.is_masked or not summary.is_quarter or summary.department_id is None:
        return None
    return Commune.objects.filter(department=summary.department_id).statistical_units().count()


def sentences(summary, rows, *, communes=None):
    """The same, from rows at hand; of `communes` in all, those without a row are said hidden."""
    teller = Teller(summary, rows)
    return [*teller.opening(), *teller.findings(), *teller.hidden(communes)]


def said_with_foyers(summary):
    """The same, and what the twelve months that end with this quarter tell of foyers."""
    found = said_of(summary)
    twelve_months = twelve_months_with(summary)
    if twelve_months is not None:
        found += [each for each in said_of(twelve_months) if each.code in OF_FOYERS]
    return found


def twelve_months_with(summary):
    """The twelve months of the same audience that end with the quarter of a summary, or None."""
    if not summary.is_quarter:
        return None
    same = Summary.objects.filter(
        department=summary.department_id,
        audience=summary.audience,
        period=periods.rolling_of(summary.ends_on).code,
        stage=Summary.Stage.DONE,
    )
    return same.select_related("department").order_by("version").last()


def said_of_territory(summary, row):
    """What is said of one territory, the absence of a conclusion included."""
    teller = Teller(summary, [row])
    alone = (teller.alarm(row), teller.change(row), teller.emerging(row))
    return [each for each in alone if each] + [
        *teller.foyers(),
        *teller.watched(),
        *teller.with_tips(),
        *teller.former(),
    ]


def reading_note(*, is_masked, has_details):
    """How to read the figures: five lines, and what is not told to who opens no report."""
    said = [
        "Ces chiffres comptent ce qui a été signalé, non ce qui existe, et des faits, non des "
        "infractions constatées : chaque fait compte une fois, au jour où il a eu lieu. Seules "
        "sont comptées les fiches ouvertes à toutes les unités du protocole.",
        "Ils dépendent de l’activité des services : une hausse peut venir d’un trafic plus actif "
        "comme d’une présence plus forte, et une zone blanche n’est pas une zone sans trafic.",
        "Les signalements des citoyens ne sont pas vérifiés : seuls, ils ne recoupent aucun fait.",
        "Ils peuvent être révisés : un renseignement corrigé ou venu plus tard change le compte. "
        "Entre deux petits nombres, un écart n’est pas une tendance.",
        "Ils ne servent à aucun classement public des communes.",
    ]
    if is_masked:
        said.append(
            f"Les effectifs inférieurs à {PARAMETERS.threshold}, zéro compris, ne sont pas "
            "communiqués, ni ceux qui permettraient de les retrouver."
        )
    if not has_details:
        said.append(
            "Le détail par commune, produit et origine est communiqué au trimestre : plusieurs "
            "tableaux emboîtés permettraient de retrouver les petits effectifs."
        )
    return tuple(said)


# --- Small words ------------------------------------------------------------------------------


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


def figure(value):
    """« 4 », « 1,6 », « 23 »: one decimal under ten, when it says something."""
    return number(value, 0 if value >= 9.95 else 1).removesuffix(",0")


def where(row, department=None):
    """« à Épinal », « au Thillot », « dans les Vosges », « dans l’arrondissement d’Épinal »."""
    match row.dimension:
        case Dimension.DEPARTMENT:
            return department.in_name if department else f"dans le département {row.label}"
        case Dimension.ARRONDISSEMENT:
            return f"dans l’arrondissement {of(row.label)}"
        case Dimension.EPCI if row.label.startswith(("Communauté", "Métropole")):
            return f"dans la {row.label[0].lower()}{row.label[1:]}"
        case Dimension.EPCI:
            return f"dans l’intercommunalité {row.label}"
        case Dimension.COMMUNE:
            return at(row.label)
    return f"dans le secteur « {row.label} »"


# Singular and plural of a list of them.
LEVELS = {
    Dimension.DEPARTMENT: "département",
    Dimension.ARRONDISSEMENT: "arrondissement",
    Dimension.EPCI: "intercommunalité",
    Dimension.COMMUNE: "commune",
    Dimension.NEIGHBOURHOOD: "secteur",
}
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


def _one_in(share):
    """« une fois sur deux cents » of 0.005."""
    return f"une fois sur {number(1 / share)}"


class Teller:
    """The sentences of one summary; `rows` are those of its audience."""

    def __init__(self, summary, rows):
        self.summary, self.rows = summary, list(rows)
        self.period = periods.read(summary.period)

    def of_level(self, dimension):
        return [row for row in self.rows if row.dimension == dimension]

    def where(self, row):
        return where(row, self.summary.department)

    def about(self, row, code, text, *, facts=None, doubt=""):
        return Sentence(code, text, facts, doubt, str(row.dimension), row.code)

    def findings(self):
        """All but the opening and what is hidden."""
        for dimension in TERRITORIES:
            rows = self.of_level(dimension)
            yield from _at_most(dimension, [self.alarm(row) for row in rows])
            yield from self.changes(dimension, rows)
            yield from _at_most(dimension, [self.emerging(row) for row in rows])
        yield from self.foyers()
        yield from self.watched()
        yield from self.with_tips()
        yield from self.former()
        yield from self.not_searched()
        yield from self.sensitive()

    # --- The whole ----------------------------------------------------------------------------

    def opening(self):
        summary, during = self.summary, self.period.during
        start = during[0].upper() + during[1:]
        facts, corroborated = summary.facts, self._corroborated()
        if facts is None:
            text = f"{start}, le nombre de faits n’est pas communicable."
        elif facts == 0:
            text = f"{start}, aucun fait n’a été enregistré."
        else:
            verb = plural(facts, "a été enregistré,ont été enregistrés")
            found = counted(facts, "fait,faits distincts")
            text = f"{start}, {found} {verb}{self._out_of()}. {corroborated}"
        yield Sentence(Code.OPENING, text.strip(), facts, self._caveats())
        yield from self._revised()

    def _out_of(self):
        known = [
            counted(value, noun)
            for value, noun in (
                (self.summary.reports, "renseignement"),
                (self.summary.services, "service contributeur,services contributeurs"),
            )
            if value
        ]
        return f" ({', '.join(known)})" if known else ""

    def _corroborated(self):
        top = next(iter(self.of_level(Dimension.DEPARTMENT)), None)
        count = top.facts_corroborated if top else None
        if count is None:
            return ""
        if count == 0:
            return "Aucun n’est recoupé par deux origines indépendantes."
        said = plural(count, "est recoupé,sont recoupés")
        return f"{number(count)} {said} par au moins deux origines indépendantes."

    def _caveats(self):
        """What is still to come in, and what stands in no table."""
        summary, said = self.summary, []
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

    def _revised(self):
        moved = [
            f"{counted(abs(gap), noun)} de {'plus' if gap > 0 else 'moins'}"
            for name, noun in (("facts", "fait"), ("reports", "renseignement"))
            if (gap := self.summary.moved.get(name))
        ]
        if moved:
            yield Sentence(
                Code.REVISED,
                f"Chiffres révisés le {day(self.summary.built_at)} : {listed(moved)} que dans la "
                "version précédente.",
                self.summary.facts,
            )

    def hidden(self, communes):
        """How many communes are not told of: their number alone."""
        if communes is None:
            return
        told = self.of_level(Dimension.COMMUNE)
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

    # --- More, or less -------------------------------------------------------------------------

    def changes(self, dimension, rows):
        if dimension == Dimension.DEPARTMENT:
            yield from filter(None, map(self.change, rows))
            return
        for labels in (RISES, FALLS):
            yield from _at_most(
                dimension, [self.change(row) for row in rows if row.change in labels]
            )
        few = [row for row in rows if row.change == ChangeLabel.TOO_FEW and row.facts]
        if few and not self.summary.is_masked:
            told = sum(bool(row.facts) for row in rows)
            yield Sentence(
                Code.TOO_FEW,
                f"Effectif trop faible pour conclure dans {counted(len(few), LEVELS[dimension])} "
                f"sur {number(told)} où des faits ont été enregistrés.",
                sum(row.facts for row in few),
                "Une hausse a pu y avoir lieu sans se voir.",
                str(dimension),
            )

    def change(self, row):
        """Rise, fall, nothing clear or too few; None where nothing was compared."""
        if row.change in LABELS:
            heading, doubt = LABELS[row.change]
            is_rise = row.change in RISES
            text = f"{heading} {self.where(row)} : {self._compared(row, is_rise=is_rise)}."
            code = Code.RISE if is_rise else Code.FALL
            effort = self._effort(row) if is_rise else ""
            return self.about(row, code, text, facts=row.facts, doubt=f"{effort} {doubt}".strip())
        if row.change == ChangeLabel.STEADY:
            text = f"Pas d’évolution nette {self.where(row)} : {self._compared(row)}."
            return self.about(
                row, Code.STEADY, text, facts=row.facts, doubt=self._would_not_show(row)
            )
        if row.change == ChangeLabel.TOO_FEW and row.facts is not None:
            text = f"Effectif trop faible pour conclure {self.where(row)} : {self._compared(row)}."
            return self.about(
                row, Code.TOO_FEW, text, facts=row.facts, doubt=self._would_not_show(row)
            )
        return None

    def _compared(self, row, *, is_rise=None):
        """« 12 faits contre 3 par trimestre en moyenne sur un an (multiplié par 4 ; …) »."""
        facts = counted(row.facts, "fait") if row.facts else "aucun fait"
        if row.reference_facts is None:
            # This audience is not told the reference, which a ratio would give back.
            side = {True: "plus que", False: "moins que"}.get(is_rise)
            return f"{facts}, {side} {USUAL[self.period.kind]}" if side else facts
        if row.reference_facts == 0:
            return f"{facts}, aucun dans les douze mois précédents"
        wanted, _ = REFERENCES[self.period.kind]
        said = f"{facts} contre {figure(row.reference_facts / wanted)} "
        said += AVERAGED[self.period.kind]
        times = _times(row, is_rise=is_rise) if is_rise is not None else ""
        return f"{said} ({times})" if times else said

    def _effort(self, row):
        """What the activity of the services leaves of a rise."""
        ratio = row.effort_ratio
        more = f" ({_more(ratio)})" if ratio is not None and ratio > 1 else ""
        if row.effort == EffortStatus.INDEPENDENT:
            if ratio is None and not self.summary.is_masked:
                return "La hausse se voit aussi dans les appels et signalements."
            # By the calls and tips, or by what is left once this activity is taken off.
            return "La hausse ne s’explique pas par la seule activité des services."
        if row.effort == EffortStatus.CONCOMITANT:
            return (
                f"Cette hausse accompagne une hausse de l’activité des services{more}. Elle ne "
                "prouve pas une aggravation."
            )
        return "On ne sait pas si cette hausse vient de l’activité des services."

    def _would_not_show(self, row):
        """How large a rise would have gone unseen."""
        if not row.reference_facts or self.period.kind not in REFERENCES:
            return ""
        wanted, length = REFERENCES[self.period.kind]
        least = float(
            smallest_visible_rise(
                row.reference_facts,
                length,
                wanted * length,
                overdispersion=row.overdispersion or 1.0,
                alpha=PARAMETERS.alpha,
            )
        )
        return f"{_less_than(least)} ne se verrait pas."

    def alarm(self, row):
        if not row.is_alarm:
            return None
        text = (
            f"Semaine inhabituelle {self.where(row)} : {counted(row.facts, 'fait')} pour "
            f"{figure(row.usual)} d’habitude."
        )
        doubt = (
            f"Sans changement, une semaine en compterait autant moins "
            f"d’{_one_in(PARAMETERS.weekly_alpha)}. Une opération des services peut y suffire."
        )
        return self.about(row, Code.ALARM, text, facts=row.facts, doubt=doubt)

    def emerging(self, row):
        if not row.is_emerging:
            return None
        # None is a count too: it is not told to whoever is told of none.
        before = "très peu" if self.summary.is_masked else "aucun"
        text = (
            f"Territoire émergent : {row.label}, {counted(row.facts, 'fait')} "
            f"{self.period.during}, {before} dans les douze mois précédents."
        )
        doubt = (
            "Règle de vigilance sur de très petits nombres : il peut s’agir d’un trafic ancien "
            "que personne ne signalait."
        )
        return self.about(row, Code.EMERGING, text, facts=row.facts, doubt=doubt)

    # --- Foyers --------------------------------------------------------------------------------

    def foyers(self):
        """One sentence a zone."""
        zones: dict[str, list] = {}
        for row in self.rows:
            if row.hot == HotSpotLabel.FOYER:
                zones.setdefault(row.hot_zone or row.code, []).append(row)
        names = {row.code: row.label for row in self.rows}
        for code, members in zones.items():
            yield self._foyer(code, names, members)

    def _foyer(self, code, names, members):
        heart = max(members, key=lambda row: (row.code == code, row.hot_count or 0))
        name = names.get(code) or ", ".join(row.label for row in members[:3])
        around = "" if heart.code == code or code not in names else f"autour {of(heart.label)}, "
        text = f"Foyer : {name} {AROUND}"
        if heart.hot_count is not None:
            text += (
                f", {around}{counted(heart.hot_count, 'fait')} sur douze mois contre "
                f"{_expected(heart.hot_expected)} au vu de la population et des écarts habituels "
                "entre communes"
            )
        doubt = [HISTORIES.get(heart.history, "")]
        doubt.append("Une telle concentration est très peu probable par hasard.")
        if heart.hot_with_tips == HotSpotLabel.WATCHED:
            doubt.append(
                "Ce ne serait qu’un secteur à surveiller si l’on comptait aussi les faits connus "
                "des seuls citoyens."
            )
        if any(row.on_border for row in members):
            doubt.append("Il touche un autre département, dont les faits ne sont pas comptés.")
        return self.about(
            heart,
            Code.FOYER,
            f"{text}.",
            facts=heart.hot_count,
            doubt=" ".join(filter(None, doubt)),
        )

    def watched(self):
        rows = [row for row in self.rows if row.hot == HotSpotLabel.WATCHED and not row.hot_zone]
        rows.sort(key=lambda row: (row.hot_q is None, row.hot_q or 0))
        yield from _at_most(Dimension.COMMUNE, [self._watched(row) for row in rows])

    def _watched(self, row):
        counted_there = (
            ""
            if row.hot_count is None
            else f", {counted(row.hot_count, 'fait')} sur douze mois contre "
            f"{_expected(row.hot_expected)}"
        )
        return self.about(
            row,
            Code.WATCHED,
            f"Secteur à surveiller : {row.label} {AROUND}{counted_there}.",
            facts=row.hot_count,
            doubt=f"Jusqu’à {_one_in(PARAMETERS.watched_q)}, un tel secteur ne tient qu’au "
            "hasard.",
        )

    def with_tips(self):
        """Where there is a foyer only once what the public alone tells is counted."""
        rows = [
            row
            for row in self.rows
            if row.hot_with_tips == HotSpotLabel.FOYER and row.hot != HotSpotLabel.FOYER
        ]
        yield from _at_most(
            Dimension.COMMUNE,
            [
                self.about(
                    row,
                    Code.WITH_TIPS,
                    f"Foyer de signalements : {row.label} {AROUND}, si l’on compte "
                    "aussi les faits connus des seuls citoyens.",
                    facts=row.hot_count,
                    doubt="Ces signalements n’ont été vérifiés par aucun service.",
                )
                for row in rows
            ],
        )

    def former(self):
        # A commune beside a foyer of today belongs to it, whatever it was alone.
        rows = [row for row in self.rows if row.history in FORMER and not row.hot_zone]
        yield from _at_most(
            Dimension.COMMUNE,
            [
                self.about(
                    row,
                    Code.FORMER,
                    f"{row.label} {FORMER[History(row.history)]}.",
                    facts=row.facts,
                    doubt="Des faits peuvent s’être déplacés dans les communes voisines.",
                )
                for row in rows
            ],
        )

    def not_searched(self):
        status = self.summary.hot_status
        if status in set(NotTested):
            yield Sentence(
                Code.NOT_SEARCHED,
                f"Les foyers n’ont pas été recherchés : {REASONS[NotTested(status)]}.",
                self.summary.facts,
                "Ce n’est pas une absence de foyer.",
            )
        elif status and not any(row.hot == HotSpotLabel.FOYER for row in self.rows):
            yield Sentence(
                Code.NOT_SEARCHED,
                "Aucun foyer ne se détache sur douze mois.",
                self.summary.facts,
                ELSEWHERE,
            )

    def sensitive(self):
        """The first ranks by what is active that another way of counting would change."""
        rows = [
            row
            for row in self.of_level(Dimension.COMMUNE)
            if row.rank_is_sensitive and row.stock_rank and row.stock_rank <= TOP
        ]
        if rows:
            rows.sort(key=lambda row: row.stock_rank)
            one = len(rows) == 1
            yield Sentence(
                Code.SENSITIVE,
                f"Classement sensible : {listed(row.label for row in rows)} "
                f"{'sort' if one else 'sortent'} des {TOP} premières communes si l’on compte les "
                "faits autrement.",
                sum(row.facts or 0 for row in rows),
                f"{'Sa' if one else 'Leur'} place dépend du calcul : n’en tirez pas de rang.",
                str(Dimension.COMMUNE),
            )


def _at_most(dimension, said):
    """The first ones, and how many more the table holds."""
    said = [each for each in said if each is not None]
    yield from said[:MOST]
    if left := said[MOST:]:
        level = LEVELS[dimension]
        more = counted(len(left), f"autre {level},autres {level}s")
        code = left[0].code
        facts = _sum(each.facts for each in left)
        text = f"{KINDS[code]} : {more} dans le tableau."
        yield Sentence(code, text, facts, dimension=str(dimension))


KINDS = {
    Code.ALARM: "Semaine inhabituelle",
    Code.RISE: "Hausse",
    Code.FALL: "Baisse",
    Code.EMERGING: "Territoire émergent",
    Code.WATCHED: "Secteur à surveiller",
    Code.WITH_TIPS: "Foyer de signalements",
    Code.FORMER: "Ancien foyer",
}


def _sum(counts):
    counts = list(counts)
    return None if None in counts else sum(counts)


def _times(row, *, is_rise):
    """« multiplié par 4 ; fourchette 1,6 à 9,7 »; a fall is told as a division."""
    if is_rise:
        if row.ratio is None:
            return ""
        return f"multiplié par {figure(row.ratio)}{_range(row.ratio_low, row.ratio_high)}"
    if not row.ratio:
        return ""
    low = None if not row.ratio_high else 1 / row.ratio_high
    high = None if not row.ratio_low else 1 / row.ratio_low
    return f"divisé par {figure(1 / row.ratio)}{_range(low, high)}"


def _range(low, high):
    if low is None:
        return ""
    if high is None:
        return f" ; {figure(low)} au moins"
    return f" ; fourchette {figure(low)} à {figure(high)}"


def _more(ratio):
    return f"+{percent(ratio - 1)}"


def _expected(value):
    if value < 0.5:
        return "moins d’un attendu"
    return f"{figure(value)} {plural(round(value, 1), 'attendu')}"


def _less_than(ratio):
    """« Une hausse de moins du double »; in tens of percent below, a multiplication above."""
    if abs(ratio - 2) < 0.05:
        return "Une hausse de moins du double"
    if abs(ratio - 3) < 0.05:
        return "Une hausse de moins du triple"
    if ratio > 2:
        return f"Une multiplication par moins de {figure(ratio)}"
    return f"Une hausse de moins de {percent(round(ratio - 1 + 0.05, 1))}"
