"""An EPCI says whether it spreads over several departments, loaded or not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0006_commune_on_border")]

    operations = [
        migrations.AddField(
            "epci",
            "is_across_departments",
            models.BooleanField("sur plusieurs départements", db_default=False),
        ),
    ]
