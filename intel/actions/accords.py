"""What a handling code forbids without the owner's accord: asked for, given until a day or not."""

from django.core.exceptions import ValidationError
from django.db import transaction

from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import days, holding
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
    return accord


@transaction.atomic
def accept(accord, *, by, until, answer=""):
    """Let the report leave the unit that asked, until the end of a day."""
    days.check_day("until", until, most=LONGEST_DAYS, with_today=True)
    accord = holding.waiting(access.decidable_accords(by), accord, "unit")
    accord.decide(HandlingAccord.Decision.ACCEPTED, by=by, until=until, answer=answer)
    journal.record(
        by,
        "accord.given",
        accord.report,
        why=answer or accord.why,
        recipients=f"{accord.unit}, pour {accord.recipient}, jusqu’au {day(until)}",
    )


@transaction.atomic
def decline(accord, *, by, answer=""):
    accord = holding.waiting(access.decidable_accords(by), accord, "unit")
    accord.decide(HandlingAccord.Decision.DECLINED, by=by, answer=answer)
    journal.record(
        by,
        "accord.declined",
        accord.report,
        why=answer,
        recipients=f"{accord.unit}, pour {accord.recipient}",
    )


@transaction.atomic
def withdraw(accord, *, by):
    accord = holding.waiting(access.withdrawable_accords(by), accord, "unit")
    accord.decide(HandlingAccord.Decision.WITHDRAWN, by=by)
    journal.record(by, "accord.withdrawn", accord.report)
