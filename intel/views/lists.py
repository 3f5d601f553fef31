"""The distribution lists of one's own unit."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import lists
from intel.forms.lists import ListForm
from intel.reading.audience import choosable_units
from intel.reading.lists import lists_of
from services.roles import Right, may

writes = may(Right.WRITE)


@gate.lets(writes)
def distribution_lists(request):
    context = {"lists": lists_of(request.user)}
    return render(request, "intel/distribution_lists.html", context)


@gate.lets(writes)
def new_list(request):
    return _save(request, None)


@gate.hands(access.own_lists)
def change_list(request, group):
    return _save(request, group)


def _save(request, group):
    initial, others = {}, access.own_lists(request.user).order_by("name")
    if group:
        initial = {"name": group.name, "units": group.units.all(), "lists": group.lists.all()}
        others = others.exclude(pk=group.pk)
    units = choosable_units(request.user)
    form = ListForm.read(request, units=units, lists=others, initial=initial)
    if form.carry_out(lambda **said: lists.save(group, by=request.user, **said)):
        messages.success(request, f"Liste « {form.cleaned_data['name']} » enregistrée.")
        return redirect("distribution_lists")
    return render_form(request, "intel/distribution_list.html", form, group=group)


@require_POST
@gate.hands(access.own_lists)
def remove_list(request, group):
    lists.remove(group, by=request.user)
    messages.success(
        request, f"Liste « {group.name} » supprimée. Aucune fiche n’a changé de diffusion."
    )
    return redirect("distribution_lists")
