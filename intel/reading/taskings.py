"""What is expected from a unit, what it took in hand and answered; for the cell, from them all."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When

from cross.ui import keyset
from cross.ui.templatetags.words import counted, listed
from intel import access
from intel.models import Reminder, Tasking
from intel.models.choices import FIGURES, TaskingOutcome
from intel.reading.capped import count_each
from intel.states import State
from services.models import Unit
from services.roles import Right, may

SIZE = 30
LATE_FIRST = ("turn", "answer_by", "id")
S = State


@dataclass(frozen=True)
class Tab:
    """One part of the page, by its name in the address: which rows, in which order."""

    name: str
    label: str
    empty: str
    keys: tuple
    ascending: bool = True


TABS = {
    tab.name: tab
    for tab in (
        Tab("attendues", "Attendues", "Rien n’attend de réponse", LATE_FIRST),
        Tab("a-prendre", "À prendre en compte", "Tout a été pris en compte", LATE_FIRST),
        Tab("en-cours", "En cours", "Rien n’est en cours", LATE_FIRST),
        Tab("en-retard", "En retard", "Rien n’est en retard", LATE_FIRST),
        Tab("refusees", "Refusées", "Aucun refus n’attend", ("answered_at", "id")),
        Tab(
            "repondues", "Répondues", "Aucune réponse pour l’instant", ("answered_at", "id"), False
        ),
        Tab("information", "Pour information", "Rien pour information", ("at", "id"), False),
    )
}
FIRST = TABS["attendues"]
OF_A_UNIT = ("attendues", "a-prendre", "en-cours", "en-retard", "repondues", "information")
OF_THE_CELL = ("attendues", "a-prendre", "en-cours", "en-retard", "refusees", "repondues")
CELL, OWN, UNIT = "cellule", "mienne", "unite"
LARGEST_KEY = 1 << 31


# Which of the directions stand in a tab; « information » has its own rows.
STANDING = {
    "attendues": lambda rows: rows.live(),
    "a-prendre": lambda rows: rows.live().filter(answer=""),
    "en-cours": lambda rows: rows.live().exclude(answer=""),
    "en-retard": lambda rows: rows.live().late(),
    "refusees": lambda rows: rows.filter(answer=S.DECLINED, report__state=S.DECLINED),
    "repondues": lambda rows: rows.filter(
        answer__in=[S.DECLINED, S.EXPLOITED, S.NO_FURTHER_ACTION]
    ),
}


def rows_of(member, name, *, of_the_cell=False):
    """The directions of a tab, for the unit of `member` or for all those that the cell directs."""
    if name == "information":
        return access.told_taskings(member)
    rows = access.directed_taskings(member) if of_the_cell else access.own_taskings(member)
    return STANDING[name](rows)


def waiting_of(member):
    """For the menu: what the page that it leads to opens on, one queryset."""
    return [rows_of(member, FIRST.name, of_the_cell=may(Right.DIRECT)(member))]


def next_of(member, report):
    """What waits next for the unit of `member`, the nearest date first, but for `report`."""
    waiting = rows_of(member, FIRST.name).exclude(report=report.pk)
    return waiting.select_related("report").order_by("answer_by", "pk").first()


@dataclass(frozen=True)
class UnitOption:
    """A unit to filter by: how many stand in the open tab for it, of which so many are late."""

    value: str
    label: str
    count: int
    late: int
    is_chosen: bool


@dataclass(frozen=True)
class Board:
    tabs: list  # triples (tab, Capped, is it the open one?)
    tab: Tab
    page: keyset.Page
    of_the_cell: bool
    may_follow_all: bool  # does this member direct, and so follow every unit?
    units: list  # UnitOption, for the cell: whoever has something late first
    acknowledge_days: int

    @property
    def count(self):
        return next(count for tab, count, is_open in self.tabs if is_open)

    @property
    def chosen(self):
        """The filters in force, as `{% chips %}` draws them."""
        return [
            {"name": UNIT, "value": unit.value, "label": "Unité", "text": unit.label}
            for unit in self.units
            if unit.is_chosen
        ]

    @property
    def kept(self):
        """What goes from one tab to the next, with its « & »."""
        said = [("vue", CELL if self.of_the_cell else OWN)] if self.may_follow_all else []
        said += [(UNIT, unit.value) for unit in self.units if unit.is_chosen]
        return f"{urlencode(said)}&" if said else ""

    @property
    def shows_unit(self):
        return self.of_the_cell or self.tab.name == "information"


def board_of(member, query):
    """The page that the address asks for: `file` is its tab, `unite` some of the units.

    Who directs finds every unit there, unless `vue` is his own or the tab is of his unit alone.
    """
    may_follow_all = may(Right.DIRECT)(member)
    name = query.get("file")
    opens_on_all = query.get("vue") != OWN and name != "information"
    of_the_cell = may_follow_all and opens_on_all
    names = OF_THE_CELL if of_the_cell else OF_A_UNIT
    tab = TABS[name] if name in names else FIRST
    rows = {each: rows_of(member, each, of_the_cell=of_the_cell) for each in names}
    units = _units_of(rows[tab.name], query.getlist(UNIT)) if of_the_cell else []
    if wanted := [int(unit.value) for unit in units if unit.is_chosen]:
        rows = {each: found.filter(unit__in=wanted) for each, found in rows.items()}
    counts = count_each(rows.values())
    shown = _told(rows[tab.name])
    page = keyset.page_of(shown, query, keys=tab.keys, size=SIZE, ascending=tab.ascending)
    return Board(
        tabs=[
            (TABS[each], count, each == tab.name)
            for each, count in zip(names, counts, strict=True)
        ],
        tab=tab,
        page=with_words(page),
        of_the_cell=of_the_cell,
        may_follow_all=may_follow_all,
        units=units,
        acknowledge_days=settings.ACKNOWLEDGE_DAYS,
    )


def _units_of(taskings, asked):
    """The units of a tab with what stands there for each, and those asked that have nothing."""
    named = ("unit", "unit__short_name", "unit__name")
    is_late = Count("pk", filter=Q(is_late=True))
    counted = taskings.order_by().with_lateness().values(*named)
    counted = counted.annotate(count=Count("pk"), late=is_late)
    found = {
        str(unit): UnitOption(str(unit), short or name, count, late, str(unit) in asked)
        for unit, short, name, count, late in counted.values_list(*named, "count", "late")
    }
    absent = [int(each) for each in asked if each.isascii() and each.isdecimal()]
    absent = [each for each in absent if str(each) not in found and each < LARGEST_KEY]
    if absent:
        units = Unit.objects.filter(pk__in=absent)
        found |= {str(each.pk): UnitOption(str(each.pk), str(each), 0, 0, True) for each in units}
    return sorted(found.values(), key=lambda unit: (-unit.late, -unit.count, unit.label))


REMINDED = Subquery(
    Reminder.objects.filter(tasking=OuterRef("pk")).order_by("-at").values("at")[:1]
)


def _told(taskings):
    return (
        taskings.select_related("report__commune", "unit")
        .annotate(reminded_at=REMINDED)
        .with_lateness()
        .annotate(turn=Case(When(is_late=True, then=Value(0)), default=Value(1)))
        .defer("report__search", "report__comment", "report__commune__outline")
    )


def with_words(taskings):
    """Each with `said`, its outcomes in words."""
    for tasking in taskings:
        tasking.said = in_words(tasking)
    return taskings


# --- What the sheet says of each ----------------------------------------------------------------

INFORMED = ArrayAgg(
    "informed__unit__short_name",
    filter=Q(informed__isnull=False),
    default=Value([]),
    order_by="informed__unit__sort_key",
)


def taskings_of(report):
    """Latest first, each with `informed_names`, `reminded_at`, `said`, `is_live`, `is_late`."""
    return with_words(
        list(
            Tasking.objects.of(report)
            .select_related("unit", "by__unit", "answered_by__unit")
            .annotate(informed_names=INFORMED, reminded_at=REMINDED)
            .with_lateness()
            .order_by("-at", "-pk")
        )
    )


def in_words(tasking):
    """« Interpellation (2 personnes), saisie de produits (150 g) »; "" before any outcome."""
    return listed(_outcome(tasking, TaskingOutcome(code)) for code in tasking.outcomes)


def _outcome(tasking, outcome):
    said = [
        counted(value, figure.unit)
        for figure in FIGURES
        if figure.outcome == outcome and (value := getattr(tasking, figure.name)) is not None
    ]
    return f"{outcome.label} ({', '.join(said)})" if said else outcome.label
