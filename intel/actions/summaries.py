"""Build the summaries of a department: one per audience, frozen, the same input never twice."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.functional import cached_property

from cross import outbox
from cross.audit import journal
from intel import access, periods
from intel.models import Summary, SummaryAudience, TerritoryScore
from intel.models.choices import Origin, Product
from intel.reading import counts
from intel.statistics import masking
from services.models import Commune

Dimension, Display = TerritoryScore.Dimension, TerritoryScore.Display
SERIES_MONTHS = 12
# Raised whenever the same reports would give other figures.
CODE_VERSION = "3"

# The prefecture opens no report, and tables that nest undo each other's masks by subtraction: a
# commune's quarter less two of its months gives the third. Its details are given by quarter alone.
DETAILED = {
    SummaryAudience.CELL: {"week", "month", "quarter", "year"},
    SummaryAudience.PREFECTURE: {"quarter"},
}
MASKED = {SummaryAudience.PREFECTURE}
NOW, BEFORE = ("facts", "reports"), ("previous_facts", "previous_reports")


@dataclass(frozen=True)
class Parameters:
    threshold: int = masking.THRESHOLD
    narrowest: int = masking.NARROWEST
    series_months: int = SERIES_MONTHS
    counted_on: str = "received_at"


@dataclass(frozen=True)
class Line:
    """Four counts of one row; `display` says whether the audience may see them."""

    code: str
    label: str
    reports: int | None
    facts: int | None
    previous_reports: int | None
    previous_facts: int | None
    display: str = Display.EXACT


def build(department, period, *, by=None, tell=None):
    """The current summaries of `department` over `period`, one per audience, built if need be.

    Idempotent, also under concurrent runs: the same input and code give back the same rows.
    `tell(done, of, words)` hears how far it has come.
    """
    return _build(tuple(SummaryAudience), department, period, by, tell)


def build_for(audience, department, period, *, by=None):
    """The same, for one audience."""
    return _build((audience,), department, period, by)[0]


@transaction.atomic
def _build(audiences, department, period, by, tell=None):
    """Counted once for all the audiences: they see the same figures, each its own part of them."""
    _lock(department, period)
    figures, built = Figures(department, period), []
    for done, audience in enumerate(audiences):
        if tell:
            tell(done, len(audiences), f"Synthèse « {audience.label} »")
        built.append(_built(audience, figures, by))
    return built


class Figures:
    """What the summaries of one department over one period are made of."""

    def __init__(self, department, period):
        self.department, self.period = department, period
        self.series = periods.last_months(period.end, SERIES_MONTHS)
        self.start = min(self.series[0].start, period.previous().start)
        self.rows = counts.rows_between(department, self.start, period.end)
        self.digest = counts.digest(self.rows)

    @cached_property
    def counted(self):
        """Those of the period, of the one before it, and of each month of the series."""
        known = counts.facts_known_before(self.department, self.start, self.period.end)
        firsts = counts.firsts_of(self.rows, known)
        spans = (self.period, self.period.previous(), *self.series)
        now, before, *months = (counts.count(self.rows, firsts, span) for span in spans)
        return {
            "now": now, "before": before, "months": list(zip(self.series, months, strict=True))
        }  # fmt: skip


def _built(audience, figures, by):
    department, period = figures.department, figures.period
    same_key = Summary.objects.filter(department=department, audience=audience, period=period.code)
    same = same_key.filter(input_digest=figures.digest, code_version=CODE_VERSION)
    if period.is_closed(timezone.localdate()):
        # Nothing came since: these figures of a part turn out to be those of the whole.
        same.filter(built_at__date__lte=F("ends_on")).update(built_at=timezone.now())
    if (done := same.first()) is not None:
        return done
    lines, totals = _lines(audience, department, period, **figures.counted)
    summary = Summary.objects.create(
        department=department,
        audience=audience,
        period=period.code,
        starts_on=period.start,
        ends_on=period.end,
        version=(same_key.aggregate(last=Max("version"))["last"] or 0) + 1,
        stage=Summary.Stage.DONE,
        built_by=by.get_full_name() if by else "",
        parameters=asdict(Parameters()) | {"geography_year": department.geography_year},
        input_digest=figures.digest,
        code_version=CODE_VERSION,
        **totals,
    )
    TerritoryScore.objects.bulk_create(
        TerritoryScore(summary=summary, dimension=dimension, rank=rank, **vars(line))
        for dimension, ordered in lines.items()
        for rank, line in enumerate(ordered, start=1)
    )
    journal.record(by, "summary.built", summary)
    return summary


def _lock(department, period):
    """One run at a time on one key; the next one finds what the first has built."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"summary {department.pk} {period.code}"],
        )


def _lines(audience, department, period, *, now, before, months):
    """Lines per dimension, most facts first, and the four totals, masked for the audience."""
    lines = {
        dimension: _ordered(dimension, labels, now, before)
        for dimension, labels in _labels(department, (now, before)).items()
    }
    lines[Dimension.MONTH] = [
        Line(month.code, month.label, counted.reports, counted.facts, 0, 0)
        for month, counted in months
    ]
    totals = {
        "reports": now.reports,
        "facts": now.facts,
        "previous_reports": before.reports,
        "previous_facts": before.facts,
    }
    if audience in MASKED:
        return _for_who_reads_none(lines, totals, period, months, DETAILED[audience])
    return lines, totals


def _for_who_reads_none(lines, totals, period, months, detailed):
    """The same figures for readers who open no report: no small count, nor what gives one back.

    Months are shown when they reach the threshold; what sums them is shown only when no month
    hides behind it, for a month once told cannot be taken back.
    """
    shown = {}
    told = dict.fromkeys(NOW, _may_be_summed(period, months))
    told |= dict.fromkeys(BEFORE, _may_be_summed(period.previous(), months))
    for dimension, ordered in lines.items():
        if dimension == Dimension.MONTH:
            shown[dimension] = [_shown_month(line) for line in ordered]
        elif period.kind not in detailed:
            shown[dimension] = [
                _hidden(line, Display.QUARTERLY) for line in _settled(dimension, ordered, ())
            ]
        else:
            shown[dimension] = _masked(dimension, ordered, told)
    return shown, {name: value if told[name] else None for name, value in totals.items()}


def _shown_month(line):
    small = min(line.reports, line.facts) < masking.THRESHOLD
    return _hidden(line, Display.MASKED) if small else line


def _may_be_summed(period, months):
    """May the total of `period` be shown beside the months of this audience's series?

    A week or a year is never told: its table nests with those of months and quarters.
    """
    inside = [each for month, each in months if period.start <= month.start <= period.end]
    if period.kind not in {"month", "quarter"} or not inside:
        return False
    for name in ("facts", "reports"):
        decision = masking.mask({f"{n}": getattr(each, name) for n, each in enumerate(inside)})
        if not decision.total_shown or masking.SECONDARY in decision.status.values():
            return False
    return True


def _labels(department, counted):
    """Every value of a dimension that can hold a count: zeros are part of a masked table."""
    units = Commune.objects.filter(department=department).statistical_units().values("pk")
    met = {pk for each in counted for pk in each.reports_by[Dimension.COMMUNE]}
    communes = (
        Commune.objects.filter(Q(pk__in=units) | Q(pk__in=met))
        .order_by("sort_key", "code")
        .values_list("pk", "code", "name")
    )
    return {
        Dimension.COMMUNE: {pk: (code, name) for pk, code, name in communes},
        Dimension.PRODUCT: {value: (value, label) for value, label in Product.choices},
        Dimension.ORIGIN: {value: (value, label) for value, label in Origin.choices},
    }


def _ordered(dimension, labels, now, before):
    def line(key, code, label):
        return Line(
            code,
            label,
            now.reports_by[dimension][key],
            now.facts_by[dimension][key],
            before.reports_by[dimension][key],
            before.facts_by[dimension][key],
        )

    lines = [line(key, *words) for key, words in labels.items()]
    return sorted(lines, key=lambda line: (-line.facts, -line.reports))


def _masked(dimension, lines, told):
    """The same rows for readers who open no report; takes back from `told` what they would tell.

    The counts of a period are masked together, and those of the one before together: the two do
    not nest. Rows of communes that hold nothing exact are left out, all alike: which of them has
    one fact and which has none is not said.
    """
    now, before = (_told_codes(dimension, lines, names, told) for names in (NOW, BEFORE))
    return [
        _hidden(line, Display.MASKED)
        if line.code not in now
        else line
        if line.code in before
        else replace(line, previous_reports=None, previous_facts=None)
        for line in _settled(dimension, lines, now)
    ]


def _told_codes(dimension, lines, names, told):
    """The codes whose counts of these columns may be shown."""
    status, total_shown = masking.mask_together(
        [{line.code: getattr(line, name) for line in lines} for name in names]
    )
    exact = [line.code for line in lines if status[line.code] == masking.EXACT]
    if dimension == Dimension.PRODUCT:
        return set(exact)  # product rows overlap: they sum to no total
    if not total_shown:
        told |= dict.fromkeys(names, False)
    if not told[names[0]] and len(exact) == len(lines):
        exact.pop()  # all of them would sum to the total that is not told
    return set(exact)


def _settled(dimension, lines, exact):
    """In an order that tells nothing of what is hidden: exact rows by count, others by name."""
    shown = [line for line in lines if line.code in exact]
    if dimension == Dimension.COMMUNE:
        return shown
    return shown + sorted((line for line in lines if line.code not in exact), key=_by_label)


def _by_label(line):
    return line.label


def _hidden(line, display):
    return Line(line.code, line.label, None, None, None, None, display)


# --- When ----------------------------------------------------------------------------------------


def due_periods(today):
    """What the night builds: the running month and the month and quarter that closed last."""
    yesterday = today - timedelta(days=1)
    month, quarter = periods.month_of(yesterday), periods.quarter_of(yesterday)
    found = [month, month.previous(), quarter.previous()]
    if quarter.is_closed(today):
        found.append(quarter)
    return sorted(set(found))


def key_of(department, period, by=None):
    """One job at a time of whoever asks for a department and period; the night asks for itself.

    A job stops with the rights of its asker: nobody else's is merged into it, or both would be
    lost. Two that run find the same rows.
    """
    key = f"summary:{department.code}:{period.code}"
    return f"{key}:{by.pk}" if by else key


def check_asker(by, department):
    """Whoever asked may have lost the right since: the worker asks again."""
    if by is not None and department.pk not in access.buildable_departments(by):
        raise ValidationError(
            "Vous ne pouvez plus demander de synthèse de ce département : rien n’est construit."
        )


@transaction.atomic
def ask(department, period, *, by):
    """Let the worker build them; asked twice by somebody while it runs, it is one work."""
    job = outbox.enqueue(
        "build_summaries",
        args={"department": department.code, "period": period.code},
        by=by,
        key=key_of(department, period, by),
    )
    journal.record(by, "summary.requested", f"synthèse {department.code} {period.code}")
    return job
