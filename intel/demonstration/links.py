"""What the cell said of the invented reports: which repeat, which confirm one another."""

from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from intel import access
from intel.actions import matching
from intel.models import Audience, FrequentValue, Match, Report, Step
from intel.reading.matching import queue_of
from intel.states import NOT_COUNTED, State
from services.models import Member
from services.roles import Role

AT_ONCE = 1000
DECIDED_AFTER = timedelta(days=1)
CONFIRMS = "Même fait, autre origine"
APART = "Faits différents : la rue a deux immeubles au même numéro"
SWITCHBOARD, WHY_LISTED = "+33353010000", "Standard d’un hôtel, cité par tous ses clients"


def bring_together(department):
    """A match for each duplicate and each report that tells a fact again; then one of each act."""
    by = analyst_of(department)
    known = Match.objects.live().unguarded(because="the demonstration looks at what it has")
    if by is None or known.filter(report__department=department).exists():
        return  # a department without a cell of its own says nothing
    made = [*_duplicates(department), *_confirmations(department, by)]
    Match.objects.bulk_create(made, batch_size=AT_ONCE)
    set_apart(by)
    if not FrequentValue.objects.filter(department=department).exists():
        matching.list_value(by=by, kind="phone", value=SWITCHBOARD, why=WHY_LISTED)


def analyst_of(department):
    analysts = Member.objects.filter(unit__is_cell=True, unit__department=department)
    return analysts.filter(role=Role.ANALYST).order_by("pk").first()


def _duplicates(department):
    """The move of triage says it already."""
    steps = Step.objects.filter(
        target=State.DUPLICATE,
        undone_at=None,
        report__department=department,
        report__duplicate_of__isnull=False,
    )
    for step in steps.select_related("report").unguarded(because="inventing the demonstration"):
        yield Match(
            report=step.report,
            other_id=step.report.duplicate_of_id,
            kind=Match.Kind.DUPLICATE,
            why="Même information transmise deux fois",
            by_id=step.by_id,
            at=step.at,
            step=step,
        )


def _confirmations(department, by):
    """Each open report that tells a fact by itself confirms the first that told it."""
    told = (
        Report.objects.filter(department=department, audience=Audience.PROTOCOL, duplicate_of=None)
        .exclude(state__in=NOT_COUNTED)
        .order_by("fact", "received_at", "pk")
        .only("fact", "created_at")
        .unguarded(because="inventing the demonstration")
    )
    now = timezone.now()
    for _, (first, *others) in groupby(told, key=lambda report: report.fact_id):
        for report in others:
            at = min(report.created_at + DECIDED_AFTER, now)
            yield Match(
                report=report,
                other=first,
                kind=Match.Kind.CORROBORATES,
                why=CONFIRMS,
                by=by,
                at=at,
            )


def set_apart(by):
    """The last pair of the first page has nothing in common: it is not proposed again."""
    pairs = queue_of(by, {}).page.rows
    if pairs and not access.readable_matches(by).filter(kind=Match.Kind.UNRELATED).exists():
        matching.decide(
            pairs[-1].report, pairs[-1].other, by=by, kind=Match.Kind.UNRELATED, why=APART
        )
