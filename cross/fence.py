"""The second fence: PostgreSQL itself keeps the rows that fewer people read than their report.

The web process signs in as a role that owns no table, so that row security binds it. The policies
(`intel.models.sql`) are necessary conditions: « a row of this kind is read by this unit ». The
rule itself stays with the access modules; a query that forgot them finds nothing here.

The gate says who reads. It is told in the very message of each statement that names a table behind
the fence, for the length of that transaction: no round trip more, and nothing to take back from a
pooled connection. A statement that nobody is named with finds no row.

Whoever owns the tables (migrations, the worker, `manage.py`) is not bound: it reads for nobody.
"""

from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import connection, connections

ROLE = "cross_web"
WRITES = "SELECT, INSERT, UPDATE, DELETE"
# What the web process does with a table, when it is less than reading and writing its rows.
LESS = {
    "audit_entry": "SELECT, INSERT",
    "audit_seal": "SELECT",
    "audit_check": "SELECT",
    "django_migrations": "SELECT",
    "sealed_valuekey": "SELECT, INSERT, DELETE",
}
# Who verifies the journal reads it and its seals, and nothing else.
JOURNAL_ROLE = "cross_journal"
JOURNAL_READS = ("audit_entry", "audit_seal")

_tables: set[str] = set()


def stands_around(tables):
    """Let a room above name the tables that have a policy."""
    _tables.update(tables)


def tables():
    return sorted(_tables)


@contextmanager
def reading_as(member):
    """Tell the fence that what is read and written from here on is for this member."""
    who = (
        f"SELECT set_config('cross.unit', '{member.unit_id:d}', true), "
        f"set_config('cross.member', '{member.pk:d}', true); "
    )
    with connection.execute_wrapper(partial(_named, who)):
        yield


def _named(who, execute, sql, params, *where):
    """The statement, preceded by who asks when it names a table behind the fence.

    Both go in one message, which is one transaction for PostgreSQL: `true` above ends with it.
    """
    if not any(table in sql for table in _tables):
        return execute(sql, params, *where)
    many, context = where
    cursor = context["cursor"]
    if many or hasattr(cursor, "name"):
        raise RuntimeError("Rows behind the fence are read at once, not through a named cursor.")
    answer = execute(who + sql, params, many, context)
    cursor.nextset()  # past what set_config answered
    return answer


# --- The role ------------------------------------------------------------------------------------


def open_to_web(*, using, plan=None, **_):
    """After each migration: the role of the web process, and what it may do with each table.

    Emptying the tables sends the same signal, without a plan: nothing to say again.
    """
    if plan is None:
        return
    with connections[using].cursor() as cursor:
        _make_role(cursor, ROLE, settings.WEB_DATABASE_PASSWORD)
        _make_role(cursor, JOURNAL_ROLE, settings.JOURNAL_DATABASE_PASSWORD)
        cursor.execute("; ".join(_rights(connections[using], cursor)))


def _make_role(cursor, role, password):
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if cursor.rowcount == 0:
        cursor.execute(f"CREATE ROLE {role} LOGIN")
    if password:
        cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [_verifier(cursor, role, password)])


def _verifier(cursor, role, password):
    """What the server keeps of the password, made here: it never travels, nor reaches a log."""
    connection = cursor.connection.pgconn
    made = connection.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return made.decode()


def _rights(database, cursor):
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}"
    for table in database.introspection.get_table_list(cursor):
        rights = "SELECT" if table.type == "v" else LESS.get(table.name, WRITES)
        name = database.ops.quote_name(table.name)
        yield f"REVOKE ALL ON {name} FROM {ROLE}, {JOURNAL_ROLE}"
        yield f"GRANT {rights} ON {name} TO {ROLE}"
        if table.name in JOURNAL_READS:
            yield f"GRANT SELECT ON {name} TO {JOURNAL_ROLE}"


def open_tables():
    """Those behind the fence that this connection walks into: all of them, for their owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) name WHERE NOT row_security_active(name)",
            [tables()],
        )
        return [name for (name,) in cursor.fetchall()]
