"""The printed copies of a brief: the form, what it registered, the files, the register."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from cross import gate
from cross.ui.forms import render_form, telling_refusals
from intel import access
from intel.actions import copies as actions
from intel.forms.copies import CopyEndForm, PrintForm, RegisterForm
from intel.reading import copies as reading
from intel.reading import editions, frozen
from services.roles import Right, may

CONSULTATION = "Consultation"
TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "zip": "application/zip",
}


# --- Asked for --------------------------------------------------------------------------------


@gate.hands(access.printable_editions, by="number", fresh=True)
def print_edition(request, edition):
    return _printing(request, edition, PrintForm())


def _printing(request, edition, form, *, status=200):
    context = {
        "form": form,
        "edition": edition,
        "fresh": editions.freshness(edition, access.readable_editions(request.user)),
        "is_intact": frozen.is_intact(edition),
        "is_draft": edition.is_draft,
        "may_write": may(Right.WRITE_EDITIONS)(request.user),
        "posts_to": reverse("edition_pdf", args=[edition.number]),
        "cancel_url": reverse("edition_page", args=[edition.number]),
    }
    return render(request, "intel/edition_print.html", context, status=status)


@require_http_methods(["GET", "POST"])
@gate.hands(access.printable_editions, by="number", fresh=True)
def edition_pdf(request, edition):
    """Numbered copies: POST for those whom the form names, then the page of what it registered;
    GET for oneself, and the file at once.

    No brief leaves without its line in the register: GET writes one too, because opening the file
    is making a copy, whatever the method. HEAD, which shows nothing, is refused; so is a link that
    another site laid out: whoever follows it has asked for nothing.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        messages.warning(
            request,
            "Aucun exemplaire n’a été fait : ce lien venait d’un autre site. S’il vous en faut "
            "un, demandez-le ici.",
        )
        return redirect("print_edition", number=edition.number)
    try:
        if request.method == "GET":
            copies = actions.print_copies(
                edition,
                by=request.user,
                recipients=[request.user.get_full_name()],
                reason=CONSULTATION,
            )
            return _attachment(*actions.packed(edition, copies))
        return _asked(request, edition)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect("edition_page", number=edition.number)


def _asked(request, edition):
    form = PrintForm(request.POST)
    if not form.is_valid():
        return _printing(request, edition, form, status=422)
    wanted = form.cleaned_data
    run = actions.ask(
        edition,
        by=request.user,
        recipients=wanted["recipients"],
        reason=wanted["reason"],
        kind=wanted["kind"],
        entry_key=actions.run_key(edition, wanted["sent"], wanted),
    )
    return redirect("print_page", key=run.entry_key)


# --- A run ------------------------------------------------------------------------------------


@gate.hands(access.own_runs, by="entry_key")
def print_page(request, run):
    """What one sending of the form has registered, or how far it is; its file while it is kept."""
    context = {
        "run": run,
        "edition": run.edition,
        "together": reading.printed_together(request.user, run),
        "job": reading.job_of(run),
        "has_died": actions.has_died(run),
    }
    return render(request, "intel/edition_printed.html", context)


@require_safe
@gate.hands(access.own_runs, by="entry_key")
def print_progress(request, run):
    """How far the worker is; asked again by the page until it has ended."""
    if not run.is_waiting or actions.has_died(run):
        return HttpResponseClientRefresh()
    context = {"run": run, "job": reading.job_of(run)}
    return render(request, "intel/_print_progress.html", context)


@gate.hands(access.own_prints, by="entry_key", reads="edition.copied", fresh=True)
def print_file(request, copy):
    run = access.own_runs(request.user).get(entry_key=copy.entry_key)
    try:
        return _attachment(*actions.file_of(run, by=request.user))
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect("print_page", key=copy.entry_key)


def _attachment(name, content):
    return HttpResponse(
        content,
        content_type=TYPES[name.rpartition(".")[2]],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


# --- The register -----------------------------------------------------------------------------


@require_safe
@gate.lets(may(Right.PRINT_EDITIONS), reads="copies.listed")
def copy_register(request):
    """Every copy of the notes that one may print: who holds it, what became of it."""
    form = RegisterForm(request.GET)
    found = _filtered(request, form)
    page, count = reading.page_of(found, request.GET, order=_order(form))
    context = {
        "filter_form": form,
        "page": page,
        "count": count,
        "noun": "exemplaire",
        "chosen": reading.chips_of(form),
        "by_holder": _order(form) == "detenteur",
        "superseded": reading.superseded_of(access.registered_copies(request.user)),
        "address": request.GET.urlencode(),
    }
    return render(request, "intel/copy_register.html", context)


def _filtered(request, form):
    asked = form.cleaned_data if form.is_valid() else {}
    return reading.chosen(
        access.registered_copies(request.user),
        state=asked.get("etat", ""),
        holder=asked.get("detenteur", ""),
        number=asked.get("note", ""),
        own_of=request.user if asked.get("par") else None,
    )


def _order(form):
    return (form.is_valid() and form.cleaned_data["ordre"]) or "date"


@require_safe
@gate.lets(may(Right.PRINT_EDITIONS), fresh=True)
def export_copies(request):
    found = reading.registered(_filtered(request, RegisterForm(request.GET)))
    with telling_refusals(request, messages.ERROR):
        content = actions.export_register(found.order_by("-printed_at", "-pk"), by=request.user)
        name = f"registre-des-exemplaires-{timezone.localdate()}.csv"
        return HttpResponse(
            content,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    return redirect(f"{reverse('copy_register')}?{request.GET.urlencode()}")


@gate.hands(access.registered_copies, by="key")
def end_copy(request, copy):
    form = CopyEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(copy, by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(
                request,
                f"Exemplaire n° {copy.copy_number} de {copy.edition.number} : c’est inscrit au "
                "registre. Une erreur s’annule depuis le registre.",
            )
            return redirect("copy_register")
    return render_form(
        request,
        "intel/copy_end.html",
        form,
        copy=copy,
        submit_label="Inscrire",
        cancel_url=reverse("copy_register"),
    )


@require_POST
@gate.hands(access.registered_copies, by="key")
def reopen_copy(request, copy):
    with telling_refusals(request, messages.ERROR):
        actions.take_back_end(copy, by=request.user)
        messages.success(
            request, f"Exemplaire n° {copy.copy_number} : de nouveau inscrit comme sorti."
        )
    return redirect("copy_register")
