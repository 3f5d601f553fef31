"""The local strategy: its list, its page, its axes and actions. What it rests on is `intel`'s."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from protocols import access
from protocols.actions import strategy as acts
from protocols.forms.strategy import (
    ActionMoveForm,
    AxisForm,
    LineForm,
    StrategyActionForm,
    StrategyFilterForm,
    StrategyForm,
    StrategyMoveForm,
)
from protocols.reading import strategy as reading
from services.roles import Right, may

READS, WRITES = may(Right.READ_STRATEGY), may(Right.WRITE_STRATEGY)


@gate.lets(READS)
def strategy_list(request):
    """All of them for who writes; whoever reads one alone goes straight to it. What is asked of
    it in the address goes to the one that is adopted."""
    readable = access.readable_strategies(request.user)
    strategies = list(reading.strategies_with_counts(readable))
    writes = access.writes_strategy(request.user)
    is_alone = len(strategies) == 1 and not writes
    if strategies and (is_alone or (request.GET and strategies[0].is_adopted)):
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(f"{strategies[0].get_absolute_url()}{asked}")
    for strategy in strategies:
        strategy.tone = reading.STRATEGY_TONES[strategy.state]
    context = {
        "strategies": strategies,
        "count": len(strategies),
        "noun": "stratégie",
        "may_write": writes,
    }
    return render(request, "protocols/strategy_list.html", context)


@gate.hands(access.readable_strategies, by="key", reads="strategy.read")
def strategy_page(request, strategy):
    actions = access.readable_actions(request.user)
    table = reading.table_of(strategy, actions)
    form = StrategyFilterForm(request.GET or None, units=table.units)
    said = form.cleaned_data if form.is_valid() else {}
    chosen = {name: value for name, value in said.items() if value}
    if chosen:
        table = reading.filtered(table, unit=said["unite"], state=said["etat"], view=said["voir"])
    writes = access.keepable_strategies(request.user).filter(pk=strategy.pk).exists()
    steps = reading.steps_of(strategy)
    context = {
        "strategy": strategy,
        "tone": reading.STRATEGY_TONES[strategy.state],
        "table": table,
        "filter_form": form,
        "chosen": [
            {
                "name": name,
                "value": value,
                "label": form.fields[name].label,
                "text": dict(form.fields[name].choices)[value],
            }
            for name, value in chosen.items()
        ],
        "steps": steps,
        "may_keep": writes,
        "may_write": writes and not strategy.is_ended,
        "may_discard": writes and strategy.is_draft and not steps,
        "removed": access.restorable_actions(request.user).filter(axis__strategy=strategy)
        if writes
        else [],
    }
    return render(request, "protocols/strategy_page.html", context)


# --- A strategy -------------------------------------------------------------------------------


@gate.lets(WRITES)
def new_strategy(request):
    form = StrategyForm.read(request)
    made = []
    if form.carry_out(lambda **said: made.append(acts.begin(by=request.user, **said))):
        messages.success(
            request,
            "Projet enregistré : ajoutez ses axes, puis ses actions, et faites-le adopter.",
        )
        return redirect(made[0])
    return render_form(request, "protocols/strategy_new.html", form)


@gate.hands(access.writable_strategies, by="key")
def change_strategy(request, strategy):
    initial = {name: getattr(strategy, name) for name in ("title", "starts_on", "ends_on")}
    form = StrategyForm.read(request, initial=initial)
    if form.carry_out(lambda **said: acts.change(strategy, by=request.user, **said)):
        messages.success(request, "Stratégie modifiée.")
        return redirect(strategy)
    return render_form(request, "protocols/strategy_change.html", form, strategy=strategy)


@gate.hands(access.keepable_strategies, by="key")
def move_strategy(request, strategy):
    form = StrategyMoveForm.read(request, strategy=strategy)
    if form.carry_out(lambda **said: acts.move(strategy, by=request.user, **said)):
        messages.success(request, "L’état de la stratégie est changé.")
        return redirect(strategy)
    return render_form(request, "protocols/strategy_move.html", form, strategy=strategy)


@require_POST
@gate.hands(access.writable_strategies, by="key")
def discard_strategy(request, strategy):
    with telling_refusals(request):
        acts.discard(strategy, by=request.user)
        messages.success(request, "Projet supprimé.")
        return redirect("strategy_list")
    return redirect(strategy)


# --- Its axes ---------------------------------------------------------------------------------


@gate.hands(access.writable_strategies, by="key")
def add_axis(request, strategy):
    form = AxisForm.read(request)
    if form.carry_out(lambda **said: acts.add_axis(strategy, by=request.user, **said)):
        messages.success(request, "Axe ajouté.")
        return redirect(strategy)
    return render_form(request, "protocols/axis_new.html", form, strategy=strategy)


@gate.hands(access.writable_axes, by="key")
def change_axis(request, axis):
    initial = {"title": axis.title, "objective": axis.objective}
    form = AxisForm.read(request, initial=initial)
    if form.carry_out(lambda **said: acts.change_axis(axis, by=request.user, **said)):
        messages.success(request, "Axe modifié.")
        return redirect(axis.strategy)
    may_remove = not axis.actions.exists()
    return render_form(
        request, "protocols/axis_change.html", form, axis=axis, may_remove=may_remove
    )


@require_POST
@gate.hands(access.writable_axes, by="key")
def remove_axis(request, axis):
    strategy = axis.strategy
    with telling_refusals(request):
        acts.remove_axis(axis, by=request.user)
        messages.success(request, "Axe retiré.")
    return redirect(strategy)


@require_POST
@gate.hands(access.writable_axes, by="key")
def move_axis(request, axis):
    with telling_refusals(request):
        acts.reorder_axis(axis, by=request.user, up=request.POST.get("sens") == "haut")
    return redirect(f"{axis.strategy.get_absolute_url()}#axes")


# --- Its actions ------------------------------------------------------------------------------

ACTION_FIELDS = (
    "axis", "title", "unit", "partners", "starts_on", "due_on",
    "indicator", "indicator_unit", "start_value", "target_value",
)  # fmt: skip


def _action_form(request, strategy, **kwargs):
    return StrategyActionForm.read(
        request,
        units=access.chargeable_units(strategy.department_id),
        axes=access.writable_axes(request.user).filter(strategy=strategy),
        **kwargs,
    )


@gate.hands(access.writable_axes, by="key")
def add_action(request, axis):
    form = _action_form(request, axis.strategy, initial={"axis": axis})
    made = []
    if form.carry_out(
        lambda axis, **said: made.append(acts.add_action(axis, by=request.user, **said))
    ):
        messages.success(request, "Action ajoutée.")
        return redirect(made[0])
    return render_form(request, "protocols/action_new.html", form, axis=axis)


@gate.hands(access.writable_actions, by="key")
def change_action(request, action):
    initial = {name: getattr(action, name) for name in ACTION_FIELDS}
    form = _action_form(request, action.axis.strategy, initial=initial)
    if form.carry_out(lambda **said: acts.change_action(action, by=request.user, **said)):
        messages.success(request, "Action modifiée.")
        return redirect(action)
    return render_form(request, "protocols/action_change.html", form, action=action)


@gate.hands(access.followable_actions, by="key")
def move_action(request, action):
    form = ActionMoveForm.read(request, action=action)
    if form.carry_out(lambda **said: acts.move_action(action, by=request.user, **said)):
        messages.success(request, "L’état de l’action est changé.")
        return redirect(action)
    return render_form(request, "protocols/action_move.html", form, action=action)


@gate.hands(access.followable_actions, by="key")
def write_line(request, action):
    form = LineForm.read(request, action=action, quarters_open=acts.quarters_of(action))
    if form.carry_out(lambda **said: acts.write_line(action, by=request.user, **said)):
        messages.success(request, "Point trimestriel enregistré.")
        return redirect(action)
    return render_form(request, "protocols/line_write.html", form, action=action)


@require_POST
@gate.hands(access.writable_actions, by="key")
def remove_action(request, action):
    with telling_refusals(request):
        acts.remove_action(action, by=request.user)
        messages.success(request, "Action retirée : vous pouvez la remettre, au bas de la page.")
        return redirect(action.axis.strategy)
    return redirect(action)


@require_POST
@gate.hands(access.restorable_actions, by="key")
def restore_action(request, action):
    acts.restore_action(action, by=request.user)
    messages.success(request, "Action remise.")
    return redirect(action)
