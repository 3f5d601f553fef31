"""Kept searches as a member sees them: the list, and one with what lately entered it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict

from intel import access
from intel.models import SearchAlert
from intel.reading.filters import asked_by, chips_of
from intel.reading.list import COLUMNS

SHOWN = 50


@dataclass(frozen=True)
class Kept:
    """One search: whose it is, what it asks, what it told lately, the rest of what it told."""

    is_own: bool
    chips: list
    fault: bool  # a filter of it is no longer understood: what it names has gone
    rhythm: str
    rows: list  # each with `is_new`


def _alerts_of(member):
    return SearchAlert.objects.filter(search=OuterRef("pk"), member=member.pk)


def searches_of(member):
    """The searches that he may open, each with his `rhythm` and how many are `fresh`."""
    rhythm = Subquery(_alerts_of(member).values("rhythm"))
    searches = list(
        access.own_searches(member)
        .annotate(rhythm=Coalesce(rhythm, Value("")))
        .select_related("by")
        .order_by("name", "pk")
    )
    fresh = access.told_by_alerts(member).filter(at__gt=F("alert__opened_at")).order_by()
    counts = dict(fresh.values_list("alert__search").annotate(times=Count("report")))
    for search in searches:
        search.fresh = counts.get(search.pk, 0)
        search.rhythm_label = dict(SearchAlert.Rhythm.choices).get(search.rhythm, "")
        search.is_own = search.by_id == member.pk
    return searches


def filters_in_words(member, query):
    """(chips, whether a filter is refused) of an address, as this member reads it."""
    asked = asked_by(member, QueryDict(query))
    return chips_of(asked), bool(asked.form.errors)


def kept_of(search, member):
    """The page of one."""
    chips, fault = filters_in_words(member, search.query)
    alert = SearchAlert.objects.filter(search=search, member=member.pk).first()
    rhythm, told = (alert.rhythm, _told(alert, member)) if alert else ("", [])
    return Kept(search.by_id == member.pk, chips, fault, rhythm, told)


def _told(alert, member):
    """The reports that were told, the last told first; none that he lists no more."""
    told = access.told_by_alerts(member).filter(alert=alert).order_by(F("at").desc(), "-report")
    when = dict(told.values_list("report", "at")[:SHOWN])
    rows = list(
        access.listed_reports(member)
        .filter(pk__in=when)
        .select_related("commune", "owner")
        .only(*COLUMNS)
        .with_opening()
    )
    for row in rows:
        row.is_new = when[row.pk] > alert.opened_at
    return sorted(rows, key=lambda row: (when[row.pk], row.pk), reverse=True)


def just_removed(member, key):
    """The search whose removal may still be undone, or None; `key` as the address has it."""
    try:
        key = UUID(key)
    except ValueError:
        return None
    return access.restorable_searches(member).filter(key=key).first()
