"""What is being written and is not yet a report, and the files sent with it."""

from django.db import models
from django.utils import timezone

from cross.guard import GuardedQuerySet, HangingQuerySet
from cross.rows import Addressed
from cross.sealed.fields import SealedJSONField


class DraftQuerySet(HangingQuerySet):
    hangs_on = "author"


class Draft(models.Model):
    """What a member is typing, word for word, valid or not; nobody else ever reads it."""

    author = models.ForeignKey("services.Member", models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=60)  # which form: "new", or the reference being changed
    fields = SealedJSONField(named_by=("author_id", "key"))
    updated_at = models.DateTimeField(auto_now=True)
    is_set_aside = models.BooleanField(default=False, db_default=False)  # thrown away, for a while

    objects = models.Manager.from_queryset(DraftQuerySet)()

    class Meta:
        verbose_name = "saisie en cours"
        verbose_name_plural = "saisies en cours"
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="one_draft_a_form"),
        ]

    def __str__(self):
        return f"{self.key} de {self.author_id}"


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


class DiscardedReport(Addressed):
    """A draft report that its unit threw away: its rows, until the day they are forgotten."""

    unit = models.ForeignKey("services.Unit", models.CASCADE, related_name="+")
    reference = models.CharField("référence", max_length=24)
    title = models.CharField("objet", max_length=160)
    rows = SealedJSONField(named_by="key")
    files = models.JSONField(default=list)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta:
        verbose_name = "brouillon supprimé"
        verbose_name_plural = "brouillons supprimés"

    def __str__(self):
        return self.reference

    @property
    def journal_reference(self):
        return self.reference
