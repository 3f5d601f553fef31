"""Files of a report: added and removed by its own unit, opened by whoever reads it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from cross import gate, serving
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import attachments, previews
from intel.forms.reports import AttachForm


@gate.hands(access.editable_reports, by="reference", reads="report.read")
def attach_file(request, report):
    form = AttachForm.read(request)
    made = []
    if form.carry_out(
        lambda **said: made.append(attachments.attach(report, by=request.user, **said))
    ):
        messages.success(request, "Pièce jointe ajoutée.")
        return redirect(f"{report.get_absolute_url()}#piece-{made[0].key}")
    return render_form(request, "intel/report_attach.html", form, report=report, multipart=True)


@require_safe
@gate.hands(access.readable_attachments, by="key", reads="attachment.read")
def attachment_page(request, attachment):
    """The file itself, to be saved and never shown by the browser in our own name."""
    if attachment.is_held:
        messages.warning(
            request,
            f"« {attachment.name} » est en quarantaine : {attachment.get_scan_display()}. "
            "L’original ne s’ouvre pas.",
        )
        return redirect(f"{attachment.report.get_absolute_url()}#pieces")
    return serving.original(attachment)


@require_safe
@gate.hands(access.readable_attachments, by="key", reads="attachment.previewed")
def preview_attachment(request, attachment):
    """One page of it, drawn again by us: pixels, and nothing of what the file hides."""
    page = previews.drawn(attachment, request.GET.get("page", "1"))
    if page is None:
        raise Http404
    return serving.drawn(page, "image/webp")


@require_POST
@gate.hands(access.removable_attachments, by="key", fresh=True)
def release_attachment(request, attachment):
    with telling_refusals(request):
        previews.release(attachment, by=request.user)
        messages.success(request, f"« {attachment.name} » sort de quarantaine, à votre nom.")
    return redirect(f"{attachment.report.get_absolute_url()}#pieces")


@require_POST
@gate.hands(access.removable_attachments, by="key")
def remove_attachment(request, attachment):
    report = attachment.report
    attachments.remove(attachment, by=request.user)
    messages.success(request, f"« {attachment.name} » est supprimée.")
    return redirect(f"{report.get_absolute_url()}#pieces")
