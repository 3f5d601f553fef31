"""The places that counted reports cite: what became of each, and which reports and facts are its.

A place is told of only where the whole audience may open a report that cites it: never to who
opens none. A report may cite several: the rows of this level sum to nothing.
"""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from intel.models import Place, PlaceObservation, TerritoryScore
from intel.place_states import AT_WORK, PlaceState
from intel.summaries.parameters import PARAMETERS
from intel.summaries.told import WHY, counted_reports

CODE_DIGITS = 20  # of the address of a place: its number would tell how many others there are


class Known(NamedTuple):
    """A place, as far as figures go; `commune` is a key, the point in metres or None."""

    code: str
    name: str
    is_point: bool  # a point de deal
    commune: int
    x: int | None
    y: int | None


class Said(NamedTuple):
    """What one counted report says of one place, both by their numbers; `day` is an ordinal."""

    report: int
    place: int
    day: int
    state: str


@dataclass(frozen=True, eq=False)
class Cited:
    """p places in the order of their codes, and what is said of them from the earliest day on."""

    places: tuple[Known, ...] = ()
    said: tuple[Said, ...] = ()

    @classmethod
    def by(cls, told, department):
        """What the reports of `told` cite, as known at its instant. One query."""
        counted = counted_reports(department, told.as_of).unguarded(because=WHY)
        rows = (
            PlaceObservation.objects.live()
            .filter(report__in=counted.values("pk"), at__lt=told.as_of)
            .order_by("seen_on", "pk")
            .unguarded(because=WHY)
            .values_list(
                "report_id", "seen_on", "state", "place__key", "place__name", "place__kind",
                "place__commune_id", "place__x", "place__y",
            )
        )  # fmt: skip
        return cls.of(
            told,
            [
                (
                    report,
                    Known(
                        key.hex[:CODE_DIGITS],
                        name,
                        kind == Place.Kind.DEALING_POINT,
                        commune,
                        x,
                        y,
                    ),
                    day,
                    state,
                )
                for report, day, state, key, name, kind, commune, x, y in rows
            ],
        )

    @classmethod
    def of(cls, told, observations):
        """From (key of the report, `Known`, day, state), the earliest day first."""
        number_of_report = {row.pk: number for number, row in enumerate(told.rows)}
        places = sorted({place for _, place, _, _ in observations})
        number = {place: rank for rank, place in enumerate(places)}
        return cls(
            tuple(places),
            tuple(
                Said(number_of_report[report], number[place], day.toordinal(), str(state))
                for report, place, day, state in observations
                if report in number_of_report
            ),
        )

    @property
    def digest(self):
        """What figures rest on: empty without a place."""
        return hashlib.sha256(repr((self.places, self.said)).encode()).hexdigest() * bool(
            self.places
        )

    @property
    def points(self):
        """(p, 2) metres, NaN where unknown."""
        pairs = [(place.x, place.y) for place in self.places]
        return np.array(pairs, dtype=float).reshape(-1, 2)

    @property
    def pairs(self):
        """(k, 2) The number of a report and of a place that it cites, each once."""
        pairs = sorted({(said.report, said.place) for said in self.said})
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    def became(self, told, span):
        """{column: (p,) mask}: at work at the end of the span, and what happened within it.

        From what is said of each until then, in reports that had been entered in time.
        """
        found = {name: np.zeros(len(self.places), bool) for name in COLUMNS}
        for number, history in self._histories(told, span).items():
            for name in _happened(history, span):
                found[name][number] = True
        return found

    def states(self, told, span):
        """(p,) The latest state said of each at the end of the span, empty without any."""
        found = np.full(len(self.places), "", dtype=object)
        for number, history in self._histories(told, span).items():
            found[number] = history[-1][1]
        return found

    def _histories(self, told, span):
        """{place: (day, state) pairs}, of those of which a state is said."""
        found: dict = {}
        for said in self.said:
            if said.state and said.day <= span.end and told.entered[said.report] <= span.known_by:
                found.setdefault(said.place, []).append((said.day, said.state))
        return found


# Of points de deal, in `TerritoryScore`: at work at the end of the period, then within it come to
# work for the first time, dismantled, at work again soon after, gone elsewhere.
COLUMNS = (
    "active_points",
    "points_opened",
    "points_dismantled",
    "points_rebuilt",
    "points_moved",
)


def _happened(history, span):
    """The columns that one place counts in."""
    worked, before, dismantled_on = False, "", None
    for day, state in history:
        if day >= span.start and state != before:
            if state in AT_WORK and not worked:
                yield "points_opened"
            soon = dismantled_on and day - dismantled_on <= PARAMETERS.rebuilt_within_days
            if state in AT_WORK and before == PlaceState.DISMANTLED and soon:
                yield "points_rebuilt"
            if state == PlaceState.DISMANTLED:
                yield "points_dismantled"
            if state == PlaceState.MOVED:
                yield "points_moved"
        if state == PlaceState.DISMANTLED and before != state:
            dismantled_on = day
        worked, before = worked or state in AT_WORK, state
    if before in AT_WORK:
        yield "active_points"


def counted(level, cited, counts):
    """The columns of `TerritoryScore` that come from what is said of places."""
    told, now = counts.told, counts.spans.now
    if level.dimension == TerritoryScore.Dimension.PLACE:
        return {"state": cited.states(told, now)}
    if isinstance(level, Overlapping) or not cited.places:
        return {}
    is_point = np.array([place.is_point for place in cited.places], dtype=bool)
    return {
        name: level.places(chosen & is_point) for name, chosen in cited.became(told, now).items()
    }


@dataclass(frozen=True, eq=False)
class Overlapping:
    """t rows as a level: a report or a fact may be in several, or in none."""

    dimension: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    of_reports: np.ndarray  # (k, 2) the number of a report and of a row, each pair once
    of_facts: np.ndarray  # (l, 2) the same of a fact that one of its reports puts there

    @classmethod
    def of(cls, dimension, codes, names, pairs, *, told):
        """`pairs`, (k, 2): the number of a report and of a row that it is in."""
        of_facts = np.stack([told.fact[pairs[:, 0]], pairs[:, 1]], axis=-1)
        return cls(dimension, codes, names, pairs, np.unique(of_facts, axis=0))

    def __len__(self):
        return len(self.codes)

    @property
    def population(self):
        return np.full(len(self), np.nan)

    @property
    def on_border(self):
        return np.zeros(len(self), bool)

    def facts(self, chosen):
        return self._counted(self.of_facts, chosen)

    def reports(self, chosen):
        return self._counted(self.of_reports, chosen)

    def facts_in(self, number, chosen):
        return self._inside(self.of_facts, number, chosen)

    def reports_in(self, number, chosen):
        return self._inside(self.of_reports, number, chosen)

    def _inside(self, pairs, number, chosen):
        return pairs[(pairs[:, 1] == number) & chosen[pairs[:, 0]], 0]

    def distinct(self, chosen, values):
        kept = self.of_reports[chosen[self.of_reports[:, 0]]]
        pairs = np.unique(np.stack([kept[:, 1], values[kept[:, 0]]]), axis=1)
        return np.bincount(pairs[0], minlength=len(self))

    def _counted(self, pairs, chosen):
        return np.bincount(pairs[chosen[pairs[:, 0]], 1], minlength=len(self))
