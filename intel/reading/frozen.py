"""The figures of an edition: taken once from a summary, sealed by a digest, read back for good.

What is stored is plain JSON and holds everything that a page or a print needs but the outlines of
communes, which are reference data. A later version of the summary changes nothing here.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from cross.ui.charts import Masked
from intel import periods
from intel.models import SummaryAudience, TerritoryScore
from intel.reading import summaries
from intel.summaries import proposals, words

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display
TOTALS = ("facts", "reports", "previous_facts", "previous_reports")
COLUMNS = ("code", "label", *TOTALS, "display", "change")
# The same words whatever the cause: a finer one would tell the count.
HIDDEN_TOTAL = Masked("n.c.")


@dataclass(frozen=True)
class Figures:
    """Frozen figures as pages and documents read them.

    `tables` maps a dimension to its rows: `TerritoryScore` that no table holds.
    """

    department: dict
    geography_year: int
    period: periods.Period
    audience: str
    version: int
    built_at: datetime
    input_digest: str
    totals: dict
    tables: dict
    caution: tuple
    said: tuple  # the sentences of `intel.summaries.words`
    proposals: tuple
    has_details: bool
    hidden_communes: int | None
    left_out: int | None

    @property
    def previous(self):
        return self.period.previous()

    @property
    def summary_reference(self):
        return f"{self.department['code']} {self.period.code} v{self.version}"

    @property
    def audience_label(self):
        return SummaryAudience(self.audience).label.lower()

    def total(self, name):
        """A count, or the words that stand for one that is not told."""
        value = self.totals[name]
        return HIDDEN_TOTAL if value is None else value

    def said_of(self, *codes, elsewhere_than=None):
        """The sentences of these codes, in their order."""
        return [
            each for each in self.said if each.code in codes and each.dimension != elsewhere_than
        ]

    def told(self, dimension):
        """The rows whose counts this audience reads, in their order."""
        return [row for row in self.tables[dimension] if row.display == Display.EXACT]


def freeze(summary):
    """The figures of a summary as JSON."""
    rows = list(summary.scores.order_by("dimension", "rank"))
    by_dimension = {
        dimension.value: [
            [getattr(row, name) for name in COLUMNS] for row in rows if row.dimension == dimension
        ]
        for dimension in Dimension
    }
    has_details = all(row.display != Display.QUARTERLY for row in rows)
    is_masked = summary.is_masked
    department = summary.department
    told = sum(row.dimension == Dimension.COMMUNE and row.display == Display.EXACT for row in rows)
    communes = summaries.communes_of(summary.department_id, department.geography_year)
    return {
        "department": {
            "code": department.code,
            "name": department.name,
            "of_name": department.of_name,
        },
        "geography_year": department.geography_year,
        "period": summary.period,
        "audience": summary.audience,
        "version": summary.version,
        "built_at": summary.built_at.isoformat(),
        "input_digest": summary.input_digest,
        "code_version": summary.code_version,
        "parameters": summary.parameters,
        "totals": {name: getattr(summary, name) for name in TOTALS},
        "tables": by_dimension,
        "caution": list(words.reading_note(is_masked=is_masked, has_details=has_details)),
        "said": [asdict(sentence) for sentence in words.said_with_foyers(summary)],
        "proposals": [asdict(proposal) for proposal in proposals.proposed(summary)],
        "has_details": has_details,
        "hidden_communes": len(communes) - told if has_details else None,
        # How many reports enter no figure is itself a small count: not told.
        "left_out": None,
    }


def digest(figures):
    """sha256 of the figures written in one way only: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(
        figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


# All that is printed of an edition: what its seal is drawn from.
SEALED = ("number", "version", "title", "words", "figures", "parts", "why")


def seal_of(edition):
    """The digest of words, figures and parts together, as both benches have read them."""
    held = {name: getattr(edition, name) for name in SEALED}
    return digest(held | {"corrects": edition.corrects and edition.corrects.number})


def is_intact(edition):
    """Is it what was frozen and, once validated, what was sealed?"""
    if edition.seal and seal_of(edition) != edition.seal:
        return False
    if edition.parts and digest(edition.parts) != edition.parts_digest:
        return False
    return digest(edition.figures) == edition.figures_digest


def check(edition):
    """Raise a French sentence when the figures are no longer those that were frozen."""
    if not is_intact(edition):
        raise ValidationError(
            f"Les chiffres de {edition.number} ne correspondent plus à leur empreinte : ils ont "
            "été modifiés hors de l’application. La note ne peut être ni validée ni imprimée. "
            "Prévenez l’administrateur technique et préparez une nouvelle note."
        )


def figures_of(edition):
    """The frozen figures of an edition, intact or not: whoever prints calls `check` first."""
    return read(edition.figures)


def read(held):
    """Figures out of the JSON that `freeze` makes."""
    return Figures(
        department=held["department"],
        geography_year=held["geography_year"],
        period=periods.read(held["period"]),
        audience=held["audience"],
        version=held["version"],
        built_at=datetime.fromisoformat(held["built_at"]),
        input_digest=held["input_digest"],
        totals=held["totals"],
        tables={
            dimension: [
                TerritoryScore(
                    dimension=dimension, rank=rank, **dict(zip(COLUMNS, row, strict=True))
                )
                for rank, row in enumerate(held["tables"][dimension], start=1)
            ]
            for dimension in Dimension
        },
        caution=tuple(held["caution"]),
        said=tuple(words.Sentence(**sentence) for sentence in held["said"]),
        proposals=tuple(proposals.read(proposal) for proposal in held["proposals"]),
        has_details=held["has_details"],
        hidden_communes=held["hidden_communes"],
        left_out=held["left_out"],
    )
