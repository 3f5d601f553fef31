"""The agreement of a department, who signed it, and the seat of each unit under it.

A seat is a guardian grant: `Participation` is the direct-foreign-key permission model of
`Protocol`, with the dates between which it holds. Admitting a unit writes one row and reads no
report; withdrawing it ends that row.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.managers import GroupObjectPermissionManager
from guardian.models import GroupObjectPermissionBase


class ProtocolQuerySet(models.QuerySet):
    def in_force(self, on=None):
        on = on or timezone.localdate()
        return (
            self.filter(signed_on__isnull=False, starts_on__lte=on)
            .filter(Q(ends_on=None) | Q(ends_on__gte=on))
            .filter(Q(suspended_from=None) | Q(suspended_from__gt=on))
        )


class Protocol(models.Model):
    department = models.ForeignKey(
        "services.Department", models.PROTECT, related_name="protocols", verbose_name="département"
    )
    title = models.CharField("intitulé", max_length=200)
    legal_basis = models.TextField("fondement")
    signed_on = models.DateField("signé le", null=True, blank=True)
    starts_on = models.DateField("en vigueur à partir du")
    ends_on = models.DateField("en vigueur jusqu’au", null=True, blank=True)
    suspended_from = models.DateField("suspendu à partir du", null=True, blank=True)
    is_permanent = models.BooleanField("cellule permanente", default=False)
    lead_service = models.ForeignKey(
        "services.Service",
        models.PROTECT,
        related_name="led_protocols",
        verbose_name="service animateur",
    )
    meets_every = models.CharField("rythme des réunions", max_length=60, blank=True)

    objects = ProtocolQuerySet.as_manager()

    class Meta:
        verbose_name = "protocole"
        permissions = [
            ("read_reports", "Lit les renseignements ouverts du département"),
            ("read_summaries", "Lit les synthèses du département"),
        ]
        constraints = [
            models.CheckConstraint(
                name="protocol_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du protocole doit suivre son début.",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(ends_on=None),
                name="one_open_ended_protocol_by_department",
                violation_error_message="Ce département a déjà un protocole sans date de fin.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def journal_reference(self):
        return f"protocole {self.department.code}-{self.pk}"

    @property
    def journal_department(self):
        return self.department.code


class Signature(models.Model):
    """One of those who bind themselves: in which capacity, who signed, for whom."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="signatures")
    rank = models.PositiveSmallIntegerField("rang")
    service = models.ForeignKey(
        "services.Service", models.PROTECT, related_name="signatures", verbose_name="service"
    )
    capacity = models.CharField("qualité", max_length=200)
    signed_by = models.CharField("signé par", max_length=150)
    is_representative = models.BooleanField(
        "pour le titulaire, par son représentant", default=False
    )
    signed_on = models.DateField("signé le")

    class Meta:
        verbose_name = "signature"
        constraints = [
            models.UniqueConstraint(fields=["protocol", "rank"], name="signature_rank"),
        ]

    def __str__(self):
        return f"{self.capacity} : {self.signed_by}"


class ParticipationQuerySet(models.QuerySet):
    def running(self, on=None):
        on = on or timezone.localdate()
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))


class Participation(GroupObjectPermissionBase):
    """The seat of a unit: what it may read (`permission`), from when to when, on what subject.

    A permanent seat reads whatever is open. One held case by case reads what is open about its
    subject: any of its products or of its communes; with neither, nothing but what is named to it.
    """

    class Standing(models.TextChoices):
        PERMANENT = "permanent", "représentant permanent"
        CASE_BY_CASE = "referent", "référent au cas par cas"

    content_object = models.ForeignKey(
        Protocol, models.CASCADE, related_name="participations", verbose_name="protocole"
    )
    standing = models.CharField(
        "qualité", max_length=12, choices=Standing, default=Standing.PERMANENT
    )
    subject = models.CharField("sujet", max_length=200, blank=True)
    # Codes of `intel.models.choices.Product`, which this room does not know.
    products = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name="produits"
    )
    communes = models.ManyToManyField(
        "services.Commune", blank=True, related_name="+", verbose_name="communes"
    )
    contributes = models.BooleanField("contribue", default=True, db_default=True)
    starts_on = models.DateField("à partir du", default=timezone.localdate)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects: ClassVar = GroupObjectPermissionManager.from_queryset(ParticipationQuerySet)()

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        verbose_name = "participation"
        constraints = [
            models.CheckConstraint(
                name="participation_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La participation doit finir après avoir commencé.",
            ),
            models.CheckConstraint(
                name="participation_case_by_case_ends",
                condition=~Q(standing="referent") | Q(ends_on__isnull=False),
                violation_error_message="Un référent au cas par cas participe jusqu’à une date.",
            ),
        ]

    def __str__(self):
        return f"{self.group.name} – {self.content_object}"
