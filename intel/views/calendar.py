"""The calendar of a member: a month, the next things for his home page, and a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cross import gate
from intel.actions import calendar_files
from intel.reading import calendar as reading
from services.roles import Right, may_any

owes = may_any(Right.READ, Right.READ_MASKED_SUMMARIES)


@gate.lets(owes, reads="calendar.read")
def calendar_page(request):
    board = reading.board_of(request.user, request.GET)
    context = {
        "board": board,
        "before": board.month.previous(),
        "after": reading.next_month(board.month),
        "today": timezone.localdate(),
    }
    return render(request, "intel/calendar_page.html", context)


@require_safe
@gate.lets(owes)
def calendar_next(request):
    """The next things, as a fragment of the home page."""
    context = {"items": reading.next_of(request.user), "today": timezone.localdate()}
    return render(request, "intel/_calendar_next.html", context)


@require_safe
@gate.lets(owes)
def calendar_file(request):
    made = calendar_files.file_of(request.user)
    return HttpResponse(
        made,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="cross.ics"'},
    )
