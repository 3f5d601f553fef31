"""What the cell expects of the unit it puts in charge."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intel", "0001_initial")]

    operations = [
        migrations.AddField(
            "tasking",
            "instruction",
            models.CharField("consigne", blank=True, default="", max_length=500),
            preserve_default=False,
        ),
    ]
