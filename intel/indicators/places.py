"""What becomes of the places that open reports cite: by state, net change, at work again."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from intel.indicators.arithmetic import Ratio
from intel.indicators.conditions import BECAUSE, reports_of
from intel.models import Place, PlaceObservation
from intel.place_states import AT_WORK, PlaceState
from intel.states import NOT_COUNTED
from intel.summaries.parameters import PARAMETERS

SOON = timedelta(days=PARAMETERS.rebuilt_within_days)


@dataclass(frozen=True)
class History:
    """What is said of one place: (day, state), the earliest first."""

    is_point: bool
    said: tuple

    def state_on(self, day):
        """The latest state said by the end of that day, or None."""
        return next((state for on, state in reversed(self.said) if on <= day), None)

    def was_at_work(self, day):
        return self.state_on(day) in AT_WORK

    def dismantled_within(self, span):
        """The last day of the span on which it was newly said to be dismantled, or None."""
        found, before = None, None
        for on, state in self.said:
            is_new = state == PlaceState.DISMANTLED and before != state
            if is_new and span.start <= on <= span.end:
                found = on
            before = state
        return found

    def worked_soon_after(self, day):
        return any(day < on <= day + SOON and state in AT_WORK for on, state in self.said)


def histories(department, *, until=None):
    """{key of a place: its `History`}, of what was entered before `until`. One query."""
    reports = reports_of(department, until=until).exclude(state__in=NOT_COUNTED)
    said = PlaceObservation.objects.live().filter(report__in=reports).exclude(state="")
    if until is not None:
        said = said.filter(at__lt=until)
    rows = (
        said.order_by("seen_on", "pk")
        .unguarded(because=BECAUSE)
        .values_list("place", "place__kind", "seen_on", "state")
    )
    lines, kinds = defaultdict(list), {}
    for place, kind, day, state in rows:
        lines[place].append((day, state))
        kinds[place] = kind
    return {
        place: History(kinds[place] == Place.Kind.DEALING_POINT, tuple(said))
        for place, said in lines.items()
    }


def by_state(found, day):
    """{state: how many} at the end of that day, every state there, in the order of a life."""
    counts = Counter(history.state_on(day) for history in found.values())
    return {state: counts[state] for state in PlaceState}


def in_state(found, day, state):
    """The keys of those that `by_state` counts."""
    return [place for place, history in found.items() if history.state_on(day) == state]


def at_work(found, day):
    return sum(history.was_at_work(day) for history in found.values())


def net_change(found, span):
    """At work at the end, less at work on the eve of the first day."""
    return at_work(found, span.end) - at_work(found, span.start - timedelta(days=1))


def rebuilt(found, span, today):
    """Of those dismantled within the span, long enough ago: those at work again soon after."""
    days = [
        (history, day)
        for history in found.values()
        if (day := history.dismantled_within(span)) and day + SOON <= today
    ]
    return Ratio(sum(history.worked_soon_after(day) for history, day in days), len(days))
