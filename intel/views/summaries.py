"""The list of summaries, one summary, and asking for one."""

import io

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cross import gate
from intel import access, periods
from intel.actions import summaries as actions
from intel.actions import summary_exports as exports
from intel.forms.summaries import BuildForm, CompareForm
from intel.reading import summaries as reading
from intel.reading.failed_builds import failed_builds
from intel.reading.summary_page import page_of as summary_page_of
from intel.reading.territory import TerritoryPage, territory_named
from services.roles import SUMMARIES, Right, may, may_any

ROWS = 30


@gate.lets(may_any(*SUMMARIES))
def summary_list(request):
    summaries = access.readable_summaries(request.user)
    form = BuildForm(periods=reading.choices_to_build(timezone.localdate()))
    context = {
        "page": reading.page_of_latest(summaries, request.GET, size=ROWS),
        "build_form": form if access.buildable_departments(request.user) else None,
        "job": reading.job_named(access.own_jobs(request.user), request.GET.get("travail")),
        "failed": failed_builds(access.failed_builds(request.user)),
    }
    return render(request, "intel/summary_list.html", context)


@gate.hands(access.readable_summaries, reads="summary.read")
def summary_page(request, summary):
    # A note tells of the department: the area of a court is held to the period before.
    editions = None if summary.court_id else access.readable_editions(request.user)
    readable = access.readable_summaries(request.user)
    shown = summary_page_of(summary, readable, request.GET, editions)
    context = {
        "summary": summary,
        "shown": shown,
        "versions": shown.versions,
        "may_export": access.exportable_summaries(request.user).filter(pk=summary.pk).exists(),
        "may_revise": access.revisable_summaries(request.user).filter(pk=summary.pk).exists(),
        "may_write_edition": may(Right.WRITE_EDITIONS)(request.user),
    }
    return render(request, "intel/summary_page.html", context)


@gate.lets(may_any(*SUMMARIES), reads="summary.read")
def territory_page(request, code):
    """One territory over time, from the summaries that the reader may open."""
    territory = territory_named(request.user, code)
    if territory is None:
        raise Http404
    shown = TerritoryPage(territory, access.readable_summaries(request.user))
    form = CompareForm(
        request.GET or None,
        periods=shown.periods_to_compare(access.readable_editions(request.user)),
        territories=shown.territories_to_compare(),
    )
    asked = form.cleaned_data if form.is_valid() else {}
    context = {
        "territory": territory,
        "shown": shown,
        "compare_form": form,
        "compared": shown.compared(
            asked.get("periode", ""),
            other_period=asked.get("et", ""),
            other=asked.get("avec", ""),
        ),
        "opens_reports": may(Right.READ)(request.user),
    }
    return render(request, "intel/territory_page.html", context)


@require_POST
@gate.lets(may(Right.BUILD_SUMMARIES))
def build_summary(request):
    form = BuildForm(request.POST, periods=reading.choices_to_build(timezone.localdate()))
    departments = access.buildable_departments(request.user)
    if not form.is_valid() or not departments:
        messages.error(request, "Choisissez une période de la liste.")
        return redirect("summary_list")
    period = periods.read(form.cleaned_data["period"])
    job = actions.ask(request.user.unit.department, period, by=request.user)
    return redirect(f"{reverse('summary_list')}?travail={job.pk}")


@require_safe
@gate.hands(access.exportable_summaries, fresh=True)
def export_summary(request, summary):
    """Its tables, or the layer of its map that the address asks for, as a file."""
    kind = request.GET.get("format", "")
    shown = summary_page_of(summary, access.readable_summaries(request.user), request.GET)
    try:
        made = exports.export_summary(shown, kind, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("summary_page", summary.pk)
    return FileResponse(
        io.BytesIO(made),
        as_attachment=True,
        filename=exports.file_name(shown, kind),
        content_type=exports.TYPES[kind],
    )


@require_POST
@gate.hands(access.revisable_summaries)
def revise_summary(request, summary):
    """Count a closed period anew, with what was entered or corrected since."""
    period = periods.read(summary.period)
    job = actions.ask(summary.department, period, by=request.user, revised=True)
    return redirect(f"{reverse('summary_list')}?travail={job.pk}")


@gate.hands(access.own_jobs)
def job_progress(request, job):
    """How far a long work is; asked again by the page until it ends."""
    return render(request, "intel/_job.html", {"job": job})
