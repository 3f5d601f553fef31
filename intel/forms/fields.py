"""Fields for what people type: cleaned as it comes in, refused with a sentence, never cut.

No input carries `maxlength`: a browser would cut a pasted text without a word.
"""

from django import forms
from django.core.exceptions import ValidationError

from intel.extraction.cleaning import (
    TEXT_LIMIT,
    TextTooLong,
    check_length,
    clean_text,
    holds_markup,
    spaced,
)

UNLIMITED = 10**9


class LongText(forms.CharField):
    """Several paragraphs. `notes` says, after cleaning, what was taken out of the text."""

    widget = forms.Textarea

    def __init__(self, *, limit=TEXT_LIMIT, **kwargs):
        super().__init__(**kwargs)
        self.limit = limit
        self.notes = ()

    def to_python(self, value):
        cleaned = clean_text(super().to_python(value), UNLIMITED)
        self.notes = cleaned.notes
        if holds_markup(cleaned.text):
            self.notes += ("Ce texte contient des balises : elles s’affichent telles quelles.",)
        try:
            check_length(cleaned.text, self.limit)
        except TextTooLong as error:
            raise ValidationError(str(error)) from error
        return cleaned.text


class Instruction(LongText):
    """What the cell expects of the unit it puts in charge."""

    def __init__(self):
        super().__init__(
            label="Consigne",
            limit=500,
            required=False,
            help_text="Ce que vous attendez de l’unité ; lu par qui lit la fiche.",
            widget=forms.Textarea(attrs={"rows": 3}),
        )


class ShortText(LongText):
    """One line; a pasted line break becomes a space."""

    widget = forms.TextInput

    def to_python(self, value):
        cleaned = clean_text(forms.CharField.to_python(self, value), UNLIMITED)
        self.notes = cleaned.notes
        text = " ".join(cleaned.text.split())
        if len(text) > self.limit:
            raise ValidationError(
                f"Ce texte compte {spaced(len(text))} caractères ; la limite est de "
                f"{spaced(self.limit)}. Raccourcissez-le."
            )
        return text
