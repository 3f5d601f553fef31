"""The page of an action: what it rests on, how it goes, what came of it; and proposed lines."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import counted
from intel import access
from intel.actions import evidence as acts
from intel.actions import totals
from intel.forms.evidence import CiteForm, OutcomeForm, TakeUpForm
from intel.forms.totals import TotalsFileForm
from intel.importing.totals import COLUMNS
from intel.reading import evidence as reading
from protocols import access as protocols
from protocols.actions import outcomes
from services.roles import Right, may


@gate.hands(reading.rows, by="key", reads="action.read")
def action_page(request, action):
    context = {"action": action, "page": reading.page_of(action, request.user)}
    return render(request, "intel/action_page.html", context)


# --- What it rests on -------------------------------------------------------------------------


@gate.hands(access.citing_actions, by="key")
def cite_evidence(request, action):
    department = action.axis.strategy.department_id
    form = CiteForm.read(
        request,
        reports=access.citable_reports(request.user, department),
        places=access.citable_by_strategy(request.user, department),
    )
    if form.carry_out(lambda **said: acts.cite(action, by=request.user, **said)):
        messages.success(request, "Références ajoutées.")
        return redirect(action)
    return render_form(request, "intel/evidence_cite.html", form, action=action)


def _removed(request, reference):
    action = reference.action
    acts.remove(reference, by=request.user)
    messages.success(request, "Référence retirée : vous pouvez la citer de nouveau.")
    return redirect(action)


@require_POST
@gate.hands(access.removable_report_references, by="key")
def remove_cited_report(request, reference):
    return _removed(request, reference)


@require_POST
@gate.hands(access.removable_place_references, by="key")
def remove_cited_place(request, reference):
    return _removed(request, reference)


@require_POST
@gate.hands(access.removable_finding_references, by="key")
def remove_cited_finding(request, reference):
    return _removed(request, reference)


# --- What came of it --------------------------------------------------------------------------


@gate.hands(protocols.followable_actions, by="key")
def record_outcome(request, action):
    department = action.axis.strategy.department_id
    reads = may(Right.READ)(request.user)
    form = OutcomeForm.read(
        request,
        reports=access.citable_reports(request.user, department) if reads else None,
        places=access.citable_by_strategy(request.user, department) if reads else None,
        communes=protocols.communes_of(department),
    )
    if form.carry_out(lambda **said: acts.record_outcome(action, by=request.user, **said)):
        messages.success(request, "Résultat enregistré.")
        return redirect(action)
    return render_form(request, "intel/outcome_record.html", form, action=action)


@gate.hands(access.reports_with_results, by="reference")
def record_report_outcome(request, report):
    form = OutcomeForm.read(
        request,
        reports=None,
        places=None,
        communes=protocols.communes_of(report.department_id),
    )
    if form.carry_out(
        lambda **said: acts.record_outcome_of_report(report, by=request.user, **said)
    ):
        messages.success(request, "Résultat enregistré sur la fiche.")
        return redirect(report)
    return render_form(request, "intel/outcome_of_report.html", form, report=report)


@require_POST
@gate.hands(access.removable_outcomes, by="key")
def take_back_outcome(request, outcome):
    back = reading.where_told(outcome, request.user)
    outcomes.take_back(outcome, by=request.user)
    messages.success(request, "Résultat repris : plus personne ne le lit.")
    return redirect(back)


@require_POST
@gate.hands(access.restorable_outcomes, by="key")
def restore_outcome(request, outcome):
    outcomes.restore(outcome, by=request.user)
    messages.success(request, "Résultat rétabli.")
    return redirect(reading.where_told(outcome, request.user))


# --- Proposed lines ---------------------------------------------------------------------------


@gate.hands(protocols.writable_strategies, by="key")
def strategy_proposals(request, strategy):
    summary, proposals = reading.proposals_for(request.user, strategy)
    axes = protocols.writable_axes(request.user).filter(strategy=strategy)
    form = TakeUpForm.read(
        request, axes=axes, units=protocols.chargeable_units(strategy.department_id)
    )
    if request.method == "POST" and form.is_valid():
        asked = next((each for each in proposals if each.key == request.POST.get("key")), None)
        if asked is None:
            messages.error(request, "Cette proposition n’est plus dans la liste.")
            return redirect("strategy_proposals", strategy.key)
        with telling_refusals(request):
            action = acts.take_up(asked, by=request.user, **form.cleaned_data)
            messages.success(
                request, "Proposition reprise en action : relisez ses mots, son unité, ses dates."
            )
            return redirect(action)
    context = {
        "strategy": strategy,
        "summary": summary,
        "proposals": proposals,
        "form": form,
        "has_axes": axes.exists(),
    }
    status = 422 if form.errors else 200
    return render(request, "intel/strategy_proposals.html", context, status=status)


# --- Totals that others counted -----------------------------------------------------------------


@gate.lets(may(Right.WRITE_STRATEGY))
def import_totals(request):
    form = TotalsFileForm.read(request)
    made = []
    if form.carry_out(lambda file: made.extend(totals.take_in(file, by=request.user))):
        said = counted(len(made), "total enregistré,totaux enregistrés")
        known = "" if made else " : ils étaient tous déjà saisis"
        messages.success(request, f"{said}{known}.")
        return redirect("total_list")
    return render_form(
        request, "intel/totals_import.html", form, multipart=True, columns=list(COLUMNS)
    )
