"""A pasted list of values, and which of them are known."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from cross import gate
from cross.audit import journal
from cross.ui.forms import render_form, telling_refusals
from cross.ui.templatetags.words import counted, listed
from intel import access
from intel.actions.hit_exports import export_hits as write_hits
from intel.exporting.sheets import TYPES
from intel.forms.hits import ValuesForm
from intel.reading import hits
from services.roles import Right, may


@gate.lets(may(Right.READ))
def value_hits(request):
    """The answer stands at the same address, which says nothing of what was asked."""
    form, table = ValuesForm.read(request), None
    if form.is_bound and form.is_valid():
        table = hits.hits_of(request.user, form.wanted)
        why = f"{counted(len(form.wanted), 'valeur')} : {listed(table.kinds)}"
        journal.record(request.user, "values.searched", "liste de valeurs", why=why)
    return render_form(
        request,
        "intel/value_hits.html",
        form,
        table=table,
        most=hits.MOST,
        may_export=may(Right.EXPORT)(request.user),
        may_check=bool(access.checked_departments(request.user)),
    )


@require_POST
@gate.lets(may(Right.EXPORT), fresh=True)
def export_hits(request):
    form, kind = ValuesForm.read(request), request.POST.get("format", "")
    if not form.is_valid():
        return redirect("value_hits")
    with telling_refusals(request, messages.ERROR):
        file = write_hits(form.wanted, kind, by=request.user)
        name = f"valeurs-{request.user.unit.department.code}-{timezone.localdate()}.{kind}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])
    return redirect("value_hits")
