"""The sharing of a service is told in bands: what was counted is counted again in the night."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intel", "0015_sent_once")]

    operations = [
        migrations.RunSQL("DELETE FROM intel_openness", "DELETE FROM intel_openness"),
        migrations.RemoveConstraint("openness", "openness_is_a_percentage"),
        migrations.RemoveField("openness", "restricted_percent"),
        migrations.AddField(
            "openness",
            "band",
            models.CharField(
                blank=True,
                choices=[
                    ("under_50", "moins de 50\u00a0%"),
                    ("from_50", "50 à 80\u00a0%"),
                    ("from_80", "80 à 95\u00a0%"),
                    ("over_95", "plus de 95\u00a0%"),
                ],
                default="",
                max_length=8,
                verbose_name="part ouverte",
            ),
            preserve_default=False,
        ),
    ]
