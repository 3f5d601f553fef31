"""What came of an action, or of reports: entered by the unit that obtained it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.rows import Addressed, LiveQuerySet, OfADepartment, TakenBack, by_somebody
from protocols.models.action import Action
from protocols.outcomes import MEASURES, OutcomeKind


class Outcome(OfADepartment, Addressed, TakenBack):
    """What came of it: a kind, a day, a unit, a figure. Never whom, never what a procedure holds.

    Of an action, it is read by whoever reads the strategy. Without one, it came of reports, and
    is read by whoever reads one of them (`intel.access.evidence`).
    """

    Kind = OutcomeKind

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, models.PROTECT, null=True, related_name="outcomes")
    kind = models.CharField("résultat", max_length=14, choices=OutcomeKind)
    day = models.DateField("jour")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    # Grams, persons or euros, by kind: see `protocols.outcomes.MEASURES`.
    figure = models.PositiveBigIntegerField("chiffre", null=True, blank=True)
    product = models.CharField("produit", max_length=20, blank=True)  # see `protocols.subjects`
    commune = models.ForeignKey(
        "services.Commune", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="commune où le trafic s’est déplacé",
    )  # fmt: skip
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(LiveQuerySet)()

    class Meta:
        verbose_name = "résultat"
        constraints = [
            models.CheckConstraint(
                name="outcome_figure_of_its_kind",
                condition=Q(figure=None) | Q(kind__in=[kind.value for kind in MEASURES]),
            ),
            models.CheckConstraint(
                name="outcome_product_of_a_seizure",
                condition=Q(product="") | Q(kind=OutcomeKind.SEIZURE.value),
            ),
            models.CheckConstraint(
                name="outcome_commune_of_a_displacement",
                condition=Q(commune=None) | Q(kind=OutcomeKind.DISPLACED.value),
            ),
            by_somebody("outcome_taken_back_by_somebody"),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def journal_reference(self):
        return f"résultat {self.key}"

    @property
    def measure(self):
        return MEASURES.get(OutcomeKind(self.kind))
