"""What hangs on a direction: its outcomes, who is told, which court, who was reminded."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PROTECT, CASCADE = django.db.models.deletion.PROTECT, django.db.models.deletion.CASCADE
OUTCOMES = [
    ("saisie", "Saisie de produits"),
    ("interpellation", "Interpellation"),
    ("avoirs", "Avoirs saisis"),
    ("armes", "Saisie d’armes"),
    ("amendes", "Amendes forfaitaires"),
    ("fermeture", "Fermeture d’un lieu"),
    ("judiciarise", "Procédure judiciaire"),
    ("joint", "Joint à un travail en cours"),
    ("confirme", "Information confirmée"),
    ("deplace", "Trafic déplacé"),
    ("connu", "Information déjà connue"),
    ("rien", "Sans résultat"),
]
DECISIONS = [
    ("ouverte", "Enquête ouverte"),
    ("jointe", "Jointe à une enquête"),
    ("surveillance", "Surveillance"),
    ("sans_suite", "Sans suite"),
    ("autre", "Autre décision"),
]
KINDS = [
    ("acknowledge", "Prise en compte attendue"),
    ("answer", "Réponse attendue"),
    ("return", "Retour à faire au contributeur"),
]
NUMBERS = {
    "arrested": "personnes interpellées",
    "grams": "produits saisis (g)",
    "pieces": "produits saisis (unités)",
    "euros": "avoirs saisis (€)",
    "weapons": "armes saisies",
    "fines": "amendes forfaitaires",
}


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def to(model, related_name="+", on_delete=PROTECT, **words):
    return models.ForeignKey(to=model, related_name=related_name, on_delete=on_delete, **words)


class Migration(migrations.Migration):
    dependencies = [
        ("intel", "0022_erased_past_the_fence"),
        ("services", "0005_contributing_partner"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "tasking",
            "outcomes",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(choices=OUTCOMES, max_length=16),
                blank=True,
                default=list,
                size=None,
                verbose_name="résultats",
            ),
        ),
        *(
            migrations.AddField(
                "tasking",
                name,
                models.PositiveIntegerField(blank=True, null=True, verbose_name=words),
            )
            for name, words in NUMBERS.items()
        ),
        migrations.CreateModel(
            "Informed",
            [
                ("id", key()),
                ("tasking", to("intel.tasking", "informed", CASCADE)),
                ("unit", to("services.unit")),
            ],
            {
                "verbose_name": "unité pour information",
                "verbose_name_plural": "unités pour information",
                "constraints": [
                    models.UniqueConstraint(fields=("tasking", "unit"), name="informed_once")
                ],
            },
        ),
        migrations.CreateModel(
            "Referral",
            [
                ("id", key()),
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
                ("entry_key", models.CharField(editable=False, max_length=32, null=True)),
                ("report", to("intel.report", "referrals", CASCADE)),
                ("unit", to("services.unit")),
                ("court", to("services.court", verbose_name="tribunal")),
                ("sent_on", models.DateField(verbose_name="transmis le")),
                ("by", to(settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=DECISIONS, max_length=12, verbose_name="décision"
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="décidé le")),
                ("decision_by", to(settings.AUTH_USER_MODEL, null=True)),
            ],
            {
                "verbose_name": "transmission au parquet",
                "verbose_name_plural": "transmissions au parquet",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by", "entry_key"), name="referral_entered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(decided_on=None, decision="", decision_by=None)
                        | (
                            ~models.Q(decision="")
                            & models.Q(decided_on__isnull=False, decision_by__isnull=False)
                        ),
                        name="referral_decided_some_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(decided_on=None)
                        | models.Q(decided_on__gte=models.F("sent_on")),
                        name="referral_decided_after_it_was_sent",
                        violation_error_message="La décision suit la transmission.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Reminder",
            [
                ("id", key()),
                ("report", to("intel.report", "reminders", CASCADE)),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("tasking", to("intel.tasking", "reminders", CASCADE, null=True)),
                ("step", to("intel.step", "+", CASCADE, null=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            {
                "verbose_name": "relance",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tasking", "kind"), name="reminded_once_of_a_tasking"
                    ),
                    models.UniqueConstraint(
                        fields=("step", "kind"), name="reminded_once_of_a_step"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(tasking__isnull=False, step=None)
                        | models.Q(tasking=None, step__isnull=False),
                        name="reminder_is_of_one_thing",
                    ),
                ],
            },
        ),
    ]
