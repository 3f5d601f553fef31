"""Who works on the same target, or at the same place and hour: checks, planned events, hits.

Nothing here is a register of targets: identifiers live in reports and die with them. A check keeps
what it was asked for thirty days, for its own unit; a hit names two units and never a report.
"""

from django.contrib.postgres.fields import DateTimeRangeField, IntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone

from cross.guard import GuardedQuerySet, HangingManager, HangingQuerySet
from cross.rows import Addressed
from intel.models.choices import IdentifierKind
from intel.models.report import Report

Rows = models.Manager.from_queryset(GuardedQuerySet)


class OutsideCheck(models.Model):
    """What the national file of targets answered, which this application neither holds nor asks:
    the day, who asked it, and whether it knew."""

    class Result(models.TextChoices):
        UNKNOWN = "unknown", "Aucun objectif connu"
        KNOWN = "known", "Objectif connu, service contacté"
        PENDING = "pending", "Réponse attendue"

    fnos_on = models.DateField("vérifié le", null=True, blank=True)
    fnos_by = models.CharField("agent", max_length=100, blank=True)
    fnos_result = models.CharField("résultat", max_length=8, choices=Result, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_fnos_is_whole",
                condition=Q(fnos_on=None, fnos_by="", fnos_result="")
                | (Q(fnos_on__isnull=False) & ~Q(fnos_by="") & ~Q(fnos_result="")),
            ),
        ]


class DeconflictionCheck(OutsideCheck):
    """One question asked about identifiers; its number proves that it was asked."""

    number = models.CharField("numéro", max_length=24, unique=True)
    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="+",
        db_index=False,  # check_of_unit begins with it
    )  # fmt: skip
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField("faite le", default=timezone.now, editable=False)

    objects = Rows()

    class Meta(OutsideCheck.Meta):
        verbose_name = "vérification"
        indexes = [models.Index("unit", F("at").desc(), name="check_of_unit")]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("check_page", args=[self.number])

    @property
    def journal_reference(self):
        return self.number


class TargetQuerySet(HangingQuerySet):
    hangs_on = "check_made"


class CheckedTarget(models.Model):
    """One identifier of a check. Its value goes after a time; that it was asked, and its kind,
    stay with the number."""

    check_made = models.ForeignKey(DeconflictionCheck, models.CASCADE, related_name="targets")
    rank = models.PositiveSmallIntegerField()
    kind = models.CharField("type", max_length=8, choices=IdentifierKind)
    raw = models.CharField("tel qu’écrit", max_length=120, blank=True)
    value = models.CharField("normalisé", max_length=120, blank=True)

    objects = models.Manager.from_queryset(TargetQuerySet)()

    class Meta:
        verbose_name = "identifiant vérifié"
        verbose_name_plural = "identifiants vérifiés"
        ordering = ("check_made", "rank")
        constraints = [
            models.UniqueConstraint(fields=["check_made", "rank"], name="one_target_a_rank"),
        ]
        indexes = [
            models.Index(fields=["kind", "value"], condition=~Q(value=""), name="target_asked"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.rank} de {self.check_made_id}"


class SilentMode(models.Model):
    """Of a restricted report: whoever looks for its identifiers is told nothing.

    Its owner alone is told. Passing the day changes nothing: it calls the owner.
    """

    MEANS = "qui cherche l’un de ses identifiants n’apprend rien, votre unité seule est avertie"

    report = models.OneToOneField(Report, models.CASCADE, related_name="silent_mode")
    reason = models.CharField("motif", max_length=300)
    review_on = models.DateField("à revoir le")
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "mode silencieux"
        indexes = [models.Index(fields=["review_on", "id"], name="silent_mode_review")]

    def __str__(self):
        return f"silence de {self.report_id}"


def _span(low, high, *, function, field):
    """A stored range, both ends in it: what the index of conflicts is made of."""
    return models.GeneratedField(
        expression=Func(low, high, Value("[]"), function=function, output_field=field),
        output_field=field,
        db_persist=True,
    )


class PlannedEvent(OutsideCheck):
    """An operation that a unit plans: where, how far around, from when to when.

    Read by its unit alone. The point is in whole metres, in the projection of the department, as
    the centre of a commune; without a point of its own an event covers its whole commune.
    """

    class Kind(models.TextChoices):
        SURVEILLANCE = "surveillance", "Surveillance"
        CONTROLLED_DELIVERY = "delivery", "Livraison surveillée"
        SEARCH = "search", "Perquisition"
        ARREST = "arrest", "Interpellation"
        CONTROL = "control", "Contrôle"
        POUNDING = "pounding", "Opération pilonnage"
        OTHER = "other", "Autre opération"

    MARGIN_HOURS = 2
    TOWN_METRES, COUNTRY_METRES = 300, 1_000
    SMALLEST_METRES, LARGEST_METRES = 50, 50_000

    number = models.CharField("numéro", max_length=24, unique=True)
    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="+",
        db_index=False,  # event_of_unit begins with it
    )  # fmt: skip
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField("déclarée le", default=timezone.now, editable=False)
    kind = models.CharField("type", max_length=12, choices=Kind)
    commune = models.ForeignKey("services.Commune", models.PROTECT, related_name="+")
    place = models.CharField("adresse ou lieu", max_length=200, blank=True)
    has_point = models.BooleanField("point précis", default=False)
    x = models.IntegerField("abscisse (m)")
    y = models.IntegerField("ordonnée (m)")
    radius = models.PositiveIntegerField("rayon (m)")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    contact = models.CharField("contact", max_length=120)
    is_silent = models.BooleanField("mode silencieux", default=False)
    silence_reason = models.CharField("motif du silence", max_length=300, blank=True)
    silence_review_on = models.DateField("silence à revoir le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, editable=False)

    span = _span("starts_at", "ends_at", function="tstzrange", field=DateTimeRangeField())
    x_span = _span(
        F("x") - F("radius"), F("x") + F("radius"), function="int4range", field=IntegerRangeField()
    )
    y_span = _span(
        F("y") - F("radius"), F("y") + F("radius"), function="int4range", field=IntegerRangeField()
    )

    objects = Rows()

    class Meta(OutsideCheck.Meta):
        verbose_name = "opération prévue"
        verbose_name_plural = "opérations prévues"
        indexes = [
            # Ranges only: their operators are of the server itself, no extension is wanted.
            GistIndex(
                fields=["span", "x_span", "y_span"],
                condition=Q(cancelled_at=None),
                name="event_overlap",
            ),
            models.Index(fields=["unit", "ends_at"], name="event_of_unit"),
            models.Index(fields=["ends_at"], name="event_end"),
        ]
        constraints = [
            *OutsideCheck.Meta.constraints,
            models.CheckConstraint(
                name="event_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="La fin doit suivre le début.",
            ),
            models.CheckConstraint(
                name="event_has_a_radius",
                condition=Q(radius__gte=50, radius__lte=50_000),
                violation_error_message="Le rayon va de 50 m à 50 km.",
            ),
            models.CheckConstraint(
                name="event_is_silent_for_a_reason",
                condition=Q(is_silent=False, silence_reason="", silence_review_on=None)
                | (Q(is_silent=True, silence_review_on__isnull=False) & ~Q(silence_reason="")),
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("event_page", args=[self.number])

    @property
    def journal_reference(self):
        return self.number

    @property
    def is_over(self):
        return self.ends_at <= timezone.now()

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None


class DeconflictionHit(Addressed):
    """Two units that should speak: one asked, the other holds; each is told, or one of them alone.

    Of a target: the identifier that was checked. Of an event: the one declared last, and the one
    that was there. Neither the report, nor the place, nor the hour is written here. Once what it
    is about is gone, what is left is that two units met, and what they decided.
    """

    class Outcome(models.TextChoices):
        CONTINUED = "continued", "Poursuite, chacun de son côté"
        JOINT = "joint", "Action conjointe"
        POSTPONED = "postponed", "Report"
        CANCELLED = "cancelled", "Annulation"
        RELINQUISHED = "relinquished", "Dessaisissement"

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    asker = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="+", verbose_name="unité qui demande"
    )
    holder = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="+", verbose_name="unité concernée"
    )
    tells_asker = models.BooleanField()
    tells_holder = models.BooleanField()
    at = models.DateTimeField("depuis le", default=timezone.now, editable=False)

    target = models.ForeignKey(CheckedTarget, models.CASCADE, null=True, related_name="hits")
    is_possible = models.BooleanField("nom ressemblant", default=False)
    asked_event = models.ForeignKey(
        PlannedEvent, models.SET_NULL, null=True, related_name="hits_asked"
    )
    held_event = models.ForeignKey(
        PlannedEvent, models.SET_NULL, null=True, related_name="hits_held"
    )

    lapsed_at = models.DateTimeField("sans objet depuis le", null=True, editable=False)
    outcome = models.CharField("issue", max_length=12, choices=Outcome, blank=True)
    outcome_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    outcome_at = models.DateTimeField("décidée le", null=True)

    objects = Rows()

    class Meta:
        verbose_name = "rapprochement d’unités"
        verbose_name_plural = "rapprochements d’unités"
        constraints = [
            models.CheckConstraint(name="hit_is_between_two", condition=~Q(asker=F("holder"))),
            models.CheckConstraint(
                name="hit_is_told_to_somebody",
                condition=Q(tells_asker=True) | Q(tells_holder=True),
            ),
            models.CheckConstraint(
                name="hit_decided_by_somebody_some_day",
                condition=Q(outcome="", outcome_by=None, outcome_at=None)
                | (~Q(outcome="") & Q(outcome_by__isnull=False, outcome_at__isnull=False)),
            ),
            models.UniqueConstraint(fields=["target", "holder"], name="one_hit_a_unit"),
            # Two events meet once, whichever of them was declared last.
            models.UniqueConstraint(
                Least("asked_event", "held_event"),
                Greatest("asked_event", "held_event"),
                condition=Q(lapsed_at=None, asked_event__isnull=False, held_event__isnull=False),
                name="one_live_hit_a_pair",
            ),
        ]

    def __str__(self):
        return f"{self.asker_id} et {self.holder_id}, {self.at:%Y-%m-%d}"

    @property
    def journal_reference(self):
        return f"déconfliction {self.pk}"

    @property
    def is_of_events(self):
        return self.target_id is None
