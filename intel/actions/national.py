"""The table of the country: one row a department, from what each one's own summary tells.

Never from reports: a department tells the country its masked, consolidated figures, and nothing
else of it is read. It is drawn up for months and quarters; of twelve months no total is told.

A run asks the outbox for the summaries of each department, and the last of them to end, done or
failed, asks for the table in its own transaction. Celery's chord would do the same with less: its
header waits in a result backend, which this house has not, a message lost with the broker leaves
it waiting for ever, and one department that fails keeps the table from being made. Rows of the
outbox bear all three, and a department that failed is a line that says so.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from cross import outbox
from cross.audit import journal
from cross.outbox.models import Job
from intel import periods
from intel.actions import summaries
from intel.models import Maturity, Summary, SummaryAudience, TerritoryScore
from intel.statistics import masking
from intel.summaries.lines import Line
from intel.summaries.parameters import PARAMETERS
from intel.summaries.spans import consolidated_on
from protocols.models import Protocol
from services.models import Department

Display = TerritoryScore.Display
KINDS = ("month", "quarter")
# A run that has not ended by then is told without those that are still at work.
DEADLINE = timedelta(hours=6)


# --- The run -------------------------------------------------------------------------------------


def due_periods(today):
    """The last month and the last quarter whose figures were drawn up for good before that day."""
    found = []
    for kind in KINDS:
        period = periods.KINDS[kind](today)
        while timezone.localdate(consolidated_on(period)) >= today:
            period = period.previous()
        found.append(period)
    return found


@transaction.atomic
def ask(period):
    """Ask for the summaries of every department in force; how many. The table follows them."""
    departments = _in_force()
    for department in departments:
        outbox.enqueue(
            "build_summaries",
            args={"department": department.code, "period": period.code},
            key=f"{_run_of(period)}{department.code}",
        )
    return len(departments)


def _run_of(period):
    """What the keys of the jobs of one run begin with."""
    return f"national:{period.code}:"


def ask_to_close(job):
    """After a job of a run: the last one to end asks for the table."""
    run = job.unique_key or ""
    if not run.startswith("national:"):
        return
    period = periods.read(job.args["period"])
    # One end at a time: of two that end together, the second sees that the first has ended.
    _lock_run(period)
    if not _at_work(period).exists():
        _ask_for_table(period)


def _ask_for_table(period):
    outbox.enqueue("close_national", args={"period": period.code}, key=f"close:{period.code}")


def _at_work(period):
    return Job.objects.filter(unique_key__startswith=_run_of(period), state__in=Job.LIVE)


def _lock_run(period):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_run_of(period)])


@transaction.atomic
def close(period):
    """The table, once each department's job has ended; None while one is at work in time."""
    _lock_run(period)
    if _at_work(period).filter(created_at__gt=timezone.now() - DEADLINE).exists():
        return None
    return build(period)


def ask_for_what_is_left(today):
    """Ask again for the tables that are due: of a run that a crash cut short, or of a department
    that came late. The same input gives the same table."""
    due = due_periods(today)
    for period in due:
        _ask_for_table(period)
    return len(due)


# --- The table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What one department tells the country; `summary` is None when it has drawn up none."""

    department: Department
    summary: Summary | None

    @property
    def digest(self):
        return self.summary.result_digest if self.summary else ""

    @property
    def line(self):
        code, name = self.department.code, self.department.name
        nothing = Line(code, name, None, None, None, None)
        if self.summary is None:
            return nothing.hidden(Display.MISSING)
        found = self.summary
        if found.facts is None or found.reports is None:
            return nothing.hidden(Display.MASKED)
        return Line(
            code, name, found.reports, found.facts, found.previous_reports, found.previous_facts
        )


@transaction.atomic
def build(period, *, by=None):
    """The national table of a period: the current one, or a new version when its input changed.

    Idempotent, also under concurrent runs. ValueError for a period that has no such table, or
    whose figures are not drawn up for good.
    """
    if period.kind not in KINDS:
        raise ValueError("Le tableau national se fait pour un mois ou un trimestre.")
    if consolidated_on(period) > timezone.now():
        raise ValueError(f"Les chiffres de cette période ({period.label}) ne sont pas définitifs.")
    summaries.lock(None, period)
    told = _told_of(period)
    digest = _digest_of(told)
    latest = (
        Summary.objects.filter(department=None, period=period.code).order_by("-version").first()
    )
    if latest is not None and latest.input_digest == digest:
        return latest
    lines = _masked([each.line for each in told])
    summary = Summary(
        department=None,
        audience=SummaryAudience.NATIONAL,
        version=(latest.version if latest else 0) + 1,
        supersedes=latest,
        built_by=by.get_full_name() if by else "",
        input_digest=digest,
        geography=_geography_of(told),
        **summaries.drawn_up(period, consolidated_on(period), Maturity.CONSOLIDATED),
        **_totals(lines),
    )
    summaries.write(summary, {TerritoryScore.Dimension.DEPARTMENT: lines})
    journal.record(by, "summary.built", summary)
    return summary


def _in_force():
    protocols = Protocol.objects.in_force(timezone.localdate())
    return list(Department.objects.filter(pk__in=protocols.values("department")).order_by("code"))


def _told_of(period):
    """What is told by each department in force, and by those that were when it was drawn up."""
    found = {
        summary.department_id: summary
        for summary in Summary.objects.latest_versions()
        .consolidated()
        .filter(
            department__isnull=False,
            audience=SummaryAudience.NATIONAL,
            period=period.code,
            stage=Summary.Stage.DONE,
        )
        .select_related("department")
    }
    departments = {each.pk: each for each in _in_force()}
    departments |= {summary.department_id: summary.department for summary in found.values()}
    return [
        Told(department, found.get(department.pk))
        for department in sorted(departments.values(), key=lambda each: each.code)
    ]


def _digest_of(told):
    """sha256 of what each department tells, and of who is missing."""
    rested_on = repr([(each.department.code, each.digest) for each in told])
    return hashlib.sha256(f"{PARAMETERS.digest} {rested_on}".encode()).hexdigest()


def _geography_of(told):
    versions = repr([each.summary.geography for each in told if each.summary])
    return f"France-{hashlib.sha256(versions.encode()).hexdigest()[:16]}"


def _masked(lines):
    """No row below the threshold, nor one that the others would give back, by what is told."""
    exact = [line for line in lines if line.display == Display.EXACT]
    if not exact:
        return lines
    status = _decided(exact).status
    return [
        line.hidden()
        if line.display == Display.EXACT and status[line.code] != masking.EXACT
        else line
        for line in lines
    ]


def _decided(exact):
    return masking.mask_together(
        [{line.code: getattr(line, name) for line in exact} for name in ("facts", "reports")],
        threshold=PARAMETERS.threshold,
        narrowest=PARAMETERS.narrowest,
    )


def _totals(lines):
    """Told when every department is: beside one that is masked or missing it would be a count of
    something else, and the next version would give that department back."""
    totals = dict.fromkeys(summaries.TOTALS)
    if lines and all(line.display == Display.EXACT for line in lines):
        for name in totals:
            each = [getattr(line, name) for line in lines]
            totals[name] = None if None in each else sum(each)
    return totals
