"""What a reader adds to a report, and to whom."""

from django import forms

from intel.forms.fields import LongText
from intel.forms.once import SentOnce


class ComplementForm(SentOnce):
    """Receives the `units` that it may be addressed to; the question is not asked without any.

    A guest, who `is_asked`, gives his opinion.
    """

    receives = {"units": "units"}

    text = LongText(
        label="Complément ou question",
        limit=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ce que vous savez de plus, ou ce que vous demandez. Daté et signé de vous, lu "
        "par qui lit la fiche.",
        error_messages={"required": "Écrivez ce que vous savez de plus."},
    )
    units = forms.ModelMultipleChoiceField(
        label="À l’attention de",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ces unités en sont prévenues ; toutes lisent déjà la fiche.",
    )

    def __init__(self, *args, units, is_asked=False, **kwargs):
        super().__init__(*args, units=units, **kwargs)
        if is_asked:
            self.fields["text"].label = "Votre avis"
            self.fields["text"].help_text = "Daté et signé de vous, lu par qui lit la fiche."
        if not units:
            del self.fields["units"]
