"""What links a report to others that its reader reads: by an identifier, by a place; one step
further, what those cite in their turn.

Bounded at each step, the latest first. A value on the list of frequent ones links nothing.
"""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Q, Value
from django.urls import reverse

from cross.ui.link_chart import Box, link_chart
from cross.ui.templatetags.words import counted
from intel import access
from intel.extraction.identifiers import show
from intel.models import Identifier
from intel.reading.list import COLUMNS
from intel.reading.nearby import is_frequent
from intel.states import NOT_COUNTED

MOST_VALUES, MOST_REPORTS, MOST_BEYOND = 12, 14, 14
READ = 300  # citations looked at for one step


@dataclass
class Cited:
    """A value or a place, and who cites it: keys of reports."""

    name: str
    words: str
    kind: str
    url: str
    by: set = field(default_factory=set)


@dataclass(frozen=True)
class Row:
    """One line of the table: what is cited, and the reports that cite it, beside the first."""

    cited: Cited
    reports: list
    is_beyond: bool


@dataclass(frozen=True)
class Links:
    chart: str
    rows: list[Row]
    reports: list
    is_cut: bool


def links_of(report, member):
    """Seven queries at most, whatever the report cites."""
    others = _others(report, member)
    first = _values_of(report) | _places_of(report, member)
    cited = dict(list(first.items())[:MOST_VALUES])
    _who_cites(cited, others, report)
    found = {pk for each in cited.values() for pk in each.by}
    reports = _reports(others, found)
    shown = {each.pk for each in reports[:MOST_REPORTS]}
    beyond = _beyond(report, others, shown, first) if shown else {}
    kept = sorted(beyond.values(), key=lambda each: (-len(each.by), each.words))[:MOST_BEYOND]
    reports = reports[:MOST_REPORTS]
    return Links(
        chart=_drawn(report, cited.values(), reports, kept) if cited else "",
        rows=_rows(cited.values(), reports, is_beyond=False)
        + _rows(kept, reports, is_beyond=True),
        reports=reports,
        is_cut=len(first) > len(cited) or len(found) > len(shown) or len(beyond) > len(kept),
    )


def _others(report, member):
    read = access.listed_reports(member, for_page=True).filter(department=report.department_id)
    return read.exclude(pk=report.pk).exclude(state__in=NOT_COUNTED)


def _value(kind, value, raw):
    """An identifier, as `Cited`; `raw` is how one looks for it."""
    query = f"{reverse('report_list')}?{urlencode({'q': raw})}"
    label = dict(Identifier._meta.get_field("kind").flatchoices)[kind]
    return Cited(f"{kind}|{value}", show(kind, value), label, query)


def _place(place):
    return Cited(f"place|{place.pk}", place.name, "Lieu", place.get_absolute_url())


def _told(identifiers):
    """{name: Cited} of rows of identifiers."""
    rows = identifiers.order_by("kind", "value").values_list("kind", "value", "raw", "report")
    cited = {}
    for kind, value, raw, report in rows[:READ]:
        each = cited.setdefault(f"{kind}|{value}", _value(kind, value, raw))
        each.by.add(report)
    return cited


def _seen(observations):
    rows = observations.select_related("place").order_by("place__name", "pk")[:READ]
    cited = {}
    for row in rows:
        each = cited.setdefault(f"place|{row.place_id}", _place(row.place))
        each.by.add(row.report_id)
    return cited


def _values_of(report):
    rows = Identifier.objects.of(report).exclude(is_frequent(Value(report.department_id)))
    return _told(rows)


def _places_of(report, member):
    return _seen(access.readable_observations(member).filter(report=report))


def _who_cites(cited, others, report):
    """Give each of `cited` the other reports that cite it, the latest ones."""
    pairs, places = Q(pk__in=()), []
    for name, each in cited.items():
        each.by.discard(report.pk)
        kind, _, value = name.partition("|")
        if kind == "place":
            places.append(int(value))
        else:
            pairs |= Q(kind=kind, value=value)
    citing = Identifier.objects.of_all(others).filter(pairs)
    for kind, value, pk in citing.order_by("-report").values_list("kind", "value", "report")[
        :READ
    ]:
        cited[f"{kind}|{value}"].by.add(pk)
    seen = access.observations(others).filter(place__in=places).order_by("-report")
    for place, pk in seen.values_list("place", "report")[:READ]:
        cited[f"place|{place}"].by.add(pk)


def _reports(others, found):
    """The latest of them, one more than is shown: whether there are others is said."""
    rows = (
        others.filter(pk__in=found)
        .select_related("commune", "owner")
        .only(*COLUMNS)
        .with_opening()
        .order_by("-received_at", "-pk")
    )
    return list(rows[: MOST_REPORTS + 1]) if found else []


def _beyond(report, others, shown, first):
    """What the reports shown cite in their turn."""
    shown = others.filter(pk__in=shown)
    rows = Identifier.objects.of_all(shown).exclude(is_frequent(Value(report.department_id)))
    cited = _told(rows) | _seen(access.observations(shown))
    return {name: each for name, each in cited.items() if name not in first}


def _rows(cited, reports, *, is_beyond):
    rows = [Row(each, [r for r in reports if r.pk in each.by], is_beyond) for each in cited]
    return [row for row in rows if row.reports or not is_beyond]


def _drawn(report, cited, reports, beyond):
    boxes = [Box("origine", 0, report.reference, "Cette fiche", report.get_absolute_url())]
    boxes += [Box(each.name, 1, each.words, each.kind, each.url) for each in cited]
    order = {pk: rank for rank, each in enumerate(cited) for pk in sorted(each.by)}
    near = sorted(reports, key=lambda each: order.get(each.pk, 0))
    boxes += [
        Box(f"fiche|{each.pk}", 2, each.reference, each.commune.name, each.get_absolute_url())
        for each in near
    ]
    boxes += [Box(each.name, 3, each.words, each.kind, each.url) for each in beyond]
    keys = {each.pk for each in reports}
    lines = [("origine", each.name) for each in cited]
    lines += [(each.name, f"fiche|{pk}") for each in cited for pk in sorted(each.by & keys)]
    lines += [(f"fiche|{pk}", each.name) for each in beyond for pk in sorted(each.by & keys)]
    return link_chart(
        boxes,
        lines,
        title=f"Liens de {report.reference}",
        description=f"{counted(len(reports), 'autre fiche,autres fiches')} que vous lisez, "
        "reliées par ce que cite celle-ci\u00a0; le tableau dit la même chose.",
    )
