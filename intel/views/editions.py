"""The local strategy briefs: list, reading, writing, validation, and each printed copy."""

import io
import zipfile

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cross import gate
from cross.ui.forms import telling_refusals
from intel import access
from intel.actions import drafts, editions
from intel.actions.reports import Overtaken
from intel.forms.editions import (
    EditionFilterForm,
    NewEditionForm,
    PrintForm,
    ReopenForm,
    WordsForm,
)
from intel.reading import brief, edition_words, frozen
from intel.reading import editions as reading
from services.roles import Right, may

ROWS = 30
STATES = (("brouillon", "En rédaction"), ("validee", "Validées"))
CONSULTATION = "Consultation"
writes, prints = may(Right.WRITE_EDITIONS), may(Right.PRINT_EDITIONS)


@gate.lets(may(Right.READ_EDITIONS))
def edition_list(request):
    readable = access.readable_editions(request.user)
    is_writer = writes(request.user)
    form = EditionFilterForm(request.GET or None, states=STATES)
    state = form.cleaned_data["etat"] if form.is_valid() and is_writer else ""
    page, count = reading.page_of(readable, request.GET, state=state, size=ROWS)
    context = {
        "page": page,
        "count": count,
        "noun": "note",
        "filter_form": form if is_writer else None,
        "chosen": [{"name": "etat", "value": state, "label": "État", "text": dict(STATES)[state]}]
        if state
        else [],
        "may_write": is_writer,
        "may_print": prints(request.user),
    }
    return render(request, "intel/edition_list.html", context)


@gate.lets(writes)
def new_edition(request):
    """Choose the summary; its figures are frozen at this instant."""
    asked = _number(request.GET.get("synthese") or request.POST.get("summary"))
    summaries = access.readable_summaries(request.user)
    found, choices = reading.summary_choices(summaries, asked, timezone.localdate())
    form = NewEditionForm(request.POST or None, summaries=choices, initial={"summary": asked})
    if request.method == "POST" and form.is_valid():
        summary = next(each for each in found if str(each.pk) == form.cleaned_data["summary"])
        title = form.cleaned_data["title"] or f"Note de stratégie locale, {summary.label}"
        edition = editions.create(summary, by=request.user, title=title)
        messages.success(
            request,
            f"{edition.number} créée : ses chiffres sont figés. Les phrases proposées sont tirées "
            "de ces chiffres ; réécrivez-les.",
        )
        return redirect("write_edition", number=edition.number)
    context = {
        "form": form,
        "choices": choices,
        "begun": reading.drafts_about(access.writable_editions(request.user), found),
        "submit_label": "Créer la note",
        "cancel_url": reverse("edition_list"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intel/edition_new.html", context, status=status)


def _number(text):
    """A key typed in an address, or nothing: one that is none simply chooses nothing."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@gate.hands(access.readable_editions, by="number", reads="edition.read")
def edition_page(request, edition):
    figures = frozen.figures_of(edition)
    copies, printed = reading.register(edition) if prints(request.user) else ([], 0)
    context = {
        "edition": edition,
        "figures": figures,
        "is_intact": frozen.is_intact(edition),
        "fresh": reading.freshness(edition),
        "key_figures": brief.key_figures(figures),
        "chapters": reading.chapters(edition, figures),
        "axes": reading.axes(edition),
        "steering": reading.words_shown(edition.words.get("steering", "")),
        "signatories": brief.signatories_of(edition.words.get("signatories", "")),
        "state_in_words": brief.state_in_words(edition),
        "copies": copies,
        "printed": printed,
        "may_write": writes(request.user),
        "may_print": prints(request.user),
        "is_draft": _is_draft(edition),
    }
    return render(request, "intel/edition_page.html", context)


def _is_draft(edition):
    return edition.state == edition.State.DRAFT


# --- Writing ----------------------------------------------------------------------------------


@gate.hands(access.writable_editions, by="number")
def write_edition(request, edition):
    """The words alone: a figure that is posted has no field to fall into."""
    if not _is_draft(edition):
        if request.method == "POST":
            _keep(request, edition)
            messages.warning(
                request, "Votre saisie est conservée : rouvrez la note pour la reprendre."
            )
        messages.error(request, editions.NOT_A_DRAFT)
        return redirect("edition_page", number=edition.number)
    if request.method == "POST":
        return _propose(request, edition) if "add" in request.POST else _receive(request, edition)
    stored = edition_words.fields_of(edition)
    initial = stored | {"version": edition.version, "seen": edition_words.seen_of(stored)}
    kept = drafts.kept(by=request.user, key=editions.draft_key(edition))
    if kept:
        typed = dict.fromkeys(stored, "") | {
            name: values[-1] for name, values in kept.fields.items() if values
        }
        kept = kept if any(typed[name] != text for name, text in stored.items()) else None
        # With the version and the digests it was begun on: what somebody saved since is not lost.
        initial |= typed if kept else {}
    return _writing(request, edition, WordsForm(initial=initial), resumed=kept)


def _propose(request, edition):
    """Put a proposed line in an empty axis of what is being typed; nothing is saved by that."""
    figures, asked = frozen.figures_of(edition), request.POST["add"]
    chosen = next((each for each in figures.proposals if each.key == asked), None)
    typed = {name: values[-1] for name, values in _typed_in(request.POST).items()}
    filled = edition_words.with_axis(typed, chosen.axis) if chosen else typed
    fields = {name: [text] for name, text in (filled or typed).items()}
    if drafts.keep(by=request.user, key=editions.draft_key(edition), fields=fields) is None:
        messages.error(request, "Le texte est trop long : enregistrez-le avant d’ajouter un axe.")
        return _writing(request, edition, WordsForm(request.POST), status=422)
    if chosen is None:
        messages.error(request, "Cette proposition n’est pas de cette note : choisissez-en une.")
    elif filled is None:
        messages.error(
            request, "Les six axes sont remplis : videz-en un, puis ajoutez la proposition."
        )
    else:
        messages.success(
            request,
            f"« {chosen.title} » est ajouté aux axes : relisez-le, puis enregistrez la note.",
        )
    return redirect(f"{reverse('write_edition', args=[edition.number])}#axes")


def _receive(request, edition):
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            written = editions.write(
                edition,
                by=request.user,
                title=form.own_title(),
                words=form.words(),
                version=form.cleaned_data["version"],
            )
        except Overtaken:
            return _overtaken(request, edition, form)
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(request, f"{written.number} enregistrée : version {written.version}.")
            return redirect("edition_page", number=written.number)
    _keep(request, edition)
    return _writing(request, edition, form, status=422)


def _overtaken(request, edition, form):
    """Both texts where both wrote; what the other person alone changed is taken into the form."""
    edition.refresh_from_db()
    stored = edition_words.fields_of(edition)
    differences = edition_words.differences(
        edition, form.typed(), form.cleaned_data.get("seen", "")
    )
    data = request.POST.copy()
    for difference in differences:
        if not difference.is_yours:
            for name in difference.fields:
                data[name] = stored[name]
    data["version"], data["seen"] = str(edition.version), edition_words.seen_of(stored)
    form = WordsForm(data)
    drafts.keep(by=request.user, key=editions.draft_key(edition), fields=_typed_in(data))
    return _writing(request, edition, form, status=409, differences=differences)


def _writing(request, edition, form, *, status=200, **more):
    figures = frozen.figures_of(edition)
    context = {
        "form": form,
        "edition": edition,
        "chapters": [
            (chapter, form[chapter.part.code])
            for chapter in reading.chapters(edition, figures, width=reading.NARROW)
        ],
        "figures": figures,
        "form_id": "words",
        "draft_url": reverse("keep_words", args=[edition.number]),
        **more,
    }
    return render(request, "intel/edition_write.html", context, status=status)


@require_POST
@gate.hands(access.writable_editions, by="number")
def keep_words(request, edition):
    """204: kept. 413: too long to be kept, and the page says so."""
    return HttpResponse(status=204 if _keep(request, edition) else 413)


def _keep(request, edition):
    key = editions.draft_key(edition)
    return drafts.keep(by=request.user, key=key, fields=_typed_in(request.POST))


def _typed_in(data):
    return {name: values for name, values in data.lists() if name in edition_words.FIELDS}


@require_POST
@gate.hands(access.writable_editions, by="number")
def drop_words(request, edition):
    drafts.drop(by=request.user, key=editions.draft_key(edition))
    messages.success(request, "Votre saisie a été effacée : voici le texte enregistré.")
    return redirect("write_edition", number=edition.number)


# --- Its state --------------------------------------------------------------------------------


@require_POST
@gate.hands(access.writable_editions, by="number")
def validate_edition(request, edition):
    with telling_refusals(request, messages.ERROR):
        editions.validate(edition, by=request.user, version=_number(request.POST.get("version")))
        messages.success(
            request, f"{edition.number} validée : les services qui consultent les notes la lisent."
        )
    return redirect("edition_page", number=edition.number)


@gate.hands(access.writable_editions, by="number")
def reopen_edition(request, edition):
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            editions.reopen(edition, by=request.user, why=form.cleaned_data["why"])
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(request, f"{edition.number} rouverte : vous pouvez la rédiger.")
            return redirect("edition_page", number=edition.number)
    context = {
        "form": form,
        "edition": edition,
        "submit_label": "Rouvrir la note",
        "cancel_url": reverse("edition_page", args=[edition.number]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intel/edition_reopen.html", context, status=status)


# --- Copies -----------------------------------------------------------------------------------


@gate.hands(access.printable_editions, by="number")
def print_edition(request, edition):
    return _printing(request, edition, PrintForm())


def _printing(request, edition, form, *, status=200):
    context = {
        "form": form,
        "edition": edition,
        "fresh": reading.freshness(edition),
        "is_intact": frozen.is_intact(edition),
        "is_draft": _is_draft(edition),
        "action": reverse("edition_pdf", args=[edition.number]),
        "cancel_url": reverse("edition_page", args=[edition.number]),
    }
    return render(request, "intel/edition_print.html", context, status=status)


@require_http_methods(["GET", "POST"])
@gate.hands(access.printable_editions, by="number")
def edition_pdf(request, edition):
    """A numbered copy: POST for who the form says, then the page of what it registered; GET for
    oneself, and the file at once.

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
    if request.method == "GET":
        wanted = {"recipient": request.user.get_full_name(), "reason": CONSULTATION, "copies": 1}
        key = None
    else:
        form = PrintForm(request.POST)
        if not form.is_valid():
            return _printing(request, edition, form, status=422)
        wanted = form.cleaned_data
        key = editions.print_key(edition, wanted["sent"], wanted)
    try:
        copies = editions.print_copies(
            edition,
            by=request.user,
            recipient=wanted["recipient"],
            reason=wanted["reason"],
            count=wanted["copies"],
            entry_key=key,
        )
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect("edition_page", number=edition.number)
    return redirect("print_page", key=key) if key else _file_of(edition, copies)


@gate.hands(access.own_prints, by="entry_key")
def print_page(request, copy):
    """What one sending of the form has registered; its files, as often as they are needed."""
    together = reading.printed_together(access.own_prints(request.user), copy)
    context = {"edition": copy.edition, "copy": copy, "together": together}
    return render(request, "intel/edition_printed.html", context)


@gate.hands(access.own_prints, by="entry_key", reads="edition.copied")
def print_file(request, copy):
    together = reading.printed_together(access.own_prints(request.user), copy)
    try:
        files = editions.copies_again(together, by=request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect("print_page", key=copy.entry_key)
    return _file_of(copy.edition, files)


def _file_of(edition, copies):
    """One PDF, or a zip of several."""
    if len(copies) == 1:
        return _attachment(copies[0].pdf, "application/pdf", copies[0].name)
    packed = io.BytesIO()
    # Not compressed again: a PDF already is.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for copy in copies:
            archive.writestr(copy.name, copy.pdf)
    numbers = f"{copies[0].number}-a-{copies[-1].number}"
    return _attachment(
        packed.getvalue(), "application/zip", f"{edition.number}-exemplaires-{numbers}.zip"
    )


def _attachment(content, kind, name):
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
