"""Units in French order, whatever the collation of the database."""

import django.db.models.functions.text
from django.db import migrations, models

import services.models.territory


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial")]

    operations = [
        migrations.AddField(
            "unit",
            "sort_key",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    services.models.territory.Unaccented("short_name")
                ),
                output_field=models.TextField(),
                verbose_name="clé de tri",
            ),
        ),
    ]
