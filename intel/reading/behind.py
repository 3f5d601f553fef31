"""The reports behind a figure of a summary, as a filter of the list: what an address names."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse

from cross.ui.templatetags.words import counted, plural
from intel import access, periods
from intel.models import TerritoryScore
from intel.summaries.behind import counted_in

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
DIMENSIONS = {name: dimension for dimension, name in NAMES.items()}
NO_SUMMARY = "Cette synthèse n’existe pas ou plus, ou ne vous est pas ouverte : retirez ce filtre."
NO_ROW = "Cette synthèse n’a pas de chiffre de ce nom : retirez ce filtre."


@dataclass(frozen=True)
class Figure:
    """One row of a summary, the condition of what it counts, what it is called, and its page."""

    words: str
    url: str
    condition: Q


def figure_named(member, key, territory, *, facts):
    """What an address names: key of a summary, "commune:88160" or nothing, facts or reports.

    Raises ValidationError alike for a summary that is not there and for one that the member may
    not open. What is masked leads nowhere: its readers open no report.
    """
    known = access.readable_summaries(member).select_related("department")
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
    return Figure(_words(summary, dimension, code, facts), url, condition)


def _words(summary, dimension, code, facts):
    """Of facts how many too: the list has one report for each."""
    row = summary.scores.filter(dimension=dimension, code=code).only("label", "facts").first()
    where = row.label if row else code
    if dimension == Dimension.DEPARTMENT:
        where = summary.department.name
    what = "renseignements comptés"
    if facts:
        count = row.facts if row else 0
        first = plural(count, "par son premier renseignement,par leur premier renseignement")
        what = f"{counted(count, 'fait')} ({first})"
    return f"{what} dans la synthèse {periods.read(summary.period).of_label}, {where}"
