"""Which month of the calendar, and which kinds of things."""

from django import forms

from cross.ui.forms import Form
from intel import periods
from intel.forms.fields import ShortText
from intel.forms.filters import Several


class CalendarForm(Form):
    """`kinds` are pairs. Gives `mois`, a `Period` or None."""

    marks_optional = False

    genre = Several("Genre")
    mois = ShortText(label="Mois", required=False, limit=7, widget=forms.HiddenInput)

    def __init__(self, data, *, kinds):
        super().__init__(data)
        self.fields["genre"].choices = kinds

    def clean_mois(self):
        text = self.cleaned_data["mois"]
        if not text:
            return None
        try:
            month = periods.read(text)
        except periods.UnreadablePeriod as fault:
            raise forms.ValidationError(str(fault)) from fault
        if month.kind != "month" or not 2000 <= month.start.year <= 2099:
            raise forms.ValidationError("Écrivez un mois ainsi : 2026-09.")
        return month
