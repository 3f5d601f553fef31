"""Reports that may speak of the same thing as another: where the original of a duplicate is found.

Only what the member may read, in the department of the report, out of draft and in scope.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Left

from cross.ui.templatetags.words import counted, listed
from intel import access
from intel.models import Identifier
from intel.models.report import title_of
from intel.reading.list import COLUMNS, OPENING
from intel.states import NOT_COUNTED

DAYS = 90
MOST_CANDIDATES = 8
MOST_NEARBY = 5


def _around(report, member):
    return (
        access.readable_reports(member)
        .filter(department=report.department_id)
        .exclude(pk=report.pk)
        .exclude(state__in=NOT_COUNTED)
        .annotate(opening=Left("facts", OPENING))
    )


def _same_days(report):
    """The same commune, received around the same time."""
    span = timedelta(days=DAYS)
    return Q(
        commune=report.commune_id,
        received_at__range=(report.received_at - span, report.received_at + span),
    )


def _with_headings(reports):
    found = list(reports)
    for each in found:
        each.heading = title_of(each.subject, each.opening)
    return found


def candidates_for(report, member):
    """The likely originals, latest first: of the same days, and no duplicates themselves."""
    near = _around(report, member).filter(_same_days(report), duplicate_of=None)
    return _with_headings(
        near.select_related("commune", "owner")
        .only(*COLUMNS)
        .order_by("-received_at", "-pk")[:MOST_CANDIDATES]
    )


def nearby(report, member, identifiers):
    """Those of the same days or with an identifier in common, these first; each with `reasons`."""
    shared = Identifier.objects.filter(
        report=OuterRef("pk"), value__in=[each.value for each in identifiers]
    )
    near = _around(report, member).annotate(has_shared=Exists(shared))
    same = _same_days(report)
    found = _with_headings(
        near.filter(same | Q(has_shared=True) if identifiers else same)
        .order_by("-has_shared", "-received_at", "-pk")
        .select_related("commune")
        .defer("facts", "comment", "search")[:MOST_NEARBY]
    )
    for each in found:
        each.reasons = _reasons(report, each)
    return found


def _reasons(report, other):
    reasons = ["identifiant en commun"] if other.has_shared else []
    if other.commune_id == report.commune_id:
        reasons.append("même commune")
    if set(other.products) & set(report.products):
        reasons.append("même produit")
    days = (report.received_at.date() - other.received_at.date()).days
    if days:
        reasons.append(f"{counted(abs(days), 'jour')} {'avant' if days > 0 else 'après'}")
    else:
        reasons.append("même jour")
    return listed(reasons)
