"""The summaries that the night could not build, said to those who may build them themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from intel import periods
from intel.actions.summaries import due_periods


@dataclass(frozen=True)
class FailedBuild:
    """One period: when it failed last, why, and whether the next night tries again."""

    period: periods.Period
    at: datetime
    why: str
    is_tried_again: bool


def failed_builds(jobs):
    """From `access.failed_builds`: one a period, the last one first. One query."""
    due = due_periods(timezone.localdate() + timedelta(days=1))
    found: dict[str, FailedBuild] = {}
    for job in jobs.order_by("-finished_at"):
        period = periods.read(job.args["period"])
        found.setdefault(
            period.code, FailedBuild(period, job.finished_at, job.error, period in due)
        )
    return list(found.values())
