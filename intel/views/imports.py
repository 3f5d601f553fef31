"""From a file of tips to reports to triage: received, its columns named, looked at, imported."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cross import gate
from cross.ui.forms import telling_refusals
from intel import access
from intel.actions import imports as actions
from intel.forms.imports import MappingForm, UploadForm
from intel.importing import sample
from intel.importing.faults import as_csv
from intel.reading import imports as reading
from services.roles import Right, may

PAGE = 30
TEMPLATES = {
    "mapped": "intel/import_preview.html",
    "checking": "intel/import_running.html",
    "running": "intel/import_running.html",
    "undoing": "intel/import_running.html",
    "done": "intel/import_result.html",
    "undone": "intel/import_result.html",
}


@require_safe
@gate.lets(may(Right.IMPORT))
def import_list(request):
    imports = access.readable_imports(request.user)
    context = {
        "page": reading.page_of(imports, request.GET, size=PAGE),
        "form": UploadForm(),
        "portals": actions.known_portals(request.user.unit.department),
    }
    return render(request, "intel/import_list.html", context)


@gate.lets(may(Right.IMPORT))
def import_new(request):
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.receive(
                form.cleaned_data["file"], portal=form.cleaned_data["portal"], by=request.user
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("import_columns", batch.pk)
    context = {
        "form": form,
        "portals": actions.known_portals(request.user.unit.department),
        "multipart": True,
    }
    return render(request, "intel/import_new.html", context)


@require_safe
@gate.lets(may(Right.IMPORT))
def import_sample(request):
    """An invented file, to try an import with."""
    text = sample.as_csv(request.user.unit.department, timezone.localdate())
    headers = {"Content-Disposition": 'attachment; filename="exemple-signalements.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@gate.hands(access.readable_imports, reads="tips.read")
def import_page(request, batch):
    """Whatever the import waits for: its columns, a decision, the worker, nothing."""
    batch = actions.as_it_stands(batch)
    template = TEMPLATES.get(batch.stage)
    if template is None:
        return redirect("import_columns", batch.pk)
    context = {"batch": batch, "targets": reading.targets_of(batch)}
    if batch.is_waiting:
        context["job"] = reading.job_of(batch)
    else:
        context["faults"] = reading.first_faults(batch)
    if batch.stage == batch.Stage.MAPPED:
        context["rows"] = reading.first_rows(batch)
    return render(request, template, context)


@gate.hands(access.readable_imports, reads="tips.read")
def import_columns(request, batch):
    batch = actions.as_it_stands(batch)
    if batch.stage not in {batch.Stage.UPLOADED, batch.Stage.MAPPED, batch.Stage.FAILED}:
        return redirect("import_page", batch.pk)
    form = MappingForm(request.POST or None, header=batch.header, mapping=batch.mapping)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(batch, form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("import_page", batch.pk)
    context = {"form": form, "batch": batch, "columns": reading.columns_of(batch)}
    return render(request, "intel/import_columns.html", context)


@require_POST
@gate.hands(access.readable_imports)
def import_start(request, batch):
    with telling_refusals(request, messages.ERROR):
        actions.start(batch, by=request.user)
    return redirect("import_page", batch.pk)


@require_POST
@gate.hands(access.readable_imports)
def import_undo(request, batch):
    with telling_refusals(request, messages.ERROR):
        actions.undo(batch, by=request.user)
    return redirect("import_page", batch.pk)


@require_safe
@gate.hands(access.readable_imports)
def import_progress(request, batch):
    """How far the worker is; asked again by the page until it has ended."""
    if not batch.is_waiting or actions.has_died(batch):
        return HttpResponseClientRefresh()
    context = {"batch": batch, "job": reading.job_of(batch)}
    return render(request, "intel/_import_progress.html", context)


@require_safe
@gate.hands(access.readable_imports, reads="tips.read")
def import_faults(request, batch):
    """Every fault as a table: row, column, reason; never what the cell held."""
    return as_csv(reading.faults_of(batch), name=f"import-{batch.pk}-lignes-fautives.csv")
