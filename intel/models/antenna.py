"""What the cell tells the antenna of the national office: a frozen, numbered batch."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.guard import HangingManager
from cross.rows import Addressed, OfADepartment
from intel.models.report import Report


class AntennaNote(OfADepartment, Addressed):
    """In preparation, then frozen with a number and a digest, then sent by hand outside of here.

    The text of each report stands in its line and goes with it: an erased report leaves nothing.
    """

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    title = models.CharField("objet", max_length=160)
    recipient = models.CharField("destinataire", max_length=120)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField("préparée le", default=timezone.now, editable=False)

    number = models.CharField("numéro", max_length=24, blank=True, editable=False)
    frozen_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField("arrêtée le", null=True, editable=False)
    digest = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    # The digest of each line when it was frozen: those of erased reports are still counted.
    digests = models.JSONField(default=list, editable=False)

    sent_on = models.DateField("transmise le", null=True, blank=True)
    sent_how = models.CharField("par quel moyen", max_length=160, blank=True)
    sent_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "note à l’antenne"
        verbose_name_plural = "notes à l’antenne"
        indexes = [models.Index("unit", F("at").desc(), name="antenna_note_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="one_antenna_note_a_number"
            ),
            models.CheckConstraint(
                name="antenna_note_frozen_by_somebody",
                condition=Q(number="", frozen_by=None, frozen_at=None, digest="")
                | (~Q(number="") & ~Q(digest="") & Q(frozen_by__isnull=False)
                   & Q(frozen_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="antenna_note_sent_once_frozen",
                condition=Q(sent_on=None, sent_by=None, sent_how="")
                | (Q(sent_on__isnull=False, sent_by__isnull=False) & ~Q(sent_how="")
                   & ~Q(number="")),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.number or self.title

    @property
    def journal_reference(self):
        return self.number or f"note à l’antenne {self.key}"

    @property
    def is_frozen(self):
        return bool(self.number)


class AntennaLine(models.Model):
    """One report of the batch; `content` is what is told of it, once the batch is frozen."""

    note = models.ForeignKey(AntennaNote, models.CASCADE, related_name="lines")
    report = models.ForeignKey(Report, models.CASCADE, related_name="+")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    content = models.JSONField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "ligne d’une note à l’antenne"
        verbose_name_plural = "lignes d’une note à l’antenne"
        constraints = [
            models.UniqueConstraint(fields=["note", "report"], name="one_antenna_line_a_report"),
        ]

    def __str__(self):
        return f"{self.report_id} dans {self.note_id}"
