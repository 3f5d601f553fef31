"""A periodic territorial summary: frozen figures, for one audience, with what they rest on."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from intel import periods


class SummaryAudience(models.TextChoices):
    """For whom. The prefecture opens no report: its tables are masked."""

    CELL = "cellule", "Cellule"
    PREFECTURE = "prefecture", "Préfecture"


def is_latest_version():
    """The condition of a summary that no later one replaces: same department, audience, period."""
    return ~Exists(
        Summary.objects.filter(
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

    def quarters(self):
        return self.filter(period__contains="Q")

    def whole(self):
        """Of a period that had ended when they were built: no later report is missing."""
        return self.filter(built_at__date__gt=F("ends_on"))


class Summary(models.Model):
    class Stage(models.TextChoices):
        BUILDING = "building", "En construction"
        DONE = "done", "Construite"

    department = models.ForeignKey(
        "services.Department", models.PROTECT, related_name="summaries", verbose_name="département"
    )
    audience = models.CharField("pour", max_length=12, choices=SummaryAudience)
    period = models.CharField("période", max_length=10)  # 2026-09, 2026-Q3, 2026-W38, 2026
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")  # last day, included
    version = models.PositiveSmallIntegerField("version", default=1)
    stage = models.CharField("état", max_length=10, choices=Stage, default=Stage.BUILDING)
    built_at = models.DateTimeField("construite le", default=timezone.now)
    built_by = models.CharField("à la demande de", max_length=150, blank=True)
    # Null when masked for this audience.
    reports = models.PositiveIntegerField("renseignements", null=True)
    facts = models.PositiveIntegerField("faits", null=True)
    previous_reports = models.PositiveIntegerField("renseignements, période précédente", null=True)
    previous_facts = models.PositiveIntegerField("faits, période précédente", null=True)
    # What it rests on: enough to tell two runs apart and to build it again.
    parameters = models.JSONField("paramètres", default=dict)
    input_digest = models.CharField("empreinte des données", max_length=64)
    code_version = models.CharField("version du calcul", max_length=20)

    objects = models.Manager.from_queryset(SummaryQuerySet)()

    class Meta:
        verbose_name = "synthèse territoriale"
        verbose_name_plural = "synthèses territoriales"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "audience", "period", "version"],
                name="one_summary_a_version",
            ),
            models.UniqueConstraint(
                fields=["department", "audience", "period", "input_digest", "code_version"],
                name="one_summary_an_input",
            ),
            models.CheckConstraint(
                name="summary_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
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
    def is_quarter(self):
        return "Q" in self.period

    @property
    def is_running(self):
        """Has its period not ended yet? Its figures are then those of a part of it."""
        return not periods.read(self.period).is_closed(timezone.localdate())

    @property
    def journal_reference(self):
        return f"synthèse {self.department.code} {self.period} {self.audience} v{self.version}"

    @property
    def journal_department(self):
        return self.department.code


class TerritoryScore(models.Model):
    """One row of a summary: a dimension, a value, its counts. A masked count is stored masked."""

    class Dimension(models.TextChoices):
        COMMUNE = "commune", "Commune"
        PRODUCT = "product", "Produit"
        ORIGIN = "origin", "Origine"
        MONTH = "month", "Mois"

    class Display(models.TextChoices):
        """The word is the same whatever the cause: a finer one would tell the count."""

        EXACT = "exact", "Chiffre exact"
        MASKED = "masque", "Moins de 5 ou non communicable"
        QUARTERLY = "trimestriel", "Communiqué au trimestre"

    summary = models.ForeignKey(Summary, models.CASCADE, related_name="scores")
    dimension = models.CharField(max_length=10, choices=Dimension)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    rank = models.PositiveIntegerField()
    reports = models.PositiveIntegerField(null=True)
    facts = models.PositiveIntegerField(null=True)
    previous_reports = models.PositiveIntegerField(null=True)
    previous_facts = models.PositiveIntegerField(null=True)
    # A count that is not exact is not in the row at all: the column is null.
    display = models.CharField(max_length=12, choices=Display, default=Display.EXACT)

    class Meta:
        verbose_name = "ligne de synthèse"
        verbose_name_plural = "lignes de synthèse"
        constraints = [
            models.UniqueConstraint(fields=["summary", "dimension", "code"], name="one_score"),
            models.CheckConstraint(
                name="score_hidden_is_absent",
                condition=Q(display="exact", reports__isnull=False, facts__isnull=False)
                | Q(reports=None, facts=None, previous_reports=None, previous_facts=None),
            ),
        ]

    def __str__(self):
        return f"{self.dimension} {self.label}"
