import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


def keyed(name):
    return migrations.AddField(
        model_name=name,
        name='key',
        field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='adresse'),
    )


class Migration(migrations.Migration):
    """Each row that is there already draws its own: the database gives it, row by row."""

    dependencies = [
        ('protocols', '0002_signatories_of_amendments'),
    ]

    operations = [keyed('protocol'), keyed('signature'), keyed('participation')]
