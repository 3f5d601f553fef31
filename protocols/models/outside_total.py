"""Totals that others have counted, and whoever reads the strategy is told with their source."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.rows import OfADepartment, TakenBack, by_somebody


class Nomenclature(models.TextChoices):
    """How it was counted. Two of them count otherwise: they are never put together."""

    NFI = "nfi", "Nomenclature française des infractions (SSMSI)"
    STATE_4001 = "etat4001", "État 4001"
    OWN = "service", "Comptage du service cité"


class OutsideTotalQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has corrected or taken out."""
        return self.filter(corrected_by=None, undone_at=None)


class OutsideTotal(OfADepartment, TakenBack):
    """A total that somebody else counted: typed or imported, never computed from reports.

    A correction is another row that `replaces` this one: the former value stays.
    """

    class Kind(models.TextChoices):
        SEIZURES = "saisies", "Saisies de produits"
        FINES = "afd", "Amendes forfaitaires délictuelles"
        ACCUSED_TRAFFICKING = "mec_trafic", "Personnes mises en cause pour trafic"
        ACCUSED_USE = "mec_usage", "Personnes mises en cause pour usage"

    UNITS = {
        Kind.SEIZURES: "g,g",
        Kind.FINES: "amende",
        Kind.ACCUSED_TRAFFICKING: "personne",
        Kind.ACCUSED_USE: "personne",
    }
    # Persons accused are counted by one of the two nomenclatures of offences, and by nothing else.
    ACCUSED = (Kind.ACCUSED_TRAFFICKING, Kind.ACCUSED_USE)

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    kind = models.CharField("total", max_length=10, choices=Kind)
    product = models.CharField("produit", max_length=20, blank=True)  # see `protocols.subjects`
    nomenclature = models.CharField("nomenclature", max_length=8, choices=Nomenclature)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    value = models.PositiveBigIntegerField("valeur")
    source = models.CharField("source", max_length=160)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField("saisi le", default=timezone.now, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="corrected_by"
    )
    why = models.CharField("motif de la correction", max_length=300, blank=True)

    objects = models.Manager.from_queryset(OutsideTotalQuerySet)()

    class Meta:
        verbose_name = "total communiqué"
        verbose_name_plural = "totaux communiqués"
        constraints = [
            models.CheckConstraint(
                name="outside_total_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la période doit suivre son début.",
            ),
            models.CheckConstraint(
                name="outside_total_product_of_seizures",
                condition=(Q(kind="saisies") & ~Q(product=""))
                | (~Q(kind="saisies") & Q(product="")),
            ),
            models.CheckConstraint(
                name="outside_total_nomenclature_of_its_kind",
                condition=Q(kind__startswith="mec_", nomenclature__in=["nfi", "etat4001"])
                | (~Q(kind__startswith="mec_") & Q(nomenclature="service")),
            ),
            models.CheckConstraint(
                name="outside_total_corrected_with_a_reason",
                condition=Q(replaces=None) | ~Q(why=""),
            ),
            by_somebody("outside_total_taken_back_by_somebody"),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def journal_reference(self):
        return f"total {self.pk}"

    @property
    def unit(self):
        return self.UNITS[self.Kind(self.kind)]
