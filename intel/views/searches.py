"""Searches that are kept: made from a list, opened, followed, renamed, taken back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import searches as actions
from intel.forms.searches import MINE, UNIT, NameForm, RhythmForm, SearchForm
from intel.reading import searches as reading
from services.roles import Right, may

reads = may(Right.READ)


@gate.lets(reads)
def saved_searches(request):
    context = {
        "searches": reading.searches_of(request.user),
        "removed": reading.just_removed(request.user, request.GET.get("retiree", "")),
    }
    return render(request, "intel/saved_searches.html", context)


@gate.lets(reads)
def save_search(request):
    """From the list, whose address comes along as `adresse`."""
    typed = (request.POST or request.GET).get("adresse", "")
    try:
        query = actions.kept_query(request.user, typed)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(f"{reverse('report_list')}?{typed}".rstrip("?"))
    form = SearchForm.read(request, may_share=access.may_share_searches(request.user))
    made = []
    if form.carry_out(lambda **said: made.append(_save(request.user, query, said))):
        messages.success(request, f"Recherche « {made[0].name} » enregistrée.")
        return redirect(made[0])
    chips, _ = reading.filters_in_words(request.user, query)
    return render_form(request, "intel/save_search.html", form, query=query, filters=chips)


def _save(member, query, said):
    return actions.save(by=member, query=query, **said)


@gate.hands(access.own_searches, by="key", reads="search.read")
def saved_search(request, search):
    """What it asks, what lately entered it; seen, it is no longer new."""
    kept = reading.kept_of(search, request.user)
    gate.shown_beside(request, "report.listed", search, kept.rows)
    if request.method == "GET":
        actions.opened(search, by=request.user)
    form = RhythmForm(initial={"rhythm": kept.rhythm})
    return render(
        request, "intel/saved_search.html", {"search": search, "kept": kept, "form": form}
    )


@require_POST
@gate.hands(access.own_searches, by="key")
def follow_search(request, search):
    form = RhythmForm.read(request)
    if form.carry_out(lambda rhythm: actions.follow(search, by=request.user, rhythm=rhythm)):
        told = "Vous serez averti." if form.cleaned_data["rhythm"] else "Vous n’êtes plus averti."
        messages.success(request, told)
    return redirect(search)


@gate.hands(access.changeable_searches, by="key")
def rename_search(request, search):
    initial = {"name": search.name, "whose": UNIT if search.is_shared else MINE}
    may_share = access.may_share_searches(request.user)
    form = NameForm.read(request, may_share=may_share, initial=initial)
    if form.carry_out(lambda **said: actions.change(search, by=request.user, **said)):
        messages.success(request, "Recherche modifiée.")
        return redirect(search)
    return render_form(request, "intel/rename_search.html", form, search=search)


@require_POST
@gate.hands(access.changeable_searches, by="key")
def remove_search(request, search):
    actions.remove(search, by=request.user)
    return redirect(f"{reverse('saved_searches')}?{urlencode({'retiree': search.key})}")


@require_POST
@gate.hands(access.restorable_searches, by="key")
def restore_search(request, search):
    with telling_refusals(request):
        actions.restore(search, by=request.user)
        messages.success(request, f"Recherche « {search.name} » rétablie.")
    return redirect("saved_searches")
