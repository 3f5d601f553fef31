"""Lines proposed for the local strategy, from what a summary found: people decide, never this.

A table: which finding fits, and the axis that it may start. Its words may all be rewritten; the
finding it rests on stays beside it as it was told, with its facts, its label and its doubt.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from cross.ui.templatetags.words import counted, listed, number
from intel import periods
from intel.models import TerritoryScore
from intel.models.choices import Mode
from intel.statistics import ChangeLabel, EffortStatus, History, compare_counts
from intel.summaries.parameters import PARAMETERS
from intel.summaries.words import Code, Sentence, changes, foyers, twelve_months_with
from intel.summaries.words.sentences import about
from intel.summaries.words.territories import where
from services.models import Commune

Dimension = TerritoryScore.Dimension
# Where people act: nobody corroborates an hour of the week, nor moves means to a product.
PLACES_OF_ACTION = frozenset(
    {
        Dimension.DEPARTMENT,
        Dimension.ARRONDISSEMENT,
        Dimension.EPCI,
        Dimension.COMMUNE,
        Dimension.NEIGHBOURHOOD,
    }
)
LASTING = frozenset({History.LASTING, History.INTENSIFYING})
NETWORKS = frozenset({Mode.DELIVERY, Mode.CALL_CENTRE, Mode.SOCIAL_MEDIA, Mode.POSTAL})
MOST_NAMES = 5
NEAR = "1 km"


class Kind(StrEnum):
    """One a row of the table, in the order in which they are proposed."""

    LASTING_FOYER = "foyer_persistant"
    FOYER_WITHOUT_POINT = "foyer_sans_point"
    NEW_FOYER = "foyer_nouveau"
    RISE = "hausse_independante"
    RISE_WITH_EFFORT = "hausse_avec_activite"
    TO_CONFIRM = "a_recouper"
    NEW_FORMS = "formes_nouvelles"
    SILENT_BORDER = "zone_sans_fait"
    FALL = "baisse_a_verifier"


@dataclass(frozen=True)
class Draft:
    """The axis that a finding may start; `{where}` is that of its territory."""

    title: str
    objective: str
    actions: tuple[str, ...]
    indicator: str


DRAFTS = {
    Kind.LASTING_FOYER: Draft(
        "Foyer {where} : enquête au long cours",
        "Faire reculer un trafic installé.",
        (
            "Enquête au long cours et présence répétée sur les points actifs.",
            "Examen en CLSPD ou en GLTD.",
            "Saisine des bailleurs concernés.",
        ),
        "Points de deal actifs ; points reconstitués à 90 jours.",
    ),
    Kind.FOYER_WITHOUT_POINT: Draft(
        "Foyer {where} : savoir où le trafic se tient",
        "Un foyer dure et aucun point de deal actif n’y est connu : savoir quelle forme il prend "
        "avant de choisir comment agir.",
        (
            "Recueil ciblé : livraison, appartement, réseaux sociaux.",
            "Revoir l’état des lieux déjà connus de la commune et de ses voisines.",
        ),
        "Faits du foyer dont le lieu ou le mode est connu.",
    ),
    Kind.NEW_FOYER: Draft(
        "{Where} : recueil ciblé",
        "Savoir ce qui se passe avant d’agir.",
        (
            "Visites et recueil ciblé.",
            "Lever de doute par un second service.",
            "Aucune communication à ce stade.",
        ),
        "Faits recoupés par un second service.",
    ),
    Kind.RISE: Draft(
        "Hausse {where} : réorienter des moyens pendant trois mois",
        "Répondre à une hausse qui ne tient pas à la seule activité des services.",
        (
            "Réorientation de moyens pendant trois mois.",
            "Revue au prochain comité.",
        ),
        "Faits du trimestre, appels et signalements compris.",
    ),
    Kind.RISE_WITH_EFFORT: Draft(
        "Hausse {where} : demander la donnée d’activité",
        "Savoir si la hausse vient du trafic ou de l’activité des services, sans rien en conclure "
        "d’ici là.",
        ("Demander aux services leur donnée d’activité sur la période et sur l’année.",),
        "Faits rapportés à l’activité des services.",
    ),
    Kind.TO_CONFIRM: Draft(
        "Plan de recoupement {where}",
        "Faire recouper par un second service ce qui n’a qu’une origine.",
        (
            "Désigner les services qui recoupent.",
            "Fixer une échéance.",
        ),
        "Part des faits recoupés.",
    ),
    Kind.NEW_FORMS: Draft(
        "Formes nouvelles",
        "Suivre un trafic qui n’a plus de lieu.",
        (
            "Traitement par réseau et par moyen de contact, non par lieu.",
            "Recherche des comptes et des numéros qui reviennent.",
        ),
        "Faits par mode opératoire.",
    ),
    Kind.SILENT_BORDER: Draft(
        "Qui renseigne dans ces communes ?",
        "Savoir si l’absence de fait est une absence de trafic ou une absence de capteur.",
        ("Désigner, pour chaque commune, qui renseigne.",),
        "Communes sans aucun renseignement sur douze mois.",
    ),
    Kind.FALL: Draft(
        "Baisse {where} : vérifier le déplacement",
        "Savoir si le trafic a reculé ou s’il s’est déplacé.",
        (
            "Si une action y a été menée : examiner les communes voisines.",
            f"Examiner les points à moins de {NEAR}.",
        ),
        "Faits des communes voisines ; points nouveaux à proximité.",
    ),
}


@dataclass(frozen=True)
class Proposal:
    """`finding` is the sentence it rests on, as it was told; `summary` and `period` say where.

    `title`, `objective`, `actions` and `indicator` are those of an axis, for somebody to rewrite.
    """

    kind: str
    title: str
    objective: str
    actions: str
    indicator: str
    finding: Sentence
    summary: int | None
    period: str

    @property
    def key(self):
        """Names it among those of one note."""
        return f"{self.kind}:{self.finding.dimension}:{self.finding.territory}"

    @property
    def period_label(self):
        return periods.read(self.period).label

    @property
    def axis(self):
        """What fills an axis; the finding is written with its objective, for later readers."""
        return {
            "title": self.title,
            "objective": f"{self.objective} Constat : {self.finding}",
            "actions": self.actions,
            "indicator": self.indicator,
        }


def read(held):
    """A proposal out of its JSON, as `dataclasses.asdict` makes it."""
    return Proposal(**held | {"finding": Sentence(**held["finding"])})


def proposed(summary):
    """The lines that a summary and the twelve months that end with it may start, foyers first.

    What both find of one territory is proposed once, as the shorter period tells it.
    """
    twelve_months = twelve_months_with(summary)
    found = _of(summary) + (_of(twelve_months) if twelve_months else [])
    once: dict[str, Proposal] = {}
    for each in found:
        once.setdefault(each.key, each)
    ranks = {kind.value: rank for rank, kind in enumerate(Kind)}
    return sorted(once.values(), key=lambda each: ranks[each.kind])


def _of(summary):
    rows = list(summary.scores.order_by("dimension", "rank"))
    return made_of(summary, rows, silent=_silent(summary, rows))


def made_of(summary, rows, *, silent=()):
    """A proposal for each finding that fits; `silent` are the names of communes without fact."""
    found = [
        _made(kind, summary, sentence, where(row, summary.department))
        for kind, fits in FITS.items()
        for sentence, row in fits(summary, rows)
    ]
    if silent:
        found.append(_made(Kind.SILENT_BORDER, summary, _of_silence(silent), ""))
    return found


def _made(kind, summary, finding, where):
    draft = DRAFTS[kind]
    return Proposal(
        kind=kind.value,
        title=draft.title.format(where=where, Where=where[:1].upper() + where[1:]),
        objective=draft.objective,
        actions="\n".join(draft.actions),
        indicator=draft.indicator,
        finding=finding,
        summary=summary.pk,
        period=summary.period,
    )


# --- Which finding fits -----------------------------------------------------------------------


def _lasting_foyers(summary, rows):
    """One that lasts, where points are active or where this reader is not told of points."""
    for sentence, row in _foyers(rows):
        if row.history not in LASTING or row.active_points == 0:
            continue
        unknown = (
            " Le nombre de points actifs n’est pas dans cette synthèse."
            if row.active_points is None
            else ""
        )
        yield replace(sentence, doubt=sentence.doubt + unknown), row


def _foyers_without_point(summary, rows):
    """One that lasts where no point de deal is known to be at work: it is not left unsaid."""
    for sentence, row in _foyers(rows):
        if row.history in LASTING and row.active_points == 0:
            yield sentence, row


def _new_foyers(summary, rows):
    for sentence, row in _foyers(rows):
        if row.history == History.NEW:
            yield sentence, row
    for row in rows:
        if sentence := changes.emerging(summary, row):
            yield sentence, row


def _foyers(rows):
    by_code = {(row.dimension, row.code): row for row in rows}
    for sentence in foyers.zones(rows):
        yield sentence, by_code[sentence.dimension, sentence.territory]


def _where_people_act(rows):
    return (row for row in rows if row.dimension in PLACES_OF_ACTION)


def _changes(*labels, effort=None):
    def fits(summary, rows):
        for row in _where_people_act(rows):
            if row.change in labels and effort in (None, row.effort):
                yield changes.change(summary, row), row

    return fits


def _to_confirm(summary, rows):
    """Most of what is told there has one origin, or only the public."""
    for row in _where_people_act(rows):
        few = row.facts_to_confirm
        if few is None or row.facts < PARAMETERS.threshold or few * 2 <= row.facts:
            continue
        text = (
            f"À recouper {where(row, summary.department)} : {number(few)} des "
            f"{counted(row.facts, 'fait')} n’ont qu’une origine, ou que des citoyens."
        )
        doubt = "Un fait à confirmer n’est pas un fait faux."
        yield about(row, Code.TO_CONFIRM, text, facts=row.facts, doubt=doubt), row


def _new_forms(summary, rows):
    """Delivery or networks rise beside the period before, by the test of any other change."""
    for row in rows:
        if row.dimension != Dimension.MODE or row.code not in NETWORKS or not _rises(row):
            continue
        text = (
            f"{row.label} : {counted(row.facts, 'fait')} contre {number(row.previous_facts)} "
            f"{periods.read(summary.period).previous().during}."
        )
        doubt = (
            "Une seule période sert de comparaison, et un fait compte sous chacun de ses modes."
        )
        yield about(row, Code.RISE, text, facts=row.facts, doubt=doubt), row


def _rises(row):
    now, before = row.facts, row.previous_facts
    if now is None or before is None or now + before < PARAMETERS.change_gate:
        return False
    change = compare_counts(now, 1, before, 1)
    return change.p <= PARAMETERS.alpha and now >= PARAMETERS.ratio_up * before


FITS = {
    Kind.LASTING_FOYER: _lasting_foyers,
    Kind.FOYER_WITHOUT_POINT: _foyers_without_point,
    Kind.NEW_FOYER: _new_foyers,
    Kind.RISE: _changes(ChangeLabel.CLEAR_RISE, effort=EffortStatus.INDEPENDENT),
    Kind.RISE_WITH_EFFORT: _changes(*changes.RISES, effort=EffortStatus.CONCOMITANT),
    Kind.TO_CONFIRM: _to_confirm,
    Kind.NEW_FORMS: _new_forms,
    Kind.FALL: _changes(ChangeLabel.CLEAR_FALL),
}


# --- Where nobody tells anything --------------------------------------------------------------


def _silent(summary, rows):
    """Names of the communes of a border without a fact in twelve months, the largest first.

    Told to who opens the reports: for the others, none and few are alike.
    """
    if summary.is_masked or periods.read(summary.period).kind != "rolling":
        return []
    told = {row.code for row in rows if row.dimension == Dimension.COMMUNE and row.facts}
    border = (
        Commune.objects.filter(department=summary.department_id, is_on_border=True)
        .statistical_units()
        .order_by("-population", "code")
    )
    return [name for code, name in border.values_list("code", "name") if code not in told]


def _of_silence(names):
    first, left = names[:MOST_NAMES], len(names) - MOST_NAMES
    others = [counted(left, "autre,autres")] if left > 0 else []
    return Sentence(
        Code.SILENT,
        f"Aucun fait en douze mois dans {counted(len(names), 'commune')} au bord du département : "
        f"{listed([*first, *others])}.",
        0,
        "Une zone blanche n’est pas une zone sans trafic.",
        Dimension.COMMUNE.value,
    )
