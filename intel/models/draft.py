"""Files sent with a form that is not yet a report: a refused entry does not lose them."""

from django.db import models
from django.utils import timezone

from intel.models.report import DraftQuerySet


class DraftFile(models.Model):
    """A checked file beside a `Draft` of the same author and key; nobody else ever opens it."""

    author = models.ForeignKey("services.Member", models.CASCADE, related_name="draft_files")
    key = models.CharField(max_length=60)
    file = models.FileField(upload_to="drafts/%Y/%m")
    name = models.CharField("nom", max_length=200)
    size = models.PositiveIntegerField("taille (octets)")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(DraftQuerySet)()

    class Meta:
        verbose_name = "fichier d’une saisie en cours"
        verbose_name_plural = "fichiers de saisies en cours"
        indexes = [models.Index(fields=["author", "key"], name="draft_file_of_form")]

    def __str__(self):
        return self.name
