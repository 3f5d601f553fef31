"""The list of reports, and the sheet of one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST

from cross import gate
from cross.audit import journal
from cross.ui import keyset
from intel import access
from intel.actions.looks import record as record_looks
from intel.reading import history, looking, sheet
from intel.reading.list import SIZES, listing_for
from intel.reading.naming import names_somebody
from intel.reading.triage import aside_in_list
from services.roles import Right, may


@gate.lets(may(Right.READ))
def report_list(request):
    address = _without_blanks(request.GET)
    if len(address) < len(request.GET) and not request.htmx:
        return redirect(f"{reverse('report_list')}?{address.urlencode()}".rstrip("?"))
    listing = listing_for(request.user, address)
    # Which list was opened, never the words that were searched.
    verb = "report.searched" if listing.is_search else "report.listed"
    journal.record(request.user, verb, "liste des renseignements")
    looks = looking.looks_of(listing.asked)
    record_looks(looks, by=request.user)
    if listing.only_row and not request.htmx:
        return redirect(listing.only_row)
    is_fragment = request.htmx.target == "resultats" and not request.htmx.history_restore_request
    template = "intel/_report_results.html" if is_fragment else "intel/report_list.html"
    request.GET = listing.query  # what is shown is what its links lead through
    context = _list_context(request, listing, is_fragment) | {
        "looks": looks,
        "typed": address.get("q", ""),
        "meant_otherwise": [(each.words, _asking(address, each)) for each in listing.meant[1:]],
    }
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if is_fragment:
        response["HX-Push-Url"] = f"{reverse('report_list')}?{address.urlencode()}".rstrip("?")
    return response


def _list_context(request, listing, is_fragment):
    def address(*dropped):
        query = request.GET.copy()
        for name in (keyset.AFTER, keyset.BEFORE, *dropped):
            query.pop(name, None)
        return f"{query.urlencode()}&" if query else ""

    return {
        "listing": listing,
        "form": listing.asked.form,
        "rows": listing.page,
        "sort": listing.sort,
        "count": listing.count,
        "count_capped": listing.count_capped,
        "noun": "renseignement",
        "count_detail": listing.facts_told,
        "sizes": SIZES,
        "list_url": reverse("report_list"),
        "address": address(),
        "unsized": address("par"),
        "is_fragment": is_fragment,
        "aside": aside_in_list(request.user, listing.asked),
        "may_write": may(Right.WRITE)(request.user),
        "may_export": may(Right.EXPORT)(request.user),
    }


def _asking(address, proposal):
    query = address.copy()
    query["q"] = proposal.words
    return query.urlencode()


def _without_blanks(query):
    """A form sends its empty fields too; the address that people share has none."""
    kept = query.copy()
    for name, values in query.lists():
        filled = [value for value in values if value.strip()]
        if filled:
            kept.setlist(name, filled)
        else:
            del kept[name]
    if "autour" not in kept:
        kept.pop("rayon", None)  # how far, from nowhere
    if "synthese" not in kept:
        for name in ("territoire", "faits"):
            kept.pop(name, None)  # which row, of nothing
    return kept


@gate.hands(sheet.rows, by="reference", reads="report.read", names=names_somebody)
def report_page(request, report):
    look = looking.look_at(report, request.user, request.GET.get("comme"))
    if look and look.unit:
        recipients = f"comme {look.unit}"
        journal.record(request.user, "report.looked_as", report, recipients=recipients)
    context = {
        "look": look,
        "report": report,
        "sheet": sheet.sheet_of(report, request.user),
        "prints": "imprimer" in request.GET and report.may_leave,
        "now": timezone.now(),
    }
    return render(request, "intel/report_page.html", context)


@gate.hands(access.followed_reports, by="reference", reads="report.read", names=names_somebody)
def report_versions(request, report):
    """What each text said before somebody changed it."""
    context = {"report": report, "events": history.revisions_of(report, request.user)}
    return render(request, "intel/report_versions.html", context)


@require_POST
@gate.hands(sheet.rows, by="reference", fresh=True)
def print_report(request, report):
    """Write the line of the journal, then let the browser print the sheet."""
    if not report.may_leave:
        messages.warning(
            request,
            f"{report.reference} ne s’imprime hors de l’unité {report.owner} qu’avec son accord.",
        )
        return redirect("ask_accord", report.reference)
    journal.record(request.user, "report.printed", report, recipients=request.user.get_full_name())
    return redirect(f"{report.get_absolute_url()}?imprimer")
