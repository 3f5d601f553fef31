"""The yearly self-check: were the foyers of last year where the facts of this year are?

Read from two stored summaries of the cell, and told as shares of the whole department: no commune
is named, and no report is opened. Who opens no report is told no count either, for that of twelve
months nests with the months and quarters that are masked; nor a share of so few facts that it
would give their number back.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from cross.ui.templatetags.words import percent
from intel import periods
from intel.models import TerritoryScore
from intel.reading.summaries import communes_of
from intel.statistics import prediction_accuracy
from intel.summaries.words import figure
from services.territory import geometry

Dimension = TerritoryScore.Dimension
# What comes to the services by itself owes nothing to where the foyers sent them.
KINDS = (
    ("Tous les faits", "des faits"),
    (
        "Faits venus d’un appel ou d’un signalement",
        "des faits venus d’un appel ou d’un signalement",
    ),
)
LEAST = 30  # facts under which shares are told as unsure


@dataclass(frozen=True)
class Line:
    """Shares between 0 and 1 of the facts of one kind; None where a figure is not defined."""

    label: str
    of_them: str
    facts: int
    inside: int
    share: float | None
    times: float | None  # that share over the one of the surface: 1 for pointing at random
    best: float | None  # the share that as many communes chosen afterwards would have held

    @property
    def is_unsure(self):
        return self.facts < LEAST

    @property
    def is_told(self):
        """May its share be told to who is not told of how many facts it is one?"""
        return not self.is_unsure


@dataclass(frozen=True)
class Check:
    """The foyers of `before`, held to the facts of `now`; periods of twelve months."""

    before: periods.Period
    now: periods.Period
    communes: int  # in a foyer then, or at its edge
    surface: float  # the part of the department that they cover
    lines: tuple
    opens_reports: bool  # else no count is told, nor what would give one back

    @property
    def told(self):
        return [line for line in self.lines if self.opens_reports or line.is_told]

    @property
    def sentences(self):
        return [_said(self, line) for line in self.told if line.times is not None]


def check_of(summaries, department, *, opens_reports):
    """The latest `Check` of a department, None with less than two years of figures.

    `summaries`: those that may be checked, see `access.checked_summaries`. Four queries.
    """
    twelve_months = summaries.filter(department=department, period__endswith="R12")
    now = twelve_months.order_by("-ends_on", "-version").first()
    if now is None:
        return None
    year_before = now.starts_on - timedelta(days=1)
    before = twelve_months.filter(ends_on=year_before).order_by("-version").first()
    if before is None or not before.hot_status:
        return None
    surfaces = _surfaces(department.pk, department.geography_year)
    return _checked(before, now, surfaces, opens_reports=opens_reports)


def _checked(before, now, surfaces, *, opens_reports):
    codes = list(surfaces)
    pointed = set(_rows(before).exclude(hot_zone="").values_list("code", flat=True))
    counts = {
        code: counts for code, *counts in _rows(now).values_list("code", "facts", "reactive")
    }
    selected = np.array([code in pointed for code in codes])
    area = np.array(list(surfaces.values()))
    facts, reactive = np.array([counts.get(code, (0, 0)) for code in codes]).T
    lines = tuple(
        _line(*named, selected, area, each)
        for named, each in zip(KINDS, (facts, reactive), strict=True)
    )
    return Check(
        periods.read(before.period),
        periods.read(now.period),
        int(selected.sum()),
        float(area[selected].sum() / area.sum()),
        lines,
        opens_reports,
    )


def _rows(summary):
    return summary.scores.filter(dimension=Dimension.COMMUNE)


def _line(label, of_them, selected, area, facts):
    found = prediction_accuracy(selected, area, facts)
    # Communes differ in size: beside the best choice, each counts as one.
    as_many = prediction_accuracy(selected, np.ones(area.size), facts)
    share, times, efficiency = map(_known, (found.hit_rate, found.index, as_many.efficiency))
    best = share / efficiency if share and efficiency else None
    return Line(label, of_them, int(facts.sum()), int(facts[selected].sum()), share, times, best)


def _known(value):
    return float(value) if np.isfinite(value) else None


@lru_cache(maxsize=8)
def _surfaces(department, geography_year):
    """{code: square metres}, 0 where no outline is published; read once a process."""
    return {
        area.code: geometry.from_json(area.outline).area if area.outline else 0.0
        for area in communes_of(department, geography_year)
    }


def _said(check, line):
    return (
        f"Les foyers de l’an dernier couvraient {_share(check.surface)} du territoire et "
        f"{_share(line.share)} {line.of_them} de cette année : {_times(line.times)}."
    )


def _share(value):
    return "moins de 1 %" if 0 < value < 0.01 else percent(value)


def _times(value):
    if value == 0:
        return "aucun n’y est tombé"
    if abs(value - 1) < 0.05:
        return "autant qu’un choix au hasard"
    if value < 1:
        return "moins qu’un choix au hasard"
    return f"{figure(value)} fois plus qu’un choix au hasard"
