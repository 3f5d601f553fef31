"""How a report is opened, closed and passed on; what of it fewer people read than the rest."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase

from cross.guard import HangingManager, HangingQuerySet
from intel.models.report import Report, Restriction


class Asking(models.Model):
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

    class Meta(Asking.Meta):
        verbose_name = "demande d’accès"
        verbose_name_plural = "demandes d’accès"
        constraints = [
            *Asking.Meta.constraints,
            models.UniqueConstraint(
                fields=["asked_by", "reference"],
                condition=Q(decision=""),
                name="one_access_asked_at_a_time",
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


class ReportShareQuerySet(HangingQuerySet):
    def running(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))


class ReportShare(models.Model):
    """An open report, shown by its owner to the units of another department's protocol."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="shares")
    protocol = models.ForeignKey("protocols.Protocol", models.PROTECT, related_name="+")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    why = models.CharField("motif", max_length=300)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(ReportShareQuerySet)()

    class Meta:
        verbose_name = "partage avec un autre département"
        verbose_name_plural = "partages avec d’autres départements"
        constraints = [
            models.UniqueConstraint(fields=["protocol", "report"], name="one_share_a_protocol"),
        ]

    def __str__(self):
        return f"{self.report_id} → protocole {self.protocol_id}"


class RawText(models.Model):
    """What a human source said, word for word. Stays with its unit wherever the report goes.

    `Report.facts` holds the text written apart for everybody else. `changed_at` is compared with
    `attested_at`: when the original changed since, the shared text says so.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="raw_text")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    text = models.TextField("texte d’origine", max_length=20_000)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # The checklist of the shared text: who read it again, and when.
    attested_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    attested_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "texte d’origine"
        verbose_name_plural = "textes d’origine"

    def __str__(self):
        return f"texte d’origine de {self.report_id}"

    @property
    def changed_since(self):
        """Has the original changed since the shared text was last read against it?"""
        return self.changed_at > self.attested_at


class Annex(models.Model):
    """A part of a report that fewer units read than the rest; others never learn of it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="annexes")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    title = models.CharField("intitulé", max_length=160)
    text = models.TextField("texte", max_length=20_000)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "annexe réservée"
        verbose_name_plural = "annexes réservées"
        permissions = [("read_annex", "Lit cette annexe réservée")]

    def __str__(self):
        return f"annexe {self.pk} de {self.report_id}"

    @property
    def journal_reference(self):
        return f"{self.report.reference} annexe {self.pk}"

    @property
    def journal_department(self):
        return self.report.journal_department


class AnnexGroupGrant(GroupObjectPermissionBase):
    """A reserved annex, named to a unit; worth nothing to a unit that cannot read the report."""

    content_object = models.ForeignKey(Annex, models.CASCADE, related_name="group_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        verbose_name = "unité destinataire d’une annexe"
        verbose_name_plural = "unités destinataires d’annexes"


class Complement(models.Model):
    """What a reader adds to a report, under his own name."""

    REMOVABLE_MINUTES = 60

    report = models.ForeignKey(Report, models.CASCADE, related_name="complements")
    text = models.TextField("complément", max_length=5_000)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "complément"
        ordering = ("at", "pk")

    def __str__(self):
        return f"complément {self.pk} de {self.report_id}"


class DistributionList(models.Model):
    """Units that a unit often names together; only that unit knows who is in it.

    Lists may hold lists. A report is named to the units of the day it is named: changing a list
    changes no report.
    """

    unit = models.ForeignKey("services.Unit", models.CASCADE, related_name="distribution_lists")
    name = models.CharField("nom", max_length=80)
    units = models.ManyToManyField(
        "services.Unit", blank=True, related_name="+", verbose_name="unités"
    )
    lists = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="held_by", verbose_name="listes"
    )

    class Meta:
        verbose_name = "liste de diffusion"
        verbose_name_plural = "listes de diffusion"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="one_list_of_that_name",
                violation_error_message="Votre unité a déjà une liste de ce nom.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def journal_reference(self):
        return f"liste de diffusion {self.pk}"


class Openness(models.Model):
    """How much each service shares at the end of a month: frozen, so that no report shows through.

    `restricted_percent` is that of the reports of the twelve months that end then, rounded to five
    points, and empty below `SMALLEST` reports. `overdue` counts the restrictions whose review date
    had passed that day, empty between 1 and 4.
    """

    SMALLEST = 10

    department = models.ForeignKey("services.Department", models.CASCADE, related_name="+")
    service = models.ForeignKey("services.Service", models.CASCADE, related_name="+")
    month = models.DateField("mois")
    restricted_percent = models.PositiveSmallIntegerField(null=True)
    overdue = models.PositiveIntegerField(null=True)
    built_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "taux de partage"
        verbose_name_plural = "taux de partage"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "service", "month"], name="one_openness_a_month"
            ),
            models.CheckConstraint(
                name="openness_is_a_percentage",
                condition=Q(restricted_percent=None) | Q(restricted_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.service_id} {self.month:%Y-%m}"


class RestrictionChange(models.Model):
    """One narrowing, renewal or release of a report: who read it before, who reads it after.

    Units are kept as they were called that day; the review day in force after each line is what
    the monthly figures of openness are built from, whatever happened since.
    """

    class Kind(models.TextChoices):
        NARROWED = "narrowed", "Diffusion restreinte"
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
