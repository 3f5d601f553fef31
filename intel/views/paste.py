"""A text to paste, or a message file: what it says is proposed, then the entry form is filled."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from cross import gate
from intel.actions import drafts, entry
from intel.forms.paste import ConfirmForm, PasteForm
from intel.reading import proposals
from services.roles import Right, may

writes = may(Right.WRITE)


@gate.lets(writes)
def paste_report(request):
    """A text or a message file; what it says is proposed on the next page."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PasteForm(*sent)
    if form.is_valid():
        key = drafts.new_key()
        refused = entry.paste(form.message(), by=request.user, key=key)
        for sentence in refused:
            messages.warning(request, sentence)
        return redirect("confirm_proposals", key=key)
    status = 422 if form.is_bound else 200
    context = {"form": form, "multipart": True}
    return render(request, "intel/entry_paste.html", context, status=status)


@gate.lets(writes)
def confirm_proposals(request, key):
    """Each thing read in the text is confirmed or left by hand; the entry form opens filled."""
    # Of a new report alone: what was typed over a recorded one is read through its own door.
    is_new = drafts.NEW_KEY.fullmatch(key)
    draft = drafts.kept(by=request.user, key=key) if is_new else None
    if draft is None:
        raise Http404
    text = draft.fields.get("facts", [""])[-1]
    found = proposals.read(
        text, department=request.user.unit.department, today=proposals.written_on(draft.fields)
    )
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        groups=proposals.groups(found),
        files=drafts.files(by=request.user, key=key),
    )
    if form.is_valid():
        fields, unwanted = form.confirmed()
        entry.confirm(fields, by=request.user, draft=draft, unwanted=unwanted)
        return redirect(f"{reverse('new_report')}?saisie={key}")
    context = {"form": form, "segments": found.segments(), "draft": draft}
    return render(request, "intel/entry_confirm.html", context)
