"""What the queue does in one go."""

from django.db import transaction

from intel.actions import life, reports
from intel.states import State


@transaction.atomic
def grade(report, *, by, source, information, why="", version=None, seen=""):
    """Grade a report, and validate the grade of one that was sorted: both, or nothing."""
    graded = reports.grade(
        report, by=by, source=source, information=information, why=why, version=version
    )
    if graded.state == State.SORTED:
        return life.move(graded, by=by, target=State.GRADED, seen=seen)
    return graded
