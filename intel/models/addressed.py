"""What hangs on a report and has an address of its own is named there by chance."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models


class Addressed(models.Model):
    """A row with a `key` for its address: its number would tell how many others there are."""

    key = models.UUIDField(
        "adresse", default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )

    class Meta:
        abstract = True
