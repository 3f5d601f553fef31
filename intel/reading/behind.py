"""The reports behind a figure of a summary, as a filter of the list: what an address names."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from cross.ui.templatetags.words import counted, day, number, plural
from intel import access, periods
from intel.models import TerritoryScore
from intel.summaries.behind import NOT_A_COLUMN, ROWS, counted_in

Dimension = TerritoryScore.Dimension
# How addresses name what figures are told by.
NAMES = {
    Dimension.DEPARTMENT: "departement",
    Dimension.ARRONDISSEMENT: "arrondissement",
    Dimension.EPCI: "epci",
    Dimension.COMMUNE: "commune",
    Dimension.NEIGHBOURHOOD: "quartier",
    Dimension.HEXAGON: "maille",
    Dimension.PLACE: "lieu",
    Dimension.PRODUCT: "produit",
    Dimension.MODE: "mode",
    Dimension.ORIGIN: "origine",
    Dimension.MONTH: "mois",
    Dimension.WEEK: "semaine",
    Dimension.HOURS: "heure",
}
# The dimensions whose figures lead to a list.
LISTED = ROWS.keys() | NOT_A_COLUMN
DIMENSIONS = {name: dimension for dimension, name in NAMES.items()}
NO_SUMMARY = "Cette synthèse n’existe pas ou plus, ou ne vous est pas ouverte : retirez ce filtre."
NO_ROW = "Cette synthèse n’a pas de chiffre de ce nom : retirez ce filtre."


@dataclass(frozen=True)
class Figure:
    """One row of a summary, the condition of what it counts, what it is called, and its page."""

    words: str
    url: str
    condition: Q
    count: int  # as the summary holds it, facts or reports
    facts: int
    drawn_up: str  # the day, in words

    def corrected(self, listed):
        """What is said when `listed`, how many sheets stand behind it today, is another number."""
        if listed == self.count:
            return ""
        return (
            f"La synthèse en comptait {number(self.count)} : des renseignements ont été ajoutés "
            f"ou corrigés depuis qu’elle a été arrêtée, au {self.drawn_up}."
        )


def figure_named(member, key, territory, *, facts):
    """What an address names: key of a summary, "commune:88160" or nothing, facts or reports.

    Raises ValidationError alike for a summary that is not there and for one that the member may
    not open. What is masked leads nowhere: its readers open no report.
    """
    known = access.readable_summaries(member).select_related("department", "court")
    summary = known.filter(pk=key).first()
    if summary is None or summary.is_masked:
        raise ValidationError(NO_SUMMARY)
    name, _, code = territory.partition(":")
    dimension = DIMENSIONS.get(name or "departement")
    code = code if territory else summary.department.code
    condition = counted_in(summary, dimension, code, facts=facts) if dimension else None
    if condition is None:
        raise ValidationError(NO_ROW)
    url = reverse("summary_page", args=[summary.pk])
    row = summary.scores.filter(dimension=dimension, code=code)
    row = row.only("label", "facts", "reports").first()
    count = (row.facts if facts else row.reports) if row else 0
    said = _words(summary, dimension, code, row, facts=facts)
    told = row.facts if row else 0
    return Figure(said, url, condition, count or 0, told or 0, day(summary.as_of))


def behind_url(summary, dimension, code):
    """The reader's own list of what a figure counts; nothing where readers open no report."""
    if summary.is_masked or dimension not in LISTED:
        return ""
    query = {"synthese": summary.pk, "territoire": f"{NAMES[dimension]}:{code}"}
    return f"{reverse('report_list')}?{urlencode(query)}"


def _words(summary, dimension, code, row, *, facts):
    """Of facts how many too: the list has one report for each."""
    where = row.label if row else code
    if dimension == Dimension.DEPARTMENT:
        where = summary.department.name
    what = "renseignements comptés"
    if facts:
        count = row.facts if row else 0
        first = plural(count, "par son premier renseignement,par leur premier renseignement")
        what = f"{counted(count, 'fait')} ({first})"
    return f"{what} dans la synthèse {periods.read(summary.period).of_label}, {where}"
