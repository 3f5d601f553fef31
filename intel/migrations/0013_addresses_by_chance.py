"""What hangs on a report is named by chance in its address, so that nobody counts the others."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models

ADDRESSED = (
    "accessrequest", "annex", "attachment", "complement", "handlingaccord", "handover",
    "identifier", "releaserequest", "reportmembergrant", "reportshare", "step",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("intel", "0012_units_that_should_speak")]

    operations = [
        migrations.AddField(
            model,
            "key",
            models.UUIDField(
                db_default=RandomUUID(),
                default=uuid.uuid4,
                editable=False,
                unique=True,
                verbose_name="adresse",
            ),
        )
        for model in ADDRESSED
    ]
