"""The yearly self-check of the summaries, for who controls and who animates."""

from django.shortcuts import render

from cross import gate
from intel import access
from intel.reading import self_check
from services.roles import Right, may


@gate.lets(may(Right.CHECK_SUMMARIES), reads="summary.checked")
def summary_check(request):
    department = request.user.unit.department
    check = self_check.check_of(
        access.checked_summaries(request.user),
        department,
        opens_reports=may(Right.READ)(request.user),
    )
    context = {"check": check, "department": department, "least": self_check.LEAST}
    return render(request, "intel/summary_check.html", context)
