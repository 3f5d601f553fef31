"""What hangs on a direction: who else is told, what the court decided, who was reminded."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.guard import HangingManager, HangingQuerySet
from cross.rows import Addressed, EnteredOnce
from intel.models.life import Step, Tasking
from intel.models.report import Report


class InformedQuerySet(HangingQuerySet):
    hangs_on = "tasking__report"


class Informed(models.Model):
    """A unit that a direction names for information: it reads the report already."""

    tasking = models.ForeignKey(Tasking, models.CASCADE, related_name="informed")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")

    objects = models.Manager.from_queryset(InformedQuerySet)()

    class Meta:
        verbose_name = "unité pour information"
        verbose_name_plural = "unités pour information"
        constraints = [
            models.UniqueConstraint(fields=["tasking", "unit"], name="informed_once"),
        ]

    def __str__(self):
        return f"{self.unit_id}, pour information"


class Referral(Addressed, EnteredOnce):
    """That a court was seized, and what it decided: two days and a word, nothing of the case."""

    class Decision(models.TextChoices):
        OPENED = "ouverte", "Enquête ouverte"
        JOINED = "jointe", "Jointe à une enquête"
        WATCHED = "surveillance", "Surveillance"
        DISMISSED = "sans_suite", "Sans suite"
        OTHER = "autre", "Autre décision"

    report = models.ForeignKey(Report, models.CASCADE, related_name="referrals")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    court = models.ForeignKey(
        "services.Court", models.PROTECT, related_name="+", verbose_name="tribunal"
    )
    sent_on = models.DateField("transmis le")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    decision = models.CharField("décision", max_length=12, choices=Decision, blank=True)
    decided_on = models.DateField("décidé le", null=True, blank=True)
    decision_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")

    objects = HangingManager()

    class Meta(EnteredOnce.Meta):
        verbose_name = "transmission au parquet"
        verbose_name_plural = "transmissions au parquet"
        constraints = [
            *EnteredOnce.Meta.constraints,
            models.CheckConstraint(
                name="referral_decided_some_day",
                condition=Q(decision="", decided_on=None, decision_by=None)
                | (~Q(decision="") & Q(decided_on__isnull=False, decision_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="referral_decided_after_it_was_sent",
                condition=Q(decided_on=None) | Q(decided_on__gte=F("sent_on")),
                violation_error_message="La décision suit la transmission.",
            ),
        ]

    def __str__(self):
        return f"{self.report_id} → tribunal {self.court_id}"

    @property
    def journal_reference(self):
        return self.report.journal_reference

    @property
    def journal_department(self):
        return self.report.journal_department


class Reminder(models.Model):
    """That somebody was reminded, once for each kind: two nights, or two beats, make one row."""

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", "Prise en compte attendue"
        ANSWER = "answer", "Réponse attendue"
        RETURN = "return", "Retour à faire au contributeur"

    report = models.ForeignKey(Report, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=12, choices=Kind)
    tasking = models.ForeignKey(Tasking, models.CASCADE, null=True, related_name="reminders")
    step = models.ForeignKey(Step, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "relance"
        constraints = [
            models.UniqueConstraint(fields=["tasking", "kind"], name="reminded_once_of_a_tasking"),
            models.UniqueConstraint(fields=["step", "kind"], name="reminded_once_of_a_step"),
            models.CheckConstraint(
                name="reminder_is_of_one_thing",
                condition=Q(tasking__isnull=False, step=None)
                | Q(tasking=None, step__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.report_id})"
