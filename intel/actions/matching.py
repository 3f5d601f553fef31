"""Say what two reports are to one another, take it back; keep the list of frequent values."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cross import gate
from cross.audit import journal
from intel import access
from intel.actions import announcing, facts, holding, life
from intel.models import FrequentValue, Match
from intel.states import State, move_between

Kind = Match.Kind
VERBS = {
    Kind.DUPLICATE: "report.linked",
    Kind.CORROBORATES: "report.linked",
    Kind.UNRELATED: "report.set_apart",
}


@transaction.atomic
def decide(report, other, *, by, kind, why):
    """Say what these two are to one another; both texts stay, and nobody reads more.

    From the later to the earlier. A duplicate is made by the move of triage: one act, whichever
    door it comes by.
    """
    if not why:
        raise ValidationError({"why": "Indiquez le motif."})
    facts.hold(report, other)
    report, other = _directed(holding.lock(report), holding.lock(other))
    _check_pair(report, other, by)
    if kind == Kind.DUPLICATE:
        return _duplicate(report, other, by=by, why=why)
    match = Match(report=report, other=other, kind=kind, why=why, by=by)
    if kind == Kind.CORROBORATES:
        match.undo = facts.join(report, other)
        report.save(update_fields=["fact"])
    match.save(force_insert=True)
    gate.forget()
    journal.record(by, VERBS[kind], report, why=f"{match.get_kind_display()} : {other.reference}")
    announcing.matched(match, by=by)
    return match


def _directed(one, another):
    """The later first: it speaks of what the earlier told."""
    return sorted((one, another), key=lambda each: (each.received_at, each.pk), reverse=True)


def _check_pair(report, other, by):
    if report.pk == other.pk:
        raise ValidationError("Une fiche ne se rapproche pas d’elle-même.")
    if report.department_id != other.department_id:
        raise ValidationError("Ces deux fiches ne sont pas du même département.")
    pair = {report.pk, other.pk}
    if access.matchable_reports(by).filter(pk__in=pair).count() < len(pair):
        raise PermissionDenied
    if said := life.match_between(report, other):
        raise ValidationError(life.already(said))


def _duplicate(report, other, *, by, why):
    """The later repeats the earlier, unless it is too far on and the earlier is not."""
    for repeats, original in ((report, other), (other, report)):
        if move_between(repeats.state, State.DUPLICATE):
            life.move(repeats, by=by, target=State.DUPLICATE, original=original, because=why)
            said = Match.objects.live().filter(report=repeats, other=original)
            return said.unguarded(because="it was just said").get()
    raise ValidationError(
        f"{report.reference} est « {report.get_state_display()} » et {other.reference} "
        f"« {other.get_state_display()} » : un doublon se dit avant la cotation. Dites "
        "« Corrobore » pour les réunir."
    )


@transaction.atomic
def undo(match, *, by):
    """Take it back: the two may be brought together again, and each has its own fact."""
    facts.hold(match.report, match.other)
    report = holding.lock(match.report)
    held = access.undoable_matches(by).select_for_update(of=("self",)).filter(pk=match.pk)
    match = held.first()
    if match is None:
        raise ValidationError("Ce rapprochement vient d’être annulé.")
    if match.step_id:
        life.undo(report, by=by, seen=match.step.key)
        match.refresh_from_db(fields=["undone_at"])
        return match
    if match.kind == Kind.CORROBORATES:
        facts.part(report, match.other_id, match.undo, leaving=match)
        report.save(update_fields=["fact"])
    match.undone_by, match.undone_at = by, timezone.now()
    match.save(update_fields=["undone_by", "undone_at"])
    gate.forget()
    journal.record(
        by, "report.unlinked", report,
        why=f"{match.get_kind_display()} : {match.other.reference}",
    )  # fmt: skip
    return match


@transaction.atomic
def list_value(*, by, kind, value, why):
    """From now on, what cites this value is no nearer for it; the reports themselves keep it."""
    said = {"department": by.unit.department, "kind": kind, "value": value}
    if access.endable_values(by).filter(**said).exists():
        raise ValidationError("Cette valeur est déjà sur la liste.")
    listed, is_new = FrequentValue.objects.get_or_create(
        **said, ended_at=None, defaults={"why": why, "by": by}
    )
    if not is_new:
        return listed  # by somebody else, of reports hidden from this one, who is not told
    # Of which kind, never which: a value read in reports stays in them.
    journal.record(by, "frequent_value.listed", listed, why=listed.get_kind_display())
    return listed


@transaction.atomic
def end_value(listed, *, by):
    held = access.endable_values(by).select_for_update().filter(pk=listed.pk).first()
    if held is None:
        raise ValidationError("Cette valeur vient d’être retirée de la liste.")
    held.ended_by, held.ended_at = by, timezone.now()
    held.save(update_fields=["ended_by", "ended_at"])
    journal.record(by, "frequent_value.ended", held, why=held.get_kind_display())
