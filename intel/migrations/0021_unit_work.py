import uuid

import django.contrib.postgres.functions
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from intel.models.sql import fences


def key():
    return models.UUIDField(
        db_default=django.contrib.postgres.functions.RandomUUID(),
        default=uuid.uuid4,
        editable=False,
        unique=True,
        verbose_name="adresse",
    )


def number():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def pointing(to, *, null=False, related_name="+", rule=django.db.models.deletion.PROTECT, **more):
    return models.ForeignKey(null=null, on_delete=rule, related_name=related_name, to=to, **more)


def of_a_report(related_name, **more):
    return pointing(
        "intel.report", related_name=related_name, rule=django.db.models.deletion.CASCADE, **more
    )


class Migration(migrations.Migration):
    dependencies = [("intel", "0020_triage_desk")]

    operations = [
        migrations.CreateModel(
            name="WorkingNote",
            fields=[
                ("id", number()),
                ("key", key()),
                ("entry_key", models.CharField(editable=False, max_length=32, null=True)),
                ("report", of_a_report("working_notes", db_index=False)),
                ("unit", pointing("services.unit", db_index=False)),
                ("text", models.TextField(max_length=5000, verbose_name="note")),
                ("by", pointing(settings.AUTH_USER_MODEL)),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
            options={
                "verbose_name": "note de travail",
                "verbose_name_plural": "notes de travail",
                "abstract": False,
                "indexes": [models.Index(fields=["report", "unit"], name="note_of_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by", "entry_key"), name="workingnote_entered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", number()),
                ("key", key()),
                ("entry_key", models.CharField(editable=False, max_length=32, null=True)),
                ("report", of_a_report("tasks")),
                ("giver", pointing("services.unit", db_index=False)),
                ("unit", pointing("services.unit", db_index=False)),
                (
                    "member",
                    pointing(settings.AUTH_USER_MODEL, null=True, verbose_name="qui"),
                ),
                ("what", models.CharField(max_length=300, verbose_name="à faire")),
                ("until", models.DateField(blank=True, null=True, verbose_name="pour le")),
                ("by", pointing(settings.AUTH_USER_MODEL)),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("done_by", pointing(settings.AUTH_USER_MODEL, null=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "tâche",
                "abstract": False,
                "indexes": [
                    models.Index(
                        models.F("unit"),
                        models.OrderBy(models.F("until"), nulls_last=True),
                        models.F("id"),
                        condition=models.Q(("done_at", None)),
                        name="task_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("by", "entry_key"), name="task_entered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="task_done_by_somebody_some_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("member", None), ("unit", models.F("giver")), _connector="OR"
                        ),
                        name="task_of_another_unit_names_nobody",
                    ),
                ],
            },
        ),
        *(
            migrations.RunSQL(up, down)
            for up, down in fences("intel_workingnote", "intel_task")
        ),
    ]
