"""One decision for many reports: each one judged by itself, all of them taken back in one go."""

from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from intel import access
from intel.actions import desk, facts, life, malice
from intel.models import Report, Step

MOST = 200
MALICIOUS = "malveillant"  # as the page names it, beside the states
NOT_HIS = "Cette décision ne s’applique pas à cette fiche."
NOT_MALICIOUS = (
    "Seul un signalement venu de l’extérieur et encore au tri peut être déclaré malveillant."
)


@dataclass
class Outcome:
    """What came of it: the reports decided, and the others with the sentence that says why."""

    batch: UUID
    done: list = field(default_factory=list)
    left: list = field(default_factory=list)  # (report, sentence)


@transaction.atomic
def decide(reports, *, by, target, versions, batch, takes_over=False, **said):
    """Make one move of each of `reports`, rows that `by` was handed; sent twice, made once.

    `versions` gives for each reference the version that was on the screen: what changed since is
    left alone. `said` is what the move asks, or `malice` for `MALICIOUS`.
    """
    original = said.get("original")
    facts.hold(*reports, *([original] if original else []))
    if Step.objects.filter(batch=batch).exists():
        return Outcome(batch)
    keys = [report.pk for report in reports]
    held = Report.objects.filter(pk__in=keys).select_related("docket").order_by("pk")
    outcome = Outcome(batch)
    for report in held.unguarded(because="the member was handed these very rows"):
        try:
            with transaction.atomic():
                _check_unchanged(report, versions.get(report.reference))
                _check_free(report, by=by, takes_over=takes_over)
                _decide(report, by=by, target=target, batch=batch, **said)
        except (ValidationError, PermissionDenied) as fault:
            outcome.left.append((report, _sentence(fault, target)))
        else:
            outcome.done.append(report)
    return outcome


def why_left(report, *, by, target, forgettable=(), takes_over=False, **said):
    """What `decide` would say to leave this one alone, as it stands; "" when it would decide it.

    `by` was handed it; `forgettable` holds the keys of what he may say to be malicious.
    """
    try:
        _check_free(report, by=by, takes_over=takes_over)
        if target != MALICIOUS:
            life.check_move(report, target=target, **said)
        elif report.pk not in forgettable:
            raise PermissionDenied
    except (ValidationError, PermissionDenied) as fault:
        return _sentence(fault, target)
    return ""


def _check_unchanged(report, version):
    if version != report.version:
        raise ValidationError("Elle a changé depuis l’aperçu : rien n’a été modifié.")


def _check_free(report, *, by, takes_over):
    holder = None if takes_over else desk.holder_of(getattr(report, "docket", None), by=by)
    if holder:
        raise ValidationError(f"{holder.get_full_name()} l’a ouverte.")


def _decide(report, *, by, target, batch, **said):
    if target == MALICIOUS:
        malice.forget(report, by=by, malice=said["malice"], batch=batch)
    else:
        life.move(report, by=by, target=target, batch=batch, **said)


def _sentence(fault, target=None):
    if isinstance(fault, PermissionDenied):
        return NOT_MALICIOUS if target == MALICIOUS else NOT_HIS
    return " ".join(fault.messages)


@transaction.atomic
def undo(batch, *, by):
    """Take the whole back; what somebody has decided of one since stays as it is."""
    steps = access.bulk_steps(by).filter(batch=batch, undone_at=None).select_related("report")
    rows = list(steps.order_by("report"))
    facts.hold(*(step.report for step in rows))
    outcome = Outcome(batch)
    for step in rows:
        try:
            with transaction.atomic():
                life.undo(step.report, by=by, seen=step.key)
        except (ValidationError, PermissionDenied) as fault:
            outcome.left.append((step.report, _sentence(fault)))
        else:
            outcome.done.append(step.report)
    return outcome
