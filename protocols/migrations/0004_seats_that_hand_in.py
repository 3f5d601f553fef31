"""A seat may hand reports in and read none."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("protocols", "0003_seats_keep_their_history")]

    operations = [
        migrations.AlterModelOptions(
            name="protocol",
            options={
                "permissions": [
                    ("read_reports", "Lit les renseignements ouverts du département"),
                    ("read_summaries", "Lit les synthèses du département"),
                    ("hand_in_reports", "Transmet des renseignements sans en lire"),
                ],
                "verbose_name": "protocole",
            },
        ),
    ]
