"""A note is validated by two, published, replaced by its correction: what that is kept in."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0006_hours_of_the_week"),
        ("services", "0002_neighbourhoods_from_a_file"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("validee", "Validée"),
                            ("renvoyee", "Renvoyée en rédaction"),
                            ("publiee", "Publiée"),
                            ("remplacee", "Remplacée"),
                        ],
                        max_length=10,
                        verbose_name="étape",
                    ),
                ),
                (
                    "bench",
                    models.CharField(
                        choices=[("prefecture", "la préfecture"), ("parquet", "le parquet")],
                        max_length=10,
                        verbose_name="au nom de",
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="motif")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "étape d’une note",
                "verbose_name_plural": "étapes d’une note",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_validated_by_somebody",
        ),
        migrations.AddField(
            model_name="edition",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="intel.edition",
                verbose_name="rectifie",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="follows",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="intel.edition",
                verbose_name="comparée à",
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="parts",
            field=models.JSONField(default=dict, verbose_name="éléments figés"),
        ),
        migrations.AddField(
            model_name="edition",
            name="parts_digest",
            field=models.CharField(
                blank=True, max_length=64, verbose_name="empreinte des éléments figés"
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="published_at",
            field=models.DateTimeField(null=True, verbose_name="publiée le"),
        ),
        migrations.AddField(
            model_name="edition",
            name="replaced_at",
            field=models.DateTimeField(null=True, verbose_name="remplacée le"),
        ),
        migrations.AddField(
            model_name="edition",
            name="seal",
            field=models.CharField(blank=True, max_length=64, verbose_name="empreinte de la note"),
        ),
        migrations.AddField(
            model_name="edition",
            name="why",
            field=models.CharField(
                blank=True, max_length=300, verbose_name="motif de la rectification"
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="state",
            field=models.CharField(
                choices=[
                    ("brouillon", "En rédaction"),
                    ("proposee", "Attend le parquet"),
                    ("validee", "Validée"),
                    ("publiee", "Publiée"),
                    ("remplacee", "Remplacée"),
                ],
                default="brouillon",
                max_length=10,
                verbose_name="état",
            ),
        ),
        migrations.AddField(
            model_name="editionstep",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="editionstep",
            name="court",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="services.court",
            ),
        ),
        migrations.AddField(
            model_name="editionstep",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="intel.edition",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("bench", "prefecture"), ("court", None)),
                    models.Q(("bench", "parquet"), ("court__isnull", False)),
                    _connector="OR",
                ),
                name="edition_step_of_a_bench",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "renvoyee"), _negated=True),
                    models.Q(("why", ""), _negated=True),
                    _connector="OR",
                ),
                name="edition_sent_back_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "validee")),
                fields=("edition", "version", "by"),
                name="one_validation_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "validee")),
                fields=("edition", "version", "bench", "court"),
                name="one_validation_a_bench",
                nulls_distinct=False,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="editionstep",
            trigger=pgtrigger.compiler.Trigger(
                name="edition_steps_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3dbe1f20f44282cdf4303286ea2428d6cae1cae2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_edition_steps_append_only_6111f",
                    table="intel_editionstep",
                    when="BEFORE",
                ),
            ),
        ),
    ]
