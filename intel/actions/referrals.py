"""That the unit in charge seized a court, and what it decided: two days and a word."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross.audit import journal
from cross.ui.templatetags.words import day
from intel import access
from intel.actions import holding, once
from intel.models import Referral


def refer(report, *, by, sent=None, **said):
    """A court was seized of what `report` says; sent twice, the same form says it once.

    `said` holds `court`, `sent_on`, and once they are known `decision` and `decided_on`.
    """
    said = {"decision": "", "decided_on": None} | said
    entered = once.key_of(sent, [report.pk, *map(str, said.values())]) if sent else None
    return once.record(
        lambda: _refer(report, by, entered, said),
        lambda: Referral.objects.of(report).filter(by=by, entry_key=entered).first(),
    )


def _refer(report, by, entered, said):
    current = holding.lock(report)
    if not access.referable_reports(by).filter(pk=current.pk).exists():
        raise PermissionDenied
    _check(current, **{name: said[name] for name in ("sent_on", "decision", "decided_on")})
    decision_by = by if said["decision"] else None
    referral = Referral.objects.create(
        report=current, unit=by.unit, by=by, decision_by=decision_by, entry_key=entered, **said
    )
    _note(referral, by, "report.referred")
    if referral.decision:
        _note(referral, by, "referral.decided")
    return referral


@transaction.atomic
def correct(referral, *, by, court, sent_on, decision="", decided_on=None, **_):
    """The decision once it is known, or a slip put right; the last word stays."""
    holding.lock(referral.report)
    current = (
        access.decidable_referrals(by)
        .select_for_update(of=("self",))
        .filter(pk=referral.pk)
        .first()
    )
    if current is None:
        raise PermissionDenied
    _check(current.report, sent_on, decision, decided_on)
    before = (current.court_id, current.sent_on, current.decision, current.decided_on)
    if before == (court.pk, sent_on, decision, decided_on):
        return current
    current.court, current.sent_on = court, sent_on
    current.decision, current.decided_on = decision, decided_on
    current.decision_by = by if decision else None
    current.save()
    if before[:2] != (court.pk, sent_on):
        _note(current, by, "report.referred")
    if before[2:] != (decision, decided_on):
        _note(current, by, "referral.decided")
    return current


def _note(referral, by, verb):
    if verb == "report.referred":
        words = f"transmis le {day(referral.sent_on)}"
    elif referral.decision:
        words = f"{referral.get_decision_display()}, le {day(referral.decided_on)}"
    else:
        words = "décision retirée"
    journal.record(by, verb, referral, why=words, recipients=referral.court.name)


def _check(report, sent_on, decision, decided_on):
    faults, today = {}, timezone.localdate()
    if not timezone.localdate(report.received_at) <= sent_on <= today:
        faults["sent_on"] = (
            f"Choisissez un jour entre le {day(report.received_at)}, où la fiche est arrivée, "
            "et aujourd’hui."
        )
    if bool(decision) != bool(decided_on):
        name = "decided_on" if decision else "decision"
        faults[name] = "Une décision a sa date : indiquez les deux, ou aucune."
    elif decided_on and not sent_on <= decided_on <= today:
        faults["decided_on"] = "La décision se place entre la transmission et aujourd’hui."
    if faults:
        raise ValidationError(faults)
