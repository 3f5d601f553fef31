"""What the pages and the printed note gather of a strategy; changes nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Sum, When
from django.utils import timezone

from cross.ui.templatetags.words import day
from protocols import quarters
from protocols.models import Action, Outcome, Strategy
from protocols.outcomes import MEASURES, OutcomeKind
from protocols.states import ActionState, StrategyState
from services.models import Service

# Below this, a number of outcomes would tell the report that one of them came from.
FEWEST_TOLD = 5

TONES = {
    ActionState.TO_START: "waiting",
    ActionState.ENGAGED: "new",
    ActionState.DONE: "done",
    ActionState.SUSPENDED: "alert",
    ActionState.DROPPED: "quiet",
}
STRATEGY_TONES = {
    StrategyState.DRAFT: "waiting",
    StrategyState.ADOPTED: "done",
    StrategyState.ENDED: "quiet",
}


def adopted_strategy(department):
    """The one that a department follows today, or None."""
    return Strategy.objects.filter(department=department, state=StrategyState.ADOPTED).first()


# --- For the printed note -----------------------------------------------------------------------


def frozen_axes(strategy, period):
    """The strategy as plain data (texts, numbers, days as `2026-09-03`), to be frozen in a note.

    `period` has a `start` and an `end`. Values of indicators are those said for quarters up to its
    end. Outcomes are those of its days, counted by kind and by class of the unit: `count` and
    `figure` are None below `FEWEST_TOLD`, and nothing is summed over what is hidden.
    """
    actions = defaultdict(list)
    rows = (
        Action.objects.live()
        .filter(axis__strategy=strategy)
        .select_related("unit")
        .prefetch_related("lines")
        .order_by("pk")
    )
    for action in rows:
        actions[action.axis_id].append(_frozen(action, period.end))
    axes = [
        {
            "rank": axis.rank,
            "title": axis.title,
            "objective": axis.objective,
            "actions": actions[axis.pk],
        }
        for axis in strategy.axes.order_by("rank")
    ]
    states = Counter(action["state"] for each in actions.values() for action in each)
    return {
        "title": strategy.title,
        "starts_on": _iso(strategy.starts_on),
        "ends_on": _iso(strategy.ends_on),
        "axes": axes,
        "progress": [
            {"state": state.value, "label": state.label, "count": states[state.value]}
            for state in ActionState
        ],
        "outcomes": _frozen_outcomes(strategy, period),
        "fewest_told": FEWEST_TOLD,
    }


def _frozen(action, end):
    lines = [line for line in action.lines.all() if line.quarter <= end]
    lines.sort(key=lambda line: (line.quarter, line.at, line.pk))
    valued = [line for line in lines if line.value is not None]
    last = valued[-1] if valued else None
    return {
        "title": action.title,
        "unit": str(action.unit),
        "partners": action.partners,
        "starts_on": _iso(action.starts_on),
        "due_on": _iso(action.due_on),
        "state": action.state,
        "state_label": action.get_state_display(),
        "is_late": action.is_overdue,
        "indicator": {
            "name": action.indicator,
            "unit": action.indicator_unit,
            "start": _number(action.start_value),
            "target": _number(action.target_value),
            "value": _number(last.value) if last else None,
            "quarter": last.in_words if last else "",
        },
        "words": lines[-1].words if lines else "",
    }


def _frozen_outcomes(strategy, period):
    found = (
        Outcome.objects.live()
        .filter(action__axis__strategy=strategy, action__undone_at=None)
        .filter(day__range=(period.start, period.end))
        .values("kind", "unit__service__kind")
        .annotate(count=Count("pk"), figure=Sum("figure"))
        .order_by("kind", "unit__service__kind")
    )
    return [_told(**row) for row in found]


def _told(*, kind, unit__service__kind, count, figure):
    kind = OutcomeKind(kind)
    is_told = count >= FEWEST_TOLD
    return {
        "kind": kind.value,
        "label": kind.label,
        "unit_class": Service.Kind(unit__service__kind).label,
        "count": count if is_told else None,
        "figure": figure if is_told else None,
        "figure_unit": MEASURES[kind].unit if kind in MEASURES else "",
    }


def _iso(when):
    return when.isoformat() if when else ""


def _number(value):
    """A decimal as JSON keeps it: 12, not 12.00."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


# --- For the pages ------------------------------------------------------------------------------


@dataclass
class Line:
    """An action as a row of the table, and what is late about it, in words."""

    action: Any
    tone: str
    late: list[str]


@dataclass
class AxisRows:
    axis: Any
    lines: list[Line] = field(default_factory=list)
    has_actions: bool = False  # some may be hidden by the filter


@dataclass(frozen=True)
class Progress:
    """How many actions are in a state; `value` is what the filter of the page takes."""

    value: str
    label: str
    tone: str
    count: int


@dataclass(frozen=True)
class Table:
    axes: list
    progress: list[Progress]
    units: list  # in charge of an action, as pairs for the filter
    shown: int
    total: int
    late: int


LATE = "retard"


def table_of(strategy, actions):
    """The actions of a strategy under their axes. `actions` were answered to a reader."""
    today = timezone.localdate()
    rows = present_of(actions.filter(axis__strategy=strategy)).order_by(
        "axis__rank", "due_on", "pk"
    )
    lines = [line_of(action, today) for action in rows]
    axes = {axis.pk: AxisRows(axis) for axis in strategy.axes.order_by("rank")}
    for line in lines:
        axes[line.action.axis_id].lines.append(line)
        axes[line.action.axis_id].has_actions = True
    counts = Counter(line.action.state for line in lines)
    units = {str(line.action.unit_id): str(line.action.unit) for line in lines}
    return Table(
        axes=list(axes.values()),
        progress=[
            Progress(each.value, each.label, TONES[each], counts[each.value])
            for each in ActionState
        ],
        units=sorted(units.items(), key=lambda pair: pair[1]),
        shown=len(lines),
        total=len(lines),
        late=sum(bool(line.late) for line in lines),
    )


def filtered(table, *, unit="", state="", view=""):
    """The same table with the rows that were asked for; what it counts stays whole."""

    def is_shown(line):
        return (
            (not unit or str(line.action.unit_id) == unit)
            and (not state or line.action.state == state)
            and (view != LATE or bool(line.late))
        )

    axes = [replace(each, lines=list(filter(is_shown, each.lines))) for each in table.axes]
    return replace(table, axes=axes, shown=sum(len(each.lines) for each in axes))


def line_of(action, today):
    """A row that was annotated with `is_silent`."""
    late = []
    if action.is_overdue:
        late.append(f"échéance dépassée depuis le {day(action.due_on)}")
    if action.is_silent:
        quarter = quarters.before(quarters.quarter_of(today))
        late.append(f"point du {quarters.in_words(quarter)} manquant")
    return Line(action, TONES[ActionState(action.state)], late)


def present_of(actions):
    """Rows with what a page says of each: its present value, and whether it is silent."""
    silent = Action.objects.silent(timezone.localdate())
    return actions.with_present().annotate(is_silent=Exists(silent.filter(pk=OuterRef("pk"))))


@dataclass(frozen=True)
class QuarterLines:
    """What was said for a quarter: the line that holds, and those it took the place of."""

    last: Any
    former: list


def lines_of(action):
    """Quarter by quarter, the latest first. One query."""
    found = defaultdict(list)
    rows = action.lines.select_related("by__unit").order_by("-quarter", "-at", "-pk")
    for row in rows:
        found[row.quarter].append(row)
    return [QuarterLines(rows[0], rows[1:]) for rows in found.values()]


def moves_of(action):
    return action.moves.select_related("by__unit").order_by("-at", "-pk")


def steps_of(strategy):
    return strategy.steps.select_related("by__unit").order_by("-at", "-pk")


def strategies_with_counts(strategies):
    """Rows for the list, the adopted one first, each with how many actions it has and are done."""
    live = Q(axes__actions__undone_at=None, axes__actions__isnull=False)
    rank = Case(
        When(state=StrategyState.ADOPTED, then=0),
        When(state=StrategyState.DRAFT, then=1),
        default=2,
    )
    return (
        strategies.annotate(
            actions=Count("axes__actions", filter=live),
            done=Count("axes__actions", filter=live & Q(axes__actions__state=ActionState.DONE)),
        )
        .annotate(place=rank)
        .order_by("place", "-starts_on", "-pk")
    )
