"""The page of the journal."""

from django.shortcuts import render

from cross import gate
from cross.audit import access, reading
from cross.audit.forms import JournalFilters
from cross.audit.wording import sentence
from cross.ui import keyset

ROWS = 50
COUNTED_UP_TO = 10_000


@gate.lets(access.may_read_journal, reads="journal.read")
def journal_page(request):
    form = JournalFilters(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries = reading.narrowed(access.readable_entries(request.user), wanted)
    count = entries.order_by()[: COUNTED_UP_TO + 1].count()
    page = keyset.page_of(entries, request.GET, keys=("at", "id"), size=ROWS)
    for entry in page:
        entry.sentence = sentence(entry.verb)
    context = {
        "filter_form": form,
        "more_open": bool(wanted.get("action")),
        "chosen": reading.chosen(wanted, {name: form[name].label for name in form.fields}),
        "count": min(count, COUNTED_UP_TO),
        "count_capped": count > COUNTED_UP_TO,
        "noun": "ligne",
        "page": page,
    }
    return render(request, "audit/journal_page.html", context)
