import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    """Each copy already printed draws its own: the database gives it, row by row."""

    dependencies = [
        ('intel', '0004_indexes_of_the_indicators'),
    ]

    operations = [
        migrations.AddField(
            model_name='printedcopy',
            name='key',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='adresse'),
        ),
    ]
