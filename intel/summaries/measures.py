"""What is said of the territories of one level over one period: which measure for which level.

Answers are one array a column of `TerritoryScore`, a value a territory. NaN or an empty text say
that nothing is said there.
"""

from functools import cached_property

import numpy as np

from intel import statistics
from intel.models.choices import Mode
from intel.statistics import ChangeLabel, HotSpotLabel, Tier
from intel.summaries.parameters import PARAMETERS as SET
from intel.summaries.territories import NOWHERE, Dimension
from intel.summaries.told import NO_DAY

WIDE = frozenset({Dimension.DEPARTMENT, Dimension.ARRONDISSEMENT, Dimension.EPCI})
FINE = frozenset({Dimension.COMMUNE, Dimension.NEIGHBOURHOOD})
# The levels that a measure is made for, by kind of period.
CHANGE = {"month": WIDE, "quarter": WIDE | FINE, "rolling": WIDE}
EMERGING = {"month": FINE, "quarter": FINE}
ALARM = {"week": WIDE}
RATE = {"rolling": WIDE | {Dimension.COMMUNE}}
FOYERS = {"rolling": frozenset({Dimension.COMMUNE})}
HEXAGONS = {"rolling": frozenset({Dimension.HEXAGON})}

POINTS = {Mode.DEALING_POINT, Mode.DEALING_PLACE}
LASTING = {Mode.GROWING, Mode.STORAGE, Mode.LABORATORY}
PERSONAL = {Mode.CLOSED_PLACE, Mode.LAUNDERING}


def made_for(table, kind, dimension):
    return dimension in table.get(kind, ())


class Counts:
    """What every level of one summary is summed from: masks over facts and reports."""

    def __init__(self, told, spans, repeats=None):
        self.told, self.spans, self.repeats = told, spans, repeats or {}
        self.facts = self.told_in(spans.now)
        self.reports = self.received_in(spans.now)
        self.facts_before = self.told_in(spans.before)
        self.reports_before = self.received_in(spans.before)

    def told_in(self, span):
        """Facts of a span."""
        return span.holds(self.told.day_of_fact, self.told.entered_of_fact) & (
            self.told.first >= 0
        )

    def received_in(self, span):
        """Reports of a span."""
        return span.holds(self.told.day, self.told.entered) & (self.told.day != NO_DAY)

    @cached_property
    def reference(self):
        """(f,) Facts of the reference, each period of it at its maturity."""
        spans = [self.spans.of(period) for period in self.spans.reference]
        return np.any([self.told_in(span) for span in spans], axis=0)

    @cached_property
    def reference_reports(self):
        spans = [self.spans.of(period) for period in self.spans.reference]
        return np.any([self.received_in(span) for span in spans], axis=0)

    @cached_property
    def is_reactive(self):
        """(f,) First told by what came to the services by itself."""
        return ~np.append(self.told.is_proactive, True)[self.told.first]

    @cached_property
    def sources(self):
        """(n,) Where each report comes from: tips that say the same are of one origin."""
        return self._as_one(self.told.sources)

    @cached_property
    def persons(self):
        """(n,) Who told it, as far as one person may have."""
        return self._as_one(self.told.persons)

    def _as_one(self, who):
        who = who.copy()
        for again, first in self.repeats.items():
            who[again] = who[first]
        return who

    @cached_property
    def is_repeated(self):
        """(f,) Told by tips that say the same as several others: one person may have told all."""
        wave = np.full(len(self.told) + 1, NO_DAY)
        for again, first in self.repeats.items():
            wave[again] = wave[first] = first
        of_fact = np.where(self.facts, wave[self.told.first], NO_DAY)
        waves, each = np.unique(of_fact[of_fact != NO_DAY], return_counts=True)
        return np.isin(of_fact, waves[each >= SET.repeated_least])

    @cached_property
    def half_life(self):
        """(f,) Days in which half of what a fact weighs is gone, by its nature."""
        return np.array([_half_life(self.told.rows[first].modes) for first in self.told.first])

    @cached_property
    def for_foyers(self):
        """(f,) Neither set aside nor told by the public alone."""
        weighed = self.told.weighed
        return (weighed.tier != Tier.SET_ASIDE) & (weighed.services > 0)


def _half_life(modes):
    modes = set(modes)
    if modes & LASTING:
        return SET.half_life_stock
    if modes & POINTS:
        return SET.half_life_point
    return SET.half_life_person if modes & PERSONAL else SET.half_life_mode


def counted(level, counts):
    """The counts of one level: they are told for a period of any kind."""
    told, now, reports = counts.told, counts.facts, counts.reports
    weighed = told.weighed
    return {
        "facts": level.facts(now),
        "reports": level.reports(reports),
        "previous_facts": level.facts(counts.facts_before),
        "previous_reports": level.reports(counts.reports_before),
        "facts_corroborated": level.facts(now & (weighed.tier == Tier.CORROBORATED)),
        "facts_probable": level.facts(now & (weighed.tier == Tier.PROBABLE)),
        "facts_to_confirm": level.facts(now & (weighed.tier == Tier.TO_CONFIRM)),
        "facts_set_aside": level.facts(now & (weighed.tier == Tier.SET_ASIDE)),
        "tips_only": level.facts(now & (weighed.services == 0)),
        "reactive": level.facts(now & counts.is_reactive),
        "repeated_facts": level.facts(now & counts.is_repeated),
        "origins": level.distinct(reports, counts.sources),
        "services": level.distinct(reports & ~told.is_tip, told.services),
        "population": level.population,
        "on_border": level.on_border,
    }


def sounded(level, counts):
    """What is said while facts still come in, for they can only make it surer: what comes up where
    nothing was known, a week above its bound."""
    kind = counts.spans.period.kind
    found: dict = {}
    if made_for(EMERGING, kind, level.dimension):
        found |= _emerging(level, counts)
    if made_for(ALARM, kind, level.dimension):
        found |= _alarm(level, counts)
    return found


def measured(level, counts, neighbours=None):
    """What is said of this level over a period whose figures are drawn up for good."""
    kind = counts.spans.period.kind
    found: dict = {}
    if made_for(CHANGE, kind, level.dimension):
        found |= _change(level, counts)
    if made_for(RATE, kind, level.dimension):
        found |= _rates(level, counts)
    if made_for(FOYERS, kind, level.dimension):
        found |= _foyers(level, counts, neighbours)
    return found


# --- Change -----------------------------------------------------------------------------------


def _change(level, counts):
    now, before = level.facts(counts.facts), level.facts(counts.reference)
    exposure, reference_exposure = counts.spans.exposures
    months = np.stack(
        [
            level.facts(counts.told_in(counts.spans.of(month)))
            for month in counts.spans.reference_months
        ],
        axis=-1,
    )
    overdispersion = statistics.overdispersion_of(months)

    def compare(facts, exposure, reference):
        return statistics.compare_counts(
            facts,
            exposure,
            reference,
            reference_exposure,
            overdispersion=overdispersion,
            overdispersed_above=SET.overdispersed_above,
        )

    change = compare(now, exposure, before)
    q = statistics.change_q_values(change, now, before, gate=SET.change_gate)
    labels = statistics.change_labels(
        change,
        q,
        now,
        before,
        alpha=SET.alpha,
        up=SET.ratio_up,
        down=SET.ratio_down,
        steady_from=SET.steady_from,
    )
    ratio = _effort_ratio(level, counts)
    known = np.where(np.isfinite(ratio) & (ratio > 0), ratio, np.nan)
    status = statistics.effort_status(
        compare(
            level.facts(counts.facts & counts.is_reactive),
            exposure,
            level.facts(counts.reference & counts.is_reactive),
        ),
        compare(
            now,
            statistics.exposure_with_effort(exposure, known, exponent=SET.effort_exponent),
            before,
        ),
        known,
        surge=SET.effort_surge,
    )
    is_rise = np.isin(labels, [ChangeLabel.CLEAR_RISE, ChangeLabel.POSSIBLE_RISE])
    return {
        "reference_facts": before,
        "ratio": change.ratio,
        "ratio_low": change.low,
        "ratio_high": change.high,
        "overdispersion": overdispersion,
        "change_p": change.p,
        "change_q": q,
        "change": labels,
        "effort": np.where(is_rise, status, ""),
        "effort_ratio": np.where(is_rise, known, np.nan),
    }


def _effort_ratio(level, counts):
    """(t,) How many times more the services that report there found, a month, than before.

    No service gives its hours: what they go and find themselves, anywhere in the department,
    stands for their activity. NaN where none of them had found anything.
    """
    told = counts.told
    now = counts.reports & told.is_proactive
    before = counts.reference_reports & told.is_proactive
    services, number = np.unique(told.services, return_inverse=True)
    per_service = [np.bincount(number[mask], minlength=services.size) for mask in (now, before)]
    here = np.zeros((len(level), services.size), bool)
    chosen = now & (level.of_report != NOWHERE)
    here[level.of_report[chosen], number[chosen]] = True
    found_now, found_before = (here @ each for each in per_service)
    exposure, reference_exposure = counts.spans.exposures
    ratio = np.full(len(level), np.nan)
    return np.divide(
        found_now / exposure, found_before / reference_exposure, out=ratio, where=found_before > 0
    )


def _emerging(level, counts):
    tier = counts.told.weighed.tier
    return {
        "is_emerging": statistics.is_emerging(
            level.facts(counts.facts),
            level.facts(_year_before(counts)),
            level.distinct(counts.reports, counts.sources),
            level.facts(counts.facts & (tier == Tier.CORROBORATED)),
            level.facts(counts.facts & (tier == Tier.PROBABLE)),
            least=SET.emerging_least,
            least_origins=SET.emerging_origins,
        )
    }


def _year_before(counts):
    spans = [counts.spans.of(month) for month in counts.spans.reference_months]
    return np.any([counts.told_in(span) for span in spans], axis=0)


def _alarm(level, counts):
    weeks = np.stack(
        [level.facts(counts.told_in(counts.spans.of(week))) for week in counts.spans.weeks],
        axis=-1,
    )
    found = statistics.weekly_alarm(
        weeks,
        alpha=SET.weekly_alpha,
        reference=SET.weekly_reference,
        left_out=SET.weekly_left_out,
        least_mean=SET.weekly_mean,
    )
    return {
        "is_alarm": found.is_alarm,
        "usual": np.where(found.is_tested, found.mean, np.nan),
        "alarm_p": found.p,
    }


# --- Twelve months ----------------------------------------------------------------------------


def _rates(level, counts):
    """Per thousand inhabitants; the stock of what is active at the end; rank and its doubt."""
    facts = level.facts(counts.facts)
    known = _inhabited(level)
    weighed = counts.told.weighed
    placed = (level.of_fact != NOWHERE) & (counts.told.day_of_fact != NO_DAY)
    placed &= counts.told.day_of_fact <= counts.spans.now.end
    ranking = statistics.rank_by_stock(
        level.of_fact[placed],
        weighed.weight[placed],
        # Of the last valid telling, or of the fact when none is valid: it then weighs nothing.
        np.where(weighed.last_day > 0, np.minimum(weighed.last_day, counts.spans.now.end), NO_DAY)[
            placed
        ],
        reference_day=counts.spans.now.end,
        half_life=counts.half_life[placed],
        territories=len(level),
    )
    return {
        "rate": 1_000 * statistics.raw_rates(facts, known),
        "smoothed_rate": np.where(
            np.isnan(known), np.nan, 1_000 * statistics.smoothed_rates(facts, known).rates
        ),
        "stock": ranking.stock,
        "stock_rank": ranking.rank,
        "rank_is_sensitive": ranking.is_sensitive,
    }


def _inhabited(level):
    """Inhabitants, NaN where there are none or nobody knows: no rate is told there."""
    return np.where(level.population > 0, level.population, np.nan)


def _foyers(level, counts, neighbours):
    facts = level.facts(counts.facts & counts.for_foyers)
    reason = not_tested(level, counts)
    if reason is not None:
        return {"hot": np.full(len(level), HotSpotLabel.NOT_TESTED.value)}
    found = statistics.hot_spots(facts, level.population, neighbours)
    labels = _labels(found)
    zones = statistics.hot_spot_zones(labels == HotSpotLabel.FOYER, facts, neighbours)
    codes = np.array([*level.codes, ""])
    with_tips = level.facts(counts.facts & (counts.told.weighed.tier != Tier.SET_ASIDE))
    told_too = _labels(statistics.hot_spots(with_tips, level.population, neighbours))
    return {
        "hot_count": found.count,
        "hot_expected": found.expected,
        "hot_variance": found.variance,
        "hot_p": found.p,
        "hot_q": found.q,
        "hot": labels,
        "hot_with_tips": np.where(told_too != labels, told_too, ""),
        "hot_zone": codes[zones],
        "history": _history(level, counts, neighbours),
        "gi_z": statistics.gi_star(facts, neighbours),
    }


def not_tested(level, counts):
    """Why foyers are not looked for there; None when they are."""
    return statistics.reason_not_tested(
        level.facts(counts.facts & counts.for_foyers),
        level.population,
        least_units=SET.hot_least_units,
        least_facts=SET.hot_least_facts,
    )


def dispersion(level, counts, neighbours):
    """Of the differences between units, as the search for foyers found it."""
    return statistics.hot_spots(
        level.facts(counts.facts & counts.for_foyers), level.population, neighbours
    ).dispersion


def _labels(found):
    return statistics.hot_spot_labels(
        found, most_q=SET.hot_q, least_count=SET.hot_least, watched_q=SET.watched_q
    )


def _history(level, counts, neighbours):
    """The category of each unit, from the foyers of the last quarters, each at its maturity."""
    known = _inhabited(level)
    hot, rates = [], []
    for window in counts.spans.windows:
        facts = level.facts(counts.told_in(counts.spans.of(window)) & counts.for_foyers)
        tested = (
            statistics.reason_not_tested(
                facts,
                level.population,
                least_units=SET.hot_least_units,
                least_facts=SET.hot_least_facts,
            )
            is None
        )
        if not tested:
            continue  # a quarter of which nothing can be said is none of them
        found = statistics.hot_spots(facts, level.population, neighbours)
        hot.append(_labels(found) == HotSpotLabel.FOYER)
        rates.append(statistics.smoothed_rates(facts, known).rates)
    trend = statistics.mann_kendall(np.stack(rates, axis=-1)).direction(SET.alpha)
    return statistics.history(np.stack(hot, axis=-1), trend=trend)
