"""A citizen's tip: the raw text behind a report whose origin is `citizen`, and how it came in."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.guard import HangingManager
from cross.sealed.fields import SealedTextField
from intel.models.report import Report


class TipImport(models.Model):
    """One file of tips: its columns, its faults, what came of it; it can be undone as a whole."""

    class Stage(models.TextChoices):
        UPLOADED = "uploaded", "Colonnes à vérifier"
        CHECKING = "checking", "Vérification en cours"
        MAPPED = "mapped", "Aperçu à valider"
        RUNNING = "running", "Import en cours"
        DONE = "done", "Importé"
        FAILED = "failed", "Interrompu"
        UNDOING = "undoing", "Annulation en cours"
        UNDONE = "undone", "Annulé"

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    portal = models.CharField("source", max_length=80)
    file = models.FileField(upload_to="imports/%Y/%m", blank=True)
    file_name = models.CharField("fichier", max_length=200)
    sha256 = models.CharField(max_length=64)
    stage = models.CharField("étape", max_length=8, choices=Stage, default=Stage.UPLOADED)
    # The titles of the columns; what was told of the way the file was read; how long it seems.
    header = models.JSONField("titres", default=list)
    notes = models.JSONField("lecture", default=list)
    estimate = models.PositiveIntegerField("lignes estimées", default=0)
    mapping = models.JSONField("colonnes", default=dict)  # {target: title of a column}
    rows = models.PositiveIntegerField("lignes lues", default=0)
    fresh = models.PositiveIntegerField("à importer", default=0)
    created = models.PositiveIntegerField("importées", default=0)
    known = models.PositiveIntegerField("déjà connues", default=0)
    faulty = models.PositiveIntegerField("fautives", default=0)
    failure = models.CharField("cause de l’interruption", max_length=300, blank=True)
    kept = models.PositiveIntegerField("conservées à l’annulation", default=0)
    job = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "import de signalements"
        verbose_name_plural = "imports de signalements"

    def __str__(self):
        return self.file_name

    @property
    def journal_reference(self):
        return f"import {self.pk}"

    @property
    def is_waiting(self):
        """Somebody else is at work on it: the worker, or another request."""
        return self.stage in {self.Stage.CHECKING, self.Stage.RUNNING, self.Stage.UNDOING}


class ImportFault(models.Model):
    """One fault of one row: the row as a spreadsheet numbers it, the column, what to do."""

    tip_import = models.ForeignKey(TipImport, models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField("ligne")
    column = models.CharField("colonne", max_length=120, blank=True)
    reason = models.CharField("motif", max_length=300)

    class Meta:
        verbose_name = "ligne fautive"
        verbose_name_plural = "lignes fautives"
        indexes = [models.Index(fields=["tip_import", "row"], name="fault_in_order")]

    def __str__(self):
        return f"ligne {self.row} : {self.reason}"


class ColumnMapping(models.Model):
    """Which column of a portal's export feeds which field: asked once, remembered."""

    department = models.ForeignKey("services.Department", models.CASCADE, related_name="+")
    portal = models.CharField("source", max_length=80)
    mapping = models.JSONField("colonnes")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        constraints = [
            models.UniqueConstraint(fields=["department", "portal"], name="one_mapping_a_portal"),
        ]

    def __str__(self):
        return self.portal


def purge_day():
    return timezone.localdate() + timedelta(days=settings.TIP_CONTACT_DAYS)


class Tip(models.Model):
    report = models.OneToOneField(Report, models.CASCADE, related_name="tip")
    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    portal = models.CharField("portail", max_length=80)
    portal_reference = models.CharField("référence du portail", max_length=80)
    raw_text = SealedTextField("texte d’origine", named_by="report_id")
    contact = SealedTextField(
        "coordonnées de l’auteur", max_length=200, blank=True, default="", named_by="report_id"
    )
    purge_on = models.DateField("coordonnées effacées le", default=purge_day)
    tip_import = models.ForeignKey(
        TipImport, models.PROTECT, null=True, blank=True, related_name="tips"
    )
    row = models.PositiveIntegerField("ligne du fichier", null=True, blank=True)

    objects = HangingManager()

    class Meta:
        verbose_name = "signalement citoyen"
        verbose_name_plural = "signalements citoyens"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "portal", "portal_reference"], name="tip_imported_once"
            ),
            models.CheckConstraint(name="tip_has_a_reference", condition=~Q(portal_reference="")),
        ]

    def __str__(self):
        return self.portal_reference
