"""A periodic territorial summary: frozen figures, for one audience, with what they rest on."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from intel import periods
from intel.place_states import PlaceState


class SummaryAudience(models.TextChoices):
    """For whom. Those of `MASKED` open no report."""

    CELL = "cellule", "Cellule"
    COURT = "parquet", "Parquet"  # of one court: the reports of its area
    PREFECTURE = "prefecture", "Préfecture"
    NATIONAL = "national", "Ensemble national"


# Of a whole department, built whoever reads there.
OF_DEPARTMENTS = (SummaryAudience.CELL, SummaryAudience.PREFECTURE, SummaryAudience.NATIONAL)
# Those whose tables are masked, which are given figures that are drawn up for good alone.
MASKED = frozenset({SummaryAudience.PREFECTURE, SummaryAudience.NATIONAL})


class Maturity(models.TextChoices):
    """Has what belongs to the period had the time to come in?"""

    PROVISIONAL = "provisoire", "Chiffres provisoires"
    CONSOLIDATED = "consolide", "Chiffres consolidés"


def is_latest_version():
    """The condition of a summary that no later one replaces: same department, audience, court,
    period."""
    return ~Exists(
        Summary.objects.filter(
            Q(court=OuterRef("court")) | Q(court=None),
            stage=Summary.Stage.DONE,
            department=OuterRef("department"),
            audience=OuterRef("audience"),
            period=OuterRef("period"),
            version__gt=OuterRef("version"),
        )
    )


class SummaryQuerySet(models.QuerySet):
    def latest_versions(self):
        return self.filter(is_latest_version())

    def briefed(self):
        """Those that a brief may be written on: a month or a quarter."""
        return self.filter(period__regex=r"-(\d\d|Q\d)$")

    def quarters(self):
        return self.filter(period__regex=r"-Q\d$")

    def whole(self):
        """Of a period that had ended when they were drawn up: what came since is late."""
        return self.filter(as_of__date__gt=F("ends_on"))

    def consolidated(self):
        return self.filter(maturity=Maturity.CONSOLIDATED)


class Summary(models.Model):
    """The figures of one department, or of the country when it has none, over one period."""

    class Stage(models.TextChoices):
        BUILDING = "building", "En construction"
        DONE = "done", "Construite"

    department = models.ForeignKey(
        "services.Department", models.PROTECT, null=True, related_name="summaries",
        verbose_name="département",
    )  # fmt: skip
    audience = models.CharField("pour", max_length=12, choices=SummaryAudience)
    court = models.ForeignKey(
        "services.Court", models.PROTECT, null=True, related_name="+",
        verbose_name="ressort",
    )  # fmt: skip
    period = models.CharField("période", max_length=10)  # as intel.periods writes it
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")  # last day, included
    maturity = models.CharField("état des chiffres", max_length=10, choices=Maturity)
    # What was entered from this instant on is not in the figures.
    as_of = models.DateTimeField("arrêtée le")
    version = models.PositiveSmallIntegerField("version", default=1)
    supersedes = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", verbose_name="remplace"
    )
    stage = models.CharField("état", max_length=10, choices=Stage, default=Stage.BUILDING)
    built_at = models.DateTimeField("construite le", default=timezone.now)
    built_by = models.CharField("à la demande de", max_length=150, blank=True)
    # Null when masked for this audience.
    reports = models.PositiveIntegerField("renseignements", null=True)
    facts = models.PositiveIntegerField("faits", null=True)
    previous_reports = models.PositiveIntegerField("renseignements, période précédente", null=True)
    previous_facts = models.PositiveIntegerField("faits, période précédente", null=True)
    # Of the readers who may open what is counted, and of them alone.
    services = models.PositiveIntegerField("services", null=True)
    undated = models.PositiveIntegerField("renseignements sans date", null=True)
    unlocated = models.PositiveIntegerField("faits sans commune", null=True)
    to_come = models.PositiveIntegerField("renseignements datés dans l’avenir", null=True)
    share_entered = models.FloatField("part déjà enregistrée", null=True)
    # Of the search for foyers: made, or why not; differences between communes.
    hot_status = models.CharField("recherche de foyers", max_length=30, blank=True)
    dispersion = models.FloatField("dispersion", null=True)
    # Of the last periods of its kind, oldest first: [code, facts known when it ended, 15 and 90
    # days later], None for a day to come.
    known_after = models.JSONField("faits connus à la fin, puis après", null=True)
    # What the version before this one counted otherwise: {"facts": 3, "reports": 4, "where":
    # [[commune, facts before, facts now]]}.
    moved = models.JSONField("écarts avec la version précédente", default=dict)
    # What it rests on: enough to tell two runs apart and to build it again.
    parameters = models.JSONField("paramètres", default=dict)
    parameters_digest = models.CharField("empreinte des paramètres", max_length=64)
    geography = models.CharField("découpage", max_length=40)
    code_version = models.CharField("version du calcul", max_length=20)
    input_digest = models.CharField("empreinte des données", max_length=64)
    result_digest = models.CharField("empreinte des chiffres", max_length=64)

    objects = models.Manager.from_queryset(SummaryQuerySet)()

    class Meta:
        verbose_name = "synthèse territoriale"
        verbose_name_plural = "synthèses territoriales"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "audience", "court", "period", "version"],
                name="one_summary_a_version",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=[
                    "department",
                    "audience",
                    "court",
                    "period",
                    "maturity",
                    "as_of",
                    "parameters_digest",
                    "geography",
                    "code_version",
                    "input_digest",
                ],
                name="one_summary_an_input",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="summary_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="summary_of_a_court_is_for_it",
                condition=Q(audience="parquet", court__isnull=False)
                | (~Q(audience="parquet") & Q(court=None)),
            ),
            models.CheckConstraint(
                name="summary_of_a_department_or_national",
                condition=Q(department__isnull=False) | Q(audience="national"),
            ),
        ]
        indexes = [
            models.Index(
                "department", "audience", F("starts_on").desc(), F("version").desc(),
                name="summary_recent",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.period} {self.get_audience_display()} v{self.version}"

    @property
    def label(self):
        """The period in words: "3e trimestre 2026"."""
        return periods.read(self.period).label

    @property
    def for_whom(self):
        """« Cellule », « Parquet, tribunal judiciaire d’Épinal »."""
        said = self.get_audience_display()
        return f"{said}, {self.court.name[0].lower()}{self.court.name[1:]}" if self.court else said

    @property
    def is_quarter(self):
        return periods.read(self.period).kind == "quarter"

    @property
    def is_masked(self):
        return self.audience in MASKED

    @property
    def is_provisional(self):
        return self.maturity == Maturity.PROVISIONAL

    @property
    def is_running(self):
        """Has its period not ended yet? Its figures are then those of a part of it."""
        return not periods.read(self.period).is_closed(timezone.localdate())

    @property
    def journal_reference(self):
        where = self.department.code if self.department else "France"
        whom = f"{self.audience} {self.court.code}" if self.court else self.audience
        return f"synthèse {where} {self.period} {whom} v{self.version}"

    @property
    def journal_department(self):
        return self.department.code if self.department else ""


def _count(**options):
    return models.PositiveIntegerField(null=True, **options)


def _figure():
    return models.FloatField(null=True)


class TerritoryScore(models.Model):
    """One row of a summary: a dimension, a value, its counts. A masked count is stored masked.

    Counts of facts unless said otherwise. Ratios compare monthly means (weekly ones for a week);
    rates are per thousand inhabitants. See `intel.summaries.measures` for each column.
    """

    class Dimension(models.TextChoices):
        # Territories, the widest first.
        DEPARTMENT = "department", "Département"
        ARRONDISSEMENT = "district", "Arrondissement"
        EPCI = "epci", "Intercommunalité"
        COMMUNE = "commune", "Commune"
        NEIGHBOURHOOD = "quarter", "Quartier prioritaire"
        HEXAGON = "hexagon", "Maille"
        PLACE = "place", "Lieu"
        # What is told, by whom, when.
        PRODUCT = "product", "Produit"
        MODE = "mode", "Mode opératoire"
        ORIGIN = "origin", "Origine"
        MONTH = "month", "Mois"
        WEEK = "week", "Semaine"
        HOURS = "hours", "Heure de la semaine"

    class Display(models.TextChoices):
        """The word is the same whatever the cause: a finer one would tell the count."""

        EXACT = "exact", "Chiffre exact"
        MASKED = "masque", "Moins de 5 ou non communicable"
        QUARTERLY = "trimestriel", "Communiqué au trimestre"
        MISSING = "manquant", "Département manquant"  # in the national table; never a zero

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="scores")
    dimension = models.CharField(max_length=10, choices=Dimension)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    rank = models.PositiveIntegerField()
    reports = _count()
    facts = _count()
    previous_reports = _count()
    previous_facts = _count()
    # A count that is not exact is not in the row at all: the column is null.
    display = models.CharField(max_length=12, choices=Display, default=Display.EXACT)

    # Of a territory alone.
    population = _figure()
    on_border = models.BooleanField(default=False)
    facts_corroborated = _count()
    facts_probable = _count()
    facts_to_confirm = _count()
    facts_set_aside = _count()
    tips_only = _count()
    repeated_facts = _count()  # by tips that say the same, in nearly the same words
    reactive = _count()
    origins = _count()
    services = _count()
    # Points de deal: at work at the end of the period, then what became of others within it.
    active_points = _count()
    points_opened = _count()
    points_dismantled = _count()
    points_rebuilt = _count()  # soon after they were dismantled
    points_moved = _count()
    state = models.CharField(max_length=13, choices=PlaceState, blank=True)  # of a place
    # Against the twelve months before.
    reference_facts = _count()
    ratio = _figure()
    ratio_low = _figure()
    ratio_high = _figure()
    overdispersion = _figure()
    change_p = _figure()
    change_q = _figure()
    change = models.CharField(max_length=20, blank=True)
    effort = models.CharField(max_length=12, blank=True)
    effort_ratio = _figure()
    is_emerging = models.BooleanField(default=False)
    # A week out of the ordinary: the usual number of facts, and is this one above its bound?
    is_alarm = models.BooleanField(default=False)
    usual = _figure()
    alarm_p = _figure()
    # Over twelve months.
    rate = _figure()
    smoothed_rate = _figure()
    stock = _figure()
    stock_rank = _count()
    rank_is_sensitive = models.BooleanField(default=False)
    # Of the unit and its neighbours together.
    hot_count = _count()
    hot_expected = _figure()
    hot_variance = _figure()
    hot_p = _figure()
    hot_q = _figure()
    hot = models.CharField(max_length=20, blank=True)
    hot_with_tips = models.CharField(max_length=20, blank=True)
    hot_zone = models.CharField(max_length=20, blank=True)  # code of the unit it is named after
    history = models.CharField(max_length=16, blank=True)
    gi_z = _figure()

    class Meta:
        verbose_name = "ligne de synthèse"
        verbose_name_plural = "lignes de synthèse"
        constraints = [
            models.UniqueConstraint(fields=["summary", "dimension", "code"], name="one_score"),
            models.CheckConstraint(
                name="score_hidden_is_absent",
                condition=Q(display="exact", facts__isnull=False)
                | Q(reports=None, facts=None, previous_reports=None, previous_facts=None),
            ),
        ]

    def __str__(self):
        return f"{self.dimension} {self.label}"
