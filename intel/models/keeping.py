"""What is kept against its term, and what is left of what was erased: never a word of it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.rows import Addressed, OfADepartment, by_somebody
from intel.models.choices import Origin
from intel.models.place import Place
from intel.models.report import Report


class LegalHoldQuerySet(models.QuerySet):
    def live(self):
        return self.filter(lifted_at=None)


class Named(OfADepartment):
    """What the journal and the lists name by the `reference` of what it holds, or held."""

    reference: Any

    def __str__(self):
        return self.reference

    @property
    def journal_reference(self):
        return self.reference


class LegalHold(Named, Addressed):
    """Nothing under it is erased, whatever its term: a report, a place, or a whole department."""

    class Reason(models.TextChoices):
        COURT = "justice", "Réquisition ou procédure"
        COMPLAINT = "recours", "Recours ou demande d’accès en cours"
        AUTHORITY = "controle", "Contrôle d’une autorité"
        OTHER = "autre", "Autre motif"

    class Ending(models.TextChoices):
        """Why it was lifted: of no column, the journal alone keeps it."""

        OVER = "terminee", "Procédure ou recours terminé"
        HANDED = "remise", "Pièces remises à l’autorité qui les demandait"
        MISTAKE = "erreur", "Posé par erreur"
        OTHER = "autre", "Autre motif"

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    # Neither: the department. Both are let go before what they name is erased, the words stay.
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="legal_holds"
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="legal_holds"
    )
    reference = models.CharField("référence", max_length=60)
    reason = models.CharField("motif", max_length=10, choices=Reason)
    review_on = models.DateField("à revoir le")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = models.ForeignKey(
        "services.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = "gel"
        verbose_name_plural = "gels"
        indexes = [models.Index("department", F("at").desc(), name="legal_hold_recent")]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "reference"],
                condition=Q(lifted_at=None),
                name="one_live_hold_of_a_thing",
                violation_error_message="Un gel est déjà posé.",
            ),
            models.CheckConstraint(
                name="legal_hold_of_one_thing", condition=Q(report=None) | Q(place=None)
            ),
            by_somebody("legal_hold_lifted_by_somebody", by="lifted_by", at="lifted_at"),
        ]

    @property
    def is_to_review(self):
        return self.lifted_at is None and self.review_on <= timezone.localdate()


class Tombstone(Named, Addressed):
    """That a report was erased: which, when, by which rule. It points at nothing."""

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    reference = models.CharField("référence", max_length=24, unique=True)
    origin = models.CharField("origine", max_length=16, choices=Origin)
    received_on = models.DateField("reçue le")
    due_on = models.DateField("échéance", null=True)
    erased_at = models.DateTimeField("effacée le", default=timezone.now, editable=False)
    rule = models.CharField("règle", max_length=120)
    who = models.CharField("par", max_length=150)

    class Meta:
        verbose_name = "effacement"
        indexes = [
            models.Index(
                "department", F("erased_at").desc(), F("id").desc(), name="tombstone_recent"
            )
        ]
