"""A report handed over: proposed with a reason, accepted or declined."""

from django import forms

from cross.ui.forms import ActionForm
from intel.forms.fields import ShortText


class ProposeForm(ActionForm):
    """Receives the `units` that may be given the report."""

    marks_optional = False  # a box that may stay empty says so by itself
    receives = {"units": "target"}

    target = forms.ModelChoiceField(
        label="À quelle unité ?",
        queryset=None,
        empty_label="Choisir une unité",
        help_text="Une unité qui lit déjà cette fiche : le transfert ne l’ouvre à personne.",
        error_messages={
            "required": "Choisissez l’unité.",
            "invalid_choice": "Cette unité ne lit pas la fiche, ou ne peut pas écrire.",
        },
    )
    why = ShortText(
        label="Motif",
        limit=300,
        help_text="Lu par les deux unités, et inscrit au journal.",
        error_messages={"required": "Dites pourquoi vous proposez ce transfert."},
    )
    hides_origin = forms.BooleanField(
        label="Taire l’unité d’origine",
        required=False,
        help_text=(
            "Les autres liront « Unité d’origine non communiquée » à la place de votre unité et "
            "de ses agents. L’unité qui accepte la connaît."
        ),
    )


class AnswerForm(ActionForm):
    answer = ShortText(
        label="Réponse",
        limit=300,
        required=False,
        help_text="Indispensable pour refuser ; lue par l’unité qui propose.",
    )
    answer.says_when = True
