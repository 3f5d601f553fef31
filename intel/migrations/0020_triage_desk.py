"""What the cell notes about a report while it waits; decisions made in one go."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NOBODY_YET = {"null": True, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}
MALICE = [
    ("slander", "Dénonciation calomnieuse"),
    ("revenge", "Conflit de voisinage, familial ou commercial"),
    ("hoax", "Canular ou provocation"),
    ("flooding", "Envoi en nombre"),
]


def member(**words):
    return models.ForeignKey(to=settings.AUTH_USER_MODEL, **NOBODY_YET, **words)


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0019_notifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("step", "batch", models.UUIDField(editable=False, null=True)),
        migrations.AddIndex(
            "step",
            models.Index(
                condition=models.Q(("batch", None), _negated=True),
                fields=["batch"],
                name="step_of_batch",
            ),
        ),
        migrations.CreateModel(
            name="Docket",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="docket",
                        serialize=False,
                        to="intel.report",
                    ),
                ),
                ("opened_by", member(verbose_name="ouvert par")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="ouvert le")),
                ("assigned_to", member(verbose_name="attribué à")),
                ("due_on", models.DateField(null=True, verbose_name="à traiter avant le")),
                ("aside_until", models.DateField(null=True, verbose_name="mis de côté jusqu’au")),
                (
                    "aside_why",
                    models.CharField(blank=True, max_length=300, verbose_name="motif"),
                ),
                ("aside_by", member()),
                (
                    "malice",
                    models.CharField(
                        blank=True, choices=MALICE, max_length=8, verbose_name="malveillance"
                    ),
                ),
                (
                    "forgotten_at",
                    models.DateTimeField(null=True, verbose_name="contenu effacé le"),
                ),
            ],
            options={
                "verbose_name": "suivi du tri",
                "verbose_name_plural": "suivis du tri",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(opened_by=None, opened_at=None)
                        | models.Q(opened_by__isnull=False, opened_at__isnull=False),
                        name="docket_opened_by_somebody_some_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(aside_until=None, aside_by=None, aside_why="")
                        | (
                            models.Q(aside_until__isnull=False, aside_by__isnull=False)
                            & ~models.Q(aside_why="")
                        ),
                        name="docket_aside_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(forgotten_at=None, malice="")
                        | (models.Q(forgotten_at__isnull=False) & ~models.Q(malice="")),
                        name="docket_malice_has_a_day",
                    ),
                ],
            },
        ),
    ]
