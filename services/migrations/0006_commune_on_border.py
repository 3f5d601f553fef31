"""A commune says whether it touches another department, loaded or not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0005_contributing_partner")]

    operations = [
        migrations.AddField(
            "commune",
            "is_on_border",
            models.BooleanField("limitrophe d’un autre département", db_default=False),
        ),
    ]
