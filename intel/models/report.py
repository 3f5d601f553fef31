"""One piece of intelligence, and the fact it speaks of."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone

from cross.guard import GuardedQuerySet
from intel.models.choices import Handling, InformationGrade, Mode, Origin, Product, SourceGrade
from intel.states import AWAITING_TRIAGE, LIVE, WAITING, State


class Audience(models.IntegerChoices):
    """Which level of grants speaks. The database's own default is the closed one."""

    PROTOCOL = 0, "Toutes les unités contributrices"
    RESTRICTED = 1, "Unités nommées"


class Fact(models.Model):
    """The event or situation behind one or several reports: what statistics count."""

    department = models.ForeignKey("services.Department", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "fait"

    def __str__(self):
        return f"fait {self.pk}"


OPENING = 200  # characters of the facts, enough for a title


class ReportQuerySet(GuardedQuerySet):
    """The vocabulary of the trade; none of these says who may see."""

    def recent_first(self):
        return self.order_by("department", F("received_at").desc(), F("id").desc())

    def awaiting_triage(self):
        return self.filter(state__in=AWAITING_TRIAGE)

    def owned_by(self, unit):
        return self.filter(owner=unit)

    def with_opening(self):
        """Enough for the title of rows whose facts are left where they are."""
        return self.annotate(opening=Left("facts", OPENING))


def title_of(subject, facts):
    """The subject, or the first words of the facts, with the apostrophe of print: a title is
    ours, while the texts are shown as they were typed."""
    line = (subject or facts).strip().splitlines()[0].replace("'", "’")
    if subject or len(line) <= 90:
        return line
    return line[:90].rsplit(" ", 1)[0] + "…"


# In the queues of the cell, what is urgent comes first; as the index report_waiting has it.
URGENT_FIRST = Case(
    When(state=State.URGENT, then=Value(0)), default=Value(1), output_field=IntegerField()
)


class Report(models.Model):
    reference = models.CharField("référence", max_length=24, unique=True, editable=False)
    department = models.ForeignKey(
        "services.Department",
        models.PROTECT,
        db_index=False,  # every index below starts with it
        related_name="reports",
        verbose_name="département",
    )
    audience = models.SmallIntegerField(
        "diffusion", choices=Audience, db_default=Audience.RESTRICTED
    )
    state = models.CharField("état", max_length=16, choices=State, default=State.RECEIVED)
    version = models.PositiveIntegerField(default=1, editable=False)

    # Who carried it, and where it comes from.
    owner = models.ForeignKey(
        "services.Unit", models.PROTECT, related_name="reports",
        db_index=False,  # report_of_unit begins with it
        verbose_name="unité contributrice",
    )  # fmt: skip
    author = models.ForeignKey(
        "services.Member", models.PROTECT, related_name="reports", verbose_name="rédacteur"
    )
    # After a hand-over: whose report it was first, and whether the others are told.
    first_owner = models.ForeignKey(
        "services.Unit", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name="unité d’origine",
    )  # fmt: skip
    hides_first_owner = models.BooleanField(default=False, db_default=False, editable=False)
    origin = models.CharField("origine", max_length=16, choices=Origin)
    source_code = models.CharField(
        "code de la source",
        max_length=40,
        blank=True,
        help_text="Code opaque, lisible par votre seule unité. Jamais un nom.",
    )

    # What was seen or told, and what the analyst thinks of it: two texts, two authors.
    subject = models.CharField("objet", max_length=160, blank=True)
    facts = models.TextField("faits observés ou rapportés", max_length=20_000)
    comment = models.TextField("commentaire de l’analyste", max_length=20_000, blank=True)
    comment_by = models.ForeignKey(
        "services.Member", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="auteur du commentaire",
    )  # fmt: skip

    # Where.
    commune = models.ForeignKey(
        "services.Commune", models.PROTECT, related_name="reports", verbose_name="commune"
    )
    neighbourhood = models.ForeignKey(
        "services.Neighbourhood", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="quartier",
    )  # fmt: skip
    place = models.CharField("lieu", max_length=200, blank=True)

    # When: a day, a span of days, or "non précisé".
    occurred_on = models.DateField("date des faits", null=True, blank=True)
    occurred_until = models.DateField("jusqu’au", null=True, blank=True)
    # Until when it may be taken as it is; after that day, somebody goes and sees.
    valid_until = models.DateField("information valable jusqu’au", null=True, blank=True)
    days_and_hours = models.CharField("jours et créneaux", max_length=200, blank=True)
    received_at = models.DateTimeField("reçu le", default=timezone.now)
    created_at = models.DateTimeField("enregistré le", default=timezone.now, editable=False)
    # Which entry form sent it, and what the form said: sent twice, it is recorded once.
    entry_key = models.CharField(max_length=32, null=True, editable=False)

    products = ArrayField(
        models.CharField(max_length=20, choices=Product),
        default=list,
        blank=True,
        verbose_name="produits",
    )
    modes = ArrayField(
        models.CharField(max_length=20, choices=Mode),
        default=list,
        blank=True,
        verbose_name="modes opératoires",
    )
    vehicles = models.CharField("véhicules", max_length=300, blank=True)
    persons = models.CharField("individus (nombre, signalement)", max_length=500, blank=True)

    # Two separate choices, never combined.
    source_grade = models.CharField(
        "cotation de la source", max_length=1, choices=SourceGrade, blank=True
    )
    information_grade = models.CharField(
        "cotation de l’information", max_length=1, choices=InformationGrade, blank=True
    )
    handling = models.CharField(
        "code d’exploitation", max_length=2, choices=Handling, default=Handling.H0
    )
    handling_note = models.CharField("précision sur l’exploitation", max_length=300, blank=True)

    fact = models.ForeignKey(
        Fact, models.PROTECT, related_name="reports",
        db_index=False,  # report_of_fact begins with it
        verbose_name="fait",
    )  # fmt: skip
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", editable=False,
        verbose_name="doublon de",
    )  # fmt: skip

    search = models.GeneratedField(
        expression=Func("subject", "facts", "comment", "place", function="report_search"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = "renseignement"
        permissions = [
            ("read_report", "Lit ce renseignement"),
            ("complete_report", "Complète ce renseignement"),
        ]
        indexes = [
            models.Index(
                "department", F("received_at").desc(), F("id").desc(), name="report_dept_recent"
            ),
            # Whatever the list and its facets count is in it: the rows themselves stay unread.
            models.Index(
                fields=["department", "audience", "received_at"],
                include=["id", "commune", "state", "owner", "origin", "products"],
                name="report_cover",
            ),
            models.Index(
                "department", "commune", F("received_at").desc(), name="report_dept_commune"
            ),
            models.Index(F("received_at").desc(), F("id").desc(), name="report_recent"),
            # The queues of the cell, in their order, and how many stand in each state of a live
            # report: few, whatever the department has piled up.
            models.Index(
                "department",
                URGENT_FIRST,
                "received_at",
                "id",
                condition=Q(state__in=sorted(WAITING)),
                name="report_waiting",
            ),
            models.Index(
                fields=["department", "state", "received_at"],
                include=["id", "audience", "owner"],
                condition=Q(state__in=sorted(LIVE)),
                name="report_live",
            ),
            models.Index(
                fields=["owner", "state"],
                include=["id", "audience", "department"],
                name="report_of_unit",
            ),
            # Which facts were told twice, and by whom: asked of a whole department.
            models.Index(
                fields=["fact"],
                include=["department", "audience", "state", "origin"],
                name="report_of_fact",
            ),
            models.Index(
                fields=["department", "valid_until"],
                condition=Q(valid_until__isnull=False),
                name="report_to_recheck",
            ),
            # Written in the order of time: a few pages say what is new since a visit.
            BrinIndex(fields=["created_at"], name="report_created"),
            GinIndex(fields=["department", "search"], name="report_dept_search", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "entry_key"], name="report_entered_once"),
            models.CheckConstraint(
                name="report_span_in_order",
                condition=Q(occurred_until=None)
                | Q(occurred_on__isnull=False, occurred_until__gte=F("occurred_on")),
                violation_error_message="La fin des faits doit suivre leur début.",
            ),
            models.CheckConstraint(
                name="report_comment_has_an_author",
                condition=Q(comment="") | Q(comment_by__isnull=False),
            ),
            models.CheckConstraint(
                name="report_h3_says_what",
                condition=~Q(handling="H3") | ~Q(handling_note=""),
                violation_error_message="Avec H3, précisez la restriction.",
            ),
            models.CheckConstraint(
                name="report_duplicate_names_the_original",
                condition=~Q(state="doublon") | Q(duplicate_of__isnull=False),
            ),
            models.CheckConstraint(
                name="report_hides_the_unit_that_handed_it_over",
                condition=Q(hides_first_owner=False) | Q(first_owner__isnull=False),
            ),
            models.CheckConstraint(
                name="report_has_facts", condition=~Q(facts=""),
                violation_error_message="Décrivez les faits.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("report_page", args=[self.reference])

    @property
    def journal_reference(self):
        return self.reference

    @property
    def journal_department(self):
        """Where the line is read: the report's own department, whoever came to read it."""
        return self.reference.split("-")[1]

    @property
    def contributor(self):
        """The unit that brought it, which hears of its end whoever holds it since."""
        return self.first_owner or self.owner

    @property
    def title(self):
        return title_of(self.subject, getattr(self, "opening", None) or self.facts)

    @property
    def grade(self):
        """Both letters as people write them side by side; empty until both are given."""
        return self.source_grade + self.information_grade if self.is_graded else ""

    @property
    def is_graded(self):
        return bool(self.source_grade and self.information_grade)

    @property
    def is_to_recheck(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_restricted(self):
        return self.audience == Audience.RESTRICTED

    @property
    def product_labels(self):
        return [Product(code).label for code in self.products]

    @property
    def mode_labels(self):
        return [Mode(code).label for code in self.modes]


class ReferenceCounter(models.Model):
    """The last number given in a series; its row is locked while one is taken."""

    department = models.ForeignKey("services.Department", models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "year", "kind"], name="one_counter"),
        ]

    def __str__(self):
        return f"{self.kind} {self.department_id} {self.year}: {self.last}"
