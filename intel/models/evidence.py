"""What an action of the strategy, or an outcome, rests on: by reference only.

Nobody is told of a reference that he could not open: a report's is read by who reads the report,
a place's by who reads the place, a finding by who reads its summary (`intel.access.evidence`).
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.guard import HangingQuerySet
from cross.rows import Addressed
from intel.models.place import Place
from intel.models.report import Report
from intel.models.summary import Summary


class Reference(Addressed):
    """Of an action, or of an outcome: one of them, said by somebody some day."""

    action = models.ForeignKey("protocols.Action", models.CASCADE, null=True, related_name="+")
    outcome = models.ForeignKey("protocols.Outcome", models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_of_one_thing",
                condition=Q(action__isnull=False, outcome=None)
                | Q(action=None, outcome__isnull=False),
            ),
        ]


class ReportReference(Reference):
    report = models.ForeignKey(Report, models.CASCADE, related_name="strategy_references")

    objects = models.Manager.from_queryset(HangingQuerySet)()

    class Meta(Reference.Meta):
        verbose_name = "fiche citée par la stratégie"
        verbose_name_plural = "fiches citées par la stratégie"
        constraints = [
            *Reference.Meta.constraints,
            models.UniqueConstraint(fields=["action", "report"], name="report_once_of_an_action"),
            models.UniqueConstraint(
                fields=["outcome", "report"], name="report_once_of_an_outcome"
            ),
        ]

    def __str__(self):
        return f"fiche {self.report_id}"


class ReferenceToPlaceQuerySet(HangingQuerySet):
    hangs_on = "place"


class PlaceReference(Reference):
    """`is_destination`: of an outcome, where the traffic went."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="strategy_references")
    is_destination = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(ReferenceToPlaceQuerySet)()

    class Meta(Reference.Meta):
        verbose_name = "lieu cité par la stratégie"
        verbose_name_plural = "lieux cités par la stratégie"
        constraints = [
            *Reference.Meta.constraints,
            models.CheckConstraint(
                name="destination_of_an_outcome",
                condition=Q(is_destination=False) | Q(outcome__isnull=False),
            ),
            models.UniqueConstraint(fields=["action", "place"], name="place_once_of_an_action"),
            models.UniqueConstraint(fields=["outcome", "place"], name="place_once_of_an_outcome"),
        ]

    def __str__(self):
        return f"lieu {self.place_id}"


class FindingReference(Reference):
    """A sentence of a summary, as it was told to its audience: see `intel.summaries.words`."""

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="+")
    finding = models.JSONField("constat")

    class Meta(Reference.Meta):
        verbose_name = "constat cité par la stratégie"
        verbose_name_plural = "constats cités par la stratégie"

    def __str__(self):
        return f"constat de {self.summary_id}"
