"""The seat of a unit under a protocol.

A seat is a guardian grant: `Participation` is the direct-foreign-key permission model of
`Protocol`, with the dates between which it holds. Admitting a unit writes one row and reads no
report; withdrawing it ends that row; changing a seat ends its row and begins another, so that the
rows of a unit are the history of its seat.
"""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone
from guardian.managers import GroupObjectPermissionManager
from guardian.models import GroupObjectPermissionBase

from cross.rows import Addressed
from protocols.models.protocol import HAND_IN, READ_REPORTS, DayRange, Protocol


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


class Participation(Addressed, GroupObjectPermissionBase):
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
