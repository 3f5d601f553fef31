"""A report shown to another department; units often named together."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.guard import HangingQuerySet
from cross.rows import Addressed
from intel.models.report import Report


class ReportShareQuerySet(HangingQuerySet):
    def running(self, on=None):
        on = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))


class ReportShare(Addressed):
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
