"""What another unit would correct in a report: proposed to its owner, who applies it or not."""

from copy import copy
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field

from cross.audit import journal
from intel import access
from intel.actions import announcing, holding, reports
from intel.models import Correction, Report
from services.models import Commune

NOT_YOURS = "Cette fiche ne peut plus recevoir de correction de votre unité."
SAME = "C’est déjà ce que dit la fiche : changez la valeur, ou annulez."
ALREADY = (
    "Votre unité a déjà proposé une correction de ce champ : elle attend une réponse. Retirez-la "
    "pour en proposer une autre."
)
CHANGED = (
    "Ce champ a été modifié depuis la proposition : rien n’est appliqué. Comparez, puis refusez "
    "ou corrigez vous-même."
)


VERBS = {
    Correction.Decision.ACCEPTED: "correction.accepted",
    Correction.Decision.DECLINED: "correction.declined",
}


@transaction.atomic
def propose(report, *, by, field, value, why):
    """Propose to the owner that `field` say `value`; nothing changes until it accepts.

    Proposed twice in the same words, it waits once.
    """
    current = holding.lock(report)
    if field not in Correction.FIELDS or not _may(by, current):
        raise ValidationError(NOT_YOURS)
    before, after = (reports.as_json(each) for each in (getattr(current, field), value))
    if before == after:
        raise ValidationError({field: SAME})
    waiting = access.own_corrections(by).filter(report=current, field=field, decision="").first()
    if waiting and (waiting.value, waiting.why, waiting.asked_by_id) == (after, why, by.pk):
        return waiting
    if waiting:
        raise ValidationError(ALREADY)
    _check(current, field, value)
    correction = Correction.objects.create(
        report=current,
        unit=by.unit,
        field=field,
        before=before,
        value=after,
        why=why,
        asked_by=by,
    )
    _record(by, "correction.proposed", correction)
    announcing.asked("correction.proposed", correction, to=current.owner, by=by)
    return correction


def _may(by, report):
    return access.correctable_reports(by).filter(pk=report.pk).exists()


def _check(report, field, value):
    """Would the report still hold together?"""
    corrected = copy(report)
    for name, each in _fields(report, field, value).items():
        setattr(corrected, name, each)
    corrected.full_clean(exclude=reports.GIVEN)


def _fields(report, field, value):
    """What changes with it: a neighbourhood lies in its own communes only."""
    fields = {field: value}
    nearby = report.neighbourhood if field == "commune" else None
    if nearby and not nearby.lies_in(value):
        fields["neighbourhood"] = None
    return fields


@transaction.atomic
def accept(correction, *, by, answer=""):
    """Apply it: a revision of the owner's own, its former text kept."""
    held = _waiting(access.decidable_corrections(by), correction)
    report = held.report
    if reports.as_json(getattr(report, held.field)) != held.before:
        raise ValidationError(CHANGED)
    fields = _fields(report, held.field, _value(held))
    reports.change(report, by=by, fields=fields, version=None)
    _decide(held, Correction.Decision.ACCEPTED, by=by, answer=answer)
    return held


def _value(correction):
    """What a revision would hold, as the report holds it."""
    if correction.field == "commune":
        return Commune.objects.get(pk=correction.value["pk"])
    return _column(correction).to_python(correction.value)


def _column(correction):
    """None of Correction.FIELDS is what points at a report."""
    return cast("Field", Report._meta.get_field(correction.field))


@transaction.atomic
def decline(correction, *, by, answer=""):
    held = _waiting(access.decidable_corrections(by), correction)
    _decide(held, Correction.Decision.DECLINED, by=by, answer=answer)
    return held


def _decide(held, decision, *, by, answer):
    held.decide(decision, by=by, answer=answer)
    _record(by, VERBS[decision], held)
    announcing.answered("correction.decided", held, to=held.unit, by=by)


@transaction.atomic
def withdraw(correction, *, by):
    held = _waiting(access.withdrawable_corrections(by), correction)
    held.decide(Correction.Decision.WITHDRAWN, by=by)
    _record(by, "correction.withdrawn", held)
    announcing.forget_asked(held)


def _waiting(rows, correction):
    return holding.waiting(rows, correction, "unit")


def _record(by, verb, correction):
    """The field and the two units; neither the words nor the reason, which are content."""
    label = str(_column(correction).verbose_name)
    arrow = f"{correction.unit} → {correction.report.owner}"
    journal.record(by, verb, correction.report, why=label, recipients=arrow)
