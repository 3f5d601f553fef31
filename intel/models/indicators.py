"""The indicators of a quarter, drawn up once for those who open no report."""

from django.db import models
from django.utils import timezone


class IndicatorSheet(models.Model):
    """Masked indicators of one finished quarter: never counted again, so that no two of them
    differ by one report. `figures` is what `intel.indicators.sheet` writes."""

    department = models.ForeignKey("services.Department", models.CASCADE, related_name="+")
    period = models.CharField("trimestre", max_length=7)  # "2026-Q3"
    figures = models.JSONField()
    digest = models.CharField("empreinte", max_length=64)
    built_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "indicateurs d’un trimestre"
        verbose_name_plural = "indicateurs des trimestres"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "period"], name="one_indicator_sheet_a_quarter"
            ),
        ]

    def __str__(self):
        return f"indicateurs {self.department_id} {self.period}"
