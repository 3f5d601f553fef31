"""The journal, and what keeps it: text only, so that it outlives what it speaks of."""

import uuid
from functools import cached_property

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cross.audit.verifier import Anchor, Kept

EMPTIED = pgtrigger.Trigger(
    name="never_emptied",
    operation=pgtrigger.Truncate,
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    func="RAISE EXCEPTION 'the journal is append-only';",
)


class Transaction(models.Func):
    """The number of the transaction that writes the row."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class Operation(models.TextChoices):
    """The six operations of article 25 of directive (EU) 2016/680, and refusals."""

    COLLECTION = "collecte", "Collecte"
    CHANGE = "modification", "Modification"
    CONSULTATION = "consultation", "Consultation"
    COMMUNICATION = "communication", "Communication"
    COMBINATION = "rapprochement", "Interconnexion"
    ERASURE = "effacement", "Effacement"
    REFUSAL = "refus", "Refus"


class Entry(models.Model):
    at = models.DateTimeField("date et heure", default=timezone.now, editable=False)
    operation = models.CharField("opération", max_length=16, choices=Operation)
    verb = models.CharField("action", max_length=40)
    member_id = models.BigIntegerField("numéro de l’agent", null=True)
    who = models.CharField("agent", max_length=150)
    unit = models.CharField("unité", max_length=150, blank=True)
    role = models.CharField("rôle", max_length=40, blank=True)
    department = models.CharField("département", max_length=3, blank=True)
    target = models.CharField("référence", max_length=120)
    why = models.CharField("motif", max_length=300, blank=True)
    recipients = models.CharField("destinataires", max_length=300, blank=True)
    # Given by the database: rows of transactions that have ended are complete, whatever their
    # numbers, and can be sealed (cross.audit.sealing).
    tx = models.BigIntegerField("transaction", db_default=Transaction(), editable=False)

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "lignes du journal"
        indexes = [
            models.Index(models.F("at").desc(), models.F("id").desc(), name="entry_recent"),
            models.Index("target", models.F("at").desc(), name="entry_target"),
            models.Index("member_id", models.F("at").desc(), name="entry_member"),
            models.Index("tx", "id", name="entry_transaction"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            EMPTIED,
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.verb} {self.target}"


class Seal(models.Model):
    """A batch of rows, sealed: the signed record, as it was anchored, and the inventory of rows.

    At the end of their term the rows go, and the inventory with them: the record stays, and the
    signed record of the removal joins it.
    """

    number = models.PositiveIntegerField("lot", primary_key=True)
    anchor = models.TextField("sceau")
    links = models.BinaryField("inventaire", null=True)
    removal = models.TextField("retrait", blank=True)

    class Meta:
        verbose_name = "sceau"
        verbose_name_plural = "sceaux"
        constraints = [
            models.CheckConstraint(
                name="seal_inventory_goes_with_its_rows",
                condition=Q(links__isnull=False, removal="") | (Q(links=None) & ~Q(removal="")),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="sealed", operation=pgtrigger.Update | pgtrigger.Delete),
            EMPTIED,
        ]

    def __str__(self):
        return f"lot {self.number}"

    @cached_property
    def signed(self):
        return Anchor.read(self.anchor)

    @property
    def record(self):
        return self.signed.record

    def as_kept(self):
        return Kept.read(
            self.number, self.anchor, lambda: self.links and bytes(self.links), self.removal
        )


class Check(models.Model):
    """One verification of the whole journal, and what it found."""

    at = models.DateTimeField("le", default=timezone.now)
    seconds = models.FloatField("durée")
    rows = models.PositiveIntegerField("lignes")
    batches = models.PositiveIntegerField("lots")
    sealed_until = models.DateTimeField("scellé jusqu’au", null=True)
    # [[sentence, batch or null, row or null]], the first ones; `found` counts all of them.
    findings = models.JSONField("constats", default=list)
    found = models.PositiveIntegerField("nombre de constats", default=0)

    class Meta:
        verbose_name = "vérification du journal"
        verbose_name_plural = "vérifications du journal"
        indexes = [models.Index(models.F("at").desc(), name="check_recent")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}, {self.found}"

    @property
    def is_sound(self):
        return not self.found


class Oddity(models.Model):
    """Something to look at again: lines of one agent that passed a threshold. Nobody is scored.

    Text only, like the lines it points at by agent and span: it goes when they go.
    """

    pattern = models.CharField("motif", max_length=20)
    member_id = models.BigIntegerField("numéro de l’agent")
    who = models.CharField("agent", max_length=150)
    unit = models.CharField("unité", max_length=150, blank=True)
    department = models.CharField("département", max_length=3, blank=True)
    began_at = models.DateTimeField("du")
    ended_at = models.DateTimeField("au")
    count = models.PositiveIntegerField("nombre")
    threshold = models.PositiveIntegerField("seuil")
    seen_at = models.DateTimeField("vu le", null=True)
    seen_by = models.CharField("vu par", max_length=150, blank=True)
    words = models.CharField("ce qui en est dit", max_length=300, blank=True)

    class Meta:
        verbose_name = "ligne à relire"
        verbose_name_plural = "lignes à relire"
        constraints = [
            models.UniqueConstraint(
                fields=["pattern", "member_id", "department", "began_at"],
                name="an_oddity_is_told_once",
            ),
            models.CheckConstraint(
                name="oddity_seen_by_somebody",
                condition=Q(seen_at=None, seen_by="", words="")
                | (Q(seen_at__isnull=False) & ~Q(seen_by="") & ~Q(words="")),
            ),
        ]
        indexes = [
            models.Index(models.F("began_at").desc(), models.F("id").desc(), name="oddity_recent")
        ]

    def __str__(self):
        return f"{self.pattern} {self.member_id} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def journal_reference(self):
        return f"ligne à relire {self.pk}"

    @property
    def journal_department(self):
        return self.department


class Handout(models.Model):
    """Lines of the journal for an authority: asked by one agent, written and signed by the worker.

    The file is kept some days; the row says for ever what was handed to whom.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.CharField("département", max_length=3)
    member_id = models.BigIntegerField("numéro de l’agent")
    who = models.CharField("demandé par", max_length=150)
    at = models.DateTimeField("demandé le", default=timezone.now)
    since = models.DateField("du", null=True)
    until = models.DateField("au", null=True)
    agent = models.CharField("agent ou unité", max_length=150, blank=True)
    reference = models.CharField("référence", max_length=120, blank=True)
    recipient = models.CharField("autorité destinataire", max_length=200)
    why = models.CharField("motif", max_length=300)
    job = models.UUIDField("travail", null=True, editable=False)
    finished_at = models.DateTimeField("terminé le", null=True)
    failure = models.CharField("échec", max_length=300, blank=True)
    rows = models.PositiveIntegerField("lignes", default=0)
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    file = models.FileField(upload_to="journal", blank=True)

    class Meta:
        verbose_name = "remise du journal"
        verbose_name_plural = "remises du journal"
        indexes = [models.Index(models.F("at").desc(), name="handout_recent")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.recipient}"

    @property
    def is_waiting(self):
        return self.finished_at is None

    @property
    def journal_reference(self):
        return f"export du journal {str(self.key)[:8]}"

    @property
    def journal_department(self):
        return self.department
