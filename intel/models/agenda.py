"""What a meeting speaks of: its items, the reports they name, their guests, what was decided.

What names a report is shown to whoever reads that report, and to nobody else: see
`intel.access.meetings`.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.guard import GuardedQuerySet, HangingManager
from cross.rows import Addressed
from intel.models.life import Step
from intel.models.report import Report


class AgendaItem(Addressed):
    """One point of the agenda. Its title names no report: everybody called reads it."""

    class Kind(models.TextChoices):
        """What it gathers; those of the queue first come in this order."""

        DECISIONS = "decisions", "Suites de la réunion précédente"
        NEW = "new", "Renseignements reçus, à trier"
        UNDIRECTED = "undirected", "Renseignements à orienter"
        OVERDUE = "overdue", "Orientations sans réponse à leur date"
        RETURNS = "returns", "Retours à faire aux contributeurs"
        CONFLICTS = "conflicts", "Déconfliction : unités à mettre en relation"
        FOYERS = "foyers", "Foyers de la dernière synthèse"
        RESTRICTIONS = "restrictions", "Restrictions à revoir"
        PROTOCOL = "protocol", "Fin prochaine du protocole ou d’un siège"
        ACTIONS = "actions", "Actions de la stratégie en retard"
        RESERVED = "reserved", "Points réservés"
        FREE = "free", "Point libre"

    meeting = models.ForeignKey("protocols.Meeting", models.CASCADE, related_name="items")
    rank = models.PositiveSmallIntegerField("rang")
    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.FREE)
    title = models.CharField("intitulé", max_length=160)
    minutes = models.PositiveSmallIntegerField("minutes", null=True, blank=True)
    rapporteur = models.ForeignKey(
        "services.Unit", models.PROTECT, null=True, related_name="+", verbose_name="rapporteur"
    )
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField("retiré le", null=True)
    removed_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "point de l’ordre du jour"
        ordering = ["rank", "pk"]
        constraints = [
            # Built from the queue, once: what somebody has removed does not come back by itself.
            models.UniqueConstraint(
                fields=["meeting", "kind"], condition=~Q(kind="free"), name="one_item_of_a_kind"
            ),
        ]

    def __str__(self):
        return self.title


class ItemReport(Addressed):
    """A report that an item names."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="named")
    report = models.ForeignKey(Report, models.CASCADE, related_name="agenda_items")
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField("retirée le", null=True)
    removed_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")

    objects = HangingManager()

    class Meta:
        verbose_name = "fiche à l’ordre du jour"
        verbose_name_plural = "fiches à l’ordre du jour"
        constraints = [
            models.UniqueConstraint(fields=["item", "report"], name="one_report_an_item"),
        ]

    def __str__(self):
        return f"{self.report_id} au point {self.item_id}"


class ItemGuest(Addressed):
    """A guest called for one item: he reads its reports from a day to a day, and no longer."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="guests")
    member = models.ForeignKey(
        "services.Member", models.PROTECT, related_name="+", verbose_name="référent"
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField("close le", null=True)
    ended_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "référent invité à un point"
        verbose_name_plural = "référents invités à un point"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "member"], condition=Q(ended_at=None), name="one_guest_an_item"
            ),
            models.CheckConstraint(
                name="item_guest_ends_after_he_begins",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="L’accès doit finir après avoir commencé.",
            ),
        ]

    def __str__(self):
        return f"{self.member_id} au point {self.item_id}"


DecisionManager = models.Manager.from_queryset(GuardedQuerySet)


class MeetingDecision(Addressed):
    """What was decided under an item: by whom it is done, until when, what became of it.

    One about a report has directed it (`step`), and is read by whoever follows that report; any
    other is read by everybody who was called, the prefecture included.
    """

    class Became(models.TextChoices):
        GOING_ON = "", "En cours"
        DONE = "done", "Fait"
        PARTLY = "partly", "Fait en partie"
        DROPPED = "dropped", "Abandonné"

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="decisions")
    text = models.CharField("décision", max_length=500)
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, null=True, related_name="+", verbose_name="unité chargée"
    )
    due_on = models.DateField("échéance", null=True)
    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="meeting_decisions")
    step = models.ForeignKey(Step, models.SET_NULL, null=True, related_name="+")
    # What it became in the strategy: its state is then that of the action.
    action = models.ForeignKey(
        "protocols.Action", models.SET_NULL, null=True, related_name="meeting_decisions"
    )
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    undone_at = models.DateTimeField("annulée le", null=True)
    undone_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    became = models.CharField("suite", max_length=7, choices=Became, blank=True)
    became_words = models.CharField("précision", max_length=300, blank=True)
    became_at = models.DateTimeField(null=True)
    became_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")

    objects = DecisionManager()

    class Meta:
        verbose_name = "décision de réunion"
        verbose_name_plural = "décisions de réunion"
        ordering = ["item__rank", "at", "pk"]

    def __str__(self):
        return f"décision {self.pk} du point {self.item_id}"

    @property
    def is_late(self):
        return bool(not self.became and self.due_on and self.due_on < timezone.localdate())
