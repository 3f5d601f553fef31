"""One line of the journal: text only, so that it outlives what it speaks of."""

import pgtrigger
from django.db import models
from django.utils import timezone


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

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "lignes du journal"
        indexes = [
            models.Index(models.F("at").desc(), models.F("id").desc(), name="entry_recent"),
            models.Index("target", models.F("at").desc(), name="entry_target"),
            models.Index("member_id", models.F("at").desc(), name="entry_member"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'the journal is append-only';",
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.verb} {self.target}"
