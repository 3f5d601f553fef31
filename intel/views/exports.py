"""The list of reports as a file: same filters, same rule."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cross import gate
from intel import access
from intel.actions import exports as actions
from intel.actions.looks import record as record_looks
from intel.exporting.sheets import TYPES
from intel.reading.filters import asked_by
from intel.reading.leaving import held_back
from intel.reading.looking import looks_of
from services.roles import Right, may


@require_safe
@gate.lets(may(Right.EXPORT), fresh=True)
def export_reports(request):
    query = request.GET.copy()
    kind = (query.pop("format", None) or [""])[-1]
    leaves_rest = query.pop("laisser", None)
    asked = asked_by(request.user, query)
    record_looks(looks_of(asked), by=request.user)
    reports = asked.of(access.listed_reports(request.user))
    if kind in TYPES and not leaves_rest and (held := held_back(reports, request.user)):
        context = {"held": held, "kind": kind, "address": query.urlencode()}
        return render(request, "intel/export_held.html", context)
    try:
        file = actions.export_reports(reports, kind, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(f"{reverse('report_list')}?{query.urlencode()}".rstrip("?"))
    name = f"renseignements-{request.user.unit.department.code}-{timezone.localdate()}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])
