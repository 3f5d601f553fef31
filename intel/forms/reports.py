"""What is done on the sheet of a report."""

from django import forms
from django.conf import settings

from cross.ui.forms import ActionForm, Day
from cross.uploads import ACCEPTED_IN_WORDS
from intel.actions.life import OUTCOMES_OF
from intel.extraction.identifiers import normalise
from intel.forms.fields import Instruction, LongText, ShortText
from intel.forms.once import SentOnce
from intel.models import Feedback
from intel.models.choices import (
    FIGURES,
    IdentifierKind,
    InformationGrade,
    SourceGrade,
)
from intel.states import Requirement, State


class ConfirmForm(ActionForm):
    """Nothing to say but yes."""


class ReasonForm(ActionForm):
    """A reason, and nothing else."""

    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Inscrit à l’historique et au journal.",
        error_messages={"required": "Dites pourquoi : l’historique le garde."},
    )


class ValidityForm(ActionForm):
    marks_optional = False  # no day takes the former one away

    until = Day(
        coming=True,
        label="Valable jusqu’au",
        required=False,
        help_text="Ce jour passé, la fiche se dit « À revérifier ». Vide : sans échéance.",
    )


class CommentForm(ActionForm):
    marks_optional = False  # an empty comment takes the former one away

    text = LongText(
        label="Commentaire de l’analyste",
        required=False,
        help_text="Hypothèses, rapprochements, vigilance. Les faits restent tels que transmis.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class GradeForm(ActionForm):
    """Two separate choices; nothing is chosen beforehand but what was already given."""

    source_grade = forms.ChoiceField(
        label="Source",
        choices=SourceGrade,
        widget=forms.RadioSelect,
        error_messages={"required": "Cotez la source : F si vous ne pouvez pas en juger."},
    )
    information_grade = forms.ChoiceField(
        label="Information",
        choices=InformationGrade,
        widget=forms.RadioSelect,
        error_messages={"required": "Cotez l’information : 6 si vous ne pouvez pas en juger."},
    )
    why = ShortText(
        label="Motif",
        limit=300,
        required=False,
        help_text="Ce qui fonde la cotation ; indispensable pour changer une cotation donnée.",
    )


def _number_of(figure):
    return forms.IntegerField(
        label=figure.label,
        required=False,
        min_value=1,
        max_value=figure.most,
        help_text=f"Avec « {figure.outcome.label} », si vous le savez.",
        error_messages={"invalid": "Écrivez un nombre entier."},
    )


# The numbers that go with outcomes, one field each.
Numbers = type("Numbers", (ActionForm,), {each.name: _number_of(each) for each in FIGURES})


class MoveForm(Numbers):  # type: ignore[misc, valid-type]
    """What one move asks for: only the fields of its own requirements are kept.

    Receives `units` and `originals`: the units and the reports that may be named.
    """

    ASKED = {
        Requirement.REASON: ("why",),
        Requirement.ORIGINAL: ("original",),
        Requirement.UNIT: ("unit", "informed", "answer_by", "instruction"),
        Requirement.OUTCOME: ("outcomes", *(figure.name for figure in FIGURES)),
        Requirement.FEEDBACK: ("feedback", "why"),
    }
    ORDER = (Requirement.ORIGINAL, Requirement.UNIT, Requirement.OUTCOME, Requirement.FEEDBACK)

    original = ShortText(
        label="Fiche d’origine",
        limit=24,
        help_text="Sa référence, par exemple CROSS-88-2026-48213.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez la référence de la fiche d’origine."},
    )
    unit = forms.ModelChoiceField(
        label="Unité attributaire",
        queryset=None,
        empty_label="Choisir…",
        error_messages={"required": Requirement.UNIT.label},
    )
    informed = forms.ModelMultipleChoiceField(
        label="Pour information",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Parmi les unités qui lisent déjà la fiche : informer n’ouvre rien.",
    )
    answer_by = Day(
        coming=True,
        label="Réponse attendue le",
        required=False,
    )
    instruction = Instruction()
    outcomes = forms.MultipleChoiceField(
        label="Résultats",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": Requirement.OUTCOME.label},
    )
    feedback = forms.ChoiceField(
        label="Retour au contributeur",
        choices=Feedback.Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": Requirement.FEEDBACK.label},
    )
    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Inscrit à l’historique, lu par qui lit la fiche.",
        error_messages={"required": Requirement.REASON.label},
    )

    def __init__(self, *args, move, units, originals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].help_text = f"À défaut, dans {settings.ANSWER_DAYS} jours."
        order = [each for each in (*self.ORDER, Requirement.REASON) if each in move.requires]
        asked = dict.fromkeys(name for each in order for name in self.ASKED[each])
        self.fields = {name: self.fields[name] for name in asked}
        if list(asked) == ["why"] and not self.is_bound:
            self.fields["why"].widget.attrs["autofocus"] = True
        self.originals = originals
        if "unit" in asked:
            self.fields["unit"].queryset = self.fields["informed"].queryset = units
            self.fields["informed"].widget.inline = True
        if "outcomes" in asked:
            self.fields["outcomes"].choices = [
                (outcome.value, outcome.label) for outcome in OUTCOMES_OF[move.target]
            ]
            for figure in FIGURES:
                if figure.outcome not in OUTCOMES_OF[move.target]:
                    del self.fields[figure.name]
        if "why" in asked and not move.needs_reason:
            self.fields["why"].label = "Précision"
            self.fields["why"].required = False
        elif "why" in asked and move.origin == State.ACKNOWLEDGED:
            # The unit that was asked answers here: what it says is kept as its answer.
            self.fields["why"] = LongText(
                label="Réponse",
                limit=300,
                help_text="Ce qui a été fait, ou pourquoi rien ne l’a été.",
                error_messages={"required": "Écrivez la réponse de votre unité."},
                # Drawn after the parent has given each field its looks.
                widget=forms.Textarea(attrs={"rows": 4, "class": "fr-input"}),
            )

    @property
    def numbers(self):
        """Pairs (outcome, bound field): what is counted of each outcome it may have."""
        found = [(each.outcome.value, each.name) for each in FIGURES if each.name in self.fields]
        return [(outcome, self[name]) for outcome, name in found]

    def clean_original(self):
        reference = self.cleaned_data["original"].upper().strip()
        original = self.originals.filter(reference=reference).first()
        if original is None:
            raise forms.ValidationError(
                f"Aucune fiche « {reference} » parmi celles que vous lisez dans ce département."
            )
        return original


class IdentifierForm(ActionForm):
    kind = forms.ChoiceField(label="Type", choices=IdentifierKind)
    raw = ShortText(
        label="Valeur",
        limit=120,
        help_text="Telle qu’elle est écrite.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez l’identifiant."},
    )

    def clean(self):
        data = super().clean()
        if data.get("kind") and data.get("raw"):
            try:
                data["value"] = normalise(data["kind"], data["raw"])
            except ValueError as fault:
                self.add_error("raw", str(fault))
        return data


class AttachForm(SentOnce):
    upload = forms.FileField(
        label="Fichier",
        help_text=f"{ACCEPTED_IN_WORDS} ; 20 Mo au plus.",
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
    )
