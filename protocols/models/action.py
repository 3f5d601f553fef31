"""What a unit does under an axis of the strategy, and how it is followed.

What it rests on (reports, places, findings) hangs here from above: see `intel.models.evidence`.
What is followed is never written over: moves and quarter lines are only added.
"""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from cross.rows import Addressed, LiveQuerySet, TakenBack, by_somebody
from protocols import quarters
from protocols.models.strategy import APPEND_ONLY, Axis
from protocols.states import OPEN_STATES, ActionState


class ActionQuerySet(LiveQuerySet):
    def unfinished(self):
        return self.filter(state__in=OPEN_STATES)

    def silent(self, today):
        """Those of which nobody has said anything for the last quarter that ended."""
        quarter = quarters.before(quarters.quarter_of(today))
        end = quarters.last_day(quarter)
        said = QuarterLine.objects.filter(quarter=quarter, action=OuterRef("pk"))
        return self.unfinished().filter(
            ~Exists(said),
            Q(starts_on=None) | Q(starts_on__lte=end),
            axis__strategy__starts_on__lte=end,
            at__date__lte=end,
        )

    def overdue(self, today):
        return self.unfinished().filter(due_on__lt=today)

    def late(self, today):
        """Past their day, or silent for a quarter."""
        silent = Action.objects.silent(today).values("pk")
        return self.unfinished().filter(Q(due_on__lt=today) | Q(pk__in=silent))

    def with_present(self):
        """Each with the last value of its indicator: `value`, `valued_at`, `valued_by`; and
        `said_for`, the last quarter of which something was said."""
        lines = QuarterLine.objects.filter(action=OuterRef("pk")).order_by(
            "-quarter", "-at", "-pk"
        )
        valued = lines.filter(value__isnull=False)
        return self.annotate(
            value=Subquery(valued.values("value")[:1]),
            valued_at=Subquery(valued.values("at")[:1]),
            valued_by=Subquery(
                valued.annotate(name=Concat("by__first_name", Value(" "), "by__last_name")).values(
                    "name"
                )[:1]
            ),
            said_for=Subquery(lines.values("quarter")[:1]),
        )


class Action(Addressed, TakenBack):
    """What one unit does, with whom, between which days, and how one sees that it worked."""

    State = ActionState

    axis = models.ForeignKey(Axis, models.PROTECT, related_name="actions", verbose_name="axe")
    title = models.CharField("intitulé", max_length=200)
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="+", verbose_name="unité chargée"
    )
    partners = models.CharField("partenaires", max_length=300, blank=True)
    starts_on = models.DateField("début", null=True, blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)
    indicator = models.CharField("indicateur", max_length=160, blank=True)
    indicator_unit = models.CharField("unité de l’indicateur", max_length=40, blank=True)
    start_value = models.DecimalField(
        "valeur de départ", max_digits=14, decimal_places=2, null=True, blank=True
    )
    target_value = models.DecimalField(
        "valeur visée", max_digits=14, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(
        "état", max_length=10, choices=ActionState, default=ActionState.TO_START
    )
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ActionQuerySet)()

    class Meta:
        verbose_name = "action"
        constraints = [
            models.CheckConstraint(
                name="action_due_after_it_starts",
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
                violation_error_message="L’échéance doit suivre le début.",
            ),
            by_somebody("action_taken_back_by_somebody"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("action_page", args=[self.key])

    @property
    def journal_reference(self):
        return f"action {self.pk}"

    @property
    def journal_department(self):
        return self.axis.journal_department

    @property
    def is_unfinished(self):
        return self.state in OPEN_STATES

    @property
    def is_overdue(self):
        is_past = self.due_on is not None and self.due_on < timezone.localdate()
        return is_past and self.is_unfinished


class ActionMove(models.Model):
    """From one state to another: when, by whom, why."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="moves")
    before = models.CharField("avant", max_length=10, choices=ActionState)
    after = models.CharField("après", max_length=10, choices=ActionState)
    why = models.CharField("motif", max_length=300, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "changement d’état d’une action"
        verbose_name_plural = "changements d’état d’une action"
        triggers = APPEND_ONLY

    def __str__(self):
        return f"{self.get_before_display()} → {self.get_after_display()}"


class QuarterLine(models.Model):
    """What was said of an action for one quarter. Said again, one more line: the last holds."""

    action = models.ForeignKey(
        Action,
        models.CASCADE,
        related_name="lines",
        db_index=False,  # quarter_line_latest begins with it
    )
    quarter = models.DateField("trimestre")  # its first day
    state = models.CharField("état", max_length=10, choices=ActionState)
    value = models.DecimalField(
        "valeur de l’indicateur", max_digits=14, decimal_places=2, null=True, blank=True
    )
    words = models.TextField("point d’avancement", max_length=2_000)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "point trimestriel"
        verbose_name_plural = "points trimestriels"
        triggers = APPEND_ONLY
        indexes = [
            models.Index(fields=["action", "-quarter", "-at"], name="quarter_line_latest"),
        ]

    def __str__(self):
        return self.in_words

    @property
    def in_words(self):
        return quarters.in_words(self.quarter)
