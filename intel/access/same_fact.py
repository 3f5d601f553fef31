"""The reports that tell the same fact as another, as far as their reader can tell.

A fact holds what is open to the whole protocol (`actions.facts`). Who reads less sees only what
links between reports that he reads bring together; who reads more, what is linked to it besides.
"""

from django.db.models import Q

from intel.models import Match, Report

OF_THE_READER = "kept only where both sides were answered to the reader"


def told_with(report, readable):
    """Those of `readable`, the reports that somebody reads, that are of one fact with `report`.

    By links between reports that he reads himself: any number of them among open reports, one to
    a restricted one or from it. Two queries.
    """
    pairs = list(_links_of(report))
    linked = {pk for pair in pairs if report.pk in pair for pk in pair}
    rows = list(
        readable.exclude(pk=report.pk).filter(
            Q(fact=report.fact_id)
            | Q(duplicate_of=report.pk)
            | Q(pk__in=linked | {report.duplicate_of_id} - {None})
        )
    )
    read = {report.pk: report, **{row.pk: row for row in rows}}
    pairs += [(row.pk, row.duplicate_of_id) for row in read.values() if row.duplicate_of_id]
    told = reached(report.pk, [pair for pair in pairs if read.keys() >= set(pair)])
    return [row for row in rows if row.pk in told]


def _links_of(report):
    """Pairs of keys: what was said to confirm what, of one fact or of this report."""
    said = Match.objects.live().filter(kind=Match.Kind.CORROBORATES)
    told = Report.objects.filter(fact=report.fact_id).unguarded(because=OF_THE_READER).values("pk")
    ours = said.filter(report__in=told).unguarded(because=OF_THE_READER)
    theirs = said.filter(other__in=told).unguarded(because=OF_THE_READER)
    return ours.values_list("report", "other").union(theirs.values_list("report", "other"))


def reached(start, pairs):
    """All that links, pairs of keys, lead to from `start`, itself included."""
    found, size = {start}, 0
    while size < len(found):
        size = len(found)
        for pair in pairs:
            if not found.isdisjoint(pair):
                found.update(pair)
    return found
