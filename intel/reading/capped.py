"""How many, counted no further than a page says: beyond that, « plus de 1 000 »."""

from dataclasses import dataclass

from django.db import connection

from cross.ui.templatetags.words import number
from intel.reading.raw import sql_of

COUNTED_UP_TO = 1_000
NOTHING = ("SELECT 1 WHERE false", ())


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
    parts, params, is_asked = [], [], False
    for rows in querysets:
        found = sql_of(rows.order_by().values("pk")[: COUNTED_UP_TO + 1])
        is_asked = is_asked or found is not None
        sql, values = found or NOTHING
        # Only the ORM's own SQL is put together; whatever was typed stays in the parameters.
        parts.append(f"(SELECT count(*) FROM ({sql}) AS asked)")  # noqa: S608
        params += values
    if not is_asked:
        return [Capped(0) for _ in parts]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = cursor.fetchone()
    return [Capped(min(count, COUNTED_UP_TO), count > COUNTED_UP_TO) for count in found]
