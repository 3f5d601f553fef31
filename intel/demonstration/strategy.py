"""The strategy of the Vosges: invented from end to end, its figures said so wherever they show."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from intel import access
from intel.actions import evidence
from intel.models import Audience
from intel.reading.evidence import proposals_for
from intel.states import State
from protocols import quarters
from protocols.actions import outcomes, strategy, totals
from protocols.models import Action, ActionMove, Outcome, QuarterLine, Strategy
from protocols.states import ActionState, StrategyState
from services.models import Member
from services.roles import Role

TEXT = Path(__file__).parent / "texts" / "strategy.toml"
INVENTED = "Chiffre inventé pour la démonstration"
# The way of an action from its start to where it stands today.
WAYS = {
    ActionState.TO_START: (),
    ActionState.ENGAGED: (ActionState.ENGAGED,),
    ActionState.DONE: (ActionState.ENGAGED, ActionState.DONE),
    ActionState.SUSPENDED: (ActionState.ENGAGED, ActionState.SUSPENDED),
    ActionState.DROPPED: (ActionState.DROPPED,),
}


def plan(department, units):
    """One adopted strategy with its actions, where nobody has written any yet."""
    told = tomllib.loads(TEXT.read_text(encoding="utf-8"))
    animator = _of_role(department, Role.ANIMATOR)
    if (
        department.code != told["department"]
        or animator is None
        or Strategy.objects.filter(department=department).exists()
    ):
        return
    today = timezone.localdate()
    first = date((today - timedelta(days=270)).year, 1, 1)
    whole = strategy.begin(
        by=animator,
        title=told["title"],
        starts_on=first,
        ends_on=date(first.year + 1, 12, 31),
    )
    made = []
    for axis in told["axes"]:
        kept = strategy.add_axis(
            whole, by=animator, title=axis["title"], objective=axis["objective"].strip()
        )
        made += [(_action(kept, said, units, animator, first), said) for said in axis["actions"]]
    prefecture = _of_role(department, Role.PREFECTURE) or animator
    strategy.move(whole, by=prefecture, state=StrategyState.ADOPTED)
    for action, said in made:
        _follow(action, said, first, today)
    # Those that something came of rest on something too.
    with_results = sorted(made, key=lambda pair: not pair[1].get("results"))
    _ground([action for action, _ in with_results], animator)
    for action, said in made:
        _results(action, said, animator, today)
    _take_up(whole, animator, units)
    _count(told["totals"], prefecture, today)


def _of_role(department, role):
    return Member.objects.filter(unit__department=department, role=role).order_by("pk").first()


def _action(axis, said, units, animator, first):
    action = strategy.add_action(
        axis,
        by=animator,
        title=said["title"],
        unit=units[said["unit"]],
        partners=said.get("partners", ""),
        starts_on=first + timedelta(days=said.get("starts_after", 0)),
        due_on=first + timedelta(days=said["due_after"]),
        indicator=said.get("indicator", ""),
        indicator_unit=said.get("indicator_unit", ""),
        start_value=said.get("start"),
        target_value=said.get("target"),
    )
    Action.objects.filter(pk=action.pk).update(at=_at(first))
    return action


def _at(day):
    return timezone.make_aware(datetime.combine(day, time(10, 30)))


def _follow(action, said, first, today):
    """Moves and quarter lines of the past, as they would have been written then."""
    by = _worker(action)
    state = ActionState(said["state"])
    before = ActionState.TO_START
    for rank, after in enumerate(WAYS[state]):
        ActionMove.objects.create(
            action=action,
            before=before,
            after=after,
            why=said.get("why", "") if after == state else "",
            by=by,
            at=_at(min(first + timedelta(days=30 + 150 * rank), today)),
        )
        before = after
    Action.objects.filter(pk=action.pk).update(state=state)
    for quarter, value, words in zip(
        quarters.between(first, today), said.get("values", []), said.get("words", []), strict=False
    ):
        is_last = len(WAYS[state]) > 1 and words == said["words"][-1]
        QuarterLine.objects.create(
            action=action,
            quarter=quarter,
            state=state if is_last else (WAYS[state] or (state,))[0],
            value=value if value >= 0 else None,
            words=words,
            by=by,
            at=_at(min(quarters.last_day(quarter), today)),
        )


def _worker(action):
    """Somebody of the unit in charge, who answers for it."""
    members = Member.objects.filter(unit=action.unit_id, role__in=[Role.LIAISON, Role.ANIMATOR])
    return members.order_by("pk").first() or action.by


def _ground(actions, animator):
    """Reports and places that the animator follows, one restricted among them."""
    department = animator.unit.department_id
    reports = access.citable_reports(animator, department).filter(
        state__in=[State.EXPLOITED, State.FED_BACK, State.ACKNOWLEDGED]
    )
    latest = reports.order_by("-received_at", "pk")
    open_ones = list(latest.filter(audience=Audience.PROTOCOL)[:12])
    kept = list(latest.filter(audience=Audience.RESTRICTED)[:2])
    places = list(access.citable_by_strategy(animator, department).order_by("pk")[:4])
    for rank, action in enumerate(actions[:6]):
        evidence.cite(
            action,
            by=animator,
            reports=open_ones[2 * rank : 2 * rank + 2] + kept[rank : rank + 1],
            places=places[rank : rank + 1],
        )


def _results(action, said, animator, today):
    for result in said.get("results", []):
        day = today - timedelta(days=result["days_ago"])
        outcome = outcomes.record_of(
            action,
            by=animator,
            kind=result["kind"],
            day=day,
            figure=result.get("figure"),
            product=result.get("product", ""),
        )
        Outcome.objects.filter(pk=outcome.pk).update(at=_at(day))


def _take_up(whole, animator, units):
    """The first line that the last summary proposes, as an action."""
    _, proposals = proposals_for(animator, whole)
    axis = whole.axes.order_by("rank").last()
    for proposal in proposals[:1]:
        evidence.take_up(proposal, by=animator, axis=axis, unit=units["cell"])


def _count(told, by, today):
    """Two quarters of each series; the one before the last was corrected once."""
    quarter = quarters.before(quarters.quarter_of(today))
    for back, column in enumerate(("last", "before")):
        for series in told:
            total = totals.enter(
                by=by,
                kind=series["kind"],
                product=series.get("product", ""),
                nomenclature=series.get("nomenclature", ""),
                starts_on=quarter,
                ends_on=quarters.last_day(quarter),
                value=series[column],
                source=f"{INVENTED} ; il viendrait de : {series['source']}",
            )
            if back and series.get("corrected"):
                totals.correct(
                    total, by=by, value=series["corrected"], why="Chiffre consolidé par sa source."
                )
        quarter = quarters.before(quarter)
