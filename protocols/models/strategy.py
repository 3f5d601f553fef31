"""The local strategy of a department, its steps and its axes.

What is followed is never written over: steps are only added.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cross.rows import Addressed, OfADepartment
from protocols import quarters
from protocols.states import StrategyState

APPEND_ONLY = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
]


class Strategy(OfADepartment, Addressed):
    """What a department decided for a period. One is adopted at a time."""

    State = StrategyState

    department = models.ForeignKey(
        "services.Department", models.PROTECT, related_name="strategies"
    )
    title = models.CharField("intitulé", max_length=160)
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au")
    state = models.CharField(
        "état", max_length=8, choices=StrategyState, default=StrategyState.DRAFT
    )
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "stratégie"
        verbose_name_plural = "stratégies"
        constraints = [
            models.CheckConstraint(
                name="strategy_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la stratégie doit suivre son début.",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(state="adoptee"),
                name="one_adopted_strategy_by_department",
                violation_error_message="Ce département a déjà une stratégie adoptée.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("strategy_page", args=[self.key])

    @property
    def journal_reference(self):
        return f"stratégie {self.department.code}-{self.pk}"

    @property
    def is_draft(self):
        return self.state == StrategyState.DRAFT

    @property
    def is_adopted(self):
        return self.state == StrategyState.ADOPTED

    @property
    def is_ended(self):
        return self.state == StrategyState.ENDED

    @property
    def quarters(self):
        return quarters.between(self.starts_on, self.ends_on)


class StrategyStep(models.Model):
    """Adopted, taken up again, ended: when, by whom, why."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="steps")
    state = models.CharField("état", max_length=8, choices=StrategyState)
    why = models.CharField("motif", max_length=300, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "étape de la stratégie"
        verbose_name_plural = "étapes de la stratégie"
        triggers = APPEND_ONLY

    def __str__(self):
        return self.get_state_display()


class Axis(Addressed):
    strategy = models.ForeignKey(
        Strategy,
        models.CASCADE,
        related_name="axes",
        db_index=False,  # axis_rank begins with it
    )
    rank = models.PositiveSmallIntegerField("rang")
    title = models.CharField("intitulé", max_length=160)
    objective = models.TextField("objectif", max_length=2_000)

    class Meta:
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ["strategy", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "rank"], name="axis_rank"),
        ]

    def __str__(self):
        return f"Axe {self.rank} : {self.title}"

    @property
    def journal_reference(self):
        return f"{self.strategy.journal_reference} axe {self.rank}"

    @property
    def journal_department(self):
        return self.strategy.journal_department
