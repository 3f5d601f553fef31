"""What is always true of a note, and a published one that the database keeps as it is."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0008_validated_notes_are_published"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="edition",
            name="validated_at",
        ),
        migrations.RemoveField(
            model_name="edition",
            name="validated_by",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="published_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" IN ('publiee', 'remplacee'))",
                    func="\n                    IF to_jsonb(NEW) - 'state' - 'replaced_at'\n                        IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'replaced_at'\n                        OR (NEW.state <> OLD.state\n                            AND NOT (OLD.state = 'publiee' AND NEW.state = 'remplacee'))\n                    THEN\n                        RAISE EXCEPTION 'a published note never changes';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="185dbc950636ef21a47997820c984917be7ef296",
                    operation="UPDATE",
                    pgid="pgtrigger_published_never_changes_b32d5",
                    table="intel_edition",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="edition",
            trigger=pgtrigger.compiler.Trigger(
                name="published_never_erased",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" IN ('publiee', 'remplacee'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="379b508af8e1cf5e6e1add769fdc68ece16fcb52",
                    operation="DELETE",
                    pgid="pgtrigger_published_never_erased_b6f40",
                    table="intel_edition",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seal", ""), ("state", "brouillon")),
                    models.Q(
                        models.Q(("state", "brouillon"), _negated=True),
                        models.Q(("seal", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="edition_sealed_out_of_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published_at__isnull", False),
                        ("replaced_at__isnull", False),
                        ("state", "remplacee"),
                    ),
                    models.Q(
                        ("published_at__isnull", False),
                        ("replaced_at", None),
                        ("state", "publiee"),
                    ),
                    models.Q(
                        models.Q(("state__in", ["publiee", "remplacee"]), _negated=True),
                        ("published_at", None),
                        ("replaced_at", None),
                    ),
                    _connector="OR",
                ),
                name="edition_dated_as_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects", None), ("why", "")),
                    models.Q(("corrects__isnull", False), models.Q(("why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="edition_says_why_it_corrects",
            ),
        ),
    ]
