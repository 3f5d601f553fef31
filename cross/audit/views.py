"""The pages of the journal: lines, seals, what is to be looked at again, what is handed out."""

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cross import gate, outbox
from cross.audit import access, handing, journal, oddities, reading
from cross.audit.forms import HandoutForm, JournalFilters, OddityFilters, SeenForm
from cross.audit.wording import sentence
from cross.ui import keyset
from cross.ui.forms import render_form

ROWS = 50
COUNTED_UP_TO = 10_000
# What the filters of the page are called in the form of an export.
SAME = {"du": "since", "au": "until", "agent": "agent", "reference": "reference"}


@gate.lets(access.may_read_journal, reads="journal.read")
def journal_page(request):
    form = JournalFilters(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = reading.narrowed(access.readable_entries(request.user), wanted)
    count = entries.order_by()[: COUNTED_UP_TO + 1].count()
    page = _with_sentences(keyset.page_of(entries, request.GET, keys=("at", "id"), size=ROWS))
    context = {
        "filter_form": form,
        "more_open": bool(wanted.get("action")),
        "chosen": reading.chosen(wanted, {name: form[name].label for name in form.fields}),
        "count": min(count, COUNTED_UP_TO),
        "count_capped": count > COUNTED_UP_TO,
        "noun": "ligne",
        "page": page,
        "seal_state": reading.seal_state(),
        "to_review": access.readable_oddities(request.user).filter(seen_at=None).count(),
        "kept_query": request.GET.urlencode(),
    }
    return render(request, "audit/journal_page.html", context)


def _with_sentences(entries):
    for entry in entries:
        entry.sentence = sentence(entry.verb)
    return entries


# --- The seals ----------------------------------------------------------------------------------


@require_safe
@gate.lets(access.may_read_journal, reads="journal.seals_read")
def seals_page(request):
    checks = reading.latest_checks()
    context = {
        "state": reading.seal_state(),
        "seals": reading.latest_seals(),
        "checks": checks,
        "findings": reading.findings_of(checks[0]) if checks else [],
        "key": reading.key_in_use(),
    }
    return render(request, "audit/seals_page.html", context)


@require_POST
@gate.lets(access.may_read_journal)
def check_journal(request):
    outbox.enqueue("verify_journal", args={}, by=request.user, key="verify_journal")
    journal.record(request.user, "journal.check_asked", "journal")
    messages.success(
        request, "Vérification demandée : son résultat paraîtra ici dans quelques instants."
    )
    return redirect("journal_seals")


@require_safe
@gate.lets(access.may_read_journal, reads="journal.seals_taken")
def take_seals(request):
    """To be kept elsewhere: what was sealed until today cannot be cut off any more."""
    name = f"sceaux-{timezone.localdate():%Y-%m-%d}.jsonl"
    return StreamingHttpResponse(
        reading.every_seal(),
        content_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# --- To look at again ---------------------------------------------------------------------------


@require_safe
@gate.lets(access.may_read_journal, reads="oddities.listed")
def oddity_list(request):
    form = OddityFilters(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = reading.oddities_of(access.readable_oddities(request.user), wanted)
    page = keyset.page_of(found, request.GET, keys=("began_at", "id"), size=reading.ODDITIES_SHOWN)
    context = {
        "filter_form": form,
        "count": found.order_by().count(),
        "noun": "ligne",
        "oddities": [reading.told(each) for each in page],
        "page": page,
        "is_whole": not any(wanted.values()),
        "patterns": oddities.explanations(),
    }
    return render(request, "audit/oddity_list.html", context)


@gate.hands(access.readable_oddities, reads="oddity.read")
def oddity_page(request, oddity):
    """Its lines, and the sentence that closes it."""
    form = SeenForm.read(request)
    if form.carry_out(lambda **said: oddities.see(oddity, by=request.user, **said)):
        messages.success(request, "Ligne marquée comme vue.")
        return redirect("oddity_list")
    entries = oddities.lines_of(oddity)
    page = _with_sentences(keyset.page_of(entries, request.GET, keys=("at", "id"), size=ROWS))
    return render_form(
        request, "audit/oddity_page.html", form, oddity=reading.told(oddity), page=page
    )


@require_POST
@gate.hands(access.readable_oddities)
def reopen_oddity(request, oddity):
    oddities.reopen(oddity, by=request.user)
    messages.success(request, "Ligne rouverte.")
    return redirect("oddity_page", pk=oddity.pk)


# --- Handed to an authority ---------------------------------------------------------------------


@require_safe
@gate.lets(access.may_read_journal, reads="journal.exports_listed")
def handout_list(request):
    rows = access.readable_handouts(request.user)
    page = keyset.page_of(rows, request.GET, keys=("at", "key"), size=ROWS)
    context = {"page": page, "count": rows.count(), "noun": "export"}
    return render(request, "audit/handout_list.html", context)


@gate.lets(access.may_read_journal, fresh=True)
def new_handout(request):
    form = HandoutForm.read(request)
    if not form.is_bound:
        form.initial = {
            field: request.GET[name] for name, field in SAME.items() if request.GET.get(name)
        }
    made = []
    if form.carry_out(lambda **said: made.append(handing.ask(by=request.user, **said))):
        return redirect("handout_page", key=made[0].key)
    return render_form(request, "audit/handout_form.html", form)


@require_safe
@gate.hands(access.readable_handouts, by="key", reads="journal.exports_listed")
def handout_page(request, handout):
    context = {
        "handout": handout,
        "job": handing.job_of(handout),
        "has_died": handing.has_died(handout),
        "key": reading.key_in_use(),
    }
    return render(request, "audit/handout_page.html", context)


@require_safe
@gate.hands(access.readable_handouts, by="key")
def handout_progress(request, handout):
    """How far the worker is; asked again by the page until it has ended."""
    if not handout.is_waiting or handing.has_died(handout):
        return HttpResponseClientRefresh()
    context = {"handout": handout, "job": handing.job_of(handout)}
    return render(request, "audit/_handout_progress.html", context)


@require_safe
@gate.hands(access.kept_handouts, by="key", reads="journal.export_taken", fresh=True)
def handout_file(request, handout):
    return FileResponse(
        handout.file.open("rb"),
        as_attachment=True,
        filename=f"journal-{handout.at:%Y-%m-%d}.zip",
        content_type="application/zip",
        headers={"X-Content-Type-Options": "nosniff"},
    )
