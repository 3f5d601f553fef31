"""Places where people sell: what all their readers know, and what each report says of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cross.guard import GuardedQuerySet, HangingQuerySet
from cross.rows import Addressed, LiveQuerySet, TakenBack, by_somebody
from intel.models.choices import Product
from intel.models.report import Report
from intel.place_states import PlaceState


class Said(Addressed, TakenBack):
    """Said by somebody, some day; taken back, it is read by nobody."""

    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints = [
            by_somebody("%(class)s_taken_back_by_somebody"),
        ]


class Place(Said):
    """Where people sell. It holds only what whoever reads one of its reports may know.

    The point is in whole metres, in the projection of the department, as the centre of a commune.
    Taken back, it is no longer its unit's to read; reports that cite it still show it.
    """

    class Kind(models.TextChoices):
        DEALING_PLACE = "lieu", "Lieu de trafic"
        DEALING_POINT = "point", "Point de deal"

    department = models.ForeignKey(
        "services.Department", models.PROTECT, related_name="+",
        db_index=False,  # place_of_commune begins with it
    )  # fmt: skip
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("type", max_length=5, choices=Kind)
    on_public_way = models.BooleanField("sur la voie publique", default=False)
    is_daily = models.BooleanField("présence quotidienne de vendeurs", default=False)
    commune = models.ForeignKey("services.Commune", models.PROTECT, related_name="+")
    address = models.CharField("adresse", max_length=200, blank=True)
    x = models.IntegerField(null=True, blank=True)
    y = models.IntegerField(null=True, blank=True)

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta(Said.Meta):
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        indexes = [models.Index(fields=["department", "commune"], name="place_of_commune")]
        constraints = [
            *Said.Meta.constraints,
            models.CheckConstraint(
                name="point_de_deal_is_public_and_daily",
                condition=~Q(kind="point") | Q(on_public_way=True, is_daily=True),
                violation_error_message=(
                    "Un point de deal est sur la voie publique, avec une présence quotidienne."
                ),
            ),
            models.CheckConstraint(name="place_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="place_point_is_whole",
                condition=Q(x=None, y=None) | Q(x__isnull=False, y__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("place_page", args=[self.key])

    @property
    def journal_reference(self):
        return f"lieu {self.key}"

    @property
    def has_point(self):
        return self.x is not None


class ObservationQuerySet(HangingQuerySet, LiveQuerySet):  # type: ignore[override]
    def latest_first(self):
        return self.order_by("-seen_on", "-pk")

    def latest_states(self):
        """The states that were said, the present one first."""
        return self.exclude(state="").latest_first().values_list("state", flat=True)


class PlaceObservation(Said):
    """What one report says of a place, as of one day; with nothing more, that it cites it.

    It is read by whoever reads the report. Said to have moved, a place names the other one, which
    the same report then cites: `follows` is what that citation came with.
    """

    place = models.ForeignKey(
        Place, models.CASCADE, related_name="observations",
        db_index=False,  # observation_latest begins with it
    )  # fmt: skip
    report = models.ForeignKey(Report, models.CASCADE, related_name="place_observations")
    seen_on = models.DateField("constaté le")
    state = models.CharField("état", max_length=13, choices=PlaceState, blank=True)
    moved_to = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    hours = models.CharField("horaires", max_length=200, blank=True)
    products = ArrayField(
        models.CharField(max_length=20, choices=Product),
        default=list,
        blank=True,
        verbose_name="produits",
    )
    lookouts = models.CharField("guetteurs", max_length=200, blank=True)
    stash = models.CharField("nourrice", max_length=200, blank=True)
    follows = models.OneToOneField("self", models.CASCADE, null=True, related_name="arrival")

    objects = models.Manager.from_queryset(ObservationQuerySet)()

    class Meta(Said.Meta):
        verbose_name = "observation d’un lieu"
        verbose_name_plural = "observations d’un lieu"
        indexes = [
            models.Index(
                "place", F("seen_on").desc(), F("id").desc(),
                condition=Q(undone_at=None), name="observation_latest",
            ),
        ]  # fmt: skip
        constraints = [
            *Said.Meta.constraints,
            models.CheckConstraint(
                name="observation_moved_says_where",
                condition=Q(state="deplace", moved_to__isnull=False)
                | (~Q(state="deplace") & Q(moved_to=None)),
            ),
            models.CheckConstraint(
                name="observation_moved_elsewhere",
                condition=Q(moved_to=None) | ~Q(moved_to=F("place")),
            ),
        ]

    def __str__(self):
        return f"{self.place_id} vu le {self.seen_on}"

    @property
    def product_labels(self):
        return [Product(code).label for code in self.products]


class PlaceOperation(Said):
    """What a unit did at a place: told to whoever reads the place where the unit sits."""

    class Kind(models.TextChoices):
        POUNDING = "pilonnage", "Pilonnage"
        INVESTIGATION = "enquete", "Enquête"
        FINES = "afd", "Amendes forfaitaires (AFD)"
        CONTROL = "controle", "Contrôle"
        CLOSURE = "fermeture", "Fermeture administrative"
        JOINT = "interservices", "Opération interservices"
        OTHER = "autre", "Autre opération"

    place = models.ForeignKey(Place, models.CASCADE, related_name="operations")
    kind = models.CharField("type", max_length=13, choices=Kind)
    day = models.DateField("date")
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")
    result = models.CharField("résultat", max_length=300)

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta(Said.Meta):
        verbose_name = "opération sur un lieu"
        verbose_name_plural = "opérations sur un lieu"
        constraints = [
            *Said.Meta.constraints,
            models.CheckConstraint(name="operation_has_a_result", condition=~Q(result="")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} du {self.day}"
