"""A form sent twice makes one report; a counter says which series it counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intel", "0003_who_sees_what")]

    operations = [
        migrations.AddField(
            "report", "entry_key", models.CharField(editable=False, max_length=32, null=True)
        ),
        migrations.AddConstraint(
            "report",
            models.UniqueConstraint(fields=("author", "entry_key"), name="report_entered_once"),
        ),
        migrations.AlterField("referencecounter", "kind", models.CharField(max_length=8)),
    ]
