"""The indicators of the cell: the page, and the same as a file."""

import io

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cross import gate
from intel.actions import indicator_exports as exports
from intel.reading.indicators import board_of
from services.roles import Right, may, may_any

reads_indicators = may_any(Right.READ_CELL_SUMMARIES, Right.READ_MASKED_SUMMARIES)


@gate.lets(reads_indicators, reads="indicators.read")
def indicator_page(request):
    board = board_of(request.user, request.GET)
    context = {
        "board": board,
        "opens_reports": may(Right.READ)(request.user),
        "may_export": exports.may_export(request.user),
        "address": request.GET.urlencode(),
    }
    return render(request, "intel/indicator_page.html", context)


@require_safe
@gate.lets(may_any(Right.EXPORT, Right.READ_MASKED_SUMMARIES), fresh=True)
def export_indicators(request):
    query = request.GET.copy()
    kind = (query.pop("format", None) or [""])[-1]
    board = board_of(request.user, query)
    try:
        made = exports.export(board, kind, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(f"{reverse('indicator_page')}?{query.urlencode()}".rstrip("?"))
    return FileResponse(
        io.BytesIO(made),
        as_attachment=True,
        filename=exports.file_name(board, kind),
        content_type=exports.TYPES[kind],
    )
