"""Build the summaries of a department: one per audience, frozen, the same input never twice."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cross import outbox
from cross.audit import journal
from cross.copying import copying
from intel import access, periods
from intel.models import Maturity, Summary, SummaryAudience, TerritoryScore
from intel.models.summary import MASKED, OF_DEPARTMENTS
from intel.summaries import areas, told, withholding
from intel.summaries.days import midnight
from intel.summaries.figures import Figures
from intel.summaries.parameters import CODE_VERSION, PARAMETERS
from intel.summaries.spans import consolidated_on
from intel.summaries.territories import Dimension
from services.models import Court

TOTALS = ("reports", "facts", "previous_reports", "previous_facts")


def build(department, period, *, by=None, tell=None, revised=False):
    """The current summaries of `department` over `period`, one per audience, built if need be: the
    cell, those who open no report, then each court whose prosecutors read there.

    Drawn up at midnight, and for good a fortnight after the end of the period: what is entered or
    corrected later is counted only when somebody asks for the figures to be `revised`. Those who
    open no report are given consolidated figures alone, once: a second table of the same quarter
    would tell what moved. Idempotent, also under concurrent runs.
    `tell(done, of, words)` hears how far it has come.
    """
    readers = [*map(Readers, OF_DEPARTMENTS)]
    readers += [
        Readers(SummaryAudience.COURT, court) for court in access.courts_reading(department)
    ]
    return _build(readers, department, period, by=by, tell=tell, revised=revised)


def build_for(audience, department, period, *, court=None, by=None):
    """The same, for one audience; None when it is too early for it."""
    return next(iter(_build([Readers(audience, court)], department, period, by=by)), None)


@dataclass(frozen=True)
class Readers:
    """Who a summary is for: an audience, and which court when it is one."""

    audience: SummaryAudience
    court: Court | None = None

    def __str__(self):
        said = SummaryAudience(self.audience).label
        return f"{said}, {self.court}" if self.court else said

    @property
    def are_masked(self):
        return self.audience in MASKED


@transaction.atomic
def _build(readers, department, period, *, by=None, tell=None, revised=False):
    """Counted once for all of them: each sees its own part of the same figures."""
    lock(department, period)
    as_of = drawn_up_at(period, revised=revised)
    if as_of < consolidated_on(period) or period.kind not in withholding.KINDS:
        readers = [each for each in readers if not each.are_masked]
    latest = {each: _latest(department, each, period) for each in readers}
    stays = {each: _stays(found, revised) for each, found in latest.items()}
    if tell:
        tell(0, len(readers), "Lecture des renseignements")
    figures = None if all(stays.values()) else figures_of(department, period, as_of)
    built = []
    for done, each in enumerate(readers):
        if tell:
            tell(done, len(readers), f"Pour : {each}")
        if stays[each]:
            built.append(latest[each])
            continue
        theirs = areas.part_of(figures, each.court)
        kept = _tells_the_same(latest[each], theirs)
        built.append(latest[each] if kept else _built(each, theirs, latest[each], by))
    return built


def _latest(department, readers, period):
    found = Summary.objects.filter(
        department=department,
        audience=readers.audience,
        court=readers.court,
        period=period.code,
    )
    return found.order_by("-version").first()


def _stays(summary, revised):
    """Consolidated figures change only when they are revised, and for who reads the reports."""
    if summary is None or summary.maturity == Maturity.PROVISIONAL:
        return False
    return not revised or summary.audience in MASKED


def drawn_up_at(period, *, now=None, revised=False):
    """The instant at which the figures of a period are drawn up: midnight, or for good."""
    last_midnight = midnight(timezone.localdate(now))
    return last_midnight if revised else min(last_midnight, consolidated_on(period))


def figures_of(department, period, as_of):
    """What these summaries are made of, counted anew. Three queries."""
    return Figures(told.read(department, as_of), department, period)


def _built(readers, figures, latest, by):
    tables, totals = _part_of(readers.audience, figures)
    summary = Summary(
        department=figures.department,
        audience=readers.audience,
        court=readers.court,
        version=(latest.version if latest else 0) + 1,
        supersedes=latest,
        built_by=by.get_full_name() if by else "",
        input_digest=_digest_for(readers.audience, figures),
        geography=figures.ground.units.version,
        moved=_moved(latest, tables, totals, figures.maturity),
        **drawn_up(figures.period, figures.told.as_of, figures.maturity),
        **totals,
    )
    if not readers.are_masked:
        for name, value in (figures.notes | figures.search).items():
            setattr(summary, name, value)
    write(summary, tables)
    if latest is not None and latest.is_provisional and not latest.editions.exists():
        latest.delete()  # another takes its place
    journal.record(by, "summary.built", summary)
    return summary


def drawn_up(period, as_of, maturity):
    return {
        "period": period.code,
        "starts_on": period.start,
        "ends_on": period.end,
        "as_of": as_of,
        "maturity": maturity,
        "stage": Summary.Stage.DONE,
        "parameters": asdict(PARAMETERS),
        "parameters_digest": PARAMETERS.digest,
        "code_version": CODE_VERSION,
    }


def _tells_the_same(summary, figures):
    """Was it built from the same reports, by the same rules, on the same ground?"""
    if summary is None:
        return False
    are_final = summary.maturity == figures.maturity == Maturity.CONSOLIDATED
    return (
        (are_final or summary.as_of == figures.told.as_of)
        and summary.input_digest == _digest_for(summary.audience, figures)
        and summary.parameters_digest == PARAMETERS.digest
        and summary.code_version == CODE_VERSION
        and summary.geography == figures.ground.units.version
    )


def _part_of(audience, figures, *, again=None):
    """Lines by dimension and the four totals of its own figures, as that audience is told them.

    `again`: the summary that is counted again, of which nothing told since is known.
    """
    if audience in MASKED:
        return withholding.withheld(figures, _published_before(audience, figures, again))
    tables = {
        dimension: [line for line in lines if not line.is_empty or line.more.get("hot_zone")]
        for dimension, lines in (figures.territories | figures.values).items()
    }
    for lines in tables.values():
        lines.sort(key=lambda line: (-line.facts, -line.reports))
    tables |= {Dimension.MONTH: figures.months, Dimension.WEEK: figures.weeks}
    return tables, figures.totals


def _published_before(audience, figures, again):
    known = Summary.objects.filter(department=figures.department, audience=audience)
    if again:
        known = known.filter(pk__lt=again.pk)
    return withholding.Published.of(figures.spans, known)


def _digest_for(audience, figures):
    """Of the input, keyed for who opens no report: the digest of nothing is known to everybody,
    and two audiences would compare theirs."""
    if audience not in MASKED:
        return figures.digest
    return salted_hmac(f"summary for {audience}", figures.digest, algorithm="sha256").hexdigest()


def _moved(latest, tables, totals, maturity):
    """What a revision counts otherwise than what it replaces, and in which communes: of a commune
    that one of the two does not tell, nothing."""
    if latest is None or latest.maturity != maturity:
        return {}
    pairs = {name: (totals[name], getattr(latest, name)) for name in ("reports", "facts")}
    moved = {
        name: now - before
        for name, (now, before) in pairs.items()
        if now is not None and before is not None and now != before
    }
    where = _moved_in(latest, tables.get(Dimension.COMMUNE, ()))
    return moved | ({"where": where} if where else {})


def _moved_in(latest, lines):
    """[[commune, facts before, facts now]]. A row that is not there is none for who opens the
    reports, and is not told to the others."""
    before = {
        code: (label, facts)
        for code, label, facts in latest.scores.filter(dimension=Dimension.COMMUNE).values_list(
            "code", "label", "facts"
        )
    }
    absent = None if latest.is_masked else 0
    now = {line.code: (line.label, line.facts) for line in lines}
    found = []
    for code in sorted(before.keys() | now.keys()):
        label, _ = now.get(code) or before[code]
        _, was = before.get(code, ("", absent))
        _, is_now = now.get(code, ("", absent))
        if None not in (was, is_now) and was != is_now:
            found.append([label, was, is_now])
    return found


def write(summary, tables):
    summary.result_digest = result_digest(
        tables, {name: getattr(summary, name) for name in TOTALS}
    )
    summary.save()
    _copy(
        {"summary_id": summary.pk, "dimension": str(dimension), "rank": rank} | _columns(line)
        for dimension, lines in tables.items()
        for rank, line in enumerate(lines, start=1)
    )


# What a row holds when nothing is said.
DEFAULTS = {
    field.attname: field.get_default()
    for field in TerritoryScore._meta.concrete_fields
    if not field.primary_key
}
# A count that may be unknown was computed as a fraction: COPY takes no "3.0" for a whole number.
WHOLE = {
    field.attname
    for field in TerritoryScore._meta.concrete_fields
    if field.get_internal_type() == "PositiveIntegerField"
}


def _copy(rows):
    """Write rows of `TerritoryScore`: hundreds of forty columns, four times as fast as inserts."""
    with copying(TerritoryScore._meta.db_table, DEFAULTS) as copy:
        for row in rows:
            whole = DEFAULTS | row
            if len(whole) > len(DEFAULTS):
                raise TypeError(f"no such column: {sorted(whole.keys() - DEFAULTS.keys())}")
            copy.write_row(
                [
                    int(value) if name in WHOLE and value is not None else value
                    for name, value in whole.items()
                ]
            )


def _columns(line):
    return {name: value for name, value in vars(line).items() if name != "more"} | line.more


def result_digest(tables, totals):
    """sha256 of the rows in the order of dimensions and codes, and of the totals."""
    summed = hashlib.sha256(repr(sorted(totals.items())).encode())
    for dimension in sorted(tables):
        for line in sorted(tables[dimension], key=lambda line: line.code):
            summed.update(repr((str(dimension), sorted(_columns(line).items()))).encode())
    return summed.hexdigest()


def lock(department, period):
    """One run at a time on one key; the next one finds what the first has built."""
    with connection.cursor() as cursor:
        where = department.pk if department else "France"
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"summary {where} {period.code}"],
        )


# --- Again ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Replay:
    """Is the input still what it was, and do the same figures come out of it?"""

    same_input: bool
    same_figures: bool | None  # None when nothing can be said, the input having changed


def replay(summary):
    """Count again what a summary was built from, at its instant; nothing is written.

    A report corrected, restricted or erased since has left its trace in the input: the summary
    stands, and cannot be counted again.
    """
    figures = figures_of(summary.department, periods.read(summary.period), summary.as_of)
    figures = areas.part_of(figures, summary.court)
    if not _tells_the_same(summary, figures):
        return Replay(same_input=False, same_figures=None)
    told = _part_of(SummaryAudience(summary.audience), figures, again=summary)
    digest = result_digest(*told)
    return Replay(same_input=True, same_figures=digest == summary.result_digest)


# --- When ----------------------------------------------------------------------------------------


def due_periods(today, kinds=("week", "month", "quarter", "rolling")):
    """What a night builds: what runs, what ended within a fortnight, and what that leaves.

    The running twelve months are not among them: they are told by whole quarters.
    """
    yesterday = today - timedelta(days=1)
    found = []
    for kind in kinds:
        period = periods.KINDS[kind](yesterday)
        if kind == "rolling":
            period = periods.rolling_of(periods.quarter_of(yesterday).previous().end)
        found.append(period)
        # Until the first one whose figures have been drawn up for good.
        while today <= found[-1].end + timedelta(days=PARAMETERS.close_days):
            found.append(one_before(found[-1]))
    return sorted(set(found))


def one_before(period):
    """The last one of that kind to end before this one does."""
    if period.kind == "rolling":
        return periods.rolling_of(periods.quarter_of(period.end).previous().end)
    return period.previous()


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
def ask(department, period, *, by, revised=False):
    """Let the worker build them; asked twice by somebody while it runs, it is one work.

    With `revised`, figures that were drawn up for good are counted anew, as known today.
    """
    key, args = key_of(department, period, by), {"department": department.code}
    args |= {"period": period.code} | ({"revised": True} if revised else {})
    job = outbox.enqueue(
        "build_summaries", args=args, by=by, key=f"{key}:revised" if revised else key
    )
    asked = "révision de la synthèse" if revised else "synthèse"
    journal.record(by, "summary.requested", f"{asked} {department.code} {period.code}")
    return job
