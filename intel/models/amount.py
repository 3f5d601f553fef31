"""Sums, prices and quantities that a person confirmed in a report."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.guard import HangingManager
from cross.rows import Addressed
from intel.models.choices import AmountKind, AmountUnit, Product
from intel.models.report import Report


class Amount(Addressed):
    """So much of something, read in a report and confirmed; it lives in it and dies with it.

    A price is in euros for one `unit`; weights are in grams, volumes in millilitres.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="amounts")
    kind = models.CharField("type", max_length=8, choices=AmountKind)
    number = models.DecimalField("nombre", max_digits=12, decimal_places=3)
    unit = models.CharField("unité", max_length=12, choices=AmountUnit)
    product = models.CharField("produit", max_length=20, choices=Product, blank=True)
    raw = models.CharField("tel qu’écrit", max_length=120)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "montant ou quantité"
        verbose_name_plural = "montants et quantités"
        ordering = ("kind", "unit", "number", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "number", "unit", "product"], name="amount_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="amount_above_nothing"),
            models.CheckConstraint(
                condition=Q(kind=AmountKind.SUM, unit=AmountUnit.EURO)
                | ~Q(kind=AmountKind.SUM) & ~Q(unit=AmountUnit.EURO),
                name="amount_sums_are_in_euros",
            ),
        ]

    def __str__(self):
        return self.raw
