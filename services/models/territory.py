"""Departments, communes and what groups them: where a report happens and who is competent there.

Reference data, filled and refreshed by `load_territory` and `load_neighbourhoods` from official
files; nothing here is typed by hand except the overrides (`zone_override`, `court_override`) and
the neighbourhoods that no file has.

Outlines are stored as plain JSON in the metres of the department's own projection, see
`Commune.outline`; `services.territory` knows how to read and clean the source.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.db.models.functions import Coalesce, Concat, Lower
from django.utils.functional import cached_property

from services.territory.names import folded, search_words


class Unaccented(Func):
    """`f_unaccent(text)`, the IMMUTABLE wrapper created by the first migration of this app."""

    function = "f_unaccent"
    output_field = models.TextField()


def folded_column(*names):
    """A stored column, lower case without accents: French order and search in any collation."""
    expression = names[0] if len(names) == 1 else Concat(*names)
    return models.GeneratedField(
        expression=Lower(Unaccented(expression)),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name="clé de tri",
    )


class Department(models.Model):
    # int4 on purpose: the composite GIN indexes of reports (department, search) are silently
    # ignored by the ORM when this key is a bigint.
    id = models.AutoField(primary_key=True)
    code = models.CharField("code", max_length=3, unique=True)
    name = models.CharField("nom", max_length=60)
    name_with_article = models.CharField("nom avec article", max_length=70)  # les Vosges
    of_name = models.CharField("complément du nom", max_length=70)  # des Vosges
    in_name = models.CharField("complément de lieu", max_length=70)  # dans les Vosges
    srid = models.PositiveIntegerField("projection (code EPSG)")
    seat_code = models.CharField("code Insee du chef-lieu", max_length=5)
    # Same shape as Commune.outline: the union of the communes.
    outline = models.JSONField("contour", null=True, blank=True)
    geography_year = models.PositiveSmallIntegerField("millésime du découpage")
    population_year = models.PositiveSmallIntegerField("recensement de référence")
    sort_key = folded_column("name")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self):
        return f"{self.name} ({self.code})"


class Arrondissement(models.Model):
    code = models.CharField("code Insee", max_length=4, unique=True)
    name = models.CharField("nom", max_length=60)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="arrondissements", verbose_name="département"
    )
    seat_code = models.CharField("code Insee du chef-lieu", max_length=5)
    sort_key = folded_column("name")

    class Meta:
        verbose_name = "arrondissement"
        ordering = ["code"]

    def __str__(self):
        return self.name


class Epci(models.Model):
    """A grouping of communes with its own taxes; 89 of them spread over several departments."""

    class Kind(models.TextChoices):
        COMMUNES = "CC", "communauté de communes"
        AGGLOMERATION = "CA", "communauté d’agglomération"
        URBAN = "CU", "communauté urbaine"
        METROPOLIS = "ME", "métropole"

    siren = models.CharField("Siren", max_length=9, unique=True)
    name = models.CharField("nom", max_length=160)
    kind = models.CharField("forme", max_length=2, choices=Kind)
    # Told from the national list: a department is shown its part only, and that it is a part.
    is_across_departments = models.BooleanField("sur plusieurs départements", db_default=False)
    sort_key = folded_column("name")

    class Meta:
        verbose_name = "EPCI"
        verbose_name_plural = "EPCI"
        ordering = ["sort_key", "siren"]

    def __str__(self):
        return self.name


class Court(models.Model):
    """A judicial court and, through `Commune.court`, its area (*ressort*)."""

    # The Insee code of the commune where it sits: stable, and one court per seat.
    code = models.CharField("code Insee du siège", max_length=5, unique=True)
    name = models.CharField("nom", max_length=100)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="courts", verbose_name="département du siège"
    )
    sort_key = folded_column("name")

    class Meta:
        verbose_name = "tribunal judiciaire"
        verbose_name_plural = "tribunaux judiciaires"
        ordering = ["sort_key", "code"]

    def __str__(self):
        return self.name


class Zone(models.TextChoices):
    """Who answers for public security in a commune (ZPN or ZGN)."""

    POLICE = "police", "zone police"
    GENDARMERIE = "gendarmerie", "zone gendarmerie"


class CommuneQuerySet(models.QuerySet):
    def in_force(self):
        """Communes of the last list loaded; the others are kept for the reports that name them."""
        return self.filter(retired_in=None)

    def municipalities(self):
        """Communes proper: no delegated or associated commune, no municipal arrondissement."""
        return self.in_force().filter(kind=Commune.Kind.COMMUNE)

    def cut_up(self):
        """Paris, Lyon and Marseille: a level of their own, never in a sum with their parts."""
        pieces = Commune.objects.filter(kind=Commune.Kind.MUNICIPAL, retired_in=None)
        return self.in_force().filter(pk__in=pieces.values("parent"))

    def statistical_units(self):
        """Communes, with Paris, Lyon and Marseille replaced by their municipal arrondissements.

        A partition: summing over it never counts a place twice. The rule of
        `services.territory.units`, as a query.
        """
        whole = Q(kind=Commune.Kind.COMMUNE) & ~Q(pk__in=Commune.objects.cut_up().values("pk"))
        return self.in_force().filter(whole | Q(kind=Commune.Kind.MUNICIPAL))

    def called(self, text):
        """Communes of exactly that name, accents and capitals aside, or of that Insee code."""
        return self.filter(Q(sort_key=folded(text)) | Q(code=text.upper())).order_by("kind", "pk")

    def matching(self, text):
        """Communes whose name, old name, postal or Insee code holds every word of `text`."""
        words = search_words(text)
        if not words:
            return self.none()
        return self.filter(
            *(
                Q(search_key__contains=word)
                | Q(code__istartswith=word)
                | Q(postal_codes__contains=word)
                | Q(former_codes__contains=word.upper())
                for word in words
            )
        )


class Commune(models.Model):
    class Kind(models.TextChoices):
        COMMUNE = "COM", "commune"
        DELEGATED = "COMD", "commune déléguée"
        ASSOCIATED = "COMA", "commune associée"
        MUNICIPAL = "ARM", "arrondissement municipal"

    id = models.AutoField(primary_key=True)
    code = models.CharField("code Insee", max_length=5, unique=True)
    name = models.CharField("nom", max_length=80)  # with its article: Le Thillot
    bare_name = models.CharField("nom sans article", max_length=80)  # Thillot
    of_name = models.CharField("complément du nom", max_length=90)  # du Thillot
    # Names that people still use: the delegated commune that has its parent's very code.
    other_names = models.CharField("autres noms", max_length=200, blank=True)
    kind = models.CharField("type", max_length=4, choices=Kind, default=Kind.COMMUNE)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts",
        verbose_name="commune de rattachement",
    )  # fmt: skip
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="communes", verbose_name="département"
    )
    arrondissement = models.ForeignKey(
        Arrondissement, models.PROTECT, null=True, blank=True, related_name="communes",
        verbose_name="arrondissement",
    )  # fmt: skip
    epci = models.ForeignKey(
        Epci, models.PROTECT, null=True, blank=True, related_name="communes", verbose_name="EPCI"
    )
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    postal_codes = models.CharField("codes postaux", max_length=200, blank=True)
    # Insee codes of the communes it absorbed: old files and old reports still say them.
    former_codes = models.CharField("anciens codes Insee", max_length=200, blank=True)
    # Town hall, or a point inside the outline: whole metres in the projection department.srid.
    centre_x = models.IntegerField("abscisse du centre (m)", null=True, blank=True)
    centre_y = models.IntegerField("ordonnée du centre (m)", null=True, blank=True)
    # Told from the national list, whether or not that other department is loaded: what lies
    # beyond is not counted here, so a figure of such a commune and its neighbours misses a side.
    is_on_border = models.BooleanField("limitrophe d’un autre département", db_default=False)
    # Polygons > rings (first the outside, then holes) > flat [x0, y0, x1, y1, …]: whole metres in
    # the projection department.srid, last point not repeated. Null when the source has none.
    outline = models.JSONField("contour", null=True, blank=True)

    # What the rule says (services.territory.competence), what a person corrected, what holds.
    derived_zone = models.CharField("zone selon la règle", max_length=11, choices=Zone)
    zone_override = models.CharField(
        "zone corrigée", max_length=11, choices=Zone, null=True, blank=True
    )
    zone = models.GeneratedField(
        expression=Coalesce("zone_override", "derived_zone"),
        output_field=models.CharField("zone", max_length=11, choices=Zone),
        db_persist=True,
    )
    derived_court = models.ForeignKey(
        Court, models.PROTECT, null=True, related_name="+", verbose_name="tribunal selon la règle"
    )
    court_override = models.ForeignKey(
        Court, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="tribunal corrigé",
    )  # fmt: skip
    # PostgreSQL cannot generate a foreign key: save() writes it and a constraint holds it.
    court = models.ForeignKey(
        Court, models.PROTECT, null=True, editable=False, related_name="communes",
        verbose_name="tribunal compétent",
    )  # fmt: skip
    override_reason = models.CharField("motif de la correction", max_length=200, blank=True)

    # The year of the first list where the commune no longer stands (merger, new code).
    retired_in = models.PositiveSmallIntegerField("hors liste depuis", null=True, blank=True)
    sort_key = folded_column("name")
    search_key = folded_column("name", models.Value(" "), "other_names")

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["sort_key", "code"]
        indexes = [
            GinIndex(OpClass(F("search_key"), name="gin_trgm_ops"), name="commune_search_trgm"),
            models.Index(fields=["department", "sort_key"], name="commune_by_department"),
        ]
        constraints = [
            models.CheckConstraint(
                name="commune_court_is_override_or_derived",
                # Every term tests for null first: a check that yields null lets the row pass.
                condition=Q(court_override=None, derived_court=None, court=None)
                | Q(
                    court_override=None,
                    derived_court__isnull=False,
                    court__isnull=False,
                    court=F("derived_court"),
                )
                | Q(
                    court_override__isnull=False,
                    court__isnull=False,
                    court=F("court_override"),
                ),
            ),
            models.CheckConstraint(
                name="commune_override_has_a_reason",
                condition=Q(zone_override=None, court_override=None) | ~Q(override_reason=""),
                violation_error_message="Indiquez le motif de la correction.",
            ),
            models.CheckConstraint(
                name="commune_part_has_a_parent",
                condition=Q(kind="COM", parent=None) | (~Q(kind="COM") & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="commune_centre_is_whole",
                condition=Q(centre_x=None, centre_y=None)
                | Q(centre_x__isnull=False, centre_y__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.court_id = self.court_override_id or self.derived_court_id
        fields = kwargs.get("update_fields")
        if fields and {"court_override", "derived_court"} & set(fields):
            kwargs["update_fields"] = {*fields, "court"}
        super().save(*args, **kwargs)

    def neighbours(self):
        """Communes that touch this one, in the departments that are loaded."""
        # Two subqueries, not two joins: a join would repeat each commune per link of its own.
        return Commune.objects.filter(
            Q(pk__in=self.links_as_first.values("second"))
            | Q(pk__in=self.links_as_second.values("first"))
        )


class NeighbourLink(models.Model):
    """Two communes whose outlines touch, in one department or across a border.

    Each pair is one row (first.pk < second.pk): touching has no direction, and two rows could
    disagree. The links are those of the geography year of the department, which `load_territory`
    replaces with it; across a border, those of the department loaded last.
    """

    first = models.ForeignKey(Commune, models.CASCADE, related_name="links_as_first")
    second = models.ForeignKey(Commune, models.CASCADE, related_name="links_as_second")

    class Meta:
        verbose_name = "communes limitrophes"
        verbose_name_plural = "communes limitrophes"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="neighbour_link_once"),
            models.CheckConstraint(
                name="neighbour_link_in_order", condition=Q(first__lt=F("second"))
            ),
        ]

    def __str__(self):
        return f"{self.first} – {self.second}"


class NeighbourhoodQuerySet(models.QuerySet):
    def in_force(self):
        """Those of the last file loaded, and those that no file has."""
        return self.filter(retired_in=None)

    def of(self, department):
        return self.filter(commune__department=department)

    def with_others(self):
        """Each with its `others` at hand, in the same query."""
        beyond = Neighbourhood.other_communes.through.objects.filter(neighbourhood=OuterRef("pk"))
        return self.annotate(others=ArraySubquery(beyond.order_by("commune").values("commune")))


class Neighbourhood(models.Model):
    """A part of a commune that has a name; priority neighbourhoods (QPV) have a national code.

    Some lie in several communes: `commune` holds most of it, `other_communes` the rest. All are of
    one department. With an outline, it comes from a file and is a level that figures are told by,
    one level a kind: a QRR and a QPV may cover the same ground.
    """

    class Kind(models.TextChoices):
        PRIORITY = "QPV", "quartier prioritaire de la politique de la ville"
        REPUBLICAN = "QRR", "quartier de reconquête républicaine"
        DISTRICT = "quartier", "quartier"

    commune = models.ForeignKey(
        Commune, models.PROTECT, related_name="neighbourhoods", verbose_name="commune"
    )
    other_communes = models.ManyToManyField(
        Commune, related_name="+", blank=True, verbose_name="autres communes"
    )
    # One priority neighbourhood of Roubaix lists a dozen places.
    name = models.CharField("nom", max_length=250)
    kind = models.CharField("type", max_length=8, choices=Kind, default=Kind.DISTRICT)
    code = models.CharField("code national", max_length=20, null=True, blank=True, unique=True)
    # As Commune.outline. Of those from a file, which says the year; the others have neither.
    outline = models.JSONField("contour", null=True, blank=True)
    year = models.PositiveSmallIntegerField("millésime", null=True, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    # The year of the first file where it no longer stands.
    retired_in = models.PositiveSmallIntegerField("hors liste depuis", null=True, blank=True)
    sort_key = folded_column("name")

    objects = NeighbourhoodQuerySet.as_manager()

    class Meta:
        verbose_name = "quartier"
        ordering = ["commune", "sort_key"]
        constraints = [
            # A code is enough to tell two apart; so is a year out of the list.
            models.UniqueConstraint(
                fields=["commune", "kind", "sort_key"],
                condition=Q(code=None, retired_in=None),
                name="neighbourhood_once",
                violation_error_message="Ce quartier existe déjà dans cette commune.",
            ),
            models.CheckConstraint(
                name="neighbourhood_of_a_file_has_a_year",
                condition=Q(year__isnull=False) | Q(outline__isnull=True, retired_in=None),
            ),
        ]

    def __str__(self):
        kind = "" if self.kind == self.Kind.DISTRICT else f", {self.kind}"
        return f"{self.name} ({self.commune}{kind})"

    @cached_property
    def others(self):
        """Keys of the other communes, see `NeighbourhoodQuerySet.with_others`."""
        return list(self.other_communes.order_by("pk").values_list("pk", flat=True))

    def lies_in(self, commune):
        return commune.pk in (self.commune_id, *self.others)
