"""What rows of several rooms share: address drawn by chance, form, taking back, quarantine."""

import uuid
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q


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


class TakenBack(models.Model):
    """A row that is taken back by somebody, some day, rather than removed: see `by_somebody`."""

    undone_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class LiveQuerySet(models.QuerySet):
    """Of rows that may be taken back."""

    def live(self):
        return self.filter(undone_at=None)


def by_somebody(name, *, by="undone_by", at="undone_at"):
    """The constraint of what is done once, later: it says who and when, or neither."""
    both = Q(**{f"{by}__isnull": False, f"{at}__isnull": False})
    return models.CheckConstraint(name=name, condition=Q(**{by: None, at: None}) | both)


class OfADepartment:
    """A row with a `department`: its lines of the journal are read by those of that department."""

    department: Any

    @property
    def journal_department(self):
        return self.department.code


class Quarantined(models.Model):
    """A file that somebody sent: its original is given to nobody before the scanner has said yes.

    The class that takes it up adds where the file lies (`file`) and what it hangs on; what befalls
    it is in `cross.quarantine`.
    """

    class Scan(models.TextChoices):
        """What the scanner said; only the first two let the original out."""

        CLEAN = "clean", "Vérifiée par l’antivirus"
        OFF = "off", "Sans antivirus, par choix de l’installation"
        WAITING = "", "L’antivirus ne l’a pas encore vérifiée"
        ABSENT = "absent", "L’antivirus n’est pas installé ou ne répond pas"
        INFECTED = "infected", "L’antivirus la refuse"

    NOT_LOOKED_AT = (Scan.WAITING, Scan.ABSENT)

    name = models.CharField("nom", max_length=200)
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille (octets)")
    scan = models.CharField(max_length=8, choices=Scan, blank=True)
    scanned_at = models.DateTimeField(null=True)
    # Out of quarantine all the same: whoever answers for it knows where it comes from.
    released_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def is_held(self):
        """In quarantine: the original is given to nobody, what we have drawn of it is shown.

        Released before the scanner had answered, it goes back once the scanner refuses it.
        """
        is_let_out = self.released_at or self.scan in {self.Scan.CLEAN, self.Scan.OFF}
        return self.scan == self.Scan.INFECTED or not is_let_out

    @property
    def may_be_released(self):
        return self.is_held and self.scan != self.Scan.INFECTED
