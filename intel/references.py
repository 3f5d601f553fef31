"""Numbers that people quote over the phone: one series a department, a year and a kind."""

from django.db import connection
from django.utils import timezone

# Kind of thing to the words around its number.
PATTERNS = {
    "report": "CROSS-{department}-{year}-{number:04}",
    "edition": "NSL-{department}-{year}-{number:03}",
}


def take(department, *, kind="report", count=1, year=None):
    """The next `count` references, in order; one row stays locked until the transaction ends."""
    year = year or timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO intel_referencecounter (department_id, year, kind, last)
            VALUES (%s, %s, %s, %s)
            ON CONFLICT ON CONSTRAINT one_counter
            DO UPDATE SET last = intel_referencecounter.last + EXCLUDED.last
            RETURNING last
            """,
            [department.pk, year, kind, count],
        )
        [last] = cursor.fetchone()
    return [
        PATTERNS[kind].format(department=department.code, year=year, number=number)
        for number in range(last - count + 1, last + 1)
    ]
