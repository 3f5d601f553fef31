"""The agreement of a department, who signed it, and the seat of each unit under it.

A seat is a guardian grant: `Participation` is the direct-foreign-key permission model of
`Protocol`, with the dates between which it holds. Admitting a unit writes one row and reads no
report; withdrawing it ends that row; changing a seat ends its row and begins another, so that the
rows of a unit are the history of its seat.
"""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from guardian.managers import GroupObjectPermissionManager
from guardian.models import GroupObjectPermissionBase

READ_REPORTS, READ_SUMMARIES = "read_reports", "read_summaries"
# A seat that hands reports in and reads none: a town hall, a landlord.
HAND_IN = "hand_in_reports"


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
            (READ_REPORTS, "Lit les renseignements ouverts du département"),
            (READ_SUMMARIES, "Lit les synthèses du département"),
            (HAND_IN, "Transmet des renseignements sans en lire"),
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


class Amendment(models.Model):
    """What was signed after the protocol: what it changes in words, and the end that it moves."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="amendments")
    rank = models.PositiveSmallIntegerField("rang")
    signed_on = models.DateField("signé le")
    changes = models.TextField("ce qu’il change")
    # Empty when it leaves the end where it was.
    ends_on = models.DateField("nouvelle fin", null=True, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "avenant"
        constraints = [
            models.UniqueConstraint(fields=["protocol", "rank"], name="amendment_rank"),
        ]

    def __str__(self):
        return f"Avenant n° {self.rank}"


class ProtocolStep(models.Model):
    """Suspended, resumed, ended: from which day, why, by whom."""

    class Kind(models.TextChoices):
        SUSPENDED = "suspended", "Suspension"
        RESUMED = "resumed", "Reprise"
        ENDED = "ended", "Fin décidée"

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="steps")
    kind = models.CharField("étape", max_length=9, choices=Kind)
    day = models.DateField("jour")
    why = models.CharField("motif", max_length=300)
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "étape du protocole"

    def __str__(self):
        return f"{self.get_kind_display()} : {self.day:%d/%m/%Y}"


class ParticipationQuerySet(models.QuerySet):
    def standing_rows(self):
        """Those that nobody has ended: running, to come, or run out by themselves."""
        return self.filter(ended_at=None)

    def running(self, on=None):
        on = on or timezone.localdate()
        return (
            self.standing_rows()
            .filter(starts_on__lte=on)
            .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        )

    def running_or_to_come(self):
        today = timezone.localdate()
        return self.standing_rows().filter(Q(ends_on=None) | Q(ends_on__gte=today))


class DayRange(Func):
    """`daterange(first, last, '[]')`: both days included, no last day for ever."""

    function = "daterange"
    output_field = DateRangeField()


class Participation(GroupObjectPermissionBase):
    """The seat of a unit: what it may read (`permission`), from when to when, on what subject.

    A permanent seat reads whatever is open. One held case by case reads what is open about its
    subject: any of its products or of its communes; with neither, nothing but what is named to it.

    The seat runs through `ends_on`, whole day included, unless somebody ends it before: `ended_at`
    is that instant, and the row then stays as it was, for the history.
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
    given_at = models.DateTimeField("inscrite le", default=timezone.now)
    given_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("close le", null=True, blank=True)
    ended_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    ended_why = models.CharField("motif de la fin", max_length=300, blank=True)

    objects: ClassVar = GroupObjectPermissionManager.from_queryset(ParticipationQuerySet)()

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        # guardian wants one row a unit; ours are as many as the periods of its seat.
        unique_together: ClassVar[list] = []
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
            ExclusionConstraint(
                name="participation_one_seat_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("permission", RangeOperators.EQUAL),
                    ("content_object", RangeOperators.EQUAL),
                    (DayRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
                violation_error_message="Cette unité participe déjà à ces dates.",
            ),
        ]

    def __str__(self):
        return f"{self.group.name} – {self.content_object}"

    @property
    def is_permanent(self):
        return self.standing == self.Standing.PERMANENT

    @property
    def reads_reports(self):
        return self.permission.codename == READ_REPORTS

    @property
    def hands_in(self):
        return self.permission.codename == HAND_IN

    @property
    def journal_reference(self):
        return self.group.unit.journal_reference
