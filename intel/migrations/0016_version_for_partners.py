"""A copy may be of the version for partners."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0015_summaries_of_a_court"),
    ]

    operations = [
        migrations.AlterField(
            model_name="printrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("pdf", "Exemplaires à remettre (PDF)"),
                    ("par", "Version partenaire (PDF), sans ce qui est interne"),
                    ("odt", "Copie de travail (ODT), sans valeur"),
                ],
                default="pdf",
                max_length=3,
                verbose_name="forme",
            ),
        ),
    ]
