"""What the cell says of two reports, and the values that are too common to bring any together."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from cross.guard import GuardedQuerySet
from cross.rows import Addressed, LiveQuerySet, TakenBack, by_somebody
from intel.models.choices import IdentifierKind
from intel.models.life import Step
from intel.models.report import Report


class MatchQuerySet(GuardedQuerySet, LiveQuerySet):  # type: ignore[override]
    def about(self, report):
        """Those of which `report`, or its key, is one side or the other."""
        return self.filter(Q(report=report) | Q(other=report))


class Match(Addressed, TakenBack):
    """What was said of two reports, by whom and why; it hangs on both of them.

    From the one that repeats, confirms or is set apart, to the other. Whoever does not read both
    is told nothing: `intel.access.readable_matches`.
    """

    class Kind(models.TextChoices):
        DUPLICATE = "doublon", "Doublon"
        CORROBORATES = "corrobore", "Corrobore"
        UNRELATED = "sans_lien", "Sans lien"

    report = models.ForeignKey(Report, models.CASCADE, related_name="matches")
    other = models.ForeignKey(Report, models.CASCADE, related_name="matched_by")
    kind = models.CharField("lien", max_length=10, choices=Kind)
    why = models.CharField("motif", max_length=300)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    # What joining one fact replaced: [the former fact, the reports that left it], or nothing.
    undo = models.JSONField(default=list)
    # The move of triage that says the same, of a duplicate: both are taken back together.
    step = models.OneToOneField(Step, models.CASCADE, null=True, related_name="match")

    objects = models.Manager.from_queryset(MatchQuerySet)()

    class Meta:
        verbose_name = "rapprochement"
        indexes = [models.Index(F("at").desc(), F("id").desc(), name="match_recent")]
        constraints = [
            models.UniqueConstraint(
                Least("report", "other"),
                Greatest("report", "other"),
                condition=Q(undone_at=None),
                name="match_one_a_pair",
            ),
            models.CheckConstraint(name="match_of_two", condition=~Q(report=F("other"))),
            models.CheckConstraint(name="match_says_why", condition=~Q(why="")),
            by_somebody("match_undone_by_somebody_some_day"),
        ]

    def __str__(self):
        return f"{self.report_id} {self.kind} {self.other_id}"

    @property
    def journal_reference(self):
        return f"rapprochement {self.pk}"


class FrequentValue(models.Model):
    """A switchboard, a hire car: what so many reports cite that it brings none together."""

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    kind = models.CharField("type", max_length=8, choices=IdentifierKind)
    value = models.CharField("valeur", max_length=120)
    why = models.CharField("motif", max_length=300)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    ended_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "valeur fréquente"
        verbose_name_plural = "valeurs fréquentes"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "value"],
                condition=Q(ended_at=None),
                name="frequent_value_listed_once",
            ),
            by_somebody("frequent_value_ended_by_somebody", by="ended_by", at="ended_at"),
        ]

    def __str__(self):
        return self.value

    @property
    def journal_reference(self):
        return f"valeur fréquente {self.pk}"
