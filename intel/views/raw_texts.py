"""The shared text of a human source, read again by its unit; files declared free of her."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import render_form
from intel import access
from intel.actions import attachments, raw_texts
from intel.forms.human_source import AttestForm


@gate.hands(access.attestable_raw_texts, by="report__reference", reads="report.read")
def attest_report(request, raw_text):
    """Both texts side by side, and the checklist again."""
    report = raw_text.report
    form = AttestForm.read(request)
    if form.carry_out(lambda checks: raw_texts.attest(raw_text, by=request.user)):
        messages.success(request, "Texte partagé relu : la date de relecture est à jour.")
        return redirect(report)
    return render_form(request, "intel/report_attest.html", form, report=report, raw_text=raw_text)


@require_POST
@gate.hands(access.reserved_attachments, by="key", fresh=True)
def clear_attachment(request, attachment):
    attachments.clear(attachment, by=request.user)
    messages.success(request, f"« {attachment.name} » est partagée avec qui lit la fiche.")
    return redirect(f"{attachment.report.get_absolute_url()}#pieces")
