"""Which days a summary reads, at which instant it is drawn up, and what it is compared with.

A period and its reference are read at the same maturity: a fact of an earlier period counts when
it had been entered as long after that period as those of this one may be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from intel import periods
from intel.summaries.days import midnight
from intel.summaries.parameters import PARAMETERS


@dataclass(frozen=True)
class Span:
    """Ordinals of days: from `start` to `end`, both included, as entered by `known_by`."""

    start: int
    end: int
    known_by: int

    def holds(self, day, entered):
        """A mask over days of facts and days of entry, arrays of one shape."""
        return (day >= self.start) & (day <= self.end) & (entered <= self.known_by)


# How many periods of each kind make the reference, and the months (weeks) of one of them.
REFERENCES = {"week": (52, 1), "month": (12, 1), "quarter": (4, 3), "rolling": (1, 12)}


@dataclass(frozen=True)
class Spans:
    """What is read for one period, drawn up at the instant `as_of`."""

    period: periods.Period
    as_of: datetime

    @property
    def delay(self):
        """Days that may pass between the end of a period and an entry that still counts."""
        since_the_end = timezone.localdate(self.as_of) - self.period.end
        return max(since_the_end.days - 1, PARAMETERS.close_days)

    def of(self, period):
        """The span of a period, at the maturity of this one."""
        end = period.end.toordinal()
        return Span(period.start.toordinal(), end, end + self.delay)

    @property
    def now(self):
        return self.of(self.period)

    @property
    def before(self):
        return self.of(self.period.previous())

    @property
    def reference(self):
        """The periods of the same kind that this one is compared with, oldest first."""
        wanted, _ = REFERENCES.get(self.period.kind, (0, 0))
        found: list[periods.Period] = []
        for _ in range(wanted):
            found.append((found[-1] if found else self.period).previous())
        return found[::-1]

    @property
    def exposures(self):
        """Lengths of the period and of its reference, in months (weeks for a week)."""
        wanted, length = REFERENCES.get(self.period.kind, (0, 0))
        return length, wanted * length

    @property
    def reference_months(self):
        """The twelve months before the period, oldest first."""
        eve = self.period.start - timedelta(days=1)
        return periods.last_months(eve, PARAMETERS.reference_months)

    @property
    def months(self):
        """The months of the series, oldest first."""
        return periods.last_months(self.period.end, PARAMETERS.series_months)

    @property
    def weeks(self):
        """The weeks of the series, and before them those that an alarm is judged by."""
        wanted = PARAMETERS.weekly_reference + PARAMETERS.weekly_left_out + 1
        found = [periods.week_of(self.period.end)]
        while len(found) < wanted:
            found.append(found[-1].previous())
        return found[::-1]

    @property
    def windows(self):
        """The twelve months that end with each of the last quarters, oldest first."""
        found = [self.period]
        while len(found) < PARAMETERS.history_quarters:
            found.append(periods.rolling_of(periods.quarter_of(found[-1].end).previous().end))
        return found[::-1]

    @property
    def since(self):
        """The first day that any of its figures rests on."""
        first = [self.period.previous(), self.months[0], *self.reference[:1]]
        if self.period.kind == "rolling":
            first.append(self.windows[0])
        return min(each.start for each in first)


def consolidated_on(period):
    """The instant at which the figures of a period are drawn up for good."""
    return midnight(period.end + timedelta(days=PARAMETERS.close_days + 1))
