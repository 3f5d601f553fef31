"""What a decision of the queue asks for, and how the queue is filtered."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cross.ui.forms import ActionForm, Form
from cross.ui.templatetags.words import counted
from intel.actions.life import ANSWER_DAYS
from intel.forms.days import DayField
from intel.forms.fields import Instruction, ShortText
from intel.models.choices import InformationGrade, Origin, SourceGrade
from intel.states import Requirement, State

WAITED = (5, 15, 30)  # days
OTHER = "autre"


class QueueFilter(Form):
    """Named as they are read in the address; a value that is no choice filters nothing."""

    marks_optional = False

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


class ReasonForm(ActionForm):
    why = ShortText(
        label="Motif",
        limit=300,
        error_messages={"required": "Indiquez le motif : le contributeur le lira."},
    )

    def said(self):
        return {"why": self.cleaned_data["why"]}


class OriginalForm(ActionForm):
    """The report that this one repeats: one of those nearby, or any that can be read.

    `nearby` are reports; `find` gives the readable report of a reference, or None.
    """

    marks_optional = False

    original = forms.ChoiceField(label="Fiche d’origine", required=False, widget=forms.RadioSelect)
    reference = ShortText(
        label="Référence", limit=24, required=False, help_text="Par exemple CROSS-88-2026-48213."
    )

    def __init__(self, *args, nearby, find, **kwargs):
        super().__init__(*args, **kwargs)
        self.find = find
        self.reasons = {each.reference: each.reasons for each in nearby}
        choices = [(each.reference, f"{each.reference} : {each.heading}") for each in nearby]
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
    answer_by = DayField(label="Réponse attendue le", in_the_past=False)
    instruction = Instruction()

    def __init__(self, *args, units, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [
            ("", "Choisir une unité"), *((pk, str(unit)) for pk, unit in self.units.items())
        ]  # fmt: skip
        self.fields["answer_by"].today = today
        self.fields["answer_by"].initial = today + timedelta(days=ANSWER_DAYS)

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
        help_text="Au clavier : son chiffre.",
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
    return ReasonForm(**made) if move.needs_reason else NothingForm(**made)
