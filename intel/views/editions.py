"""The local strategy briefs: list, reading, writing. Then `edition_life`, and `copies`."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cross import gate
from intel import access
from intel.actions import drafts, editions
from intel.actions.reports import Overtaken
from intel.forms.editions import (
    EditionFilterForm,
    NewEditionForm,
    WordsForm,
)
from intel.reading import (
    brief,
    brief_figures,
    brief_sections,
    edition_checks,
    edition_words,
    frozen,
)
from intel.reading import copies as copies_reading
from intel.reading import edition_changes as changes
from intel.reading import editions as reading
from intel.reading.brief_parts import blocks_of_part, left_out_blocks, steering_blocks
from services.roles import Right, may

ROWS = 30
writes, prints = may(Right.WRITE_EDITIONS), may(Right.PRINT_EDITIONS)


@gate.lets(may(Right.READ_EDITIONS))
def edition_list(request):
    readable = access.readable_editions(request.user)
    is_writer = writes(request.user)
    states = [(code, words) for code, (words, _) in reading.STATES.items()]
    form = EditionFilterForm(request.GET or None, states=states)
    state = form.cleaned_data["etat"] if form.is_valid() and is_writer else ""
    page, count = reading.page_of(readable, request.GET, state=state, size=ROWS)
    context = {
        "page": page,
        "current": reading.in_force(readable),
        "count": count,
        "noun": "note",
        "filter_form": form if is_writer else None,
        "chosen": [{"name": "etat", "value": state, "label": "État", "text": dict(states)[state]}]
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
    copies, printed = copies_reading.register(edition) if prints(request.user) else ([], 0)
    context = {
        "edition": edition,
        "figures": figures,
        "is_intact": frozen.is_intact(edition),
        "fresh": reading.freshness(edition, access.readable_editions(request.user)),
        "key_figures": brief_figures.key_figures(figures),
        "chapters": reading.chapters(edition, figures),
        "axes": reading.axes(edition),
        "steering": reading.words_shown(edition.words.get("steering", "")),
        "frozen_steering": reading.shown(steering_blocks(edition.parts)),
        "left_out": reading.shown(left_out_blocks(edition.parts, figures)),
        "signatories": brief_sections.signatories_of(edition.words.get("signatories", "")),
        "state_in_words": brief.state_in_words(edition),
        "copies": copies,
        "printed": printed,
        "may_write": writes(request.user),
        "may_print": prints(request.user),
        "is_draft": edition.is_draft,
        **_life(request, edition),
    }
    return render(request, "intel/edition_page.html", context)


@gate.hands(access.readable_editions, by="number", reads="edition.read")
def edition_changes(request, edition):
    """Figures and words, before and after: both notes are frozen."""
    former = edition.follows
    context = {
        "edition": edition,
        "former": former,
        "since": reading.shown(blocks_of_part("since", edition.parts)),
        "changes": list(changes.words_changes(former, edition)) if former else [],
    }
    return render(request, "intel/edition_changes.html", context)


def _life(request, edition):
    """Who has said what of it, who must act now, and what the member may do about it."""
    steps = _steps(edition)
    validations = edition_checks.validations(edition, steps)
    on_behalf = access.bench_of(request.user, edition.department_id)
    waited = [each for each in validations if each.step is None]
    return {
        "steps": edition_checks.steps_told(edition, steps, on_behalf),
        "returned": edition_checks.sent_back(edition, steps),
        "validations": validations,
        "who_acts": edition_checks.who_acts(edition, waited),
        "checks": list(edition_checks.checklist(edition)) if edition.is_draft else [],
        "moves": edition_checks.open_moves(edition, on_behalf, waited),
        "corrects": edition.corrects,
        "correction": edition_checks.correction_of(edition, request.user),
    }


def _steps(edition):
    return list(edition.steps.select_related("by", "court"))


# --- Writing ----------------------------------------------------------------------------------


@gate.hands(access.writable_editions, by="number")
def write_edition(request, edition):
    """The words alone: a figure that is posted has no field to fall into."""
    if not edition.is_draft:
        if request.method == "POST":
            _keep(request, edition)
            messages.warning(
                request,
                "Votre saisie est conservée : renvoyez la note en rédaction pour la reprendre.",
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
        "returned": edition_checks.sent_back(edition, _steps(edition)),
        "draft_url": reverse("keep_words", args=[edition.number]),
        **more,
    }
    return render(request, "intel/edition_write.html", context, status=status)


@require_POST
@gate.hands(access.writable_editions, by="number")
def refresh_edition(request, edition):
    """Strategy, indicators, meetings, points de deal as they stand now."""
    try:
        taken = editions.refresh(edition, by=request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        if taken:
            messages.success(
                request,
                f"Stratégie, indicateurs et réunions repris : version {taken.version}. Les "
                "chiffres de la synthèse n’ont pas changé.",
            )
        else:
            messages.info(request, "Rien n’a changé depuis la dernière reprise.")
    return redirect("edition_page", number=edition.number)


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
