"""What is new to a member since he came last, as far as he may read it now.

Computed live, from the rule: nothing is kept of what somebody has seen. What he did himself is not
new to him.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cross.ui import keyset
from intel import access
from intel.actions.reports import OWN_FIELDS
from intel.actions.visits import FIRST_VISIT, SINCE
from intel.models import Complement, Feedback, Report, Revision, Step, Tasking
from intel.reading.capped import Capped, count_each
from intel.states import State

SIZE = 30
KEPT = timedelta(days=365)
KEYS = ("received_at", "id")
NARROWS = "keys to narrow what the rule has answered"


def since_of(session):
    """The instant that the session keeps; a week ago for one that keeps none."""
    now = timezone.now()
    since = parse_datetime(session.get(SINCE, ""))
    return max(since, now - KEPT) if since else now - FIRST_VISIT


# --- What is new ------------------------------------------------------------------------------


def _keys(rows, *, column="report", of=None, **condition):
    """The reports that these rows are about, whoever reads them: to narrow an answer by."""
    kept = rows.filter(**condition).exclude(**of) if of else rows.filter(**condition)
    return kept.unguarded(because=NARROWS).values(column)


def _arrived(member, since):
    """Written, or sent to the cell, since then."""
    written = _keys(Report.objects, column="pk", created_at__gt=since)
    sent = _keys(Step.objects, at__gt=since, origin=State.DRAFT, undone_at=None)
    reports = access.listed_reports(member, for_page=True).exclude(author=member.pk)
    return reports.exclude(state=State.DRAFT).filter(pk__in=written.union(sent))


def _changed(member, since):
    """Corrected or completed by somebody else, and there before."""
    told = [field.name for field in Report._meta.concrete_fields if field.name not in OWN_FIELDS]
    revised = _keys(
        Revision.objects, of={"by": member.pk}, at__gt=since, before__has_any_keys=told
    )
    completed = _keys(Complement.objects, of={"by": member.pk}, at__gt=since)
    reports = access.listed_reports(member, for_page=True).filter(created_at__lte=since)
    return reports.exclude(state=State.DRAFT).filter(pk__in=revised.union(completed))


def _answered(member, since):
    """Answered by the unit in charge, or to the contributor."""
    answered = _keys(Tasking.objects, of={"answered_by": member.pk}, answered_at__gt=since)
    told = _keys(Feedback.objects, of={"by": member.pk}, at__gt=since)
    reports = access.followed_reports(member, for_page=True)
    return reports.filter(pk__in=answered.union(told))


# Name in the address: the tab, what a figure of the home page says, an empty one, the rows.
TABS = {
    "nouvelles": (
        "Nouvelles fiches",
        "nouvelle fiche,nouvelles fiches",
        "Aucune nouvelle fiche",
        _arrived,
    ),
    "modifiees": (
        "Modifiées ou complétées",
        "modifiée ou complétée,modifiées ou complétées",
        "Aucune fiche modifiée ni complétée",
        _changed,
    ),
    "repondues": ("Réponses et retours", "réponse ou retour,réponses et retours",
                  "Aucune réponse, aucun retour", _answered),
}  # fmt: skip
FIRST = "nouvelles"


def rows_of(member, since):
    """{name of a tab: its reports}, for the page and for whoever counts them."""
    return {name: read(member, since) for name, (_, _, _, read) in TABS.items()}


@dataclass(frozen=True)
class News:
    since: datetime
    tabs: list  # of (name, label, Capped, is it the open one?)
    page: keyset.Page
    count: Capped
    empty: str


def news_of(member, since, query):
    """The page that the address asks for: `quoi` is its tab; two queries."""
    rows = rows_of(member, since)
    name = query.get("quoi") if query.get("quoi") in rows else FIRST
    counts = dict(zip(rows, count_each(rows.values()), strict=True))
    shown = (
        rows[name]
        .select_related("commune", "owner")
        .defer("search", "facts", "comment", "commune__outline")
        .with_opening()
    )
    page = keyset.page_of(shown, query, keys=KEYS, size=SIZE)
    return News(
        since=since,
        tabs=[(each, TABS[each][0], counts[each], each == name) for each in rows],
        page=page,
        count=counts[name],
        empty=TABS[name][2],
    )
