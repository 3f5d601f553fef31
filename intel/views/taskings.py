"""Directions: what is expected from one's unit, which court was seized."""

from django.contrib import messages
from django.shortcuts import redirect, render

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import referrals
from intel.forms.referrals import ReferralForm
from intel.reading import rates
from intel.reading import referrals as courts
from intel.reading import taskings as reading
from services.roles import Right, may


@gate.lets(may(Right.ANSWER), reads="taskings.listed")
def tasking_list(request):
    board = reading.board_of(request.user, request.GET)
    context = {
        "board": board,
        "page": board.page,
        "count": board.count.value,
        "count_capped": board.count.is_capped,
        "noun": "orientation",
        "chosen": board.chosen,
    }
    return render(request, "intel/tasking_list.html", context)


@gate.lets(may(Right.ANSWER), reads="rates.read")
def rates_page(request):
    return render(request, "intel/rates_page.html", {"board": rates.board_of(request.user)})


@gate.hands(access.referable_reports, by="reference", reads="report.read")
def refer_report(request, report):
    form = ReferralForm.read(
        request, courts=courts.courts_of(report), initial={"court": report.commune.court_id}
    )
    if form.carry_out(lambda **said: referrals.refer(report, by=request.user, **said)):
        messages.success(request, "Transmission au parquet enregistrée.")
        return redirect(f"{report.get_absolute_url()}#parquet")
    return render_form(request, "intel/report_refer.html", form, report=report)


@gate.hands(access.decidable_referrals, by="key", reads="report.read")
def change_referral(request, referral):
    report = referral.report
    initial = {name: getattr(referral, name) for name in ("sent_on", "decision", "decided_on")}
    form = ReferralForm.read(
        request,
        courts=courts.courts_of(report),
        initial=initial | {"court": referral.court_id},
    )
    if form.carry_out(lambda **said: referrals.correct(referral, by=request.user, **said)):
        messages.success(request, "Suite judiciaire enregistrée.")
        return redirect(f"{report.get_absolute_url()}#parquet")
    return render_form(request, "intel/report_refer.html", form, report=report, referral=referral)
