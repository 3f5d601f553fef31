"""Many rows at once, by PostgreSQL's COPY, which Django has no word for."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def copying(table, columns):
    """`with copying(table, columns) as copy: copy.write_row(values)`, names as the database has
    them.

    What the database refuses is raised in Django's words, like any refusal: the driver's own
    exceptions would pass by whoever expects an `IntegrityError`.
    """
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    statement = f"COPY {connection.ops.quote_name(table)} ({quoted}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        yield copy
