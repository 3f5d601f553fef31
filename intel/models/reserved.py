"""What of a report fewer people read than the rest: the words of a source, annexes."""

from django.db import models
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase

from cross.guard import HangingManager
from cross.rows import Addressed, EnteredOnce
from cross.sealed.fields import SealedTextField
from intel.models.report import Report


class RawText(models.Model):
    """What a human source said, word for word. Stays with its unit wherever the report goes.

    `Report.facts` holds the text written apart for everybody else. `changed_at` is compared with
    `attested_at`: when the original changed since, the shared text says so.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="raw_text")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    text = SealedTextField("texte d’origine", max_length=20_000, named_by="report_id")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # The checklist of the shared text: who read it again, and when.
    attested_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    attested_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "texte d’origine"
        verbose_name_plural = "textes d’origine"

    def __str__(self):
        return f"texte d’origine de {self.report_id}"

    @property
    def changed_since(self):
        """Has the original changed since the shared text was last read against it?"""
        return self.changed_at > self.attested_at


class SharedText(models.Model):
    """What every reader of a report is told of its raw text: two dates. A view."""

    report = models.OneToOneField(
        Report, models.DO_NOTHING, primary_key=True, related_name="shared_text"
    )
    changed_at = models.DateTimeField()
    attested_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "intel_sharedtext"

    def __str__(self):
        return f"texte partagé de {self.report_id}"


class Annex(Addressed, EnteredOnce):
    """A part of a report that fewer units read than the rest; others never learn of it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="annexes")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    title = models.CharField("intitulé", max_length=160)
    text = models.TextField("texte", max_length=20_000)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta(EnteredOnce.Meta):
        verbose_name = "annexe réservée"
        verbose_name_plural = "annexes réservées"
        permissions = [("read_annex", "Lit cette annexe réservée")]

    def __str__(self):
        return f"annexe {self.pk} de {self.report_id}"

    @property
    def journal_reference(self):
        return f"{self.report.reference} annexe {self.pk}"

    @property
    def journal_department(self):
        return self.report.journal_department


class AnnexGroupGrant(GroupObjectPermissionBase):
    """A reserved annex, named to a unit; worth nothing to a unit that cannot read the report."""

    content_object = models.ForeignKey(Annex, models.CASCADE, related_name="group_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        verbose_name = "unité destinataire d’une annexe"
        verbose_name_plural = "unités destinataires d’annexes"
