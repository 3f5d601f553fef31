"""What a database and a folder hold, in a form that can be compared after a restore."""

import hashlib
from dataclasses import dataclass

from django.db import connection

# Read alike by every session that compares.
AS_TEXT = "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL datestyle = 'ISO'"
TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
# Whatever the order of rows: the two halves of their digests, added up.
TOLD = """
SELECT count(*), coalesce(sum(('x' || left(digest, 15))::bit(60)::bigint), 0),
  coalesce(sum(('x' || right(digest, 15))::bit(60)::bigint), 0)
FROM (SELECT md5(row::text) AS digest FROM {table} row) digests
"""
SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences ORDER BY 1
"""


@dataclass(frozen=True)
class Table:
    rows: int
    digest: str


def of_database(cursor):
    """{table: Table} and {sequence: its last number}, in the transaction of the cursor."""
    cursor.execute(AS_TEXT)
    cursor.execute(TABLES)
    tables = {}
    for (name,) in cursor.fetchall():
        cursor.execute(TOLD.format(table=name))
        rows, first, second = cursor.fetchone()
        tables[name] = Table(rows, f"{int(first):x}-{int(second):x}" if rows else "")
    cursor.execute(SEQUENCES)
    return tables, dict(cursor.fetchall())


def is_empty():
    """Whether the database of the settings holds no table at all."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return not cursor.fetchall()


def differences(before, after):
    """French sentences: tables that are missing, too many, or do not hold the same."""
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"la table {name} manque"
        elif name not in before:
            yield f"la table {name} n’était pas dans la sauvegarde"
        elif before[name].rows != after[name].rows:
            yield f"{name} : {after[name].rows} lignes au lieu de {before[name].rows}"
        elif before[name].digest != after[name].digest:
            yield f"{name} : des lignes ne sont pas celles de la sauvegarde"


def of_folder(folder):
    """{path below the folder: SHA-256 of the file}."""
    if not folder.is_dir():
        return {}
    return {
        str(path.relative_to(folder)): digest_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def digest_of(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
