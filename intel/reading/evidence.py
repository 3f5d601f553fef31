"""What one reader is told of the grounds and results of an action, and of a report."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse

from cross.ui.templatetags.words import counted, number
from intel import access
from intel.models.choices import Product
from intel.summaries.proposals import proposed
from intel.summaries.words import Sentence
from protocols import access as protocols
from protocols.models import Outcome
from protocols.outcomes import MEASURES, OutcomeKind
from protocols.reading.strategy import FEWEST_TOLD, TONES, lines_of, moves_of, present_of
from protocols.states import ActionState
from services.roles import Right, may

NOT_TOLD = "n.c."


def rows(member):
    """Actions that a member reads, with what he may do there, in one query."""

    def among(actions):
        return Exists(actions.filter(pk=OuterRef("pk")))

    return present_of(protocols.readable_actions(member)).annotate(
        may_follow=among(protocols.followable_actions(member)),
        may_write=among(protocols.writable_actions(member)),
    )


def figure_in_words(kind, figure, product):
    """« 4 personnes », « 12 000 € », « 250 g, Cocaïne »."""
    measure = MEASURES.get(OutcomeKind(kind))
    said = [counted(figure, measure.unit)] if measure and figure is not None else []
    if product:
        said.append(Product(product).label)
    return ", ".join(said)


@dataclass
class Told:
    """An outcome as one reader is told of it: `reports` and `places` are those that he opens."""

    outcome: Any
    figure: str
    may_take_back: bool
    reports: list = field(default_factory=list)
    places: list = field(default_factory=list)
    destination: Any = None


@dataclass(frozen=True)
class Finding:
    reference: Any
    sentence: Sentence
    summary: Any


@dataclass(frozen=True)
class Grounds:
    findings: list
    reports: list
    places: list
    outcomes: list[Told]
    taken_back: list  # outcomes that may be put back
    # For who opens no report, of the others' outcomes: a kind, and how many, as a note tells them.
    totals: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.findings or self.reports or self.places)


def grounds_of(action, member):
    """What the reader is told under one action. The same queries for one row and for fifty."""
    of_it = Q(action=action) | Q(outcome__action=action)
    reports = list(
        access.report_references(member).filter(of_it).select_related("report").order_by("pk")
    )
    places = list(
        access.place_references(member)
        .filter(of_it)
        .select_related("place__commune")
        .defer("place__commune__outline")
        .order_by("pk")
    )
    findings = (
        access.finding_references(member)
        .filter(action=action)
        .select_related("summary")
        .order_by("pk")
    )
    may_take_back = Exists(access.removable_outcomes(member).filter(pk=OuterRef("pk")))
    outcomes = list(
        Outcome.objects.filter(action=action)
        .annotate(may_take_back=may_take_back)
        .select_related("unit", "commune", "by__unit")
        .defer("commune__outline")
        .order_by("-day", "-pk")
    )
    standing = [each for each in outcomes if each.undone_at is None]
    singly = [each for each in standing if _is_told_singly(each, member)]
    told = {
        each.pk: Told(
            each, figure_in_words(each.kind, each.figure, each.product), each.may_take_back
        )
        for each in singly
    }
    for each in reports:
        if each.outcome_id in told:
            told[each.outcome_id].reports.append(each.report)
    for each in places:
        if each.outcome_id in told:
            if each.is_destination:
                told[each.outcome_id].destination = each.place
            else:
                told[each.outcome_id].places.append(each.place)
    return Grounds(
        findings=[Finding(each, Sentence(**each.finding), each.summary) for each in findings],
        reports=[each for each in reports if each.action_id],
        places=[each for each in places if each.action_id],
        outcomes=list(told.values()),
        taken_back=[
            each
            for each in outcomes
            if each.undone_at and action.may_follow and _is_told_singly(each, member)
        ],
        totals=_totals(each for each in standing if each not in singly),
    )


def _is_told_singly(outcome, member):
    """To its own unit, and to who opens reports: one alone would tell the rest of a report."""
    return may(Right.READ)(member) or outcome.unit_id == member.unit_id


def _totals(outcomes):
    counts = Counter(OutcomeKind(each.kind) for each in outcomes)
    return [
        (kind.label, number(counts[kind]) if counts[kind] >= FEWEST_TOLD else NOT_TOLD)
        for kind in OutcomeKind
        if kind in counts
    ]


@dataclass(frozen=True)
class Page:
    tone: str
    lines: list
    moves: list
    grounds: Grounds
    cites_reports: bool  # he opens some, and so may cite them


def page_of(action, member):
    return Page(
        tone=TONES[ActionState(action.state)],
        lines=lines_of(action),
        moves=list(moves_of(action)),
        grounds=grounds_of(action, member),
        cites_reports=may(Right.READ)(member),
    )


def where_told(outcome, member):
    """The action it came of, else the report that its reader opens it from."""
    if outcome.action:
        return outcome.action
    return access.report_references(member).filter(outcome=outcome).order_by("pk")[0].report


# --- On the sheet of a report -------------------------------------------------------------------


def told_of(member):
    """What came of each report, with its row: no query more, whatever came."""
    known = Exists(access.actions_told(member).filter(pk=OuterRef("action")))
    told = (
        access.outcomes_told(member)
        .annotate(
            action_key=Case(When(known, then=F("action__key")), default=Value(None)),
            action_title=Case(When(known, then=F("action__title")), default=Value("")),
            may_take_back=Exists(access.own_results(member).filter(pk=OuterRef("pk"))),
        )
        .order_by("-day", "-pk")
        .values(
            told=JSONObject(
                key="key",
                kind="kind",
                day="day",
                figure="figure",
                product="product",
                unit="unit__short_name",
                unit_name="unit__name",
                action="action_key",
                title="action_title",
                may_take_back="may_take_back",
            )
        )
    )
    return {"outcomes_told": ArraySubquery(told)}


@dataclass(frozen=True)
class OnSheet:
    """A result on the sheet of a report; its action is named to who reads the strategy."""

    key: str
    label: str
    day: date
    unit: str
    figure: str
    action: str  # its title, and its address
    url: str
    may_take_back: bool


def on_sheet(report):
    """For who follows the life of the report: nobody else is told what came of it."""
    if not report.may_follow:
        return []
    return [
        OnSheet(
            key=row["key"],
            label=OutcomeKind(row["kind"]).label,
            day=date.fromisoformat(row["day"]),
            unit=row["unit"] or row["unit_name"],
            figure=figure_in_words(row["kind"], row["figure"], row["product"]),
            action=row["title"],
            url=reverse("action_page", args=[row["action"]]) if row["action"] else "",
            may_take_back=row["may_take_back"],
        )
        for row in report.outcomes_told
    ]


# --- Lines proposed by a summary ----------------------------------------------------------------


def proposals_for(member, strategy):
    """The last quarter that has ended, as a writer reads it, and the lines it may start.

    Those already taken up, with a finding of that summary, are left out.
    """
    summary = (
        access.readable_summaries(member)
        .filter(department=strategy.department_id)
        .quarters()
        .whole()
        .order_by("-ends_on", "-version")
        .first()
    )
    if summary is None:
        return None, []
    taken = {
        (row["dimension"], row["territory"], row["code"])
        for row in access.finding_references(member)
        .filter(action__axis__strategy=strategy, action__undone_at=None)
        .values_list("finding", flat=True)
    }
    found = proposed(summary)
    return summary, [
        each
        for each in found
        if (each.finding.dimension, each.finding.territory, str(each.finding.code)) not in taken
    ]
