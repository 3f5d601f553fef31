"""The part of the figures told to readers who open no report.

Tables that nest undo each other's masks by subtraction: a commune's quarter less two of its months
gives the third, an arrondissement less the intercommunalities that fill it gives the last one. So
details are told of consolidated quarters alone, by one breakdown into communes, facts alone; of
twelve months, where the foyers are and no number. Nothing is told anew: what is said of the period
before and of the months of a series is what was told of them first, or a restriction would show.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from intel.models import TerritoryScore
from intel.statistics import HotSpotLabel, mask_levels, masking
from intel.summaries.parameters import PARAMETERS
from intel.summaries.territories import NOWHERE, Dimension
from intel.summaries.told_changes import tellable

Display = TerritoryScore.Display
# Weeks and years nest with both.
KINDS = frozenset({"month", "quarter", "rolling"})
NOW = ("facts", "reports")
TOLD = ("reports", "facts", "previous_reports", "previous_facts")
# What is said in words of a territory whose number of facts is told. Not that it emerges: its
# twelve months before would be told to hold nothing, where zero is masked too.
SAID = ("change", "effort", "population", "on_border")
CHANGES = {"change", "effort"}
# Of a foyer, and of the commune that gives it its name without being its heart.
FOYER = ("hot", "hot_zone", "history", "on_border")
FOYER_NAMED = ("hot_zone", "on_border")
ELSEWHERE = "hors commune"


@dataclass(frozen=True)
class Published:
    """What this audience was told before.

    Of the period before, its totals, and (reports, facts) by dimension and code. Of each period of
    the reference, oldest first, facts by dimension and code, None where none was drawn up. Of each
    month told in any summary, (reports, facts) as they were told first, None when masked.
    """

    totals: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    reference: tuple = ()
    months: dict = field(default_factory=dict)

    @classmethod
    def of(cls, spans, summaries):
        """From the `summaries` of the department for this audience, older than this one. Three
        queries."""
        before = spans.period.previous().code
        codes = [period.code for period in spans.reference]
        drawn_up = {
            summary.period: summary
            for summary in summaries.filter(period__in={before, *codes}).order_by("version")
        }
        rows: dict[str, dict] = {code: {} for code in drawn_up}
        told = TerritoryScore.objects.filter(
            summary__in=list(drawn_up.values()), display=Display.EXACT
        )
        for period, dimension, code, reports, facts in told.values_list(
            "summary__period", "dimension", "code", "reports", "facts"
        ):
            rows[period][dimension, code] = (reports, facts)
        last = drawn_up.get(before)
        return cls(
            {name: getattr(last, name) for name in NOW} if last else {},
            rows.get(before, {}),
            tuple(_facts(rows.get(code)) for code in codes),
            _months_told(spans, summaries),
        )


def _facts(rows):
    return None if rows is None else {key: facts for key, (_, facts) in rows.items()}


def _months_told(spans, summaries):
    first = (
        TerritoryScore.objects.filter(
            summary__in=summaries,
            dimension=Dimension.MONTH,
            code__in=[month.code for month in spans.months],
        )
        .order_by("code", "summary_id")
        .distinct("code")
    )
    return {
        code: None if facts is None else (reports, facts)
        for code, reports, facts in first.values_list("code", "reports", "facts")
    }


def withheld(figures, published):
    """Lines by dimension, and the four totals, for who opens no report.

    A quarter whose total is not told has no detail either: any count of it would be a floor for
    the small month that its total would give back.
    """
    period = figures.period
    months = [_month(line, published) for line in figures.months]
    if period.kind == "rolling":
        tables = {Dimension.COMMUNE: _foyers(figures.territories[Dimension.COMMUNE])}
        totals = _sum_of(months)
    else:
        is_summed = _may_be_summed(period, months, figures.months)
        totals = {name: figures.totals[name] if is_summed else None for name in NOW}
        tables = _details(figures, published) if period.kind == "quarter" and is_summed else {}
        tables = tables or _nothing_of(figures)
    tables[Dimension.MONTH] = months
    totals |= {f"previous_{name}": published.totals.get(name) for name in NOW}
    return tables, totals


def _nothing_of(figures):
    """The lists of values, without a count."""
    display = Display.MASKED if figures.period.kind == "quarter" else Display.QUARTERLY
    return {
        dimension: [line.hidden(display) for line in _by_name(lines)]
        for dimension, lines in figures.values.items()
    }


def _details(figures, published):
    """The tables of a quarter; one that cannot hide what it must beside the total tells none."""
    tables = {
        dimension: _settled(dimension, lines, _exact_of(lines), published)
        for dimension, lines in figures.values.items()
    }
    return tables | _territories(figures, published)


def _month(line, published):
    """A month is told when it reaches the threshold; of its reports, the same. As it was the first
    time: told anew, it would say what was restricted or corrected since."""
    told = published.months.get(line.code, (line.reports, line.facts))
    if told is None or min(told) < PARAMETERS.threshold:
        return line.hidden()
    reports, facts = told
    return replace(line, reports=reports, facts=facts)


def _may_be_summed(period, months, counted):
    """May the total of a month or a quarter be told beside the months of its series?

    A month once told cannot be taken back: their sum is told only when none hides behind it.
    `months` as they are told, `counted` as they are: one that was masked once stays so, however
    many it holds now.
    """
    inside = [
        (told, line)
        for told, line in zip(months, counted, strict=True)
        if _is_inside(line.code, period)
    ]
    hidden = {line.code for told, line in inside if told.facts is None}
    for name in NOW:
        decision = masking.mask(
            {
                line.code: getattr(line if line.code in hidden else told, name)
                for told, line in inside
            },
            withheld=hidden,
        )
        if not decision.total_shown or masking.SECONDARY in decision.status.values():
            return False
    return True


def _sum_of(months):
    """What anybody may add up himself, once each month is told: another total of twelve months
    would say how much of them came in late."""
    are_told = all(line.facts is not None for line in months)
    return {
        name: sum(getattr(line, name) for line in months) if are_told else None for name in NOW
    }


def _is_inside(month, period):
    return f"{period.start:%Y-%m}" <= month <= f"{period.end:%Y-%m}"


def _exact_of(lines):
    """The codes of a list of values that may be told beside its total. Of products and modes,
    which overlap, the rows sum to more than the total: it gives less of them back."""
    status = masking.mask_together(
        [{line.code: getattr(line, name) for line in lines} for name in NOW],
        threshold=PARAMETERS.threshold,
        narrowest=PARAMETERS.narrowest,
    ).status
    return {code for code, said in status.items() if said == masking.EXACT}


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
    tables = {}
    for dimension in (Dimension.DEPARTMENT, Dimension.EPCI, Dimension.COMMUNE):
        level = figures.territories[dimension]
        lines = sorted(
            (line for line in level if line.code in shown), key=lambda line: -line.facts
        )
        said = tellable(dimension, lines, level, published.reference, figures.spans.exposures)
        tables[dimension] = [_told_of(dimension, line, published, said) for line in lines]
    return tables


def _told_of(dimension, line, published, said):
    """Its facts, and what is said in words: a ratio would give the reference back, and so may the
    change of a territory that is not among those `said`."""
    _, facts = published.rows.get((dimension, line.code), (None, None))
    more = {name: line.more[name] for name in SAID if name in line.more}
    if line.code not in said:
        more |= dict.fromkeys(more.keys() & CHANGES, "")
    return replace(line, reports=None, previous_reports=None, previous_facts=facts, more=more)


def _told_by_one(level, counts):
    """Communes of which nearly all the reports come from one person.

    Services read these figures exactly: a source alone is to be kept from being seen in them.
    """
    chosen = counts.reports & (level.of_report != NOWHERE)
    pairs, each = np.unique(
        np.stack([level.of_report[chosen], counts.persons[chosen]]),
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
    """Where the foyers are, without a number: only those told of enough facts together; and the
    commune that each zone is named after, so that a foyer has one name for all its readers."""
    told = {
        line.code
        for line in lines
        if line.more.get("hot") == HotSpotLabel.FOYER
        and line.more["hot_count"] >= PARAMETERS.threshold
    }
    named = {line.more["hot_zone"] for line in lines if line.code in told}
    return [
        replace(
            line.hidden(),
            more={name: line.more[name] for name in (FOYER if line.code in told else FOYER_NAMED)},
        )
        for line in _by_name(lines)
        if line.code in told | named
    ]
