"""What becomes of a report: its moves, its former versions, who takes it, what is told of it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import LessThan
from django.utils import timezone

from cross.guard import HangingManager, HangingQuerySet
from cross.rows import Addressed, TakenBack, by_somebody
from cross.ui.templatetags.words import counted
from intel.models.choices import TaskingOutcome
from intel.models.report import Report
from intel.states import AWAITING_FEEDBACK, State


class StepQuerySet(HangingQuerySet):
    def archived_out_of_scope(self):
        """What archived a report that triage left out: one reopened since is not among them."""
        return self.filter(
            origin=State.OUT_OF_SCOPE, target=State.ARCHIVED, undone_at__isnull=True
        )

    def ending(self):
        """What left a report owing its return, the latest first."""
        ended = self.filter(target__in=AWAITING_FEEDBACK, undone_at=None)
        return ended.order_by("-at", "-pk")


class Step(Addressed, TakenBack):
    """One move of a report: who, when, why, and whether it was undone."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="steps")
    origin = models.CharField(max_length=16, choices=State)
    target = models.CharField(max_length=16, choices=State)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    why = models.CharField("motif", max_length=300, blank=True)
    undo = models.JSONField(default=dict)  # what the move replaced, and undoing must put back
    # Decided in one go with others, and taken back with them.
    batch = models.UUIDField(null=True, editable=False)

    objects = models.Manager.from_queryset(StepQuerySet)()

    class Meta:
        verbose_name = "étape"
        indexes = [
            models.Index("report", F("at").desc(), name="step_of_report"),
            BrinIndex(fields=["at"], name="step_at"),
            models.Index(fields=["batch"], condition=~Q(batch=None), name="step_of_batch"),
            # What the indicators read of all the steps of a department: when a report was first
            # directed, first taken, and whether it was put aside before it was archived.
            models.Index(
                fields=["report", "target", "at"],
                condition=Q(undone_at=None, target__in=[State.ACKNOWLEDGED, State.DIRECTED]),
                name="step_first_moves",
            ),
            models.Index(
                fields=["report"],
                condition=Q(undone_at=None, origin=State.OUT_OF_SCOPE, target=State.ARCHIVED),
                name="step_out_of_scope",
            ),
        ]
        constraints = [
            by_somebody("step_undone_by_somebody_some_day"),
        ]

    def __str__(self):
        return f"{self.origin} → {self.target}"


class Revision(models.Model):
    """What a field said before somebody changed it; follows its report and dies with it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="revisions")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField()
    before = models.JSONField()  # field name: former value, changed fields only
    why = models.CharField("motif", max_length=300, blank=True)

    objects = HangingManager()

    class Meta:
        verbose_name = "version antérieure"
        verbose_name_plural = "versions antérieures"
        indexes = [BrinIndex(fields=["at"], name="revision_at")]
        constraints = [
            models.UniqueConstraint(fields=["report", "version"], name="one_revision_a_version"),
        ]

    def __str__(self):
        return f"version {self.version} de {self.report_id}"


class TaskingQuerySet(HangingQuerySet):
    def latest_of(self, report):
        """The one that stands, if any; `report` may be an OuterRef."""
        return self.of(report).order_by("-at", "-pk")[:1]

    def live(self):
        """Something is expected of its unit."""
        return self.filter(IS_LIVE)

    def silent(self, now=None):
        """Not taken within the days that the house gives."""
        return self.filter(_is_silent(now or timezone.now()))

    def overdue(self, now=None):
        """Not answered on its day."""
        return self.filter(_is_overdue(now or timezone.now()))

    def late(self, now=None):
        return self.filter(_is_late(now or timezone.now()))

    def with_lateness(self, now=None):
        """Each with `is_live`, `is_late` and `is_overdue`, by the same words."""
        now = now or timezone.now()
        return self.annotate(
            is_live=_either(IS_LIVE),
            is_late=_either(IS_LIVE & _is_late(now)),
            is_overdue=_either(IS_LIVE & _is_overdue(now)),
        )


def return_is_late(now=None):
    """Of reports: the contributor has waited for his return longer than the house gives."""
    before = (now or timezone.now()) - timedelta(days=settings.RETURN_DAYS)
    ended = Subquery(Step.objects.filter(report=OuterRef("pk")).ending().values("at")[:1])
    return Q(state__in=AWAITING_FEEDBACK) & Q(LessThan(ended, before))


IS_LIVE = Q(answer="", report__state=State.DIRECTED) | Q(
    answer=State.ACKNOWLEDGED, report__state=State.ACKNOWLEDGED
)


def _is_silent(now):
    return Q(answer="", at__lt=now - timedelta(days=settings.ACKNOWLEDGE_DAYS))


def _is_overdue(now):
    return Q(answer_by__lt=timezone.localdate(now))


def _is_late(now):
    return _is_silent(now) | _is_overdue(now)


def _either(condition):
    return Case(When(condition, then=Value(True)), default=Value(False))


class Tasking(models.Model):
    """Which unit takes it, until when, and what it answered."""

    is_overdue: bool  # of a row of `with_lateness`

    report = models.ForeignKey(Report, models.CASCADE, related_name="taskings")
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="taskings", verbose_name="unité attributaire"
    )
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    answer_by = models.DateField("réponse attendue le")
    instruction = models.CharField("consigne", max_length=500, blank=True)
    answer = models.CharField("réponse", max_length=16, choices=State, blank=True)
    answered_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField("suite donnée", max_length=300, blank=True)
    # From the closed list, with the numbers of `choices.FIGURES` that go with them.
    outcomes = ArrayField(
        models.CharField(max_length=16, choices=TaskingOutcome),
        default=list,
        blank=True,
        verbose_name="résultats",
    )
    arrested = models.PositiveIntegerField("personnes interpellées", null=True, blank=True)
    grams = models.PositiveIntegerField("produits saisis (g)", null=True, blank=True)
    pieces = models.PositiveIntegerField("produits saisis (unités)", null=True, blank=True)
    euros = models.PositiveIntegerField("avoirs saisis (€)", null=True, blank=True)
    weapons = models.PositiveIntegerField("armes saisies", null=True, blank=True)
    fines = models.PositiveIntegerField("amendes forfaitaires", null=True, blank=True)

    objects = models.Manager.from_queryset(TaskingQuerySet)()

    class Meta:
        verbose_name = "orientation"
        indexes = [
            models.Index("unit", F("at").desc(), name="tasking_of_unit"),
            BrinIndex(fields=["answered_at"], name="tasking_answered"),
            models.Index(
                fields=["answer_by", "id"],
                condition=Q(answer__in=["", State.ACKNOWLEDGED]),
                name="tasking_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.report_id} → {self.unit_id}"

    @property
    def lateness(self):
        """Of a late row of `with_lateness`: which of the two is late, and by how many days."""
        what = "Réponse" if self.is_overdue else "Prise en compte"
        taken_by = timezone.localdate(self.at) + timedelta(days=settings.ACKNOWLEDGE_DAYS)
        days = (timezone.localdate() - (self.answer_by if self.is_overdue else taken_by)).days
        return f"{what} en retard de {counted(days, 'jour')}" if days else f"{what} en retard"


class Feedback(models.Model):
    """What the contributor is told, from a closed list, without any content of the case."""

    class Outcome(models.TextChoices):
        RECEIVED = "received", "Reçu"
        USEFUL = "useful", "Utile"
        KNOWN = "known", "Déjà connu"
        EXPLOITED = "exploited", "Exploité"
        ACTED = "acted", "Action menée"
        NO_FURTHER_ACTION = "no_action", "Sans suite"
        NOT_DISCLOSED = "not_disclosed", "Non communicable"

    report = models.ForeignKey(Report, models.CASCADE, related_name="feedbacks")
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="feedbacks", verbose_name="contributeur"
    )
    outcome = models.CharField("retour", max_length=16, choices=Outcome)
    text = models.CharField("précision", max_length=300, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "retour"
        indexes = [models.Index(F("at").desc(), F("id").desc(), name="feedback_recent")]

    def __str__(self):
        return self.get_outcome_display()
