"""What the cell notes about a report while it waits: who has it open, or to do, until when.

One row a report, made when there is something to note; the state of the report says the rest. It
hangs on the report and is read by the cell alone.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.guard import HangingManager
from intel.models.report import Report


class Docket(models.Model):
    class Malice(models.TextChoices):
        """Why a tip was said to be malicious: all that is kept of it, with its day and place."""

        SLANDER = "slander", "Dénonciation calomnieuse"
        REVENGE = "revenge", "Conflit de voisinage, familial ou commercial"
        HOAX = "hoax", "Canular ou provocation"
        FLOODING = "flooding", "Envoi en nombre"

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="docket")
    # Taken softly: it blocks nobody, and is forgotten after `settings.TRIAGE_HELD_MINUTES`.
    opened_by = models.ForeignKey(
        "services.Member", models.PROTECT, null=True, related_name="+", verbose_name="ouvert par"
    )
    opened_at = models.DateTimeField("ouvert le", null=True)
    assigned_to = models.ForeignKey(
        "services.Member", models.PROTECT, null=True, related_name="+", verbose_name="attribué à"
    )
    due_on = models.DateField("à traiter avant le", null=True)
    # Out of the queue until that day: it comes back by itself.
    aside_until = models.DateField("mis de côté jusqu’au", null=True)
    aside_why = models.CharField("motif", max_length=300, blank=True)
    aside_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    malice = models.CharField("malveillance", max_length=8, choices=Malice, blank=True)
    forgotten_at = models.DateTimeField("contenu effacé le", null=True)

    objects = HangingManager()

    class Meta:
        verbose_name = "suivi du tri"
        verbose_name_plural = "suivis du tri"
        constraints = [
            models.CheckConstraint(
                name="docket_opened_by_somebody_some_day",
                condition=Q(opened_by=None, opened_at=None)
                | Q(opened_by__isnull=False, opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="docket_aside_says_why",
                condition=Q(aside_until=None, aside_by=None, aside_why="")
                | (Q(aside_until__isnull=False, aside_by__isnull=False) & ~Q(aside_why="")),
            ),
            models.CheckConstraint(
                name="docket_malice_has_a_day",
                condition=Q(forgotten_at=None, malice="")
                | (Q(forgotten_at__isnull=False) & ~Q(malice="")),
            ),
        ]

    def __str__(self):
        return f"suivi de {self.report_id}"

    @property
    def aside(self):
        """Until when it is put aside and by whom, as a form sends back what was on the screen."""
        return f"{self.aside_until:%Y-%m-%d} {self.aside_by_id}" if self.aside_until else ""

    @property
    def is_overdue(self):
        return self.due_on is not None and self.due_on < timezone.localdate()
