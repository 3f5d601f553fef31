"""A connection of its own for one job: its lock, and its progress.

The lock is PostgreSQL's (advisory, of the session), so it ends with the process that holds it,
however that process ends. The progress is committed at once, while the job's own transaction is
still open.
"""

import time
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def open_line():
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        yield Line(connection)
    finally:
        connection.close()


class Line:
    def __init__(self, connection):
        self.connection = connection

    def ask(self, statement, values):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0]

    def take(self, number):
        """Whether the lock is now ours; `number` is a signed 64-bit integer."""
        return self.ask("SELECT pg_try_advisory_lock(%s)", [number])

    def take_soon(self, number):
        """The same within a second: the session of a killed process takes a moment to end."""
        for _ in range(5):
            if self.take(number):
                return True
            time.sleep(0.2)
        return False

    def is_free(self, number):
        """Whether nobody holds it. Taken and given back: the same session could take it twice."""
        free = self.take(number)
        if free:
            self.ask("SELECT pg_advisory_unlock(%s)", [number])
        return free

    def advance(self, job_id, *, progress, total, note):
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE outbox_job SET progress = %s, total = %s, note = %s WHERE id = %s",
                [progress, total, note, job_id],
            )


def lock_number(job_id):
    """64 bits of the job's random number."""
    return int.from_bytes(job_id.bytes[8:], signed=True)
