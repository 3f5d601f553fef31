"""What rows that hang on a report share: an address drawn by chance, a form that made them."""

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


class EnteredOnce(models.Model):
    """A row that a form makes; sent twice, it is recorded once.

    `entry_key` says which form sent it and what the form said, see `intel.actions.once`.
    """

    entry_key = models.CharField(max_length=32, null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["by", "entry_key"], name="%(class)s_entered_once")
        ]
