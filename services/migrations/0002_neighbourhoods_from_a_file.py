"""Neighbourhoods of an official file: outline, year, inhabitants, several communes, an end."""

import django.db.models.functions.text
from django.db import migrations, models

import services.models.territory


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial")]

    operations = [
        # What is computed from the name goes away for as long as the name is made longer.
        migrations.RemoveConstraint("neighbourhood", "neighbourhood_once"),
        migrations.RemoveField("neighbourhood", "sort_key"),
        migrations.AlterField(
            "neighbourhood", "name", models.CharField(max_length=250, verbose_name="nom")
        ),
        migrations.AddField(
            "neighbourhood",
            "sort_key",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Lower(
                    services.models.territory.Unaccented("name")
                ),
                output_field=models.TextField(),
                verbose_name="clé de tri",
            ),
        ),
        migrations.AlterField(
            "neighbourhood",
            "code",
            models.CharField(
                blank=True, max_length=20, null=True, unique=True, verbose_name="code national"
            ),
        ),
        migrations.AddField(
            "neighbourhood",
            "other_communes",
            models.ManyToManyField(
                blank=True,
                related_name="+",
                to="services.commune",
                verbose_name="autres communes",
            ),
        ),
        migrations.AddField(
            "neighbourhood",
            "outline",
            models.JSONField(blank=True, null=True, verbose_name="contour"),
        ),
        migrations.AddField(
            "neighbourhood",
            "year",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="millésime"),
        ),
        migrations.AddField(
            "neighbourhood",
            "population",
            models.PositiveIntegerField(
                blank=True, null=True, verbose_name="population municipale"
            ),
        ),
        migrations.AddField(
            "neighbourhood",
            "retired_in",
            models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="hors liste depuis"
            ),
        ),
        migrations.AddConstraint(
            "neighbourhood",
            models.UniqueConstraint(
                condition=models.Q(code=None, retired_in=None),
                fields=["commune", "kind", "sort_key"],
                name="neighbourhood_once",
                violation_error_message="Ce quartier existe déjà dans cette commune.",
            ),
        ),
        migrations.AddConstraint(
            "neighbourhood",
            models.CheckConstraint(
                condition=models.Q(year__isnull=False)
                | models.Q(outline__isnull=True, retired_in=None),
                name="neighbourhood_of_a_file_has_a_year",
            ),
        ),
    ]
