"""What becomes of printed copies: the run that makes several, and how each one ended."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.rows import TakenBack, by_somebody
from intel.models.edition import Edition, PrintedCopy


class PrintRun(models.Model):
    """Copies asked for together, one a recipient: by one form, whose key is their address.

    The worker makes those of a long run. The file is served to who asked alone, then removed.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "Exemplaires à remettre (PDF)"
        PARTNERS = "par", "Version partenaire (PDF), sans ce qui est interne"
        ODT = "odt", "Copie de travail (ODT), sans valeur"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="runs")
    version = models.PositiveIntegerField("version demandée")
    entry_key = models.CharField(max_length=32, unique=True, editable=False)
    kind = models.CharField("forme", max_length=3, choices=Kind, default=Kind.PDF)
    recipients = models.JSONField("destinataires")
    reason = models.CharField("motif", max_length=200)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField("demandé le", default=timezone.now)
    job = models.UUIDField("travail", null=True, editable=False)
    finished_at = models.DateTimeField("terminé le", null=True)
    failure = models.CharField("échec", max_length=300, blank=True)
    file = models.FileField(upload_to="copies", blank=True)

    class Meta:
        verbose_name = "tirage"
        verbose_name_plural = "tirages"
        constraints = [
            models.CheckConstraint(
                name="print_run_ended_once",
                condition=Q(finished_at=None, file="") | Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="print_run_fails_at_its_end",
                condition=Q(failure="") | Q(finished_at__isnull=False, file=""),
            ),
        ]

    def __str__(self):
        return f"{self.edition_id}, {len(self.recipients)}"

    @property
    def is_waiting(self):
        return self.finished_at is None

    @property
    def journal_reference(self):
        return f"{self.edition.number} v{self.version}"

    @property
    def journal_department(self):
        return self.edition.journal_department


class CopyEnd(TakenBack):
    """A copy came back, was destroyed or is said lost; taken back, the line stays."""

    class How(models.TextChoices):
        RETURNED = "rendu", "Rendu à l’émetteur"
        DESTROYED = "detruit", "Détruit"
        LOST = "perdu", "Déclaré perdu"

    copy = models.ForeignKey(PrintedCopy, models.PROTECT, related_name="ends")
    how = models.CharField("ce qu’il est devenu", max_length=8, choices=How)
    on = models.DateField("le")
    words = models.CharField("comment, devant qui", max_length=200)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "fin d’un exemplaire"
        verbose_name_plural = "fins d’exemplaires"
        constraints = [
            models.UniqueConstraint(
                fields=["copy"], condition=Q(undone_at=None), name="a_copy_ends_once"
            ),
            by_somebody("copy_end_undone_by_somebody"),
        ]

    def __str__(self):
        return f"{self.copy_id} {self.how}"
