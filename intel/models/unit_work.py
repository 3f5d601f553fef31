"""What a unit keeps for itself about a report that it reads: its notes, its tasks."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.guard import HangingManager
from cross.rows import Addressed, EnteredOnce
from intel.models.report import Report


class WorkingNote(Addressed, EnteredOnce):
    """What a unit writes for itself; read by those of its members who read the report."""

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="working_notes",
        db_index=False,  # note_of_unit begins with it
    )  # fmt: skip
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+", db_index=False)
    text = models.TextField("note", max_length=5_000)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta(EnteredOnce.Meta):
        verbose_name = "note de travail"
        verbose_name_plural = "notes de travail"
        indexes = [models.Index(fields=["report", "unit"], name="note_of_unit")]

    def __str__(self):
        return f"note {self.pk} sur {self.report_id}"


class Task(Addressed, EnteredOnce):
    """Something to do about a report, by one's own unit or by the unit in charge of it.

    Read by the unit that does it and by the one that gave it, and by no other.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="tasks")
    giver = models.ForeignKey("services.Unit", models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="+",
        db_index=False,  # task_waiting begins with it
    )  # fmt: skip
    member = models.ForeignKey(
        "services.Member", models.PROTECT, null=True, related_name="+", verbose_name="qui"
    )
    what = models.CharField("à faire", max_length=300)
    until = models.DateField("pour le", null=True, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    done_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects = HangingManager()

    class Meta(EnteredOnce.Meta):
        verbose_name = "tâche"
        indexes = [
            models.Index(
                "unit",
                F("until").asc(nulls_last=True),
                "id",
                condition=Q(done_at=None),
                name="task_waiting",
            ),
        ]
        constraints = [
            *EnteredOnce.Meta.constraints,
            models.CheckConstraint(
                name="task_done_by_somebody_some_day",
                condition=Q(done_by=None, done_at=None)
                | Q(done_by__isnull=False, done_at__isnull=False),
            ),
            # Whom to ask in another unit is that unit's affair.
            models.CheckConstraint(
                name="task_of_another_unit_names_nobody",
                condition=Q(member=None) | Q(unit=F("giver")),
            ),
        ]

    def __str__(self):
        return f"tâche {self.pk} sur {self.report_id}"
