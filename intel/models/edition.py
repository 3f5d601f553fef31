"""The numbered brief of the local strategy, and the register of its printed copies."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intel.models.summary import Summary


class Edition(models.Model):
    class State(models.TextChoices):
        DRAFT = "brouillon", "En rédaction"
        VALIDATED = "validee", "Validée"

    number = models.CharField("numéro", max_length=24, unique=True, editable=False)
    department = models.ForeignKey("services.Department", models.PROTECT, related_name="editions")
    summary = models.ForeignKey(Summary, models.PROTECT, related_name="editions")
    title = models.CharField("titre", max_length=160)
    # The words of the prefecture, a text a section: see intel.reading.brief.SECTIONS.
    words = models.JSONField("textes", default=dict)
    # The figures as they stood when the edition was made; never edited, digest below.
    figures = models.JSONField("chiffres", default=dict)
    figures_digest = models.CharField("empreinte des chiffres", max_length=64)
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    validated_by = models.ForeignKey(
        "services.Member", models.PROTECT, null=True, related_name="+"
    )
    validated_at = models.DateTimeField("validée le", null=True)

    class Meta:
        verbose_name = "note de stratégie locale"
        verbose_name_plural = "notes de stratégie locale"
        constraints = [
            models.CheckConstraint(
                name="edition_validated_by_somebody",
                condition=Q(state="brouillon", validated_by=None, validated_at=None)
                | Q(state="validee", validated_by__isnull=False, validated_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def journal_reference(self):
        return self.number

    @property
    def journal_department(self):
        return self.department.code


class PrintedCopy(models.Model):
    """One copy: its number, for whom, by whom, why, and the digest of the very file."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="copies")
    copy_number = models.PositiveIntegerField("exemplaire n°")
    version = models.PositiveIntegerField("version imprimée")
    recipient = models.CharField("destinataire", max_length=150)
    reason = models.CharField("motif", max_length=200)
    printed_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    printed_at = models.DateTimeField("imprimé le", default=timezone.now)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    # Which form asked for it and what the form said, see `intel.actions.once`: copies printed
    # together share it, and it is the address of their page. None: asked for without a form.
    entry_key = models.CharField(max_length=32, null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = "exemplaire imprimé"
        verbose_name_plural = "exemplaires imprimés"
        constraints = [
            models.UniqueConstraint(fields=["edition", "copy_number"], name="one_copy_a_number"),
        ]

    def __str__(self):
        return f"{self.edition_id} n° {self.copy_number}"

    @property
    def journal_reference(self):
        return f"{self.edition.number} exemplaire {self.copy_number}"

    @property
    def journal_department(self):
        return self.edition.journal_department
