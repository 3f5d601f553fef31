"""What is added to a report: identifiers, files, complements."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from cross import drawing
from cross.guard import HangingManager, HangingQuerySet
from cross.rows import Addressed, EnteredOnce, Quarantined
from intel.models.choices import IdentifierKind
from intel.models.report import Report


def words_of(name):
    """Of « durand leo|1999-03-12 », the words; see `intel.extraction.identifiers`."""
    return _part_of(name, 1)


def birth_of(name):
    """Of « durand leo|1999-03-12 », the day of birth, or nothing."""
    return _part_of(name, 2)


def _part_of(name, rank):
    parts = (F(name), Value("|"), Value(rank))
    return Func(*parts, function="split_part", output_field=models.TextField())


class Identifier(Addressed):
    """What can be matched exactly once normalised; it lives in a report and dies with it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="identifiers")
    kind = models.CharField("type", max_length=8, choices=IdentifierKind)
    raw = models.CharField("tel qu’écrit", max_length=120)
    value = models.CharField("normalisé", max_length=120)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta:
        verbose_name = "identifiant"
        indexes = [
            models.Index(fields=["kind", "value"], name="identifier_value"),
            # Names alike: those of the same words, those of the same birth.
            models.Index(
                words_of("value"), condition=Q(kind="name"), name="identifier_words_of_name"
            ),
            models.Index(
                birth_of("value"), condition=Q(kind="name"), name="identifier_birth_of_name"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["report", "kind", "value"], name="identifier_once"),
        ]

    def __str__(self):
        return self.raw


def folder_of(report):
    """Where the files of a report are, from its number: found again once its rows are gone."""
    return f"attachments/{report}"


def place_of(attachment, name):
    return f"{folder_of(attachment.report_id)}/{name}"


class Attachment(Addressed, EnteredOnce, Quarantined):
    """A file of a report; served through the gate, named by chance on the disk.

    One that came with a human source is read by its unit alone, until somebody of that unit has
    said that it gives nothing of the source away.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="attachments")
    reserved_to = models.ForeignKey(
        "services.Unit", models.PROTECT, null=True, editable=False, related_name="+"
    )

    file = models.FileField(upload_to=place_of)
    sha256 = models.CharField(max_length=64)
    # How many pages are drawn; not known before the worker has looked.
    previews = models.PositiveSmallIntegerField(null=True)
    preview_note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta(EnteredOnce.Meta):
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"

    @property
    def journal_reference(self):
        return f"{self.report.reference} pièce {self.pk}"

    @property
    def is_drawn(self):
        """Of a type whose pages are shown."""
        return self.content_type in drawing.DRAWN

    @property
    def pages(self):
        return range(1, (self.previews or 0) + 1)

    def preview_name(self, rank):
        return f"{self.file.name}.{rank}.webp"

    def file_names(self):
        """Of the original and of what is drawn of it, as they are stored."""
        return [self.file.name, *map(self.preview_name, self.pages)]

    def erase_previews(self):
        """Those that this row has not heard of too: the worker may have drawn them since."""
        for rank in range(1, drawing.MOST_PAGES + 1):
            self.file.storage.delete(self.preview_name(rank))

    def erase_files(self):
        self.erase_previews()
        self.file.delete(save=False)


class Complement(Addressed, EnteredOnce):
    """What a reader adds to a report, under his own name."""

    REMOVABLE_MINUTES = 60

    report = models.ForeignKey(Report, models.CASCADE, related_name="complements")
    text = models.TextField("complément", max_length=5_000)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = HangingManager()

    class Meta(EnteredOnce.Meta):
        verbose_name = "complément"
        indexes = [BrinIndex(fields=["at"], name="complement_at")]
        ordering = ("at", "pk")

    def __str__(self):
        return f"complément {self.pk} de {self.report_id}"


class MentionQuerySet(HangingQuerySet):
    hangs_on = "complement"


class Mention(models.Model):
    """A unit to which a complement is addressed; it read the report that day."""

    complement = models.ForeignKey(
        Complement, models.CASCADE, related_name="mentions",
        db_index=False,  # one_mention_a_unit begins with it
    )  # fmt: skip
    unit = models.ForeignKey("services.Unit", models.PROTECT, related_name="+")

    objects = models.Manager.from_queryset(MentionQuerySet)()

    class Meta:
        verbose_name = "unité interpellée"
        verbose_name_plural = "unités interpellées"
        constraints = [
            models.UniqueConstraint(fields=["complement", "unit"], name="one_mention_a_unit"),
        ]

    def __str__(self):
        return f"{self.unit_id} dans {self.complement_id}"
