"""What is decided of a brief: validated, sent back, published, corrected."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cross import gate
from cross.ui.forms import telling_refusals
from intel import access
from intel.actions import edition_life
from intel.edition_states import EditionState
from intel.forms.editions import CorrectForm, SendBackForm

# What is said once it is done, by the state that the note has come to.
VALIDATED = {
    EditionState.PROPOSED: "{} validée pour la préfecture : elle attend le parquet.",
    EditionState.VALIDATED: "{} validée : la préfecture peut la publier.",
}


@require_POST
@gate.hands(access.validatable_editions, by="number")
def validate_edition(request, edition):
    with telling_refusals(request, messages.ERROR):
        done = edition_life.validate(edition, by=request.user, version=_version(request))
        messages.success(request, VALIDATED[EditionState(done.state)].format(done.number))
    return redirect("edition_page", number=edition.number)


@gate.hands(access.validatable_editions, by="number")
def send_back_edition(request, edition):
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition_life.send_back(edition, by=request.user, why=form.cleaned_data["why"])
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(request, f"{edition.number} renvoyée : la préfecture la réécrit.")
            return redirect(_after(request, edition))
    return _asking_why(request, edition, form, "Renvoyer en rédaction")


def _after(request, edition):
    """A prosecutor reads no draft: what he sent back leaves his list until it is validated."""
    readable = access.readable_editions(request.user).filter(pk=edition.pk).exists()
    return reverse("edition_page", args=[edition.number]) if readable else reverse("edition_list")


@require_POST
@gate.hands(access.writable_editions, by="number")
def publish_edition(request, edition):
    with telling_refusals(request, messages.ERROR):
        done = edition_life.publish(edition, by=request.user, version=_version(request))
        messages.success(
            request,
            f"{done.number} publiée : les services qui consultent les notes la lisent, et plus "
            "rien n’y change.",
        )
    return redirect("edition_page", number=edition.number)


@gate.hands(access.writable_editions, by="number")
def correct_edition(request, edition):
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = edition_life.correct(edition, by=request.user, why=form.cleaned_data["why"])
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(
                request,
                f"{made.number} créée avec les textes de {edition.number}, qui reste en vigueur "
                "jusqu’à la publication de sa rectification.",
            )
            return redirect("write_edition", number=made.number)
    return _asking_why(request, edition, form, "Préparer la rectification")


def _asking_why(request, edition, form, label):
    context = {
        "form": form,
        "edition": edition,
        "label": label,
        "submit_label": label,
        "cancel_url": reverse("edition_page", args=[edition.number]),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "intel/edition_why.html", context, status=status)


def _version(request):
    """The version on the member's screen; None, which is no version, for what is no number."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
