"""The rows of a summary: one a territory, a product, an origin, a mode, a month, a week."""

from dataclasses import dataclass, field, replace

import numpy as np

from intel.models import TerritoryScore
from intel.models.choices import Mode, Origin, Product
from intel.summaries.territories import Dimension

Display = TerritoryScore.Display
TERRITORIES = (
    Dimension.DEPARTMENT,
    Dimension.ARRONDISSEMENT,
    Dimension.EPCI,
    Dimension.COMMUNE,
    Dimension.NEIGHBOURHOOD,
    Dimension.HEXAGON,
    Dimension.PLACE,
)
# Digits that are kept of a figure: beyond, two machines may differ.
DIGITS = 10


@dataclass(frozen=True)
class Line:
    """Four counts of one row; `more` holds the other columns of a territory, by their names."""

    code: str
    label: str
    reports: int | None
    facts: int | None
    previous_reports: int | None
    previous_facts: int | None
    display: str = Display.EXACT
    more: dict = field(default_factory=dict)

    @property
    def is_empty(self):
        return not any((self.reports, self.facts, self.previous_reports, self.previous_facts))

    def hidden(self, display=Display.MASKED):
        """The same row, of which nothing is told but its name."""
        return replace(
            self,
            reports=None,
            facts=None,
            previous_reports=None,
            previous_facts=None,
            display=display,
            more={},
        )


COUNTS = ("reports", "facts", "previous_reports", "previous_facts")


def of_territories(level, measured):
    """The rows of one level, in the order of the codes, those without any fact included."""
    columns = {name: _plain(values) for name, values in measured.items()}
    rows = [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]
    return [
        Line(code, name, **{each: row.pop(each) for each in COUNTS}, more=row)
        for code, name, row in zip(level.codes, level.names, rows, strict=True)
    ]


def _plain(values):
    """Python values: None for NaN and infinities, figures of ten significant digits."""
    values = np.asarray(values)
    if values.dtype.kind != "f":
        return values.tolist()
    return [float(f"{one:.{DIGITS}g}") if np.isfinite(one) else None for one in values.tolist()]


# --- What, by whom, when ----------------------------------------------------------------------

LABELS = {
    Dimension.PRODUCT: dict(Product.choices),
    Dimension.MODE: dict(Mode.choices),
    Dimension.ORIGIN: dict(Origin.choices),
}
# Which rows of a dimension a report counts in.
VALUES = {
    Dimension.PRODUCT: lambda row: row.products or (Product.UNKNOWN.value,),
    Dimension.MODE: lambda row: row.modes or (Mode.OTHER.value,),
    Dimension.ORIGIN: lambda row: (row.origin,),
}


def of_values(dimension, counts):
    """One row a value of the list, zeros included: they are part of a masked table."""
    rank = {code: number for number, code in enumerate(LABELS[dimension])}
    rows = counts.told.rows
    pairs = [
        (number, rank[code])
        for number in np.flatnonzero(counts.reports | counts.reports_before).tolist()
        for code in VALUES[dimension](rows[number])
    ]
    report, value = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    first = np.zeros(len(counts.told) + 1, bool)
    first[counts.told.first] = True
    fact = np.append(counts.told.fact, 0)

    def reports(chosen):
        return np.bincount(value[chosen[report]], minlength=len(rank)).tolist()

    def facts(chosen):
        tells = first[report] & chosen[fact[report]]
        return np.bincount(value[tells], minlength=len(rank)).tolist()

    return [
        Line(code, label, *four)
        for (code, label), *four in zip(
            LABELS[dimension].items(),
            reports(counts.reports),
            facts(counts.facts),
            reports(counts.reports_before),
            facts(counts.facts_before),
            strict=True,
        )
    ]


def of_periods(series, counts):
    """One row a period of a series, oldest first: each at the maturity of the summary."""
    spans = [counts.spans.of(period) for period in series]
    return [
        Line(
            period.code,
            period.label,
            int(counts.received_in(span).sum()),
            int(counts.told_in(span).sum()),
            0,
            0,
        )
        for period, span in zip(series, spans, strict=True)
    ]
