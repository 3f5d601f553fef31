"""What the indicators read of a whole department: the facts told twice, the first moves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intel", "0003_keys_of_sealed_columns")]

    operations = [
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["fact"],
                include=("department", "audience", "state", "origin"),
                name="report_of_fact",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="fact",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="intel.fact",
                verbose_name="fait",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                fields=["report", "target", "at"],
                condition=models.Q(
                    ("target__in", ["pris_en_compte", "oriente"]), ("undone_at", None)
                ),
                name="step_first_moves",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                fields=["report"],
                condition=models.Q(
                    ("origin", "hors_champ"), ("target", "archive"), ("undone_at", None)
                ),
                name="step_out_of_scope",
            ),
        ),
    ]
