"""A search that is kept: whose it is, how its owner hears of what enters it, what he was told."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cross.guard import GuardedQuerySet, HangingManager
from cross.rows import Addressed
from intel.models.report import Report


class SavedSearch(Addressed):
    """The filters of an address, under a name; its owner's alone, or his whole unit's.

    It holds no result: each reader finds what he reads. Taken back, it waits a day for its undo.
    """

    UNDO_HOURS = 24
    LONGEST = 2_000

    by = models.ForeignKey("services.Member", models.CASCADE, related_name="+")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    is_shared = models.BooleanField(default=False)
    name = models.CharField("nom", max_length=80)
    query = models.CharField("adresse", max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta:
        verbose_name = "recherche enregistrée"
        verbose_name_plural = "recherches enregistrées"
        constraints = [
            models.UniqueConstraint(
                fields=["by", "name"], condition=Q(removed_at=None), name="one_search_of_that_name"
            ),
            models.CheckConstraint(
                name="search_has_a_name_and_filters", condition=~Q(name="") & ~Q(query="")
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("saved_search", args=[self.key])

    @property
    def journal_reference(self):
        # Its name may say what is looked for: the journal holds none of it.
        return f"recherche enregistrée {self.pk}"


class SearchAlert(models.Model):
    """That one member wants to hear of what enters a search, and how often."""

    class Rhythm(models.TextChoices):
        NOW = "now", "Dès qu’une fiche y entre"
        DAILY = "daily", "Une fois par jour"
        WEEKLY = "weekly", "Une fois par semaine, le lundi"

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="alerts")
    member = models.ForeignKey("services.Member", models.CASCADE, related_name="+")
    rhythm = models.CharField("rythme", max_length=6, choices=Rhythm)
    checked_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "alerte d’une recherche"
        verbose_name_plural = "alertes de recherches"
        constraints = [
            models.UniqueConstraint(fields=["search", "member"], name="one_alert_a_member"),
        ]

    def __str__(self):
        return f"{self.rhythm} de {self.search_id} à {self.member_id}"


class AlertedReport(models.Model):
    """A report that an alert has told, or, without a date, that was there when it was set."""

    alert = models.ForeignKey(SearchAlert, models.CASCADE, related_name="told")
    report = models.ForeignKey(Report, models.CASCADE, related_name="+")
    at = models.DateTimeField(null=True)

    objects = HangingManager()

    class Meta:
        verbose_name = "fiche annoncée"
        verbose_name_plural = "fiches annoncées"
        constraints = [
            models.UniqueConstraint(fields=["alert", "report"], name="told_once_by_an_alert"),
        ]
        indexes = [
            models.Index("alert", F("at").desc(nulls_last=True), name="alert_told_last"),
        ]

    def __str__(self):
        return f"{self.report_id} par {self.alert_id}"
