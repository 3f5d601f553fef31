"""Totals that others counted: listed by nomenclature, typed, corrected, taken out."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from protocols import access
from protocols.actions import totals as acts
from protocols.forms.totals import CorrectTotalForm, TotalForm, YearForm
from protocols.reading import totals as reading
from services.roles import Right, may


@gate.lets(may(Right.READ_STRATEGY), reads="total.listed")
def total_list(request):
    totals = access.readable_totals(request.user)
    years = reading.years_of(totals)
    form = YearForm(request.GET or None, years=years)
    asked = form.cleaned_data["annee"] if form.is_valid() else ""
    year = int(asked) if asked else (years[0] if years else None)
    writes = access.writes_strategy(request.user)
    context = {
        "families": reading.families_of(totals, year) if year else [],
        "year": year,
        "filter_form": form if len(years) > 1 else None,
        "may_write": writes,
        "removed": access.restorable_totals(request.user) if writes else [],
    }
    return render(request, "protocols/total_list.html", context)


@gate.lets(may(Right.WRITE_STRATEGY))
def new_total(request):
    form = TotalForm.read(request)
    if form.carry_out(lambda **said: acts.enter(by=request.user, **said)):
        messages.success(request, "Total enregistré.")
        return redirect("total_list")
    return render_form(request, "protocols/total_new.html", form)


@gate.hands(access.writable_totals)
def correct_total(request, total):
    form = CorrectTotalForm.read(request, initial={"value": total.value})
    if form.carry_out(lambda **said: acts.correct(total, by=request.user, **said)):
        messages.success(request, "Total corrigé : l’ancienne valeur reste lisible.")
        return redirect("total_list")
    shown = reading.in_words(total)
    return render_form(request, "protocols/total_correct.html", form, total=total, shown=shown)


@require_POST
@gate.hands(access.writable_totals)
def remove_total(request, total):
    with telling_refusals(request):
        acts.remove(total, by=request.user)
        messages.success(request, "Total retiré : vous pouvez le remettre, au bas de la page.")
    return redirect("total_list")


@require_POST
@gate.hands(access.restorable_totals)
def restore_total(request, total):
    with telling_refusals(request):
        acts.restore(total, by=request.user)
        messages.success(request, "Total remis.")
    return redirect("total_list")
