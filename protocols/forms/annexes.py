"""A scanned paper, as it is sent."""

from django import forms

from cross.ui.forms import ActionForm
from cross.uploads import PICTURES_IN_WORDS


class AnnexForm(ActionForm):
    """Receives the `amendments` of the protocol; without any, the file goes with its text."""

    receives = {"amendments": "amendment"}

    upload = forms.FileField(
        label="Fichier",
        help_text=f"{PICTURES_IN_WORDS} ; 20 Mo au plus.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    amendment = forms.ModelChoiceField(
        label="Ce que porte le fichier", queryset=None, required=False, empty_label="Le protocole"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.fields["amendment"].queryset.exists():
            del self.fields["amendment"]
