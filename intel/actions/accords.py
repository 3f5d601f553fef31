"""What a handling code forbids without the owner's accord: asked for, given until a day or not."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cross.audit import journal
from intel import access
from intel.actions import announcing, holding
from intel.actions.granting import Granting
from intel.models import HandlingAccord

LONGEST_DAYS = 365
USUAL_DAYS = 30


@transaction.atomic
def ask(report, *, by, recipient, why):
    """Ask the owner to let `report` leave our unit, for `recipient`."""
    holding.lock(report)
    if not access.held_reports(by).filter(pk=report.pk).exists():
        raise ValidationError("Cette fiche peut déjà sortir de votre unité.")
    waiting = access.own_accords(by).filter(report=report, decision="")
    if waiting.exists():
        raise ValidationError("Votre unité a déjà demandé cet accord : il attend une réponse.")
    accord = HandlingAccord.objects.create(
        report=report, unit=by.unit, recipient=recipient, why=why, asked_by=by
    )
    journal.record(by, "accord.asked", report, why=why, recipients=f"{by.unit}, pour {recipient}")
    announcing.asked("accord.asked", accord, to=report.owner, by=by)
    return accord


def _to_whom(accord):
    return f"{accord.unit}, pour {accord.recipient}"


ACCORDS = Granting(
    rows=access.decidable_accords,
    related="unit",
    to_whom=_to_whom,
    granted="accord.given",
    declined="accord.declined",
    longest_days=LONGEST_DAYS,
)


@transaction.atomic
def accept(accord, *, by, until, answer=""):
    """Let the report leave the unit that asked, until the end of a day."""
    ACCORDS.grant(accord, by=by, until=until, answer=answer)
    announcing.answered("accord.decided", accord, to=accord.unit, by=by)


@transaction.atomic
def decline(accord, *, by, answer=""):
    ACCORDS.decline(accord, by=by, answer=answer)
    announcing.answered("accord.decided", accord, to=accord.unit, by=by)


@transaction.atomic
def withdraw(accord, *, by):
    accord = holding.waiting(access.withdrawable_accords(by), accord, "unit")
    accord.decide(HandlingAccord.Decision.WITHDRAWN, by=by)
    announcing.forget_asked(accord)
    journal.record(by, "accord.withdrawn", accord.report)
