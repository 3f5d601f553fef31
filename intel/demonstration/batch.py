"""Rows on their way to the database, written by thousands in the order they depend on."""

from collections import defaultdict

from django.db.models import JSONField
from psycopg.types.json import Jsonb

from cross.copying import copying
from cross.sealed.fields import as_written, draw_together
from intel.models import (
    Amount,
    Fact,
    Feedback,
    Identifier,
    Report,
    ReportGroupGrant,
    Restriction,
    RestrictionChange,
    Revision,
    Step,
    Tasking,
    Tip,
)

AT_ONCE = 1000
# What nobody needs the key of, with the name of its link to the report.
HANGING = {
    Tip: "report",
    Identifier: "report",
    Amount: "report",
    Restriction: "report",
    RestrictionChange: "report",
    ReportGroupGrant: "content_object",
    Revision: "report",
    Step: "report",
}


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
        insert(rows[Tasking])
        insert(rows[Feedback])
        for step in rows[Step]:
            step.undo = as_json(step.undo)
        for model, link in HANGING.items():
            copy(model, rows[model], link)


def insert(rows):
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)


def copy(model, rows, link):
    """The same by COPY: there are ten such rows a report, and it saves a fifth of the time."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    wraps = [Jsonb if isinstance(field, JSONField) else as_it_is for field in fields]
    for row in rows:
        # Its report had no key yet when the row was made.
        setattr(row, f"{link}_id", getattr(row, link).pk)
    draw_together(rows)
    values = zip(*(as_written(rows, field) for field in fields), strict=True)
    with copying(model._meta.db_table, [field.column for field in fields]) as lines:
        for line in values:
            lines.write_row([wrap(value) for wrap, value in zip(wraps, line, strict=True)])


def as_it_is(value):
    return value


def as_json(undo):
    """What a step puts back, by keys, now that every row has one."""
    return {
        what: [value[0].pk, *value[1:]] if isinstance(value, list) else value.pk
        for what, value in undo.items()
    }
