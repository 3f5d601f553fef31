"""The numbered brief of the local strategy, its life, and the register of its printed copies."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.rows import Addressed, OfADepartment
from intel.edition_states import PUBLIC, Bench, EditionState
from intel.models.summary import Summary

PUBLISHED_STATES = [str(state) for state in PUBLIC]


class Edition(OfADepartment, models.Model):
    """Words around frozen figures. Once published, the database lets nothing of it change.

    `corrects` is the note of the same period that this one replaces when it is published;
    `follows` the one that it is compared with.
    """

    State = EditionState

    number = models.CharField("numéro", max_length=24, unique=True, editable=False)
    department = models.ForeignKey("services.Department", models.PROTECT, related_name="editions")
    summary = models.ForeignKey(Summary, models.PROTECT, related_name="editions")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", verbose_name="rectifie"
    )
    why = models.CharField("motif de la rectification", max_length=300, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="comparée à"
    )
    title = models.CharField("titre", max_length=160)
    # The words of the prefecture, a text a section: see intel.reading.brief_sections.
    words = models.JSONField("textes", default=dict)
    # The figures as they stood when the edition was made; never edited, digest below.
    figures = models.JSONField("chiffres", default=dict)
    figures_digest = models.CharField("empreinte des chiffres", max_length=64)
    # What else is frozen, a part a name: see intel.reading.edition_parts.
    parts = models.JSONField("éléments figés", default=dict)
    parts_digest = models.CharField("empreinte des éléments figés", max_length=64, blank=True)
    # Of all that is printed, from the first validation on: see intel.reading.frozen.seal_of.
    seal = models.CharField("empreinte de la note", max_length=64, blank=True)
    state = models.CharField("état", max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)
    published_at = models.DateTimeField("publiée le", null=True)
    replaced_at = models.DateTimeField("remplacée le", null=True)

    class Meta:
        verbose_name = "note de stratégie locale"
        verbose_name_plural = "notes de stratégie locale"
        constraints = [
            models.CheckConstraint(
                name="edition_sealed_out_of_draft",
                condition=Q(state="brouillon", seal="") | (~Q(state="brouillon") & ~Q(seal="")),
            ),
            models.CheckConstraint(
                name="edition_dated_as_its_state",
                condition=Q(
                    state="remplacee", published_at__isnull=False, replaced_at__isnull=False
                )
                | Q(state="publiee", published_at__isnull=False, replaced_at=None)
                | (
                    ~Q(state__in=["publiee", "remplacee"]) & Q(published_at=None, replaced_at=None)
                ),
            ),
            models.CheckConstraint(
                name="edition_says_why_it_corrects",
                condition=Q(corrects=None, why="") | (Q(corrects__isnull=False) & ~Q(why="")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_never_changes",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__state__in=PUBLISHED_STATES),
                func="""
                    IF to_jsonb(NEW) - 'state' - 'replaced_at'
                        IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'replaced_at'
                        OR (NEW.state <> OLD.state
                            AND NOT (OLD.state = 'publiee' AND NEW.state = 'remplacee'))
                    THEN
                        RAISE EXCEPTION 'a published note never changes';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="published_never_erased",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=PUBLISHED_STATES),
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def is_draft(self):
        return self.state == EditionState.DRAFT

    @property
    def is_public(self):
        return self.state in PUBLIC

    @property
    def is_in_force(self):
        return self.state == EditionState.PUBLISHED

    @property
    def journal_reference(self):
        return self.number


class EditionStep(models.Model):
    """What somebody did to one version of an edition, on whose behalf; never changed.

    Validations are those of the present version: a note sent back has another one.
    """

    class Kind(models.TextChoices):
        VALIDATED = "validee", "Validée"
        SENT_BACK = "renvoyee", "Renvoyée en rédaction"
        PUBLISHED = "publiee", "Publiée"
        REPLACED = "remplacee", "Remplacée"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    kind = models.CharField("étape", max_length=10, choices=Kind)
    bench = models.CharField("au nom de", max_length=10, choices=Bench)
    court = models.ForeignKey("services.Court", models.PROTECT, null=True, related_name="+")
    why = models.CharField("motif", max_length=300, blank=True)
    by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "étape d’une note"
        verbose_name_plural = "étapes d’une note"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="edition_step_of_a_bench",
                condition=Q(bench="prefecture", court=None)
                | Q(bench="parquet", court__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_sent_back_says_why", condition=~Q(kind="renvoyee") | ~Q(why="")
            ),
            # Two persons: nobody validates the same text twice, on whatever behalf.
            models.UniqueConstraint(
                fields=["edition", "version", "by"],
                condition=Q(kind="validee"),
                name="one_validation_a_person",
            ),
            models.UniqueConstraint(
                fields=["edition", "version", "bench", "court"],
                condition=Q(kind="validee"),
                nulls_distinct=False,
                name="one_validation_a_bench",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="edition_steps_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} le {self.at:%d/%m/%Y}"

    @property
    def behalf(self):
        """ "la préfecture", "le parquet, Tribunal judiciaire d’Épinal"."""
        return (
            f"{self.get_bench_display()}, {self.court}" if self.court else self.get_bench_display()
        )


class PrintedCopy(Addressed):
    """One copy: its number, for whom, by whom, why, and the digest of the very file."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="copies")
    copy_number = models.PositiveIntegerField("exemplaire n°")
    version = models.PositiveIntegerField("version imprimée")
    recipient = models.CharField("destinataire", max_length=150)
    reason = models.CharField("motif", max_length=200)
    printed_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    printed_at = models.DateTimeField("imprimé le", default=timezone.now)
    sha256 = models.CharField("empreinte du fichier", max_length=64)
    # Which form asked for it and what the form said, see `intel.actions.once`: copies printed
    # together share it, and it is the address of their page. None: asked for without a form.
    entry_key = models.CharField(max_length=32, null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = "exemplaire imprimé"
        verbose_name_plural = "exemplaires imprimés"
        constraints = [
            models.UniqueConstraint(fields=["edition", "copy_number"], name="one_copy_a_number"),
        ]

    def __str__(self):
        return f"{self.edition_id} n° {self.copy_number}"

    @property
    def journal_reference(self):
        return f"{self.edition.number} exemplaire {self.copy_number}"

    @property
    def journal_department(self):
        return self.edition.journal_department
