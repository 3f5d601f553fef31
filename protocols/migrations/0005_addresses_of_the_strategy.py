"""Addresses drawn by chance: a number told how many others there are."""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


def key():
    return models.UUIDField(
        db_default=django.contrib.postgres.functions.RandomUUID(),
        default=uuid.uuid4,
        editable=False,
        unique=True,
        verbose_name="adresse",
    )


class Migration(migrations.Migration):
    dependencies = [("protocols", "0004_meetings")]

    operations = [
        migrations.AddField(model_name=name, name="key", field=key())
        for name in ("action", "attendance", "axis", "strategy")
    ]
