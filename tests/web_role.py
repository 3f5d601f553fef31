"""Statements under the role of the web process, on a connection that is the owner's."""

from contextlib import contextmanager

from django.db import connection
from psycopg.pq import TransactionStatus

from cross import fence

# A test is one transaction: what an earlier request of it told the fence would still be there.
NOBODY = "SELECT set_config('cross.unit', '', true), set_config('cross.member', '', true)"


@contextmanager
def web_role():
    """From the first statement to the end of the block; nothing is asked of a database before.

    Out of sight of whoever counts queries: in life the role is taken when signing in.
    """
    lines = []

    def take(execute, *statement):
        if not lines:
            lines.append(connection.connection)
            connection.connection.execute(f"SET ROLE {fence.ROLE}")
            connection.connection.execute(NOBODY)
        return execute(*statement)

    try:
        with connection.execute_wrapper(take):
            yield
    finally:
        for line in lines:
            # A transaction that failed takes the role away when it is rolled back.
            if not line.closed and line.info.transaction_status != TransactionStatus.INERROR:
                line.execute("RESET ROLE")
