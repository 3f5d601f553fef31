"""A list of values, as it is pasted."""

from django import forms
from django.core.exceptions import ValidationError

from cross.ui.forms import ActionForm
from intel.extraction.cleaning import spaced
from intel.forms.fields import LongText
from intel.reading.hits import MOST, read_values


class ValuesForm(ActionForm):
    """Gives `wanted`, the values that were read."""

    text = LongText(
        label="Valeurs",
        limit=40_000,
        help_text=(
            f"{MOST} au plus, une par ligne : téléphones, plaques, comptes, adresses "
            "électroniques, IMEI, noms avec ou sans date de naissance, surnoms…"
        ),
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Collez au moins une valeur."},
    )

    def clean_text(self):
        text = self.cleaned_data["text"]
        self.wanted = read_values(text)
        if not self.wanted:
            raise ValidationError("Rien n’y a été reconnu : écrivez une valeur par ligne.")
        if len(self.wanted) > MOST:
            raise ValidationError(
                f"Cette liste compte plus de {spaced(MOST)}\u00a0valeurs : coupez-la en plusieurs."
            )
        return text
