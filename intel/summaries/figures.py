"""Everything that one department tells over one period, before anybody's part is taken of it."""

import hashlib
from functools import cached_property

import numpy as np
from django.utils import timezone

from intel.models import Maturity
from intel.statistics import counts_by_maturity, delay_curve, share_entered
from intel.summaries import lines, measures, places
from intel.summaries.measures import Counts
from intel.summaries.parameters import PARAMETERS
from intel.summaries.spans import Spans, consolidated_on
from intel.summaries.territories import NOWHERE, Dimension, Ground
from intel.summaries.told import NO_DAY

LONGEST_DELAY = 90  # days: what is entered later than that does not bend the curve


class Figures:
    """Figures of `department` over `period`, from `told`, drawn up at its instant."""

    def __init__(self, told, department, period, *, ground=None):
        self.told, self.department, self.period = told, department, period
        self.spans = Spans(period, told.as_of)
        self.ground = ground or Ground.under(told, department, self.spans.now)
        self.counts = Counts(told, self.spans, self.ground.repeats)

    @property
    def maturity(self):
        """Provisional until what belongs to the period has had the time to come in."""
        is_late = self.told.as_of >= consolidated_on(self.period)
        return Maturity.CONSOLIDATED if is_late else Maturity.PROVISIONAL

    @cached_property
    def digest(self):
        """Of the reports that any of these figures rests on, and of what they are told by."""
        reports, ground = self.told.digest(self.spans.since), self.ground.digest
        return hashlib.sha256(f"{reports}{ground}".encode()).hexdigest() if ground else reports

    @cached_property
    def levels(self):
        """{dimension: level} of those that a period of this kind is told by."""
        levels = dict(self.ground.levels)
        wanted = measures.made_for(measures.HEXAGONS, self.period.kind, Dimension.HEXAGON)
        if wanted and (cells := self.ground.hexagons):
            levels[Dimension.HEXAGON] = cells
        return levels

    @cached_property
    def territories(self):
        """{dimension: lines}, a line for each territory, those without a fact included.

        Provisional figures are not compared: what is still to come in would read as a fall.
        """
        found = {}
        for dimension, level in self.levels.items():
            columns = measures.counted(level, self.counts)
            columns |= measures.sounded(level, self.counts)
            columns |= places.counted(level, self.ground.cited, self.counts)
            if self.maturity == Maturity.CONSOLIDATED:
                columns |= measures.measured(level, self.counts, self.ground.neighbours)
            found[dimension] = lines.of_territories(level, columns)
        return found

    @cached_property
    def values(self):
        """{dimension: lines}: products, modes and origins."""
        return {dimension: lines.of_values(dimension, self.counts) for dimension in lines.LABELS}

    @cached_property
    def months(self):
        return lines.of_periods(self.spans.months, self.counts)

    @cached_property
    def weeks(self):
        return lines.of_periods(self.spans.weeks[-PARAMETERS.series_weeks :], self.counts)

    @cached_property
    def totals(self):
        counts = self.counts
        return {
            "reports": int(counts.reports.sum()),
            "facts": int(counts.facts.sum()),
            "previous_reports": int(counts.reports_before.sum()),
            "previous_facts": int(counts.facts_before.sum()),
        }

    @cached_property
    def notes(self):
        """What the readers who may open the reports are told of what is not in the tables."""
        told, counts = self.told, self.counts
        received = self.spans.now
        entered = (told.entered >= received.start) & (told.entered <= received.end)
        undated = entered & (told.day == NO_DAY)
        return {
            "services": len(np.unique(told.services[counts.reports & ~told.is_tip])),
            "undated": int((undated & ~told.is_to_come).sum()),
            "to_come": int((undated & told.is_to_come).sum()),
            "unlocated": int((counts.facts & (self.ground.of_fact == NOWHERE)).sum()),
            "share_entered": self.share_entered,
            "known_after": self.known_after,
        }

    @cached_property
    def known_after(self):
        """[(code of a period, facts of it that were known when it ended, 15 and 90 days later)] of
        the last periods, oldest first; None of a day to come. Nothing where periods overlap."""
        if self.period.kind == "rolling":
            return None
        found = [self.period]
        while len(found) < PARAMETERS.maturity_periods:
            found.append(found[-1].previous())
        return [[period.code, *self._known_after(period)] for period in found[::-1]]

    def _known_after(self, period):
        told, end = self.told, period.end.toordinal()
        inside = (told.day_of_fact >= period.start.toordinal()) & (told.day_of_fact <= end)
        inside &= told.first >= 0
        counts = counts_by_maturity(
            told.entered_of_fact[inside] - end,
            days_since_end=timezone.localdate(told.as_of).toordinal() - 1 - end,
        )
        return [int(count) if np.isfinite(count) else None for count in counts]

    @cached_property
    def share_entered(self):
        """The part of the facts of this period that is likely to be entered already, or None.

        By the delays of the facts of the last two years, as known today.
        """
        told = self.told
        today = timezone.localdate(told.as_of).toordinal()
        dated = (told.first >= 0) & (told.day_of_fact >= today - 730)
        delays = np.maximum(told.entered_of_fact[dated] - told.day_of_fact[dated], 0)
        curve = delay_curve(delays, today - told.day_of_fact[dated], longest=LONGEST_DELAY)
        days = np.arange(self.spans.now.start, self.spans.now.end + 1)
        share = share_entered(curve, today - days)
        return float(share) if np.isfinite(share) else None

    @cached_property
    def search(self):
        """Was a foyer looked for, or why not; and the dispersion that was found."""
        level = self.ground.levels[Dimension.COMMUNE]
        wanted = measures.made_for(measures.FOYERS, self.period.kind, Dimension.COMMUNE)
        if not wanted or self.maturity == Maturity.PROVISIONAL:
            return {"hot_status": "", "dispersion": None}
        reason = measures.not_tested(level, self.counts)
        if reason is not None:
            return {"hot_status": reason.value, "dispersion": None}
        found = measures.dispersion(level, self.counts, self.ground.neighbours)
        return {"hot_status": "faite", "dispersion": found}
