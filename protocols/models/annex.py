"""The paper that was signed, scanned: read by whoever reads the protocol, through the gate."""

from django.db import models
from django.utils import timezone

from cross.rows import Addressed, Quarantined
from protocols.models.protocol import Amendment, Protocol


class ProtocolAnnex(Addressed, Quarantined):
    """One file, named by chance on the disk and in its address; its digest says what was kept."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="annexes")
    # Empty for the protocol itself.
    amendment = models.ForeignKey(
        Amendment, models.CASCADE, null=True, blank=True, related_name="annexes"
    )
    file = models.FileField(upload_to="protocoles/")
    sha256 = models.CharField("empreinte", max_length=64)
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "annexe du protocole"
        verbose_name_plural = "annexes du protocole"
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "sha256"],
                name="one_annex_of_a_kind",
                violation_error_message="Ce fichier est déjà joint au protocole.",
            )
        ]

    @property
    def journal_reference(self):
        return f"{self.protocol.journal_reference} annexe {self.pk}"

    @property
    def journal_department(self):
        return self.protocol.journal_department
