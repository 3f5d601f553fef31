"""The register says which text each copy holds."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("intel", "0004_report_waiting"),
    ]

    operations = [
        migrations.AddField(
            model_name="printedcopy",
            name="version",
            field=models.PositiveIntegerField(default=1, verbose_name="version imprimée"),
            preserve_default=False,
        ),
    ]
