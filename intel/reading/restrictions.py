"""The restrictions of one's own unit, the day of review first."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from cross.ui import keyset
from intel import access
from intel.models import REVIEW_SOON, ReleaseRequest, Restriction

SIZE = 50
ALL, OVERDUE = "toutes", "depassees"


@dataclass(frozen=True)
class Board:
    """One page of restrictions, each with `is_overdue`, `is_soon` and `release_asked`."""

    page: keyset.Page
    shown: str  # ALL, OVERDUE, or "" for those to review
    to_review: int
    overdue: int
    total: int

    @property
    def count(self):
        return {ALL: self.total, OVERDUE: self.overdue}.get(self.shown, self.to_review)


def of_unit(member):
    """Those that this member may renew, or ask to lift."""
    return Restriction.objects.of_all(access.restricted_reports_of(member))


def to_review(member):
    """Those whose day is past, or within a week."""
    soon = timezone.localdate() + REVIEW_SOON
    return of_unit(member).filter(review_on__lte=soon)


def overdue(member):
    """Those whose day is past: one that comes is not late."""
    return of_unit(member).filter(review_on__lte=timezone.localdate())


ROWS = {"": to_review, OVERDUE: overdue, ALL: of_unit}


def board_of(member, query):
    """What `query`, the QueryDict of the address, asks of the list; two queries."""
    shown = query.get("voir", "")
    shown = shown if shown in ROWS else ""
    rows = ROWS[shown](member)
    asked = ReleaseRequest.objects.filter(report=OuterRef("report"), decision="")
    rows = rows.annotate(release_asked=Exists(asked)).select_related("report__commune", "by")
    rows = rows.defer("report__search", "report__commune__outline")
    page = keyset.page_of(rows, query, keys=("review_on", "id"), size=SIZE, ascending=True)
    today = timezone.localdate()
    soon = today + REVIEW_SOON
    for restriction in page:
        restriction.is_overdue = restriction.review_on <= today
        restriction.is_soon = today < restriction.review_on <= soon
    counts = of_unit(member).aggregate(
        total=Count("pk"),
        to_review=Count("pk", filter=Q(review_on__lte=soon)),
        overdue=Count("pk", filter=Q(review_on__lte=today)),
    )
    return Board(page=page, shown=shown, **counts)
