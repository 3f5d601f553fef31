"""How many, counted no further than a page says: beyond that, « plus de 1 000 »."""

from dataclasses import dataclass

from django.db import connection

from cross.ui.templatetags.words import number
from intel.reading.sql import sql_of

COUNTED_UP_TO = 1_000
NOTHING, NO_VALUE = ("SELECT 1 WHERE false", ()), ("SELECT NULL", ())


@dataclass(frozen=True)
class Capped:
    """A number that is exact, or a floor when `is_capped`."""

    value: int
    is_capped: bool = False

    def __str__(self):
        return f"plus de {number(self.value)}" if self.is_capped else number(self.value)

    def __bool__(self):
        return self.value > 0


def count_each(querysets):
    """A Capped for each of `querysets`, asked in one query; in none when all of them are empty."""
    return counts_and_first(querysets)[0]


def counts_and_first(querysets, column=None):
    """The same, and the first value of `column`, a queryset of one, or None: in the same query."""
    counted = [sql_of(rows.order_by().values("pk")[: COUNTED_UP_TO + 1]) for rows in querysets]
    first = sql_of(column[:1]) if column is not None else None
    if not any([*counted, first]):
        return [Capped(0) for _ in counted], None
    # Only the ORM's own SQL is put together; whatever was typed stays in the parameters.
    asked = [
        *(("(SELECT count(*) FROM ({}) AS asked)", *(each or NOTHING)) for each in counted),
        ("({})", *(first or NO_VALUE)),
    ]
    parts = ", ".join(part.format(sql) for part, sql, _ in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [value for *_, values in asked for value in values])
        *counts, value = cursor.fetchone()
    capped = [Capped(min(count, COUNTED_UP_TO), count > COUNTED_UP_TO) for count in counts]
    return capped, value
