"""The agreement of a department, who signed it, what was signed after it, and its life.

Its clauses are columns, read where they hold: what each one says is written in
`protocols.clauses`. A protocol that nobody has signed yet is a draft, and gives no right.
"""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone

from cross.rows import Addressed, OfADepartment

READ_REPORTS, READ_SUMMARIES = "read_reports", "read_summaries"
# A seat that hands reports in and reads none: a town hall, a landlord.
HAND_IN = "hand_in_reports"


class DayRange(Func):
    """`daterange(first, last, '[]')`: both days included, no last day for ever."""

    function = "daterange"
    output_field = DateRangeField()


class ProtocolQuerySet(models.QuerySet):
    def signed(self):
        return self.filter(signed_on__isnull=False)

    def begun(self, today):
        """The signed ones whose first day has come, the last of them first, ended or not."""
        return self.signed().filter(starts_on__lte=today).order_by("-starts_on", "-pk")

    def ending_within(self, days, today):
        """Those whose last day comes in so many days at most, and that no other one follows."""
        following = Protocol.objects.signed().filter(
            department=OuterRef("department"), starts_on__gt=OuterRef("ends_on")
        )
        last = today + timedelta(days=days)
        return self.signed().filter(~Exists(following), ends_on__range=(today, last))

    def in_force(self, on=None):
        on = on or timezone.localdate()
        return (
            self.signed()
            .filter(starts_on__lte=on)
            .filter(Q(ends_on=None) | Q(ends_on__gte=on))
            .filter(Q(suspended_from=None) | Q(suspended_from__gt=on))
        )


class Rhythm(models.TextChoices):
    """How the days of the meetings are counted; `protocols.cadence` counts them."""

    MONTH = "month", "chaque mois, le même jour"
    WEEKS = "weeks", "toutes les semaines, ou toutes les deux, trois…"


class Protocol(OfADepartment, Addressed):
    department = models.ForeignKey(
        "services.Department", models.PROTECT, related_name="protocols", verbose_name="département"
    )
    title = models.CharField("intitulé", max_length=200)
    legal_basis = models.TextField("fondement")
    signed_on = models.DateField("signé le", null=True, blank=True)
    starts_on = models.DateField("en vigueur à partir du")
    ends_on = models.DateField("en vigueur jusqu’au", null=True, blank=True)
    suspended_from = models.DateField("suspendu à partir du", null=True, blank=True)
    is_permanent = models.BooleanField("cellule permanente", default=False)
    lead_service = models.ForeignKey(
        "services.Service",
        models.PROTECT,
        related_name="led_protocols",
        verbose_name="service animateur",
    )
    # The days of its meetings: one of the two rhythms, or words of which none can be computed.
    rhythm = models.CharField(
        "jours des réunions", max_length=5, choices=Rhythm, blank=True, default="", db_default=""
    )
    meets_on_day = models.PositiveSmallIntegerField("jour du mois", null=True, blank=True)
    meets_every_weeks = models.PositiveSmallIntegerField("semaines", null=True, blank=True)
    # A day on which it meets, that of the week and where the weeks are counted from.
    meets_from = models.DateField("première réunion", null=True, blank=True)
    meets_every = models.CharField("rythme des réunions", max_length=60, blank=True)
    meets_at = models.TimeField("heure", null=True, blank=True)
    meets_where = models.CharField("lieu", max_length=150, blank=True, default="", db_default="")
    calls_referents = models.BooleanField(
        "référents appelés au cas par cas", default=True, db_default=True
    )
    takes_contributors = models.BooleanField(
        "contributeurs qui transmettent sans consulter", default=True, db_default=True
    )
    shares_elsewhere = models.BooleanField(
        "partage avec d’autres départements", default=True, db_default=True
    )
    # Months after the last useful event; null until the protocol says it.
    retention_months = models.PositiveSmallIntegerField(
        "durée de conservation (mois)", null=True, blank=True
    )
    # What was signed, clause by clause (`protocols.clauses.terms_of`); empty as long as no
    # amendment has changed anything: what stands is then what was signed.
    signed_terms = models.JSONField(default=dict, db_default={}, editable=False)

    objects = ProtocolQuerySet.as_manager()

    class Meta:
        verbose_name = "protocole"
        permissions = [
            (READ_REPORTS, "Lit les renseignements ouverts du département"),
            (READ_SUMMARIES, "Lit les synthèses du département"),
            (HAND_IN, "Transmet des renseignements sans en lire"),
        ]
        constraints = [
            models.CheckConstraint(
                name="protocol_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du protocole doit suivre son début.",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(ends_on=None, signed_on__isnull=False),
                name="one_open_ended_protocol_by_department",
                violation_error_message="Ce département a déjà un protocole sans date de fin.",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(signed_on=None),
                name="one_draft_of_a_protocol_by_department",
                violation_error_message="Un projet de protocole est déjà en cours d’écriture.",
            ),
            # Suspended or not: nobody would know which one holds once it is resumed.
            ExclusionConstraint(
                name="one_protocol_a_day_by_department",
                expressions=[
                    ("department", RangeOperators.EQUAL),
                    (DayRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(signed_on__isnull=False),
                violation_error_message="Un protocole signé court déjà à ces dates.",
            ),
            models.CheckConstraint(
                name="protocol_meetings_can_be_counted",
                condition=Q(rhythm="")
                | Q(rhythm="month", meets_on_day__range=(1, 28))
                | Q(rhythm="weeks", meets_every_weeks__range=(1, 52), meets_from__isnull=False),
                violation_error_message="Le rythme des réunions est incomplet.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("protocol_page", args=[self.key])

    @property
    def journal_reference(self):
        return f"protocole {self.department.code}-{self.pk}"

    @property
    def is_draft(self):
        return self.signed_on is None


class SignatureQuerySet(models.QuerySet):
    def of_the_text(self):
        """Those of the protocol itself, as it was signed first."""
        return self.filter(amendment=None)


class Signature(Addressed):
    """One of those who bind themselves: in which capacity, who signed, for whom.

    Those of an amendment have signed that amendment; without one, the protocol itself. The name
    and the day may be wanting in a draft, never once the protocol is signed.
    """

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="signatures")
    amendment = models.ForeignKey(
        "protocols.Amendment", models.CASCADE, null=True, blank=True, related_name="signatures"
    )
    rank = models.PositiveSmallIntegerField("rang")
    service = models.ForeignKey(
        "services.Service", models.PROTECT, related_name="signatures", verbose_name="service"
    )
    capacity = models.CharField("qualité", max_length=200)
    signed_by = models.CharField("signé par", max_length=150, blank=True)
    is_representative = models.BooleanField(
        "pour le titulaire, par son représentant", default=False
    )
    signed_on = models.DateField("signé le", null=True, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "signature"
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "amendment", "rank"],
                nulls_distinct=False,
                name="signature_rank",
            ),
            models.CheckConstraint(
                name="signature_of_an_amendment_is_whole",
                condition=Q(amendment=None) | (~Q(signed_by="") & Q(signed_on__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.capacity} : {self.signed_by}"


class Amendment(models.Model):
    """What was signed after the protocol: what it changes in words, the end and the clauses that
    it moves."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="amendments")
    rank = models.PositiveSmallIntegerField("rang")
    signed_on = models.DateField("signé le")
    changes = models.TextField("ce qu’il change")
    # Empty when it leaves the end where it was.
    ends_on = models.DateField("nouvelle fin", null=True, blank=True)
    # Every clause as it stands after it, and before: `{name: [before, after]}` of those it moved.
    terms = models.JSONField(default=dict, db_default={}, editable=False)
    moved = models.JSONField(default=dict, db_default={}, editable=False)
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "avenant"
        constraints = [
            models.UniqueConstraint(fields=["protocol", "rank"], name="amendment_rank"),
        ]

    def __str__(self):
        return f"Avenant n° {self.rank}"


class ProtocolStep(models.Model):
    """Signed, suspended, resumed, ended: from which day, why, by whom."""

    class Kind(models.TextChoices):
        SIGNED = "signed", "Signature"
        SUSPENDED = "suspended", "Suspension"
        RESUMED = "resumed", "Reprise"
        ENDED = "ended", "Fin décidée"

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="steps")
    kind = models.CharField("étape", max_length=9, choices=Kind)
    day = models.DateField("jour")
    why = models.CharField("motif", max_length=300)
    by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "étape du protocole"

    def __str__(self):
        return f"{self.get_kind_display()} : {self.day:%d/%m/%Y}"
