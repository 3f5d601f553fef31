"""What an action of the strategy rests on, and what came of it or of reports.

A reference is resolved again among what its author reads: forged, hidden or absent, it is refused
in the same words.
"""

from dataclasses import asdict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from cross.audit import journal
from intel import access
from intel.models import FindingReference, PlaceReference, ReportReference
from protocols.actions import outcomes
from protocols.actions.strategy import add_action


@transaction.atomic
def cite(action, *, by, reports=(), places=()):
    """References to reports and places, each once; they say nothing of what these hold."""
    _check_cites(action, by)
    department = action.axis.strategy.department_id
    _check_reads(by, department, reports, places)
    for report in reports:
        cited = ReportReference.objects.of(report)
        cited.get_or_create(action=action, report=report, defaults={"by": by})
        _noted(by, "evidence.added", action, report)
    for place in places:
        cited = PlaceReference.objects.of(place)
        cited.get_or_create(action=action, place=place, defaults={"by": by})
        _noted(by, "evidence.added", action, place)


def _check_cites(action, by):
    if not access.citing_actions(by).filter(pk=action.pk).exists():
        raise PermissionDenied


def _check_reads(by, department, reports, places):
    """Asked again of the rule: what comes from a form was resolved a moment ago."""
    keys = {report.pk for report in reports}
    if access.citable_reports(by, department).filter(pk__in=keys).count() < len(keys):
        raise PermissionDenied
    keys = {place.pk for place in places}
    if access.citable_by_strategy(by, department).filter(pk__in=keys).count() < len(keys):
        raise PermissionDenied


def _noted(by, verb, action, thing):
    journal.record(by, verb, action, why=str(getattr(thing, "journal_reference", thing)))


@transaction.atomic
def remove(reference, *, by):
    """The reference alone goes: what it led to stays where it is, and may be cited again."""
    told = next(
        getattr(reference, name)
        for name in ("report", "place", "summary")
        if hasattr(reference, name)
    )
    _noted(by, "evidence.removed", reference.action, told)
    reference.delete()


@transaction.atomic
def take_up(proposal, *, by, axis, unit):
    """A proposed line becomes an action to start, with the finding it rests on beside it.

    Its words are those of the proposal, which says no figure; the finding is told to who reads
    its summary, and to nobody else.
    """
    action = add_action(
        axis,
        by=by,
        title=proposal.title[:200],
        unit=unit,
        indicator=proposal.indicator.rstrip(".")[:160],
    )
    FindingReference.objects.create(
        action=action, summary_id=proposal.summary, finding=asdict(proposal.finding), by=by
    )
    return action


# --- What came of it ----------------------------------------------------------------------------


@transaction.atomic
def record_outcome(action, *, by, reports=(), places=(), destination=None, **said):
    """Of an action; the reports and places it touches, each told to its own readers alone."""
    department = action.axis.strategy.department_id
    _check_reads(by, department, reports, [*places, *([destination] if destination else [])])
    outcome = outcomes.record_of(action, by=by, **said)
    _refer(outcome, by, reports, places, destination)
    return outcome


@transaction.atomic
def record_outcome_of_report(report, *, by, **said):
    """Of a report, outside of any action: told on its sheet, to who follows its life."""
    if not access.reports_with_results(by).filter(pk=report.pk).exists():
        raise PermissionDenied
    outcome = outcomes.record(report.department, by=by, unit=by.unit, **said)
    _refer(outcome, by, [report], [], None)
    return outcome


def _refer(outcome, by, reports, places, destination):
    for report in reports:
        ReportReference.objects.create(outcome=outcome, report=report, by=by)
    for place in places:
        if place != destination:
            PlaceReference.objects.create(outcome=outcome, place=place, by=by)
    if destination is not None:
        if outcome.kind != outcome.Kind.DISPLACED:
            raise ValidationError(
                {"destination": "Un lieu d’arrivée se dit d’un trafic déplacé seulement."}
            )
        PlaceReference.objects.create(
            outcome=outcome, place=destination, is_destination=True, by=by
        )
