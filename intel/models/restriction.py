"""Why a report is narrower than the protocol, what changed in it, how much each service shares."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.guard import HangingManager
from intel.models.report import Report

# Before the day of its review, a unit is called to look at a restriction or a silence again.
REVIEW_SOON = timedelta(days=7)


class Restriction(models.Model):
    """Why a report is narrower than the protocol, and when its owner is asked again."""

    class Reason(models.TextChoices):
        SOURCE = "source", "Protection d’une source"
        INQUIRY = "inquiry", "Enquête en cours"
        OPERATION = "operation", "Opération en préparation"
        PERSON = "person", "Personne exposée ou mineure"
        OTHER = "other", "Autre motif, à préciser"

    report = models.OneToOneField(Report, models.CASCADE, related_name="restriction")
    reason = models.CharField("motif", max_length=12, choices=Reason)
    text = models.CharField("précision", max_length=300, blank=True)
    review_on = models.DateField("à revoir le")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "restriction"
        indexes = [models.Index(fields=["review_on", "id"], name="restriction_review")]
        constraints = [
            models.CheckConstraint(
                name="restriction_other_says_what",
                condition=~Q(reason="other") | ~Q(text=""),
                violation_error_message="Précisez le motif.",
            ),
        ]

    def __str__(self):
        return f"restriction de {self.report_id}"


class RestrictionChange(models.Model):
    """One narrowing, renewal or release of a report: who read it before, who reads it after.

    Units are kept as they were called that day; the review day in force after each line is what
    the monthly figures of openness are built from, whatever happened since.
    """

    class Kind(models.TextChoices):
        NARROWED = "narrowed", "Lecture restreinte"
        CHANGED = "changed", "Restriction modifiée"
        RENEWED = "renewed", "Restriction prolongée"
        RELEASED = "released", "Restriction levée"

    report = models.ForeignKey(Report, models.CASCADE, related_name="restriction_changes")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField("motif", max_length=12, choices=Restriction.Reason, blank=True)
    why = models.CharField("précision", max_length=300, blank=True)
    before = models.TextField("avant", blank=True)
    after = models.TextField("après")
    review_on = models.DateField("à revoir le", null=True)
    asked_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "changement de diffusion"
        verbose_name_plural = "changements de diffusion"
        indexes = [models.Index("report", F("at").desc(), name="restriction_change_of_report")]
        constraints = [
            models.CheckConstraint(
                name="restriction_runs_until_a_review",
                condition=Q(kind="released", review_on=None)
                | (~Q(kind="released") & Q(review_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="restriction_released_by_a_second_person",
                condition=~Q(kind="released") | (Q(asked_by__isnull=False) & ~Q(asked_by=F("by"))),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} : {self.report_id}"


class Openness(models.Model):
    """How much each service shares at the end of a month: frozen, so that no report shows through.

    `band` says which part of the reports of the twelve months that end then is open to all; empty
    below `SMALLEST` reports. A rate would give one report away, by subtraction of two months or of
    what one knows oneself. `overdue` counts the restrictions whose review date had passed that
    day, empty between 1 and 4.
    """

    SMALLEST = 20

    class Band(models.TextChoices):
        """In order, the least open first."""

        UNDER_50 = "under_50", "moins de 50\u00a0%"
        FROM_50 = "from_50", "50 à 80\u00a0%"
        FROM_80 = "from_80", "80 à 95\u00a0%"
        OVER_95 = "over_95", "plus de 95\u00a0%"

    department = models.ForeignKey("services.Department", models.CASCADE, related_name="+")
    service = models.ForeignKey("services.Service", models.CASCADE, related_name="+")
    month = models.DateField("mois")
    band = models.CharField("part ouverte", max_length=8, choices=Band, blank=True)
    overdue = models.PositiveIntegerField(null=True)
    built_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "taux de partage"
        verbose_name_plural = "taux de partage"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "service", "month"], name="one_openness_a_month"
            ),
        ]

    def __str__(self):
        return f"{self.service_id} {self.month:%Y-%m}"
