"""Raw tips, words of sources and what is being typed are sealed (see cross.sealed).

What stands there in clear is sealed on the way; its old bytes leave the disk with the next VACUUM.
"""

from django.db import migrations

import cross.sealed.fields
from cross.sealed.sql import goes_with_its_key

# {table: (the columns that name its row, {sealed column: was it JSON?})}
SEALED = {
    "intel_tip": (["report_id"], {"raw_text": False, "contact": False}),
    "intel_rawtext": (["report_id"], {"text": False}),
    "intel_draft": (["author_id", "key"], {"fields": True}),
    "intel_discardedreport": (["key"], {"rows": True}),
}
AT_ONCE = 1000


def seal(apps, schema_editor):
    from cross.sealed import keys

    def closed(place, rows):
        drawn = keys.drawn((place, name) for name, _ in rows)
        return [(keys.close(drawn[place, name], clear, place, name), name) for name, clear in rows]

    _rewrite(schema_editor, closed)


def unseal(apps, schema_editor):
    from cross.sealed import keys

    def opened(place, rows):
        held = keys.found_of([name for name, _ in rows], [place])
        return [
            (keys.open_value(held[place, name], blob, place, name), name) for name, blob in rows
        ]

    _rewrite(schema_editor, opened)


def _rewrite(schema_editor, change):
    for table, (named_by, columns) in SEALED.items():
        name = " || '/' || ".join(f"{column}::text" for column in named_by)
        for column in columns:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {name}, {column} FROM {table} WHERE length({column}) > 0"
                )
                rows = [(row, bytes(value)) for row, value in cursor.fetchall()]
                for first in range(0, len(rows), AT_ONCE):
                    part = change(f"{table}.{column}", rows[first : first + AT_ONCE])
                    cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {name} = %s", part)


def to_bytes():
    for table, (_, columns) in SEALED.items():
        for column, is_json in columns.items():
            clear = "jsonb" if is_json else "text"
            yield migrations.RunSQL(
                f"ALTER TABLE {table} ALTER {column} TYPE bytea"
                f" USING convert_to({column}::text, 'UTF8')",
                f"ALTER TABLE {table} ALTER {column} TYPE {clear}"
                f" USING convert_from({column}, 'UTF8')::{clear}",
            )


class Migration(migrations.Migration):
    dependencies = [("intel", "0020_facts_told_by_tips_that_repeat"), ("sealed", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=list(to_bytes()),
            state_operations=[
                migrations.AlterField(
                    "tip",
                    "raw_text",
                    cross.sealed.fields.SealedTextField(
                        named_by=("report_id",), verbose_name="texte d’origine"
                    ),
                ),
                migrations.AlterField(
                    "tip",
                    "contact",
                    cross.sealed.fields.SealedTextField(
                        blank=True,
                        default="",
                        max_length=200,
                        named_by=("report_id",),
                        verbose_name="coordonnées de l’auteur",
                    ),
                ),
                migrations.AlterField(
                    "rawtext",
                    "text",
                    cross.sealed.fields.SealedTextField(
                        max_length=20000,
                        named_by=("report_id",),
                        verbose_name="texte d’origine",
                    ),
                ),
                migrations.AlterField(
                    "draft",
                    "fields",
                    cross.sealed.fields.SealedJSONField(named_by=("author_id", "key")),
                ),
                migrations.AlterField(
                    "discardedreport",
                    "rows",
                    cross.sealed.fields.SealedJSONField(named_by=("key",)),
                ),
            ],
        ),
        *(
            migrations.RunSQL(*goes_with_its_key(table, named_by, *columns))
            for table, (named_by, columns) in SEALED.items()
        ),
        migrations.RunPython(seal, unseal),
    ]
