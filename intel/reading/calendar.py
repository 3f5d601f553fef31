"""What a member owes or is called to, day after day, from one registry of sources.

Each source is a queryset of rows that the member's own access function answers: what he may not
see has no day here. All of them are asked in one query.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import CharField, DateField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from intel import access, periods
from intel.forms.calendar import CalendarForm
from intel.models import Restriction
from intel.reading.sql import sql_of
from intel.reading.taskings import FIRST, rows_of
from intel.summaries.parameters import PARAMETERS
from protocols import access as protocols
from protocols.meeting_states import MeetingState
from protocols.models import Participation
from services.access import own_unit_members
from services.models import Member
from services.roles import Right, may

PAST, AHEAD = timedelta(days=31), timedelta(days=366)  # what a file of the calendar holds
NEXT = 5
MOST = 500
# Only the ORM's own SQL is put together; every value stays a parameter.
PART = "(SELECT %s::text, asked.* FROM ({}) AS asked)"


@dataclass(frozen=True)
class Item:
    """One thing on one day. `words` say what it is to its reader, `reference` to others."""

    kind: str
    day: date
    words: str
    reference: str
    url: str

    @property
    def label(self):
        return SOURCES[self.kind].label


@dataclass(frozen=True)
class Source:
    """`rows(member)` are answered to him; `day` is the column, `named` what is said of each row
    and `key` what its address takes, both expressions. `title` is what a calendar elsewhere is
    told: the kind, and a reference where there is one."""

    label: str
    title: str
    rows: Callable
    day: str
    named: object
    key: object
    url: Callable
    refers: bool = False  # is `named` a reference, which tells nothing to who finds it?


def _meetings(member):
    held = access.readable_meetings(member).exclude(state=MeetingState.CANCELLED)
    return held.select_related(None)


def _restrictions(member):
    if not may(Right.WRITE)(member):
        return Restriction.objects.none()
    return Restriction.objects.of_all(access.restricted_reports_of(member))


def _silences(member):
    if not may(Right.WRITE)(member):
        return access.own_silences(member).none()
    return access.own_silences(member)


def _events(member):
    """Operations of ours that are declared without a word to the others, until a day."""
    if not may(Right.WRITE)(member):
        return access.editable_events(member).none()
    return access.editable_events(member).filter(is_silent=True)


def _protocols(member):
    return protocols.signed_protocols(member).filter(ends_on__isnull=False).select_related(None)


def _seats(member):
    """Those that he keeps, and his own unit's."""
    own = Participation.objects.running_or_to_come().filter(group=member.unit.group_id)
    kept = protocols.keepable_seats(member).values("pk") if may(Right.ADMIT)(member) else []
    rows = Participation.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=kept))
    return rows.filter(ends_on__isnull=False, ended_at=None)


def _actions(member):
    actions = protocols.readable_actions(member).unfinished().filter(due_on__isnull=False)
    # Whoever keeps the strategy follows all of them; a unit has its own to do.
    keeps = may(Right.WRITE_STRATEGY)(member) or may(Right.DIRECT)(member)
    return (actions if keeps else actions.filter(unit=member.unit_id)).select_related(None)


def _authorisations(member):
    """Those that the head of a unit keeps; for anybody, his own."""
    people = Member.objects.filter(
        Q(pk=member.pk) | Q(pk__in=own_unit_members(member).values("pk"))
    )
    return people.filter(is_active=True)


def _answers(member):
    return rows_of(member, FIRST.name) if may(Right.ANSWER)(member) else None


SOURCES = {
    "reunion": Source(
        "Réunion", "réunion", _meetings, "held_on", Value("Réunion de la cellule"), F("key"),
        lambda key: reverse("meeting_page", args=[key]),
    ),
    "reponse": Source(
        "Réponse attendue de mon unité", "réponse attendue", _answers, "answer_by",
        F("report__reference"), F("report__reference"),
        lambda key: reverse("report_page", args=[key]), refers=True,
    ),
    "restriction": Source(
        "Restriction à revoir", "restriction à revoir", _restrictions, "review_on",
        F("report__reference"), F("report__reference"),
        lambda key: reverse("report_page", args=[key]), refers=True,
    ),
    "silence": Source(
        "Mode silencieux à revoir", "date à revoir", _silences, "review_on",
        F("report__reference"), F("report__reference"),
        lambda key: reverse("report_page", args=[key]),
    ),
    "operation": Source(
        "Silence d’une opération à revoir", "date à revoir", _events, "silence_review_on",
        F("number"), F("number"), lambda key: reverse("event_page", args=[key]),
    ),
    "protocole": Source(
        "Fin du protocole", "fin de protocole", _protocols, "ends_on", F("title"), F("key"),
        lambda key: reverse("protocol_page", args=[key]),
    ),
    "participation": Source(
        "Fin d’une participation", "fin de participation", _seats, "ends_on",
        F("group__unit__short_name"), F("content_object__key"),
        lambda key: reverse("protocol_page", args=[key]),
    ),
    "action": Source(
        "Action à mener", "action de la stratégie", _actions, "due_on", F("title"), F("key"),
        lambda key: reverse("action_page", args=[key]),
    ),
    "habilitation": Source(
        "Fin d’une habilitation", "fin d’habilitation", _authorisations, "authorised_until",
        Concat("first_name", Value(" "), "last_name"), Value(""), lambda key: "",
    ),
    "synthese": Source(
        "Synthèse arrêtée", "synthèse", None, "", None, None, lambda key: reverse("summary_list")
    ),
    "note": Source(
        "Note de stratégie à préparer", "note de stratégie", None, "", None, None,
        lambda key: reverse("edition_list"),
    ),
}  # fmt: skip


def items_of(member, first, last, *, kinds=None, most=MOST):
    """What stands on the days from `first` to `last`, the earliest first. One query."""
    wanted = [name for name in SOURCES if kinds is None or name in kinds]
    found = [*_from_tables(member, first, last, wanted, most)]
    found += _from_periods(member, first, last, wanted)
    order = list(SOURCES)
    return sorted(found, key=lambda item: (item.day, order.index(item.kind), item.words))[:most]


def _from_tables(member, first, last, wanted, most):
    parts, values = [], []
    for name in wanted:
        source = SOURCES[name]
        rows = source.rows(member) if source.rows else None
        if rows is None:
            continue
        asked = sql_of(
            rows.filter(**{f"{source.day}__range": (first, last)})
            .annotate(
                calendar_day=Cast(source.day, DateField()),
                calendar_words=Cast(source.named, CharField()),
                calendar_key=Cast(source.key, CharField()),
            )
            .order_by("calendar_day")
            .values_list("calendar_day", "calendar_words", "calendar_key")[:most]
        )
        if asked:
            parts.append(PART.format(asked[0]))
            values += [name, *asked[1]]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [_item(*row) for row in cursor.fetchall()]


def _item(kind, day, words, key):
    source = SOURCES[kind]
    return Item(kind, day, words, words if source.refers else "", source.url(key))


def _from_periods(member, first, last, wanted):
    """Summaries are drawn up for good some days after the end of a month; a note follows each
    quarter. By the calendar alone: what has been built already is told by its own page."""
    departments = access.summary_departments(member)
    if member.unit.department_id not in departments:
        return
    reads = may(Right.READ_CELL_SUMMARIES)(member) or may(Right.READ_MASKED_SUMMARIES)(member)
    late = timedelta(days=PARAMETERS.close_days + 1)
    month = periods.month_of(first - late)
    while (on := month.end + late) <= last:
        if on >= first:
            quarter = periods.quarter_of(month.end)
            ends = quarter.end == month.end
            if "synthese" in wanted and reads:
                told = [month, quarter] if ends else [month]
                for each in told:
                    url = SOURCES["synthese"].url("")
                    yield Item("synthese", on, f"Synthèse {each.of_label}", each.code, url)
            if "note" in wanted and ends and may(Right.WRITE_EDITIONS)(member):
                url = SOURCES["note"].url("")
                yield Item("note", on, f"Note {quarter.of_label}", quarter.code, url)
        month = periods.month_of(month.end + timedelta(days=1))


def next_of(member):
    """The five next things, from today on."""
    today = timezone.localdate()
    return items_of(member, today, today + AHEAD, most=50)[:NEXT]


# --- The page ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    on: date
    items: list
    is_inside: bool  # of the month that is shown
    is_today: bool


@dataclass(frozen=True)
class Board:
    form: CalendarForm
    month: periods.Period
    weeks: list
    days: list  # pairs (day, items), those that have some
    count: int
    kept: str  # the filter, as the address carries it


def board_of(member, query):
    """The month that the address asks, in weeks and day by day."""
    today = timezone.localdate()
    choices = [(name, source.label) for name, source in SOURCES.items()]
    form = CalendarForm(query or None, kinds=choices)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    month = said.get("mois") or periods.month_of(today)
    kinds = said.get("genre") or None
    days = calendar.Calendar().monthdatescalendar(month.start.year, month.start.month)
    found: dict = {}
    for item in items_of(member, days[0][0], days[-1][-1], kinds=kinds):
        found.setdefault(item.day, []).append(item)
    weeks = [
        [Day(on, found.get(on, []), month.start <= on <= month.end, on == today) for on in week]
        for week in days
    ]
    inside = [(on, items) for on, items in sorted(found.items()) if month.start <= on <= month.end]
    return Board(
        form=form,
        month=month,
        weeks=weeks,
        days=inside,
        count=sum(len(items) for _, items in inside),
        kept="".join(f"&genre={kind}" for kind in kinds or ()),
    )


def next_month(month):
    return periods.month_of(month.end + timedelta(days=1))
