"""What the cell says of two reports, and the values too common to bring any together."""

import uuid

import django.contrib.postgres.functions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Greatest, Least


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0010_accesses_asked_for_end_sooner"),
        ("services", "0004_password_given_by_a_head"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrequentValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "Téléphone"),
                            ("plate", "Immatriculation"),
                            ("email", "Adresse électronique"),
                            ("account", "Compte en ligne, pseudonyme"),
                            ("alias", "Surnom"),
                            ("name", "Nom et date de naissance"),
                            ("address", "Adresse"),
                            ("imei", "IMEI"),
                            ("vin", "Numéro de série d’un véhicule"),
                            ("weapon", "Numéro d’une arme"),
                            ("bank", "Compte bancaire (IBAN)"),
                            ("wallet", "Portefeuille de cryptoactifs"),
                            ("parcel", "Numéro de colis"),
                        ],
                        max_length=8,
                        verbose_name="type",
                    ),
                ),
                ("value", models.CharField(max_length=120, verbose_name="valeur")),
                ("why", models.CharField(max_length=300, verbose_name="motif")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to="services.department"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "valeur fréquente",
                "verbose_name_plural": "valeurs fréquentes",
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=uuid.uuid4,
                        editable=False,
                        unique=True,
                        verbose_name="adresse",
                    ),
                ),
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("doublon", "Doublon"),
                            ("corrobore", "Corrobore"),
                            ("sans_lien", "Sans lien"),
                        ],
                        max_length=10,
                        verbose_name="lien",
                    ),
                ),
                ("why", models.CharField(max_length=300, verbose_name="motif")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("undo", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="matched_by", to="intel.report"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=models.CASCADE, related_name="matches", to="intel.report"
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        null=True, on_delete=models.CASCADE, related_name="match", to="intel.step"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "rapprochement",
            },
        ),
        migrations.AddConstraint(
            model_name="frequentvalue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("department", "kind", "value"),
                name="frequent_value_listed_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="frequentvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="frequent_value_ended_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                models.OrderBy(models.F("at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="match_recent",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(
                Least("report", "other"),
                Greatest("report", "other"),
                condition=models.Q(("undone_at", None)),
                name="match_one_a_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(("report", models.F("other")), _negated=True),
                name="match_of_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="match_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="match_undone_by_somebody_some_day",
            ),
        ),
    ]
