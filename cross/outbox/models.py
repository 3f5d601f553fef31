"""Jobs to do, and the signs of life of those who do them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Job(models.Model):
    """One piece of work. Its arguments are identifiers: content stays in its own tables."""

    class State(models.TextChoices):
        QUEUED = "queued", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminé"
        FAILED = "failed", "échoué"

    LIVE = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("travail", max_length=60)
    args = models.JSONField("arguments", default=dict)
    unique_key = models.CharField("clé", max_length=120, null=True, blank=True)
    # Text and a number, no foreign key: the outbox lies below the members.
    requested_by = models.CharField("demandé par", max_length=200, blank=True)
    requested_by_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("à faire", default=0)
    note = models.CharField("où il en est", max_length=200, blank=True)
    result = models.JSONField("résultat", null=True, blank=True)
    error = models.TextField("erreur", blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("demandé le", default=timezone.now)
    published_at = models.DateTimeField("transmis le", null=True, blank=True)
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    finished_at = models.DateTimeField("fini le", null=True, blank=True)

    # Where the worker writes progress, outside the job's transaction; None everywhere else.
    line = None

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state__in=["queued", "running"]),
                name="outbox_one_live_job_per_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="outbox_an_end_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="outbox_live_jobs",
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.id}"

    @property
    def is_live(self):
        return self.state in self.LIVE

    @property
    def percent(self):
        """0 to 100; None as long as nobody knows how much there is to do."""
        return min(100, 100 * self.progress // self.total) if self.total else None

    def advance(self, done, total=None, note=None):
        """Say where the work is: seen at once by others, whatever transaction runs here."""
        self.progress = done
        self.total = self.total if total is None else total
        self.note = self.note if note is None else note[:200]
        said = {"progress": self.progress, "total": self.total, "note": self.note}
        if self.line is None:
            Job.objects.filter(pk=self.pk).update(**said)
        else:
            self.line.advance(self.pk, **said)


class Pulse(models.Model):
    """When the worker and beat were last alive."""

    name = models.CharField("qui", max_length=20, primary_key=True)
    at = models.DateTimeField("quand")

    class Meta:
        verbose_name = "signe de vie"
        verbose_name_plural = "signes de vie"

    def __str__(self):
        return f"{self.name} {self.at:%H:%M:%S}"
