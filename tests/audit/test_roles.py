"""What each role of the database does with the journal: it is read and added to, never changed."""

from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from cross import fence
from cross.audit import journal, sealing
from cross.audit.models import Entry, Seal
from tests.web_role import web_role


@contextmanager
def role(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {name}")
        yield
        cursor.execute("RESET ROLE")


STATEMENTS = {
    "edit": "UPDATE {table} SET {column} = {column}",
    "remove": "DELETE FROM {table}",
    "empty": "TRUNCATE {table}",
    "drop": "DROP TABLE {table} CASCADE",
    "no triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "replica": "SET LOCAL session_replication_role = replica",
}
TABLES = {"audit_entry": "who", "audit_seal": "anchor"}


def test_nobody_but_a_superuser_changes_a_line_or_a_seal(db, figure):
    """The web process and the reader are refused by their rights; the owner, which is what a
    worker is, by the triggers: it can drop them, and the seals tell."""
    journal.record(None, "journal.check_asked", "x")
    Seal.objects.create(number=1, anchor="{}", links=b"")
    refused = 0
    for name in (fence.ROLE, fence.JOURNAL_ROLE):
        for table, column in TABLES.items():
            for statement in STATEMENTS.values():
                with role(name), transaction.atomic(), connection.cursor() as cursor:
                    with pytest.raises(DatabaseError, match=r"denied|must be owner"):
                        cursor.execute(statement.format(table=table, column=column))
                    transaction.set_rollback(True)
                refused += 1
    for table, column in TABLES.items():
        for kind in ("edit", "remove", "empty"):
            with transaction.atomic(), connection.cursor() as cursor:
                with pytest.raises(DatabaseError, match=r"append-only|[Cc]annot"):
                    cursor.execute(STATEMENTS[kind].format(table=table, column=column))
                transaction.set_rollback(True)
            refused += 1
    figure("B53", f"{refused} statements of {refused} refused, 3 roles × 2 tables")


def test_the_web_writes_lines_and_no_seal(db):
    with web_role():
        journal.record(None, "journal.check_asked", "x")
        with pytest.raises(DatabaseError, match="denied"), transaction.atomic():
            Seal.objects.create(number=1, anchor="{}", links=b"")


def test_the_reader_reads_the_journal_and_nothing_else(db):
    journal.record(None, "journal.check_asked", "x")
    with role(fence.JOURNAL_ROLE):
        assert Entry.objects.exists()
        assert not Seal.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'p') AND relnamespace = "
                "'public'::regnamespace AND has_table_privilege(%s, oid, 'SELECT, INSERT, UPDATE, "
                "DELETE, TRUNCATE, REFERENCES, TRIGGER')",
                [fence.JOURNAL_ROLE],
            )
            assert {name for (name,) in cursor.fetchall()} == set(fence.JOURNAL_READS)
        with pytest.raises(DatabaseError, match="denied"), transaction.atomic():
            journal.record(None, "journal.check_asked", "x")


@pytest.mark.django_db(transaction=True, available_apps=["cross.audit"])
def test_the_reader_verifies(sealed, capsys):
    with role(fence.JOURNAL_ROLE):
        call_command("verify_journal")
    assert "Intact." in capsys.readouterr().out
    assert sealing.last_seal().number == 3
