"""A factor is lost: one person asks that it be withdrawn, another confirms."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cross.rows import Addressed, by_somebody


class FactorWithdrawal(Addressed):
    """Nothing changes while it waits: what is lost is withdrawn once a second person confirms.

    The provisional password is that of whoever asks, so that neither of the two opens the account
    alone; it is kept as a password is, and forgotten once decided.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Accordé"
        DECLINED = "declined", "Refusé"
        WITHDRAWN = "withdrawn", "Retiré"

    member = models.ForeignKey("services.Member", models.CASCADE, related_name="+")
    reason = models.CharField("motif", max_length=200)
    password = models.CharField(max_length=128, blank=True, editable=False)
    asked_by = models.ForeignKey("services.Member", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    decision = models.CharField("décision", max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey("services.Member", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("décidé le", null=True)

    class Meta:
        verbose_name = "retrait d’un second facteur"
        verbose_name_plural = "retraits de seconds facteurs"
        ordering = ["asked_at", "pk"]
        constraints = [
            by_somebody("withdrawal_decided_by_somebody", by="decided_by", at="decided_at"),
            models.CheckConstraint(
                name="withdrawal_forgets_its_password_once_decided",
                condition=Q(decision="", decided_at=None)
                | (~Q(decision="") & Q(password="", decided_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["member"], condition=Q(decision=""), name="one_withdrawal_asked_at_a_time"
            ),
            models.CheckConstraint(
                name="withdrawal_confirmed_by_a_second_person",
                condition=~Q(decision="accepted")
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("member"))),
                violation_error_message="Une seconde personne confirme le retrait.",
            ),
        ]

    def __str__(self):
        return f"retrait demandé pour {self.member_id}"

    @property
    def journal_reference(self):
        return self.member.journal_reference

    def decide(self, decision, *, by):
        self.decision, self.decided_by, self.decided_at = decision, by, timezone.now()
        self.password = ""
        self.save(update_fields=["decision", "decided_by", "decided_at", "password"])
