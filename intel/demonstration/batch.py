"""Rows on their way to the database, written by thousands in the order they depend on."""

from collections import defaultdict

from intel.models import (
    Fact,
    Feedback,
    Identifier,
    Report,
    ReportGroupGrant,
    Restriction,
    Revision,
    Step,
    Tasking,
    Tip,
)

AT_ONCE = 1000
HANGING = (Tip, Identifier, Restriction, ReportGroupGrant, Tasking, Feedback, Revision)


class Batch:
    def __init__(self):
        self.rows = defaultdict(list)

    def add(self, *rows):
        for row in rows:
            self.rows[type(row)].append(row)

    @property
    def is_full(self):
        return len(self.rows[Report]) >= AT_ONCE

    def write(self):
        """Insert everything and start again empty."""
        rows, self.rows = self.rows, defaultdict(list)
        reports = rows[Report]
        insert(rows[Fact])
        # A duplicate points at a report that must be there first.
        insert([report for report in reports if report.duplicate_of is None])
        insert([report for report in reports if report.duplicate_of is not None])
        for model in HANGING:
            insert(rows[model])
        for step in rows[Step]:
            step.undo = as_json(step.undo)
        insert(rows[Step])


def insert(rows):
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)


def as_json(undo):
    """What a step puts back, by keys, now that every row has one."""
    return {
        what: [value[0].pk, *value[1:]] if isinstance(value, list) else value.pk
        for what, value in undo.items()
    }
