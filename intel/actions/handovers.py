"""A report handed over to another unit: proposed by its owner, accepted by the other or not."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from cross import gate
from cross.audit import journal
from intel import access
from intel.actions import announcing, holding, sharing
from intel.models import Handover


@transaction.atomic
def propose(report, *, by, target, why, hides_origin=False):
    """Ask another unit that reads the report to take it; nothing changes until it accepts."""
    current = holding.lock(report)
    if not access.transferable_reports(by).filter(pk=current.pk).exists():
        raise ValidationError("Ce transfert est déjà proposé, ou la fiche n’est plus la vôtre.")
    _check_target(current, target)
    proposed = Handover.objects.create(
        report=current,
        origin=current.owner,
        target=target,
        hides_origin=hides_origin,
        asked_by=by,
        why=why,
    )
    journal.record(by, "handover.proposed", current, why=why, recipients=_arrow(proposed))
    announcing.asked("handover.asked", proposed, to=target, by=by)
    return proposed


def _check_target(report, target):
    if not access.handover_targets(report).filter(pk=target.pk).exists():
        raise ValidationError(
            {"target": "Choisissez une unité qui lit déjà cette fiche et qui peut écrire."}
        )


def _arrow(handover):
    return f"{handover.origin} → {handover.target}"


@transaction.atomic
def accept(handover, *, by, answer=""):
    """The report changes owner. The first one stays named, keeps its raw text and its code."""
    report, handover = _decidable(handover, access.decidable_handovers, by)
    _check_target(report, handover.target)
    report.owner = handover.target
    report.first_owner = report.first_owner or handover.origin
    report.hides_first_owner = report.hides_first_owner or handover.hides_origin
    report.version += 1
    report.save(update_fields=["owner", "first_owner", "hides_first_owner", "version"])
    handover.decide(Handover.Decision.ACCEPTED, by=by, answer=answer)
    # A first person of the former owner is no first person of the new one.
    sharing.withdraw_waiting_release(report, by=by, because="la fiche a été transférée")
    gate.forget()
    if not access.audience_of(report).filter(pk=handover.origin_id).exists():
        raise ValidationError(
            f"{handover.origin} ne lirait plus cette fiche : le transfert n’a pas eu lieu."
        )
    journal.record(by, "handover.accepted", report, why=answer, recipients=_arrow(handover))
    announcing.answered("handover.decided", handover, to=handover.origin, by=by)
    return report


@transaction.atomic
def decline(handover, *, by, answer):
    """The report stays where it is, and its owner is told why."""
    if not answer.strip():
        raise ValidationError({"answer": "Dites pourquoi votre unité ne la prend pas."})
    report, handover = _decidable(handover, access.decidable_handovers, by)
    handover.decide(Handover.Decision.DECLINED, by=by, answer=answer)
    journal.record(by, "handover.declined", report, why=answer, recipients=_arrow(handover))
    announcing.answered("handover.decided", handover, to=handover.origin, by=by)


@transaction.atomic
def withdraw(handover, *, by):
    report, handover = _decidable(handover, access.withdrawable_handovers, by)
    handover.decide(Handover.Decision.WITHDRAWN, by=by)
    announcing.forget_asked(handover)
    journal.record(by, "handover.withdrawn", report, recipients=_arrow(handover))


def _decidable(handover, rows, by):
    """The report, held, and the proposal as it stands now, for whoever may decide it."""
    current = holding.waiting(rows(by), handover, "origin", "target")
    if current.origin_id != current.report.owner_id:
        raise PermissionDenied
    return current.report, current
