"""What a decision of the queue asks for, and how the queue is filtered."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from cross.ui.forms import ActionForm, Form
from cross.ui.templatetags.words import counted
from intel.forms.days import DayField
from intel.forms.fields import Instruction, ShortText
from intel.models import Docket
from intel.models.choices import InformationGrade, Origin, SourceGrade
from intel.states import Requirement, State

WAITED = (5, 15, 30)  # days
OTHER = "autre"


class QueueFilter(Form):
    """Named as they are read in the address; a value that is no choice filters nothing."""

    marks_optional = False

    class Part(models.TextChoices):
        """Which part of a tab is shown."""

        MINE = "moi", "Pour moi"
        LATE = "retard", "En retard"
        ASIDE = "cote", "Mises de côté"

    voir = forms.ChoiceField(
        label="Montrer", required=False, choices=[("", "Tout ce qui attend"), *Part.choices]
    )
    urgent = forms.BooleanField(label="Urgents seulement", required=False)
    origine = forms.ChoiceField(
        label="Origine", required=False, choices=[("", "Toutes"), *Origin.choices]
    )
    attente = forms.ChoiceField(
        label="En attente depuis plus de",
        required=False,
        choices=[("", "Peu importe"), *((str(days), counted(days, "jour")) for days in WAITED)],
    )


class NothingForm(ActionForm):
    """A decision that one key makes."""

    def said(self):
        return {}


# The usual reasons of each decision, each chosen by its figure; another is written.
REASONS = {
    State.OUT_OF_SCOPE: (
        "Sans rapport avec les stupéfiants",
        "Trop vague pour être exploité",
        "Déjà connu et traité",
    ),
    State.TO_COMPLETE: (
        "Lieu à préciser",
        "Jours et heures à préciser",
        "Véhicule ou personnes à décrire",
    ),
    State.URGENT: (
        "Arme ou violence",
        "Mineur en danger",
        "Livraison ou transaction imminente",
    ),
}


class ReasonForm(ActionForm):
    """One of the usual reasons of a decision, words of one's own, or both."""

    marks_optional = False

    reason = forms.ChoiceField(
        label="Motif",
        required=False,
        widget=forms.RadioSelect,
        help_text="Au clavier : son chiffre, puis Entrée. Le contributeur le lira.",
    )
    why = ShortText(label="Autre motif, ou précision", limit=250, required=False)

    def __init__(self, *args, target, **kwargs):
        super().__init__(*args, **kwargs)
        self.reasons = {
            str(rank): words for rank, words in enumerate(REASONS.get(target, ()), start=1)
        }
        self.fields["reason"].choices = [
            (rank, f"{rank}. {words}") for rank, words in self.reasons.items()
        ]
        if not self.reasons:
            del self.fields["reason"]
            self.fields["why"].label = "Motif"

    def clean(self):
        said = super().clean()
        told = [self.reasons.get(said.get("reason", ""), ""), said.get("why", "")]
        if not any(told) and not self.errors:
            self.add_error("why", "Indiquez le motif : le contributeur le lira.")
        return said | {"why": " : ".join(filter(None, told))}

    def said(self):
        return {"why": self.cleaned_data["why"]}


class Numbered(forms.RadioSelect):
    """Choices that the page numbers: `data-key` is the figure that ticks one (js/decisions.js)."""

    def create_option(self, name, value, label, selected, index, **kwargs):
        option = super().create_option(name, value, label, selected, index, **kwargs)
        option["label"] = f"{index + 1}. {label}"
        option["attrs"]["data-key"] = str(index + 1)
        return option


class OriginalForm(ActionForm):
    """The report that this one repeats: one of those nearby, or any that can be read.

    `nearby` are reports; `find` gives the readable report of a reference, or None.
    """

    marks_optional = False

    original = forms.ChoiceField(
        label="Fiche d’origine",
        required=False,
        widget=Numbered,
        help_text="Au clavier : son chiffre, puis Entrée.",
    )
    reference = ShortText(
        label="Référence", limit=24, required=False, help_text="Par exemple CROSS-88-2026-48213."
    )

    def __init__(self, *args, nearby, find, **kwargs):
        super().__init__(*args, **kwargs)
        self.find = find
        self.reasons = {each.reference: each.reasons for each in nearby}
        choices = [(each.reference, f"{each.reference} : {each.title}") for each in nearby]
        self.fields["original"].choices = [*choices, (OTHER, "Une autre")]
        self.fields["original"].choice_hints = self.reasons
        if not nearby:
            del self.fields["original"]

    def clean(self):
        super().clean()
        chosen = self.cleaned_data.get("original", OTHER) or OTHER
        typed = self.cleaned_data.get("reference", "").upper()
        if chosen != OTHER and typed and typed != chosen:
            raise ValidationError("Une fiche est choisie et une autre est écrite : gardez-en une.")
        reference = typed if chosen == OTHER else chosen
        if not reference:
            self.add_error("reference", Requirement.ORIGINAL.label)
            return self.cleaned_data
        self.cleaned_data["found"] = self.find(reference)
        if self.cleaned_data["found"] is None:
            self.add_error(
                "reference", f"Aucune fiche que vous pouvez lire ne porte « {reference} »."
            )
        return self.cleaned_data

    def said(self):
        found = self.cleaned_data["found"]
        # What was on the screen beside the one chosen is why it was.
        return {"original": found, "because": self.reasons.get(found.reference, "")}


class DirectForm(ActionForm):
    """Which unit takes it, among those that can read it, and when its answer is expected."""

    unit = forms.ChoiceField(
        label="Unité attributaire", error_messages={"required": Requirement.UNIT.label}
    )
    answer_by = DayField(label="Réponse attendue le", coming=True)
    instruction = Instruction()

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [
            ("", "Choisir une unité"), *((pk, str(unit)) for pk, unit in self.units.items())
        ]  # fmt: skip
        self.fields["answer_by"].today = today
        self.fields["answer_by"].initial = today + timedelta(days=settings.ANSWER_DAYS)

    def said(self):
        said = self.cleaned_data
        return {
            "unit": self.units[said["unit"]],
            "answer_by": said["answer_by"],
            "instruction": said["instruction"],
        }  # fmt: skip


class GradeForm(ActionForm):
    """Two separate choices, none made beforehand."""

    source_grade = forms.ChoiceField(
        label="Fiabilité de la source",
        choices=SourceGrade,
        widget=forms.RadioSelect,
        help_text="Au clavier : sa lettre.",
        error_messages={"required": "Choisissez une lettre, de A à F."},
    )
    information_grade = forms.ChoiceField(
        label="Valeur de l’information",
        choices=InformationGrade,
        widget=forms.RadioSelect,
        help_text="Au clavier : son chiffre, puis Entrée.",
        error_messages={"required": "Choisissez un chiffre, de 1 à 6."},
    )
    why = ShortText(label="Motif", limit=300, required=False)

    def said(self):
        said = self.cleaned_data
        return {
            "source": said["source_grade"],
            "information": said["information_grade"],
            "why": said["why"],
        }


def grade_form(report, data=None):
    """The two letters, as they stand or as they were sent."""
    initial = {
        "source_grade": report.source_grade, "information_grade": report.information_grade,
    }  # fmt: skip
    return GradeForm(data, initial=initial, auto_id="id_cotation_%s")


def form_of(move, report, *, near, find, units, data=None):
    """What a move of the table asks for, about `report`.

    `near` are the reports nearby, `find` gives the readable report of a reference or None, and
    `units` is called for those that may be put in charge, when the move names one.
    """
    made = {"data": data, "auto_id": f"id_{move.target}_%s"}
    if move.target == State.GRADED:
        return grade_form(report, data)
    if Requirement.ORIGINAL in move.requires:
        firsts = [each for each in near if each.duplicate_of_id is None]
        return OriginalForm(nearby=firsts, find=find, **made)
    if Requirement.UNIT in move.requires:
        return DirectForm(units=list(units()), today=timezone.localdate(), **made)
    return ReasonForm(target=move.target, **made) if move.needs_reason else NothingForm(**made)


# --- Who has it to do, and when ---------------------------------------------------------------


class AssignForm(ActionForm):
    """To which analyst, and for which day; `members` are those of the cell who read it."""

    marks_optional = False
    receives = {"members": "to"}

    to = forms.ModelChoiceField(
        label="Analyste", queryset=None, required=False, empty_label="Personne en particulier"
    )
    due_on = DayField(label="À traiter avant le", coming=True, required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].label_from_instance = lambda member: member.get_full_name()
        self.fields["due_on"].today = today
        self.fields["to"].widget.attrs["autofocus"] = not self.is_bound


class AsideForm(ActionForm):
    until = DayField(
        label="Jusqu’au",
        coming=True,
        help_text="Par exemple 15/12. La fiche revient ce jour-là, d’elle-même.",
        error_messages={"required": "Indiquez le jour où la fiche revient."},
    )
    why = ShortText(
        label="Motif", limit=250, error_messages={"required": "Indiquez ce que l’on attend."}
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].today = today
        # The key that opened this page is not to be followed by others: one types at once.
        self.fields["until"].widget.attrs["autofocus"] = not self.is_bound


class MaliceForm(ActionForm):
    """Why a tip was meant to harm, from a closed list: nothing else of it is kept."""

    malice = forms.ChoiceField(
        label="Motif",
        choices=Docket.Malice,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le motif."},
    )
    sure = forms.BooleanField(
        label="J’ai lu ce qui sera effacé, et que rien ne le rétablira.",
        error_messages={"required": "Cochez pour confirmer l’effacement."},
    )
