"""The part of the figures told to readers who open no report.

Tables that nest undo each other's masks by subtraction: a commune's quarter less two of its months
gives the third, an arrondissement less the intercommunalities that fill it gives the last one. So
details are told of consolidated quarters alone, by one breakdown into communes, facts alone; of
twelve months, where the foyers are and no number. A reference is never told again: what is said of
the period before is what was told then.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from intel.models import TerritoryScore
from intel.statistics import HotSpotLabel, mask_levels, masking
from intel.summaries.lines import OVERLAPPING
from intel.summaries.parameters import PARAMETERS
from intel.summaries.territories import NOWHERE, Dimension

Display = TerritoryScore.Display
# Weeks and years nest with both.
KINDS = frozenset({"month", "quarter", "rolling"})
NOW = ("facts", "reports")
TOLD = ("reports", "facts", "previous_reports", "previous_facts")
# What is said in words of a territory whose number of facts is told. Not that it emerges: its
# twelve months before would be told to hold nothing, where zero is masked too.
SAID = ("change", "effort", "population", "on_border")
ELSEWHERE = "hors commune"


@dataclass(frozen=True)
class Published:
    """What this audience was told of the period before: totals, and rows by dimension and code."""

    totals: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)

    @classmethod
    def of(cls, summary):
        if summary is None:
            return cls()
        rows = summary.scores.filter(display=Display.EXACT)
        return cls(
            {name: getattr(summary, name) for name in NOW},
            {
                (dimension, code): (reports, facts)
                for dimension, code, reports, facts in rows.values_list(
                    "dimension", "code", "reports", "facts"
                )
            },
        )


def withheld(figures, published):
    """Lines by dimension, and the four totals, for who opens no report.

    A quarter whose total is not told has no detail either: any count of it would be a floor for
    the small month that its total would give back.
    """
    period, months = figures.period, figures.months
    is_summed = _may_be_summed(period, months)
    tables = _details(figures, published) if period.kind == "quarter" and is_summed else {}
    if not tables:
        display = Display.MASKED if period.kind == "quarter" else Display.QUARTERLY
        tables = {
            dimension: [line.hidden(display) for line in _by_name(lines)]
            for dimension, lines in figures.values.items()
        }
    if period.kind == "rolling":
        tables = {Dimension.COMMUNE: _foyers(figures.territories[Dimension.COMMUNE])}
    tables[Dimension.MONTH] = [_month(line) for line in months]
    totals = {name: figures.totals[name] if is_summed else None for name in NOW}
    totals |= {f"previous_{name}": published.totals.get(name) for name in NOW}
    return tables, totals


def _details(figures, published):
    """The tables of a quarter; one that cannot hide what it must beside the total is empty."""
    tables = {}
    for dimension, lines in figures.values.items():
        exact, allows_total = _exact_of(lines)
        is_told = allows_total or dimension in OVERLAPPING
        tables[dimension] = _settled(dimension, lines, exact if is_told else (), published)
    return tables | _territories(figures, published)


def _month(line):
    """A month is told when it reaches the threshold; of its reports, the same."""
    return line.hidden() if min(line.reports, line.facts) < PARAMETERS.threshold else line


def _may_be_summed(period, months):
    """May the total of `period` be told beside the months of its series?

    A month once told cannot be taken back: their sum is told only when none hides behind it. That
    of a week or of a year never is: it nests with months and quarters.
    """
    inside = [line for line in months if _is_inside(line.code, period)]
    if period.kind not in {"month", "quarter"} or not inside:
        return False
    for name in NOW:
        decision = masking.mask({line.code: getattr(line, name) for line in inside})
        if not decision.total_shown or masking.SECONDARY in decision.status.values():
            return False
    return True


def _is_inside(month, period):
    return f"{period.start:%Y-%m}" <= month <= f"{period.end:%Y-%m}"


def _exact_of(lines):
    """The codes of a list of values that may be told, and whether their total may be too."""
    status, allows_total = masking.mask_together(
        [{line.code: getattr(line, name) for line in lines} for name in NOW],
        threshold=PARAMETERS.threshold,
        narrowest=PARAMETERS.narrowest,
    )
    return {code for code, said in status.items() if said == masking.EXACT}, allows_total


def _settled(dimension, lines, exact, published):
    """In an order that tells nothing of what is hidden: exact rows by count, others by name."""
    shown = [
        _with_what_was_told(dimension, line, published) for line in lines if line.code in exact
    ]
    hidden = _by_name([line.hidden() for line in lines if line.code not in exact])
    return sorted(shown, key=lambda line: (-line.facts, -(line.reports or 0))) + hidden


def _with_what_was_told(dimension, line, published):
    reports, facts = published.rows.get((dimension, line.code), (None, None))
    return replace(line, previous_reports=reports, previous_facts=facts)


def _by_name(lines):
    return sorted(lines, key=lambda line: line.label)


# --- Territories ------------------------------------------------------------------------------


def _territories(figures, published):
    """The department, its intercommunalities, their communes: facts alone; nothing when the total
    cannot be told beside them.

    Rows that hold nothing exact are left out, all alike: which commune has one fact and which has
    none is not said.
    """
    communes = figures.ground.levels[Dimension.COMMUNE]
    groups, top = figures.ground.units.epci, figures.department.code
    leaves = dict(zip(communes.codes, communes.facts(figures.counts.facts).tolist(), strict=True))
    parents = {
        code: groups.codes[group] if group != NOWHERE else top
        for code, group in zip(communes.codes, groups.of.tolist(), strict=True)
    }
    parents |= dict.fromkeys(groups.codes, top)
    hidden = _told_by_one(communes, figures.counts)
    if figures.notes["unlocated"]:
        leaves[ELSEWHERE], parents[ELSEWHERE] = figures.notes["unlocated"], top
        hidden |= {ELSEWHERE}
    shown = mask_levels(
        leaves,
        parents,
        withheld=hidden,
        threshold=PARAMETERS.threshold,
        narrowest=PARAMETERS.narrowest,
    ).counts
    if top not in shown:
        return {}
    return {
        dimension: [
            _told_of(dimension, line, published)
            for line in sorted(figures.territories[dimension], key=lambda line: -line.facts)
            if line.code in shown
        ]
        for dimension in (Dimension.DEPARTMENT, Dimension.EPCI, Dimension.COMMUNE)
    }


def _told_of(dimension, line, published):
    """Its facts, and what is said in words: a ratio would give the reference back."""
    _, facts = published.rows.get((dimension, line.code), (None, None))
    return replace(
        line,
        reports=None,
        previous_reports=None,
        previous_facts=facts,
        more={name: line.more[name] for name in SAID if name in line.more},
    )


def _told_by_one(level, counts):
    """Communes of which nearly all the reports come from one person.

    Services read these figures exactly: a source alone is to be kept from being seen in them.
    """
    chosen = counts.reports & (level.of_report != NOWHERE)
    pairs, each = np.unique(
        np.stack([level.of_report[chosen], counts.told.persons[chosen]]),
        axis=1,
        return_counts=True,
    )
    largest = np.zeros(len(level), np.int64)
    np.maximum.at(largest, pairs[0], each)
    return masking.dominated(
        dict(zip(level.codes, level.reports(chosen).tolist(), strict=True)),
        dict(zip(level.codes, largest.tolist(), strict=True)),
        dominance=PARAMETERS.dominance,
    )


def _foyers(lines):
    """Where the foyers are, without a number: only those told of enough facts together."""
    return [
        replace(
            line.hidden(),
            more={name: line.more[name] for name in ("hot", "hot_zone", "history", "on_border")},
        )
        for line in _by_name(lines)
        if line.more.get("hot") == HotSpotLabel.FOYER
        and line.more["hot_count"] >= PARAMETERS.threshold
    ]
