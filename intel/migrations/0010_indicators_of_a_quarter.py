import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0009_published_never_changes"),
        ("services", "0002_neighbourhoods_from_a_file"),
    ]

    operations = [
        migrations.CreateModel(
            name="IndicatorSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.CharField(max_length=7, verbose_name="trimestre")),
                ("figures", models.JSONField()),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "built_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="services.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicateurs d’un trimestre",
                "verbose_name_plural": "indicateurs des trimestres",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["department", "period"], name="one_indicator_sheet_a_quarter"
                    )
                ],
            },
        ),
    ]
