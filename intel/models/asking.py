"""What one person asks about a report and another decides."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.guard import HangingManager
from cross.rows import Addressed
from intel.models.report import Report


class Asking(Addressed):
    """Something that one person asks and another decides, each with a date and a name."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Accordé"
        DECLINED = "declined", "Refusé"
        WITHDRAWN = "withdrawn", "Retiré"

    asked_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    why = models.CharField("motif", max_length=300)
    decision = models.CharField("décision", max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("décidé le", null=True)
    answer = models.CharField("réponse", max_length=300, blank=True)
    report: Any  # what it is about: each kind says what becomes of it with the report

    objects = HangingManager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_decided_by_somebody_some_day",
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
        ]

    @property
    def is_waiting(self):
        return not self.decision

    @property
    def journal_reference(self):
        return self.report.journal_reference

    @property
    def journal_department(self):
        return self.report.journal_department

    def decide(self, decision, *, by, **said):
        """Write the decision down, and what was said with it."""
        self.decision, self.decided_by, self.decided_at = decision, by, timezone.now()
        for name, value in said.items():
            setattr(self, name, value)
        self.save(update_fields=["decision", "decided_by", "decided_at", *said])


class ReleaseRequest(Asking):
    """One of the owner unit asks to open a restricted report again; a second one confirms."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="release_requests")

    class Meta(Asking.Meta):
        verbose_name = "levée de restriction"
        verbose_name_plural = "levées de restriction"
        constraints = [
            *Asking.Meta.constraints,
            models.UniqueConstraint(
                fields=["report"], condition=Q(decision=""), name="one_release_asked_at_a_time"
            ),
            models.CheckConstraint(
                name="release_confirmed_by_a_second_person",
                condition=~Q(decision="accepted") | ~Q(decided_by=F("asked_by")),
                violation_error_message="Une seconde personne de l’unité confirme la levée.",
            ),
        ]

    def __str__(self):
        return f"levée demandée pour {self.report_id}"


class AccessRequest(Asking):
    """Somebody who was given a reference asks to read it, without learning whether it exists.

    `report` is what the reference named that day, kept for the owner alone; the applicant sees
    the same waiting, then the same silence, whether it was hidden, declined or absent, and his
    line outlives the report: one that went away with it would tell that there was one.
    """

    UNANSWERED_AFTER_DAYS = 15

    reference = models.CharField("référence", max_length=24)
    report = models.ForeignKey(
        Report, models.SET_NULL, null=True, editable=False, related_name="access_requests"
    )
    until = models.DateField("jusqu’au", null=True, blank=True)
    # Asked by the cell for a guest of one of its meetings, who is not told of it.
    item_guest = models.ForeignKey(
        "intel.ItemGuest", models.CASCADE, null=True, editable=False, related_name="askings"
    )

    class Meta(Asking.Meta):
        verbose_name = "demande d’accès"
        verbose_name_plural = "demandes d’accès"
        constraints = [
            *Asking.Meta.constraints,
            models.UniqueConstraint(
                fields=["asked_by", "reference"],
                condition=Q(decision="", item_guest=None),
                name="one_access_asked_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["item_guest", "reference"],
                condition=Q(decision="", item_guest__isnull=False),
                name="one_access_asked_for_a_guest",
            ),
            models.CheckConstraint(
                name="access_is_granted_until_a_day",
                condition=~Q(decision="accepted") | Q(until__isnull=False),
            ),
        ]
        indexes = [models.Index("asked_by", F("asked_at").desc(), name="access_request_of_member")]

    def __str__(self):
        return f"{self.reference} demandée par {self.asked_by_id}"


class HandlingAccord(Asking):
    """The owner's accord, or its refusal, to what a handling code forbids without it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="accords")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    recipient = models.CharField("à qui", max_length=200)
    until = models.DateField("jusqu’au", null=True, blank=True)

    class Meta(Asking.Meta):
        verbose_name = "accord d’exploitation"
        verbose_name_plural = "accords d’exploitation"
        constraints = [
            *Asking.Meta.constraints,
            models.UniqueConstraint(
                fields=["report", "unit"], condition=Q(decision=""), name="one_accord_asked_a_unit"
            ),
        ]

    def __str__(self):
        return f"accord demandé par {self.unit_id} pour {self.report_id}"


class Correction(Asking):
    """What another unit would correct in one field; read by the owner's unit and its own alone.

    `before` is what the field said that day, `value` what it should say, both as a revision holds
    them: a field that has changed since takes no correction of what it said.
    """

    FIELDS = (
        "subject", "facts", "commune", "place", "occurred_on", "occurred_until",
        "days_and_hours", "products", "modes", "vehicles", "persons",
    )  # fmt: skip

    report = models.ForeignKey(Report, models.CASCADE, related_name="corrections")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+", db_index=False)
    field = models.CharField("champ", max_length=16)
    before = models.JSONField(null=True)
    value = models.JSONField(null=True)

    class Meta(Asking.Meta):
        verbose_name = "correction proposée"
        verbose_name_plural = "corrections proposées"
        constraints = [
            *Asking.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "report", "field"],
                condition=Q(decision=""),
                name="one_correction_a_field_at_a_time",
            ),
        ]

    def __str__(self):
        return f"correction de {self.report_id} par {self.unit_id}"


class Handover(Asking):
    """The owner unit proposes the report to another unit, which accepts it or not."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="handovers")
    origin = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    target = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="+", verbose_name="unité cessionnaire"
    )
    hides_origin = models.BooleanField("taire l’unité d’origine", default=False)

    class Meta(Asking.Meta):
        verbose_name = "transfert"
        constraints = [
            *Asking.Meta.constraints,
            models.UniqueConstraint(
                fields=["report"], condition=Q(decision=""), name="one_handover_at_a_time"
            ),
            models.CheckConstraint(
                name="handover_goes_elsewhere", condition=~Q(origin=F("target"))
            ),
        ]

    def __str__(self):
        return f"{self.report_id} → {self.target_id}"
