"""The reports that tell the same fact as another, as far as their reader can tell.

A fact holds what is open to the whole protocol (`actions.facts`). Who reads less sees only what
links between reports that he reads bring together; who reads more, what is linked to it besides.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from intel.models import Match


def with_links(reports):
    """The same with `confirms` and `confirmed_by`, the keys of reports: what `told_with` wants."""
    said = Match.objects.live().filter(kind=Match.Kind.CORROBORATES)
    return reports.annotate(
        confirms=ArraySubquery(said.filter(report=OuterRef("pk")).values("other")),
        confirmed_by=ArraySubquery(said.filter(other=OuterRef("pk")).values("report")),
    )


def told_with(report, readable):
    """Those of `readable`, the reports that somebody reads, that are of one fact with `report`.

    By links between reports that he reads himself: any number of them among open reports, one to
    a restricted one or from it. `report` comes from `with_links`. One query.
    """
    near = Q(fact=report.fact_id) | Q(duplicate_of=report.pk) | Q(pk__in=_linked(report))
    rows = list(with_links(readable).exclude(pk=report.pk).filter(near))
    read = {report.pk, *(row.pk for row in rows)}
    pairs = [(row.pk, other) for row in (report, *rows) for other in _linked(row)]
    told = reached(report.pk, [pair for pair in pairs if read.issuperset(pair)])
    return [row for row in rows if row.pk in told]


def _linked(report):
    """The keys of what it repeats, of what it confirms and of what confirms it."""
    repeated = [report.duplicate_of_id] if report.duplicate_of_id else []
    return [*repeated, *report.confirms, *report.confirmed_by]


def reached(start, pairs):
    """All that links, pairs of keys, lead to from `start`, itself included."""
    found, size = {start}, 0
    while size < len(found):
        size = len(found)
        for pair in pairs:
            if not found.isdisjoint(pair):
                found.update(pair)
    return found
